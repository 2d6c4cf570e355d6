"""Follow-up page: what of the promised reached a bill, and what is still owed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from nicegui import ui
from starlette.requests import Request

from flows.rules.lima import today
from flows.rules.peru import format_date, format_money
from robots.console.context import ConsoleContext, Visit
from robots.console.frame import framed, may_see_all
from robots.console.widgets import card, table
from robots.reports.follow_up_report import FollowUpReport, FollowUpRow, compose_follow_up
from robots.reports.follow_up_workbook import RESULTADO_TINTS, told_days, told_month

#: cases shown at once; the workbook has all
_MOST = 300


def add(context: ConsoleContext) -> None:
    @ui.page("/seguimiento", response_timeout=15)
    async def page(request: Request) -> None:
        visit = Visit(context, request)
        with framed(visit, "Seguimiento", "Lo prometido, hasta la factura siguiente"):
            if not may_see_all(visit):
                return
            day = today()
            report = await asyncio.to_thread(compose_follow_up, context.ledger, day)
            if not report.rows:
                with card():
                    ui.label(
                        "Todavía no se miró ninguna factura siguiente: lo hace «cargofijo follow»."
                    ).classes("cf-soft")
                return
            _promises(report)
            _cases(report, day)


def _promises(report: FollowUpReport) -> None:
    with card("En soles al mes"):
        table(
            (
                "Escenario",
                "Casos",
                "Prometido",
                "Solicitado",
                "Confirmado",
                "Pendiente",
                "Días hasta la factura",
            ),
            (
                (
                    one.name,
                    str(one.cases),
                    *map(format_money, (one.promised, one.requested, one.confirmed, one.owed)),
                    told_days(one.days),
                )
                for one in (*report.by_escenario, report.total)
            ),
        )


def _cases(report: FollowUpReport, day: date) -> None:
    worst_first = sorted(report.rows, key=lambda row: -row.found.resultado.rank)
    told = ", ".join(f"{count} {name}" for name, count in report.by_result.items())
    with card(f"Casos: {told}"):
        table(
            (
                "Referencia",
                "Resultado",
                "Solicitud",
                "Atendido",
                "Factura",
                "Facturado",
                "Ofrecido",
                "Días",
                "Detalle",
            ),
            map(partial(_row, day), worst_first[:_MOST]),
        )
        if len(worst_first) > _MOST:
            ui.label(f"Se muestran {_MOST}; todos están en el informe.").classes("cf-soft")


def _row(day: date, row: FollowUpRow) -> Sequence[str | Callable[[], object]]:
    found = row.found
    billed = found.worst.facturado
    return (
        partial(ui.link, found.reference, f"/caso/{found.reference}"),
        partial(_chip, row),
        f"{found.numero} · {found.sistema}",
        format_date(found.atendido),
        told_month(found.worst.factura),
        "" if billed is None else format_money(billed),
        format_money(found.ofrecido),
        str(found.days(day)),
        row.detail,
    )


def _chip(row: FollowUpRow) -> None:
    resultado = row.found.resultado
    tint = RESULTADO_TINTS[resultado]
    style = f"background:#{tint.soft};color:#{tint.ink}"
    ui.label(resultado.value).classes("cf-chip").style(style)
