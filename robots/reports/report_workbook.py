"""The report as a workbook: ``Casos``, ``Resumen`` and ``Por contactar``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from flows.rules.lima import in_lima
from inputs.rows import Cell
from robots.reports.cell_writer import (
    MOMENT_FORMAT,
    ROW_POINTS,
    CellStyle,
    CellWriter,
    Line,
    Value,
    given_back,
    landscape,
)
from robots.reports.display_names import ESTADO_TINTS
from robots.reports.model import ReportRow, RunReport
from robots.reports.report_file import atomic_write, workbook_link
from robots.reports.summary_sheet import write_summary

T = TypeVar("T")

INPUT_HEADER = CellStyle(fill="5A6878", ink="FFFFFF", bold=True, wrap=True)
RESULT_HEADER = CellStyle(fill="1F3A5F", ink="FFFFFF", bold=True, wrap=True)
PLAIN = CellStyle(rule="E1E5EA")
WRAPPED = PLAIN._replace(wrap=True)
MOMENT = PLAIN._replace(number_format=MOMENT_FORMAT)
LINK = PLAIN._replace(ink="1F4FA0", underline=True)
ESTADO_CELL_STYLES = {
    estado: PLAIN._replace(fill=tint.soft, ink=tint.ink, bold=True)
    for estado, tint in ESTADO_TINTS.items()
}
#: Columns of a sheet by their headers: the width, and the cell that each row has there.
Columns = Mapping[str, tuple[float, Callable[[T], tuple[Value, CellStyle]]]]

RESULTS: Columns[ReportRow] = {
    "Referencia": (34, lambda row: (row.outcome.reference or None, PLAIN)),
    "Estado": (23, lambda row: (row.outcome.estado.value, ESTADO_CELL_STYLES[row.outcome.estado])),
    "Motivo": (30, lambda row: (row.outcome.motivo and row.outcome.motivo.value, PLAIN)),
    "Escenario determinado": (
        32,
        lambda row: (row.outcome.escenario and row.outcome.escenario.value, PLAIN),
    ),
    "Caso SIAC": (17, lambda row: (row.outcome.siac_case or None, PLAIN)),
    "Sistema": (20, lambda row: (row.outcome.sistema and row.outcome.sistema.value, PLAIN)),
    "N° solicitud": (18, lambda row: (row.outcome.request_number or None, PLAIN)),
    "Correo enviado": (32, lambda row: (", ".join(row.outcome.mail_sent_to) or None, WRAPPED)),
    "Detalle": (70, lambda row: (row.detail or None, WRAPPED)),
    "Intentos": (10, lambda row: (row.attempts, PLAIN)),
    "Inicio": (19, lambda row: (_on_the_clock(row.started), MOMENT)),
    "Fin": (19, lambda row: (_on_the_clock(row.ended), MOMENT)),
    "Expediente": (17, lambda row: ("Abrir expediente" if row.folder else None, LINK)),
}
CALL_BACKS: Columns[ReportRow] = {
    "Contacto": (30, lambda row: (row.case.contacto if row.case else "", WRAPPED)),
    "Líneas": (24, lambda row: ("\n".join(row.case.lineas) if row.case else "", WRAPPED)),
    "RUC": (14, lambda row: (row.case.ruc if row.case else "", WRAPPED)),
    "Caso SIAC": (17, lambda row: (row.outcome.siac_case, WRAPPED)),
    "N° solicitud": (18, lambda row: (row.outcome.request_number, WRAPPED)),
    "Estado": (24, lambda row: (row.outcome.estado.value, WRAPPED)),
    "Qué decir": (70, lambda row: (row.what_to_say, WRAPPED)),
    "Referencia": (34, lambda row: (row.outcome.reference, WRAPPED)),
}
MIN_WIDTH, MAX_WIDTH = 9, 38
ROWS_MEASURED = 200
PAGE_WIDTH = 190  # in characters, of an A4 sheet on its side in print that can still be read


def write_workbook(report: RunReport, path: Path) -> None:
    """Write the workbook; raises `ReportError`."""
    title = f"Informe de modificación de cargo fijo: {report.run_id}"
    with new_workbook(path, title) as (book, writer):
        _write_cases(report, book.create_sheet("Casos"), writer, path)
        write_summary(report, book.create_sheet("Resumen"), writer)
        call_backs = report.summary.call_backs
        write_table(book.create_sheet("Por contactar"), writer, CALL_BACKS, call_backs)


@contextmanager
def new_workbook(path: Path, title: str) -> Iterator[tuple[Workbook, CellWriter]]:
    """Open a new workbook, put in its place when the block ends well; raises `ReportError`."""
    with atomic_write(path) as beside:
        book = Workbook(write_only=True)
        book.properties.title = title
        book.properties.creator = "cargofijo"
        yield book, CellWriter(book)
        book.save(beside)


def _write_cases(report: RunReport, sheet: Worksheet, writer: CellWriter, path: Path) -> None:
    own = max([len(report.headers), *(len(row.cells) for row in report.rows)])
    own_headers = [*report.headers, *[""] * (own - len(report.headers))]
    headers: Line = [
        *((header, INPUT_HEADER) for header in own_headers),
        *((header, RESULT_HEADER) for header in RESULTS),
    ]
    widths = [
        *(_own_width(report, column) for column in range(own)),
        *(width for width, _ in RESULTS.values()),
    ]
    set_up(sheet, widths, rows=len(report.rows))
    sheet.append(writer.line(sheet, 1, headers))
    for number, row in enumerate(report.rows, 2):
        line = [*_own_cells(row, own), *(read(row) for _, read in RESULTS.values())]
        written = writer.row(sheet, number, line, widths)
        if row.folder:
            written[-1].hyperlink = workbook_link(row.folder, path)
        sheet.append(written)


def _own_cells(row: ReportRow, own: int) -> Line:
    cells = [given_back(cell) for cell in row.cells] + [(None, "General")] * (own - len(row.cells))
    return [
        (value, _plain(shown_as, isinstance(value, str) and len(value) > MAX_WIDTH))
        for value, shown_as in cells
    ]


@cache
def _plain(number_format: str, wrap: bool) -> CellStyle:
    return PLAIN._replace(number_format=number_format, wrap=wrap)


def _on_the_clock(moment: datetime | None) -> datetime | None:
    return moment and in_lima(moment).replace(tzinfo=None, microsecond=0)


def write_table(
    sheet: Worksheet, writer: CellWriter, columns: Columns[T], rows: Sequence[T]
) -> None:
    """A sheet with these columns, below their headers a line for each row."""
    widths = [width for width, _ in columns.values()]
    set_up(sheet, widths, rows=len(rows))
    sheet.append(writer.line(sheet, 1, [(header, RESULT_HEADER) for header in columns]))
    for number, row in enumerate(rows, 2):
        line = [read(row) for _, read in columns.values()]
        sheet.append(writer.row(sheet, number, line, widths))


def set_up(sheet: Worksheet, widths: Sequence[float], rows: int) -> None:
    """Set all that a write-only sheet wants to know before its first row."""
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.sheet_format.defaultRowHeight = ROW_POINTS
    sheet.sheet_format.customHeight = True
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{rows + 1}"
    sheet.print_title_rows = "1:1"
    landscape(sheet, pages_wide=max(1, round(sum(widths) / PAGE_WIDTH)))


def _own_width(report: RunReport, column: int) -> float:
    words = report.headers[column].split() if column < len(report.headers) else []
    header = max([len(word) for word in words] + [len(" ".join(words)) // 2])  # it may wrap once
    cells = (row.cells[column] for row in report.rows[:ROWS_MEASURED] if column < len(row.cells))
    longest = max([_shown_length(cell) for cell in cells] + [header + 2])
    return min(max(longest + 3, MIN_WIDTH), MAX_WIDTH)


def _shown_length(cell: Cell) -> int:
    if cell.kind == "date":
        return len("DD/MM/YYYY")
    text = "" if cell.value is None else str(cell.value)
    return max((len(line) for line in text.splitlines()), default=0)
