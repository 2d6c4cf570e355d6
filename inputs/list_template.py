"""Writer of the empty case list of ``cargofijo template``, to be filled in Excel or LibreOffice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from flows.rules.peru import parse_date, parse_money
from inputs.schema import COLUMNS, SHEET, ColumnKind, ListColumn

EXAMPLE_SHEET = "Ejemplo"

#: How many rows are made ready: as many as LibreOffice keeps below the header as it saves
#: (``findings/a-thousand-rows-below.sh``). The reader takes as many as there are.
READY_ROWS = 1000

_FONT = "Calibri"
_RED, _GREY = "B3261E", "7A7A7A"
_LINE = Side(style="thin", color="D9D9D9")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def write_template(path: Path) -> None:
    """Write the empty list to ``path``; raises OSError where that cannot be done."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _fill_list(sheet)
    _fill_example(workbook.create_sheet(EXAMPLE_SHEET))
    workbook.save(path)


def _fill_list(sheet: Worksheet) -> None:
    for place, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        _put_header(sheet, 1, place, column)
        sheet.column_dimensions[letter].width = column.width
        for row in range(2, READY_ROWS + 2):
            sheet.cell(row, place).number_format = column.number_format
        if column.options:
            sheet.add_data_validation(_drop_down(column, f"{letter}2:{letter}{READY_ROWS + 1}"))
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{READY_ROWS + 1}"


def _put_header(sheet: Worksheet, row: int, place: int, column: ListColumn) -> None:
    cell = sheet.cell(row, place, column.header)
    cell.font = Font(name=_FONT, bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=_RED if column.required else _GREY)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    must = "Obligatorio. " if column.required else ""
    cell.comment = Comment(must + column.note, "cargofijo", width=280, height=110)


def _drop_down(column: ListColumn, cells: str) -> DataValidation:
    choice = DataValidation(
        type="list",
        formula1=f'"{",".join(column.options)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=column.header,
        error=f"Elija una de la lista: {', '.join(column.options)}."[:255],
    )
    choice.add(cells)
    return choice


def _fill_example(sheet: Worksheet) -> None:
    """A row as it should look, and below it what each column is for."""
    sheet["A1"] = "Ejemplo de una lista de casos"
    sheet["A1"].font = Font(name=_FONT, bold=True, size=14, color=_RED)
    sheet["A2"] = (
        f"Llene la hoja «{SHEET}», una fila por caso; esta hoja no se procesa. "
        "En rojo, las columnas obligatorias."
    )
    for place, column in enumerate(COLUMNS, start=1):
        _put_header(sheet, 4, place, column)
        cell = sheet.cell(5, place, _example(column))
        cell.number_format = column.number_format
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.border = _BORDER
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.row_dimensions[4].height = 32
    _explain(sheet, 7, "Columna", "Obligatorio", "Qué se espera", bold=True)
    for row, column in enumerate(COLUMNS, start=8):
        choices = f" Valores: {', '.join(column.options)}." if column.options else ""
        _explain(sheet, row, column.header, _must(column), column.note + choices)
    sheet.sheet_view.showGridLines = False


def _explain(sheet: Worksheet, row: int, *texts: str, bold: bool = False) -> None:
    """One line of the explanations, over the columns of the example: A–B, C–D and E–K."""
    for text, (first, last) in zip(texts, ((1, 2), (3, 4), (5, 11)), strict=True):
        cell = sheet.cell(row, first, text)
        cell.font = Font(name=_FONT, bold=bold or first == 1)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    sheet.row_dimensions[row].height = 32


def _must(column: ListColumn) -> str:
    if column.required:
        return "Sí"
    return "Si hay evidencia" if column.field == "origen_evidencia" else "No"


def _example(column: ListColumn) -> str | float | date:
    match column.kind:
        case ColumnKind.DATE:
            return parse_date(column.example)
        case ColumnKind.MONEY:
            return float(parse_money(column.example))
        case _:
            return column.example
