"""The report as a workbook: ``Casos``, ``Resumen`` and ``Por contactar``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

from openpyxl.cell.cell import Cell as SheetCell
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
    given_back,
    height_for,
    landscape,
)
from robots.reports.display_names import ESTADO_TINTS
from robots.reports.model import ReportRow, RunReport
from robots.reports.report_file import atomic_write, workbook_link
from robots.reports.summary_sheet import write_summary

RESULT_WIDTHS = {
    "Referencia": 34,
    "Estado": 23,
    "Motivo": 30,
    "Escenario determinado": 32,
    "Caso SIAC": 17,
    "Sistema": 20,
    "N° solicitud": 18,
    "Correo enviado": 32,
    "Detalle": 70,
    "Intentos": 10,
    "Inicio": 19,
    "Fin": 19,
    "Expediente": 17,
}
RESULT_HEADERS = tuple(RESULT_WIDTHS)

CALL_BACKS: dict[str, tuple[int, Callable[[ReportRow], str]]] = {
    "Contacto": (30, lambda row: row.case.contacto if row.case else ""),
    "Líneas": (24, lambda row: "\n".join(row.case.lineas) if row.case else ""),
    "RUC": (14, lambda row: row.case.ruc if row.case else ""),
    "Caso SIAC": (17, lambda row: row.outcome.siac_case),
    "N° solicitud": (18, lambda row: row.outcome.request_number),
    "Estado": (24, lambda row: row.outcome.estado.value),
    "Qué decir": (70, lambda row: row.what_to_say),
    "Referencia": (34, lambda row: row.outcome.reference),
}

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
MIN_WIDTH, MAX_WIDTH = 9, 38
ROWS_MEASURED = 200
PAGE_WIDTH = 190  # in characters, of an A4 sheet on its side in print that can still be read


def write_workbook(report: RunReport, path: Path) -> None:
    """Write the workbook; raises `ReportError`."""
    title = f"Informe de modificación de cargo fijo: {report.run_id}"
    with new_workbook(path, title) as (book, writer):
        _write_cases(report, book.create_sheet("Casos"), writer, path)
        write_summary(report, book.create_sheet("Resumen"), writer)
        _write_call_backs(report, book.create_sheet("Por contactar"), writer)


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
        *((header, RESULT_HEADER) for header in RESULT_HEADERS),
    ]
    widths = [
        *(_own_width(report, column) for column in range(own)),
        *RESULT_WIDTHS.values(),
    ]
    set_up(sheet, widths, rows=len(report.rows))
    sheet.append(writer.line(sheet, 1, headers))
    for number, row in enumerate(report.rows, 2):
        written = writer.line(sheet, number, [*_own_cells(row, own), *_result_cells(row)])
        sheet.row_dimensions[number].height = height_for(_wrapped(written, widths))
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


def _result_cells(row: ReportRow) -> Line:
    """In the order of RESULT_HEADERS."""
    outcome = row.outcome
    return [
        (outcome.reference or None, PLAIN),
        (outcome.estado.value, ESTADO_CELL_STYLES[outcome.estado]),
        (outcome.motivo and outcome.motivo.value, PLAIN),
        (outcome.escenario and outcome.escenario.value, PLAIN),
        (outcome.siac_case or None, PLAIN),
        (outcome.sistema and outcome.sistema.value, PLAIN),
        (outcome.request_number or None, PLAIN),
        (", ".join(outcome.mail_sent_to) or None, WRAPPED),
        (row.detail or None, WRAPPED),
        (row.attempts, PLAIN),
        (_on_the_clock(row.started), MOMENT),
        (_on_the_clock(row.ended), MOMENT),
        ("Abrir expediente" if row.folder else None, LINK),
    ]


def _on_the_clock(moment: datetime | None) -> datetime | None:
    return moment and in_lima(moment).replace(tzinfo=None, microsecond=0)


def _write_call_backs(report: RunReport, sheet: Worksheet, writer: CellWriter) -> None:
    rows = report.summary.call_backs
    widths = [width for width, _ in CALL_BACKS.values()]
    set_up(sheet, widths, rows=len(rows))
    sheet.append(writer.line(sheet, 1, [(header, RESULT_HEADER) for header in CALL_BACKS]))
    for number, row in enumerate(rows, 2):
        says = [read(row) for _, read in CALL_BACKS.values()]
        sheet.row_dimensions[number].height = height_for(zip(says, widths, strict=True))
        sheet.append(writer.line(sheet, number, [(text, WRAPPED) for text in says]))


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


def _wrapped(cells: Sequence[SheetCell], widths: Sequence[float]) -> Iterator[tuple[str, float]]:
    for cell, width in zip(cells, widths, strict=True):
        text = cell.value
        if isinstance(text, str) and (len(text) > MAX_WIDTH or "\n" in text):
            yield text, width


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
