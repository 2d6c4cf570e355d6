"""The workbook of the next bills: ``Seguimiento``, a line for each case, and ``Resumen``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl.worksheet.worksheet import Worksheet

from flows.rules.case import Estado
from flows.rules.follow_up import Resultado
from flows.rules.peru import format_date
from robots.reports.cell_writer import MONEY_FORMAT, CellStyle, CellWriter, Line, Value
from robots.reports.display_names import ESTADO_TINTS, Tint
from robots.reports.follow_up_report import FollowUpReport, FollowUpRow, Promise
from robots.reports.report_workbook import PLAIN, WRAPPED, Columns, new_workbook, write_table
from robots.reports.summary_sheet import BIG, HEAD, MONEY, NUMBER, TEXT, TITLE, write_lines

RESULTADO_TINTS: dict[Resultado, Tint] = {
    Resultado.CONFIRMADO: ESTADO_TINTS[Estado.ATENDIDO],
    Resultado.SIN_FACTURA: ESTADO_TINTS[Estado.NO_INICIADO],
    Resultado.NO_REGULARIZADO: ESTADO_TINTS[Estado.PENDIENTE_DE_EVIDENCIA],
    Resultado.DESALINEADO: ESTADO_TINTS[Estado.FALLA_TECNICA],
    Resultado.SIN_LEER: ESTADO_TINTS[Estado.DATO_INVALIDO],
}
_RESULTADO_STYLES = {
    resultado: PLAIN._replace(fill=tint.soft, ink=tint.ink, bold=True)
    for resultado, tint in RESULTADO_TINTS.items()
}
_MONEY = PLAIN._replace(number_format=MONEY_FORMAT)
_DATE = PLAIN._replace(number_format="DD/MM/YYYY")
_DAYS = NUMBER._replace(number_format="#,##0.0")


def write_follow_up(report: FollowUpReport, path: Path) -> None:
    """Write the workbook; raises `ReportError`."""
    title = f"Seguimiento de facturas al {format_date(report.today)}"
    with new_workbook(path, title) as (book, writer):
        sheet = book.create_sheet("Seguimiento")
        write_table(sheet, writer, columns_of(report.today), report.rows)
        _write_summary(report, book.create_sheet("Resumen"), writer)


def columns_of(today: date) -> Columns[FollowUpRow]:
    """The sheet's columns; days are counted to ``today`` where no bill is right yet."""
    return {
        "Referencia": (34, lambda row: (row.found.reference, PLAIN)),
        "RUC": (14, lambda row: (row.found.ruc, PLAIN)),
        "Líneas": (24, lambda row: ("\n".join(o.linea for o in row.found.lineas), WRAPPED)),
        "Escenario": (32, lambda row: (row.found.escenario.value, PLAIN)),
        "N° solicitud": (18, lambda row: (row.found.numero or None, PLAIN)),
        "Atendido": (13, lambda row: (row.found.atendido, _DATE)),
        "Resultado": (
            20,
            lambda row: (row.found.resultado.value, _RESULTADO_STYLES[row.found.resultado]),
        ),
        "Factura": (11, lambda row: (told_month(row.found.worst.factura) or None, PLAIN)),
        "Cargo facturado": (14, lambda row: _money(row.found.worst.facturado)),
        "Cargo ofrecido": (14, lambda row: _money(row.found.ofrecido)),
        "Días": (8, lambda row: (row.found.days(today), PLAIN)),
        "Detalle": (80, lambda row: (row.detail or None, WRAPPED)),
    }


def told_month(period: str) -> str:
    """``MM/YYYY``; empty where there is none."""
    year, _, month = period.partition("-")
    return f"{month}/{year}" if period else ""


def told_days(days: float | None) -> str:
    return "—" if days is None else f"{days:.1f}"


def _money(amount: Decimal | None) -> tuple[Value, CellStyle]:
    return (None if amount is None else float(amount), _MONEY)


def _write_summary(report: FollowUpReport, sheet: Worksheet, writer: CellWriter) -> None:
    total = report.total
    lines: list[Line] = [
        [("Seguimiento: lo prometido, hasta la factura", TITLE)],
        [(f"Al {format_date(report.today)}; importes en soles al mes", CellStyle())],
        [],
        [("Casos seguidos", BIG), (total.cases, NUMBER)],
        [("Prometido", BIG), (float(total.promised), MONEY)],
        [("Solicitado", BIG), (float(total.requested), MONEY)],
        [("Confirmado en una factura", BIG), (float(total.confirmed), MONEY)],
        [("Pendiente", BIG), (float(total.owed), MONEY)],
        [],
        *_by_result(report),
        [],
        *_by_escenario((*report.by_escenario, total)),
    ]
    widths = {"A": 46, "B": 12, "C": 15, "D": 15, "E": 15, "F": 15, "G": 22}
    write_lines(sheet, writer, widths, lines)


def _by_result(report: FollowUpReport) -> Iterable[Line]:
    yield [("Resultado", HEAD), ("Casos", HEAD._replace(align="right"))]
    for name, count in report.by_result.items():
        yield [(name, TEXT), (count, NUMBER)]


def _by_escenario(promises: Iterable[Promise]) -> Iterable[Line]:
    heads = ("Casos", "Prometido", "Solicitado", "Confirmado", "Pendiente", "Días hasta la factura")
    yield [("Escenario", HEAD), *((head, HEAD._replace(align="right")) for head in heads)]
    for one in promises:
        amounts = (one.promised, one.requested, one.confirmed, one.owed)
        yield [
            (one.name, TEXT),
            (one.cases, NUMBER),
            *((float(amount), MONEY) for amount in amounts),
            (one.days, _DAYS),
        ]
