"""`follow`: whether what was requested has reached the next bill."""

from __future__ import annotations

import asyncio
import getpass
from functools import partial
from typing import TYPE_CHECKING

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from flows.rules.lima import today
from robots.cli.common import (
    Json,
    ReportPath,
    Seats,
    configure,
    err,
    out,
    print_json,
    require,
    say,
)

if TYPE_CHECKING:
    from robots.run.follow_run import FollowResult


def follow(
    report: ReportPath = None,
    seats: Seats = None,
    as_json: Json = False,
) -> None:
    """Mira si lo solicitado llegó a la factura siguiente, y dice lo prometido que falta.

    Lee en SIAC Único las líneas de cada caso Atendido cuya factura ya puede estar. No cambia nada
    en ningún portal, salvo que policy.follow_up sea file: entonces registra, una sola vez, un caso
    con su incidencia por las líneas que se facturaron desalineadas.

    Termina en 0 si leyó todo, en 1 si algo no se pudo leer y en 3 si no se llega a SIAC Único.
    """
    from robots.record import own_ledger
    from robots.reports.follow_up_mail import compose_follow_up_mail
    from robots.run.follow_run import follow_bills
    from robots.run.notify_operator import send_to_operator

    settings = configure()
    require(settings, report)
    with own_ledger(settings) as ledger:
        result = asyncio.run(
            follow_bills(
                settings,
                ledger,
                err,
                today=today(),
                report=report,
                seats=seats,
                requested_by=getpass.getuser(),
            )
        )
    show_followed(result, as_json)
    told = partial(compose_follow_up_mail, result.report, result.path)
    if problem := send_to_operator(settings, told, report=result.path.stem):
        say(problem)
    raise typer.Exit(result.exit_code)


def show_followed(result: FollowResult, as_json: bool) -> None:
    """Print the soles by scenario, where the report is, and the object of ``--json``."""
    found, console = result.report, err if as_json else out
    total = found.total
    console.print(_table(result))
    console.print(f"Informe: {result.path}", soft_wrap=True)
    if result.filed:
        console.print(f"Lo registrado: {result.filed.path}", soft_wrap=True)
    if as_json:
        print_json(
            cases=total.cases,
            by_result=found.by_result,
            promised=str(total.promised),
            requested=str(total.requested),
            confirmed=str(total.confirmed),
            owed=str(total.owed),
            report=str(result.path),
            exit=result.exit_code,
        )


def _table(result: FollowResult) -> Table:
    from robots.reports.follow_up_workbook import told_days

    found = result.report
    title = f"Seguimiento al {found.today:%d/%m/%Y}, en soles al mes"
    table = Table(title=title, box=SIMPLE_HEAD, pad_edge=False, title_justify="left")
    table.add_column("Escenario", overflow="fold")
    for name in ("Casos", "Prometido", "Solicitado", "Confirmado", "Pendiente", "Días"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in (*found.by_escenario, found.total):
        if one is found.total:
            table.add_section()
        amounts = (one.promised, one.requested, one.confirmed, one.owed)
        table.add_row(
            one.name, str(one.cases), *(f"{a:,.2f}" for a in amounts), told_days(one.days)
        )
    told = ", ".join(f"{count} {name}" for name, count in found.by_result.items())
    table.caption = told or "Ningún caso tiene ya su factura siguiente."
    return table
