"""A GridView in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class GridPage:
    """One page of a grid, with what its pager shows."""

    rows: list[Any]
    number: int
    pages: int
    total: int

    @classmethod
    def of(cls, rows: Sequence[Any], number: int, size: int) -> GridPage:
        pages = max(1, -(-len(rows) // size))
        number = min(max(number, 1), pages)
        return cls(list(rows[(number - 1) * size : number * size]), number, pages, len(rows))

    @classmethod
    def only(cls, rows: Sequence[Any]) -> GridPage:
        """All rows on one page."""
        return cls(list(rows), 1, 1, len(rows))

    @property
    def links(self) -> list[tuple[str, int]]:
        """Ten page numbers at a time, and dots before and after them, as a GridView has it."""
        first = (self.number - 1) // 10 * 10 + 1
        last = min(first + 9, self.pages)
        shown = [(str(n), n) for n in range(first, last + 1)]
        if first > 1:
            shown.insert(0, ("...", first - 1))
        if last < self.pages:
            shown.append(("...", last + 1))
        return shown
