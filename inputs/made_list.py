"""Case list that the robot makes itself, of cases that it knows: nobody typed its cells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from flows.rules.case import Case, EvidenceFile
from flows.rules.peru import format_date, format_money
from inputs.rows import EMPTY, CaseList, Cell, Row
from inputs.schema import COLUMNS


def list_of(name: str, cases: Iterable[Case]) -> CaseList:
    """The cases as a list of this name, each a row as somebody would have typed it."""
    return CaseList(
        name=name,
        headers=tuple(column.header for column in COLUMNS),
        rows=tuple(
            Row(number=number, cells=_cells(case), case=case)
            for number, case in enumerate(cases, start=2)
        ),
    )


def _cells(case: Case) -> tuple[Cell, ...]:
    texts = (_text(getattr(case, column.field)) for column in COLUMNS)
    return tuple(Cell("text", text) if text else EMPTY for text in texts)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case date():
            return format_date(value)
        case Decimal():
            return format_money(value)
        case EvidenceFile():
            return value.path
        case tuple():
            return "\n".join(map(_text, value))
        case _:
            return str(value)
