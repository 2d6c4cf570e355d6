"""A table: its rows with the cells of their columns, and what of it is understood."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pages.contract.text import folded

#: of sorting, in a header
ARROWS = re.compile("[▲▼△▽↑↓⇅▴▾▵▿]")

Fact = dict[str, Any]


def folded_header(text: str | None) -> str:
    """For comparing headers: `folded`, without arrows of sorting."""
    return folded(ARROWS.sub("", text or ""))


@dataclass
class TableLine:
    """A row, with the cell that takes each of its columns; a cell may take several."""

    fact: Fact
    slots: list[Fact | None]

    @property
    def cells(self) -> list[Fact]:
        """Its cells, those that reach down into it too, each once."""
        found: list[Fact] = []
        for cell in self.slots:
            if cell is not None and not any(cell is other for other in found):
                found.append(cell)
        return found

    @property
    def filled(self) -> list[Fact]:
        return [cell for cell in self.cells if cell["text"] is None or folded(cell["text"])]

    @property
    def words(self) -> str:
        return folded(" ".join(cell["text"] or "" for cell in self.filled))

    @property
    def pager(self) -> Fact | None:
        """What turns pages or counts records in it, where all of it is understood."""
        pager: Fact | None = self.fact.get("pager")
        return None if pager is None or pager["unknown"] else pager

    @property
    def is_heading(self) -> bool:
        """Whether nothing stands in it but headers of columns."""
        return bool(self.filled) and all(cell.get("head") == "column" for cell in self.filled)

    @property
    def is_lone(self) -> bool:
        return len(self.cells) == 1


@dataclass
class Table:
    """What of it is understood."""

    #: by columns; None where it has no header, as one that says only that it is empty
    names: list[str] | None = None
    #: the records' cells by columns
    rows: list[list[Fact | None]] = field(default_factory=list)
    pagers: list[Fact] = field(default_factory=list)
    #: what may turn its pages beside it
    beside: list[Fact] = field(default_factory=list)
    #: the number of all records that it tells
    total: int | None = None
    #: the numbers of the first and the last that are shown, where it tells them
    range: tuple[int, int] | None = None
    #: still to come, by its own words
    is_loading: bool = False
    #: rows that are not understood
    doubts: list[str] = field(default_factory=list)

    #: has no header, and says that it is empty
    is_bare: bool = False

    @property
    def texts(self) -> list[list[str | None]]:
        return [[cell["text"] if cell else None for cell in row] for row in self.rows]

    @property
    def is_there(self) -> bool:
        return self.names is not None or self.is_bare

    @property
    def is_counted(self) -> bool | None:
        """Whether as many rows are shown as it says; None where it does not say."""
        if self.range is not None:
            return len(self.rows) == self.range[1] - self.range[0] + 1
        if self.total is not None and not self.has_pages:
            return len(self.rows) == self.total
        return None

    @property
    def has_pages(self) -> bool:
        return any(not item.get("off") for pager in self.pagers for item in pager["items"])


def lines_of(rows: Iterable[Fact]) -> list[TableLine]:
    """The rows with their columns: what spans several is in each of them."""
    lines: list[TableLine] = []
    hanging: dict[int, tuple[Fact, int]] = {}
    part = ""
    for row in rows:
        if row["part"] != part:
            part, hanging = row["part"], {}
        slots: list[Fact | None] = []
        fresh: dict[int, tuple[Fact, int]] = {}
        for cell in row["cells"]:
            _hang(slots, hanging)
            for _ in range(cell.get("across", 1)):
                if (down := cell.get("down", 1)) > 1:
                    fresh[len(slots)] = (cell, down)
                slots.append(cell)
        _hang(slots, hanging)
        hanging = {
            place: (cell, left - 1)
            for place, (cell, left) in {**hanging, **fresh}.items()
            if left > 1
        }
        lines.append(TableLine(row, slots))
    return lines


def _hang(slots: list[Fact | None], hanging: dict[int, tuple[Fact, int]]) -> None:
    while len(slots) in hanging:
        slots.append(hanging[len(slots)][0])
