"""The workbook of a reconciliation: ``Diferencias``, a line for each, and ``Resumen``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from openpyxl.worksheet.worksheet import Worksheet

from flows.rules.case import Estado
from flows.rules.lima import in_lima
from robots.reconcile.difference import Mismatch
from robots.reconcile.reconcile_run import Reconciliation, Verdict
from robots.reports.cell_writer import CellStyle, CellWriter, Line, height_for
from robots.reports.display_names import ESTADO_TINTS
from robots.reports.report_workbook import (
    ESTADO_CELL_STYLES,
    PLAIN,
    RESULT_HEADER,
    WRAPPED,
    new_workbook,
    set_up,
)
from robots.reports.summary_sheet import BIG, HEAD, NUMBER, TEXT, TITLE, write_lines

COLUMNS = {
    "Fila": 7,
    "ID": 12,
    "Referencia": 32,
    "Estado según el robot": 22,
    "Dónde": 20,
    "Diferencia": 13,
    "Se esperaba": 46,
    "Se encontró": 46,
    "Qué hacer": 46,
}
_TINTS = {
    Mismatch.FALTA: Estado.FALLA_TECNICA,
    Mismatch.SOBRA: Estado.DATO_INVALIDO,
    Mismatch.DUPLICADO: Estado.FALLA_TECNICA,
    Mismatch.DISTINTO: Estado.PENDIENTE_DE_EVIDENCIA,
    Mismatch.REABIERTO: Estado.PENDIENTE_DE_APROBACION,
    Mismatch.SIN_LEER: Estado.NO_INICIADO,
}
MISMATCH_STYLES = {what: ESTADO_CELL_STYLES[estado] for what, estado in _TINTS.items()}
VERDICT_NAMES = {
    Verdict.CONCUERDA: "Concuerda en todo",
    Verdict.DIFIERE: "Con diferencias",
    Verdict.SIN_LEER: "Con algo que no se pudo leer",
    Verdict.SIN_CASO: "Fila no válida: no hay nada que comparar",
}


def write_reconciliation(found: Reconciliation, path: Path) -> None:
    """Write the workbook; raises `ReportError`."""
    with new_workbook(path, f"Conciliación de la ejecución {found.run_id}") as (book, writer):
        _write_differences(found, book.create_sheet("Diferencias"), writer)
        _write_summary(found, book.create_sheet("Resumen"), writer)


def _write_differences(found: Reconciliation, sheet: Worksheet, writer: CellWriter) -> None:
    widths = list(COLUMNS.values())
    lines: list[Line] = [
        [
            (row.row, PLAIN),
            (row.id or None, PLAIN),
            (row.reference, PLAIN),
            (row.estado.value, ESTADO_CELL_STYLES[row.estado]),
            (difference.where, PLAIN),
            (difference.what.value, MISMATCH_STYLES[difference.what]),
            (difference.expected, WRAPPED),
            (difference.found, WRAPPED),
            (difference.advice, WRAPPED),
        ]
        for row in found.rows
        for difference in row.differences
    ]
    set_up(sheet, widths, rows=len(lines))
    sheet.append(writer.line(sheet, 1, [(header, RESULT_HEADER) for header in COLUMNS]))
    if not lines:
        tint = ESTADO_TINTS[Estado.ATENDIDO]
        good = CellStyle(bold=True, ink=tint.ink)
        blank: Line = [(None, CellStyle()), (None, CellStyle())]
        lines = [[*blank, ("Ninguna diferencia: todo concuerda.", good)]]
    for number, line in enumerate(lines, 2):
        texts = [
            (value, width)
            for (value, style), width in zip(line, widths, strict=False)
            if isinstance(value, str) and style.wrap
        ]
        sheet.row_dimensions[number].height = height_for(texts)
        sheet.append(writer.line(sheet, number, line))


def _write_summary(found: Reconciliation, sheet: Worksheet, writer: CellWriter) -> None:
    lines: list[Line] = [
        [("Conciliación: la lista, el robot, los portales y el correo", TITLE)],
        [(f"Lista: {found.list_name}", CellStyle())],
        [(f"Ejecución: {found.run_id}, del {in_lima(found.run_started):%d/%m/%Y}", CellStyle())],
        [(f"Conciliada el {in_lima(found.moment):%d/%m/%Y %H:%M} (hora de Lima)", CellStyle())],
        [(_about_mail(found), CellStyle(wrap=True))],
        [],
        [("Filas de la lista", BIG), (len(found.rows), NUMBER)],
        [],
        *_table("Casos", ((VERDICT_NAMES[Verdict(v)], n) for v, n in found.by_verdict.items())),
    ]
    differences = [d for row in found.rows for d in row.differences]
    if differences:
        whats = Counter(d.what.value for d in differences)
        places = Counter(d.where for d in differences)
        lines += [[], *_table("Diferencias", whats.most_common())]
        lines += [[], *_table("Dónde", places.most_common())]
    for number, line in enumerate(lines, 1):
        if len(line) == 1 and number > 1:
            sheet.row_dimensions[number].height = height_for([(str(line[0][0]), 76)])
    write_lines(sheet, writer, {"A": 76, "B": 13}, lines)


def _about_mail(found: Reconciliation) -> str:
    if found.mailbox:
        return "Correos: comparados con los enviados del buzón y con las notas de cada caso."
    return (
        "Correos: comparados solo con las notas de cada caso en SIAC Único; para buscarlos entre "
        "los enviados, ponga los ajustes [imap]."
    )


def _table(title: str, counts: Iterable[tuple[str, int]]) -> list[Line]:
    rows: list[Line] = [[(name, TEXT), (count, NUMBER)] for name, count in counts]
    return [[(title, HEAD), ("Cuántos", HEAD._replace(align="right"))], *rows]
