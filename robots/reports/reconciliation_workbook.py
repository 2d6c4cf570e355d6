"""The workbook of a reconciliation: ``Diferencias``, a line for each, and ``Resumen``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from openpyxl.worksheet.worksheet import Worksheet

from flows.rules.case import Estado
from flows.rules.lima import in_lima
from robots.reconcile.difference import Difference, Mismatch
from robots.reconcile.reconcile_run import Reconciled, Reconciliation, Verdict
from robots.reports.cell_writer import CellStyle, CellWriter, Line, height_for
from robots.reports.display_names import ESTADO_TINTS
from robots.reports.report_workbook import (
    ESTADO_CELL_STYLES,
    PLAIN,
    WRAPPED,
    Columns,
    new_workbook,
    write_table,
)
from robots.reports.summary_sheet import BIG, HEAD, NUMBER, TEXT, TITLE, write_lines

_TINTS = {
    Mismatch.FALTA: Estado.FALLA_TECNICA,
    Mismatch.SOBRA: Estado.DATO_INVALIDO,
    Mismatch.DUPLICADO: Estado.FALLA_TECNICA,
    Mismatch.DISTINTO: Estado.PENDIENTE_DE_EVIDENCIA,
    Mismatch.REABIERTO: Estado.PENDIENTE_DE_APROBACION,
    Mismatch.SIN_LEER: Estado.NO_INICIADO,
}
MISMATCH_STYLES = {what: ESTADO_CELL_STYLES[estado] for what, estado in _TINTS.items()}
COLUMNS: Columns[tuple[Reconciled, Difference]] = {
    "Fila": (7, lambda of: (of[0].row, PLAIN)),
    "ID": (12, lambda of: (of[0].id or None, PLAIN)),
    "Referencia": (32, lambda of: (of[0].reference, PLAIN)),
    "Estado según el robot": (
        22,
        lambda of: (of[0].estado.value, ESTADO_CELL_STYLES[of[0].estado]),
    ),
    "Dónde": (20, lambda of: (of[1].where, PLAIN)),
    "Diferencia": (13, lambda of: (of[1].what.value, MISMATCH_STYLES[of[1].what])),
    "Se esperaba": (46, lambda of: (of[1].expected, WRAPPED)),
    "Se encontró": (46, lambda of: (of[1].found, WRAPPED)),
    "Qué hacer": (46, lambda of: (of[1].advice, WRAPPED)),
}
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
    differences = [(row, difference) for row in found.rows for difference in row.differences]
    write_table(sheet, writer, COLUMNS, differences)
    if not differences:
        good = CellStyle(bold=True, ink=ESTADO_TINTS[Estado.ATENDIDO].ink)
        blank = (None, CellStyle())
        line = [blank, blank, ("Ninguna diferencia: todo concuerda.", good)]
        sheet.append(writer.line(sheet, 2, line))


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
