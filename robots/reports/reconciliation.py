"""The workbook of a reconciliation: ``Diferencias``, a line for each, and ``Resumen``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from openpyxl.worksheet.worksheet import Worksheet

from flows.rules.case import Estado
from flows.rules.lima import in_lima
from robots.reconcile.points import What
from robots.reconcile.run import Reconciliation, Verdict
from robots.reports.cells import Line, Look, Pen, height_for
from robots.reports.summary_sheet import BIG, HEAD, NUMBER, TEXT, TITLE, write_lines
from robots.reports.words import ESTADO_TINTS
from robots.reports.workbook import (
    ESTADO_LOOKS,
    PLAIN,
    RESULT_HEADER,
    WRAPPED,
    new_workbook,
    set_up,
)

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
    What.FALTA: Estado.FALLA_TECNICA,
    What.SOBRA: Estado.DATO_INVALIDO,
    What.DUPLICADO: Estado.FALLA_TECNICA,
    What.DISTINTO: Estado.PENDIENTE_DE_EVIDENCIA,
    What.REABIERTO: Estado.PENDIENTE_DE_APROBACION,
    What.SIN_LEER: Estado.NO_INICIADO,
}
WHAT_LOOKS = {what: ESTADO_LOOKS[estado] for what, estado in _TINTS.items()}
VERDICT_NAMES = {
    Verdict.CONCUERDA: "Concuerda en todo",
    Verdict.DIFIERE: "Con diferencias",
    Verdict.SIN_LEER: "Con algo que no se pudo leer",
    Verdict.SIN_CASO: "Fila no válida: no hay nada que comparar",
}


def write_reconciliation(found: Reconciliation, path: Path) -> None:
    """Written beside ``path`` and put in its place; raises `ReportError`."""
    with new_workbook(path, f"Conciliación de la ejecución {found.run_id}") as (book, pen):
        _write_differences(found, book.create_sheet("Diferencias"), pen)
        _write_summary(found, book.create_sheet("Resumen"), pen)


def _write_differences(found: Reconciliation, sheet: Worksheet, pen: Pen) -> None:
    widths = list(COLUMNS.values())
    lines: list[Line] = [
        [
            (row.row, PLAIN),
            (row.id or None, PLAIN),
            (row.reference, PLAIN),
            (row.estado.value, ESTADO_LOOKS[row.estado]),
            (difference.where, PLAIN),
            (difference.what.value, WHAT_LOOKS[difference.what]),
            (difference.expected, WRAPPED),
            (difference.found, WRAPPED),
            (difference.advice, WRAPPED),
        ]
        for row in found.rows
        for difference in row.differences
    ]
    set_up(sheet, widths, rows=len(lines))
    sheet.append(pen.line(sheet, 1, [(header, RESULT_HEADER) for header in COLUMNS]))
    if not lines:
        tint = ESTADO_TINTS[Estado.ATENDIDO]
        good = Look(bold=True, ink=tint.ink)
        blank: Line = [(None, Look()), (None, Look())]
        lines = [[*blank, ("Ninguna diferencia: todo concuerda.", good)]]
    for number, line in enumerate(lines, 2):
        texts = [
            (value, width)
            for (value, look), width in zip(line, widths, strict=False)
            if isinstance(value, str) and look.wrap
        ]
        sheet.row_dimensions[number].height = height_for(texts)
        sheet.append(pen.line(sheet, number, line))


def _write_summary(found: Reconciliation, sheet: Worksheet, pen: Pen) -> None:
    lines: list[Line] = [
        [("Conciliación: la lista, el robot, los portales y el correo", TITLE)],
        [(f"Lista: {found.list_name}", Look())],
        [(f"Ejecución: {found.run_id}, del {in_lima(found.run_started):%d/%m/%Y}", Look())],
        [(f"Conciliada el {in_lima(found.moment):%d/%m/%Y %H:%M} (hora de Lima)", Look())],
        [(_about_mail(found), Look(wrap=True))],
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
    write_lines(sheet, pen, {"A": 76, "B": 13}, lines)


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
