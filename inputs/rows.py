"""Model of a case list as read: what stood in each cell, the case it makes, and what is wrong with
it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flows.rules.case import Case, Model


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, kept so that it can be handed back as it was.

    ``value`` of a ``date`` is ISO 8601 text, of a time of day too; a formula is represented by its
    cached value, and is ``uncomputed`` where it has none. Of an ``unreadable`` cell it is what the
    file holds. No pydantic model: a long list has 400,000 of them, and those would take 200 MB.
    """

    kind: Literal["text", "number", "date", "bool", "empty", "uncomputed", "unreadable"] = "empty"
    value: str | int | float | bool | None = None
    number_format: str = "General"


EMPTY = Cell()
UNCOMPUTED = Cell("uncomputed")


class RowError(Model):
    """One broken rule: the column as the list names it, what stood there, what is expected."""

    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        return (
            f"{self.column}: «{self.value}» — {self.expected}"
            if self.value
            else (f"{self.column}: {self.expected}")
        )


class Row(Model):
    """One row of the list, in its place. ``case`` is None exactly where there are errors."""

    number: int
    cells: tuple[Cell, ...]
    case: Case | None = None
    errors: tuple[RowError, ...] = ()


class CaseList(Model):
    """A whole list: its own headers (unknown ones too) and its rows in order."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
