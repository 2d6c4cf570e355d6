"""The demo list, its evidence, the world of the mock portals, and how each case is to end.

``python -m tests.demo.write`` writes them all, the same bytes each time.
"""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from flows.rules.peru import format_money, parse_date, parse_money
from inputs.schema import COLUMNS, SHEET, ColumnKind
from tests.demo.cases import DemoRow, build
from tests.demo.files import freeze_workbook, write_evidence

ROOT = Path(__file__).resolve().parents[2]
LIST = Path("robots/run/demo/casos_demo.xlsx")
WORLD = Path("mock_portals/worlds/demo.json")
EXPECTED = Path("tests/demo/expected.json")

#: A column that is no part of the case list: people keep their own, and get them back.
OWN_COLUMN = "Ejecutivo de cuenta"

_TITLE = "Variaciones Corporativas: modificación de cargo fijo"
_SUBTITLE = "Solicitudes recibidas del 16 al 20 de noviembre de 2026"
_HEADER_ROW = 4

_FONT = "Calibri"
_RED, _PALE = "B3261E", "F7E9E7"
_LINE = Side(style="thin", color="D9D9D9")


def write_demo(root: Path) -> None:
    """Writes the four of them below ``root``, at their places in this repository."""
    demo = build()
    rows = _shuffled(demo.rows)
    for place in (LIST, WORLD, EXPECTED):
        (root / place).parent.mkdir(parents=True, exist_ok=True)
    (root / LIST).write_bytes(_workbook(rows))
    write_evidence((root / LIST).parent)
    _write_json(root / WORLD, demo.world.to_json())
    _write_json(root / EXPECTED, {_label(n): row.expected for n, row in enumerate(rows)})


def _shuffled(rows: list[DemoRow]) -> list[DemoRow]:
    """Like a real list, in no order: every seventh, from each of the first seven."""
    return [row for start in range(7) for row in rows[start::7]]


def _label(place: int) -> str:
    return f"VC-{place + 1:03}"


def _write_json(path: Path, content: Any) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _workbook(rows: list[DemoRow]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = SHEET
    headers = [column.header for column in COLUMNS]
    headers.insert(headers.index("Contacto"), OWN_COLUMN)
    for place, header in enumerate(headers, start=1):
        _put_header(sheet.cell(_HEADER_ROW, place, header))
        width = next((c.width for c in COLUMNS if c.header == header), 22)
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows):
        values = {**row.fields, "id": _label(number)}
        for place, header in enumerate(headers, start=1):
            column = next((c for c in COLUMNS if c.header == header), None)
            value, number_format = (
                _as_people_type(column.kind, column.field, values.get(column.field, ""), number)
                if column
                else (row.executive, "General")
            )
            cell = sheet.cell(_HEADER_ROW + 1 + number, place, value)
            cell.number_format = number_format
            side = "right" if column and column.kind is ColumnKind.MONEY else "left"
            cell.alignment = Alignment(
                horizontal=side, vertical="top", wrap_text=True, indent=int(side == "right")
            )
            cell.border = Border(bottom=_LINE)
        tallest = max(values["lineas"].count(",") + 1, values["evidencia"].count(";") + 1)
        sheet.row_dimensions[_HEADER_ROW + 1 + number].height = 15 * max(tallest, 2)
    _put_title(sheet, len(headers))
    sheet.row_dimensions[_HEADER_ROW].height = 32
    sheet.freeze_panes = f"B{_HEADER_ROW + 1}"
    sheet.auto_filter.ref = (
        f"A{_HEADER_ROW}:{get_column_letter(len(headers))}{_HEADER_ROW + len(rows)}"
    )
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    content = BytesIO()
    workbook.save(content)
    return freeze_workbook(content.getvalue())


def _put_title(sheet: Any, width: int) -> None:
    for number, (text, size, colour) in enumerate(
        [(_TITLE, 16, _RED), (_SUBTITLE, 11, "595959")], start=1
    ):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=width)
        title = sheet.cell(number, 1, text)
        title.font = Font(name=_FONT, size=size, bold=number == 1, color=colour)
    sheet.row_dimensions[1].height = 26


def _put_header(cell: Any) -> None:
    cell.font = Font(name=_FONT, bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=_RED)
    cell.alignment = Alignment(vertical="center", wrap_text=True)


def _as_people_type(kind: ColumnKind, field: str, text: str, number: int) -> tuple[Any, str]:
    """The value of a cell and its number format; by row, now tidy and now as people leave it."""
    tidy: tuple[Any, str] = (text or None, "@" if text else "General")
    if not text:
        return tidy
    try:
        if kind is ColumnKind.DATE:
            day: date = parse_date(text)
            return (text, "@") if number % 6 == 2 else (day, "dd/mm/yyyy")
        if kind is ColumnKind.MONEY:
            amount = parse_money(text)
            if number % 5 == 1:
                return format_money(amount), "General"
            return float(amount), "#,##0.00"
    except ValueError:
        return tidy
    match field:
        case "ruc" if number % 4 == 3 and text.isdigit():
            return int(text), "0"
        case "contacto_dni" if number % 4 == 1 and len(text) == 8:
            return int(text), "General"
        case "lineas" if number % 3 == 1:
            return text.replace(", ", "\n"), "@"
        case "canal" if number % 7 == 4:
            return text.lower(), "@"
        case "contacto" if number % 5 == 4:
            return text.replace(" ", "\N{NO-BREAK SPACE}", 1) + " ", "@"
    return tidy


if __name__ == "__main__":
    write_demo(ROOT)
