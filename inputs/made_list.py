"""Case list that the robot makes itself, of cases that it knows: nobody typed its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as WrittenCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.rules.case import Case, EvidenceFile
from flows.rules.peru import format_date, format_money
from inputs.rows import EMPTY, CaseList, Cell, Row
from inputs.schema import COLUMNS, SHEET


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


def write_rows(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write a new case list: rows by the names of `Case`, each value as a text, whatever it looks
    like. Raises OSError, also where the file is there already."""
    with path.open("xb") as file:
        book = Workbook(write_only=True)
        sheet = book.create_sheet(SHEET)
        for place, column in enumerate(COLUMNS, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = column.width
        sheet.freeze_panes = "A2"
        sheet.append([column.header for column in COLUMNS])
        for row in rows:
            sheet.append([_text_cell(sheet, row.get(column.field, "")) for column in COLUMNS])
        book.save(file)


def _text_cell(sheet: Worksheet, text: str) -> WrittenCell | None:
    """What a portal shows is never a formula."""
    if not text:
        return None
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type, cell.number_format = "s", "@"
    return cell


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
