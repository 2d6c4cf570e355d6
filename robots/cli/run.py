"""`run`, `demo` and `stop`: a list worked on, and the stop of whatever works."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.rules.lima import next_time, parse_hour
from robots.cli.common import (
    DryRun,
    Json,
    ReportPath,
    Seats,
    configure,
    err,
    out,
    read_today,
    require,
    say,
    show,
)
from robots.cli.follow import show_followed
from robots.cli.inbox import show_look
from robots.cli.trail import note
from robots.failures import Unusable
from robots.run.list_files import newest

if TYPE_CHECKING:
    from flows.store.ledger import Ledger
    from inputs.rows import CaseList
    from robots.settings import Settings


def demo(
    seats: Annotated[
        int, typer.Option(min=1, max=32, help="Puestos: casos a la vez en SIAC Único.")
    ] = 2,
    keep: Annotated[
        bool, typer.Option("--keep", help="Deja abiertos los portales simulados y la consola.")
    ] = False,
) -> None:
    """Muestra el robot: la lista de demostración por los portales simulados."""
    from robots.run.demo_run import run_demo

    with run_demo(err, seats=seats) as shown:
        result = shown.result
        show(result, as_json=False)
        if shown.answered:
            look, after = shown.answered
            out.print("\nEl ejecutivo de un caso que espera contesta con la evidencia:")
            show_look(look, out)
            show(after, as_json=False)
        if shown.followed:
            out.print("\nUn mes después, llegan las facturas:")
            show_followed(shown.followed, as_json=False)
        if keep:
            from robots.console.server import serve_console

            out.print(f"Los portales siguen abiertos; Ctrl-C los cierra. {shown.portals}")
            asyncio.run(serve_console(shown.settings, shown.ledger, err, demo=True))
        else:
            out.print("La consola, sobre esta demostración: .venv/bin/cargofijo console --demo")
    raise typer.Exit(result.exit_code)


def run(
    workbook: Annotated[
        Path | None,
        typer.Argument(metavar="LISTA.xlsx", help="La lista de casos (.xlsx o .xlsm)."),
    ] = None,
    report: ReportPath = None,
    seats: Seats = None,
    dry_run: DryRun = False,
    again: Annotated[
        list[str] | None,
        typer.Option("--again", help="ID de un caso terminado que se decide de nuevo."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="HH:MM",
            help="No empieza ningún caso que no terminaría antes de esa hora (de Lima).",
        ),
    ] = None,
    unfinished: Annotated[
        bool,
        typer.Option(
            "--unfinished", help="Solo si una ejecución quedó a medias; si no, no hace nada."
        ),
    ] = False,
    from_siac: Annotated[
        bool,
        typer.Option(
            "--from-siac", help="En lugar de una lista, la cola Variaciones Corporativas."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Trabaja una lista de casos, o la cola de SIAC Único, y escribe el informe.

    De un patrón, como listas/*.xlsx, toma la más reciente. Lo que espera en la cola queda escrito
    como una lista en la carpeta lists.

    Se puede repetir tras cualquier interrupción: sigue donde quedó y no repite nada. Los casos en
    un estado final se informan como están; los pendientes y los que fallaron se retoman.
    """
    from inputs.made_list import list_of
    from robots.ops.deletion import purge_cases
    from robots.record import open_ledger, own_ledger
    from robots.run.list_run import run_list
    from robots.run.notify_operator import notify_operator
    from robots.run.queue_list import list_queue, of_queue

    if (workbook is not None) == from_siac:
        raise Unusable(
            "Dé una lista o --from-siac, y no las dos cosas."
            if from_siac
            else "Falta LISTA.xlsx, o --from-siac: vea «cargofijo run --help»."
        )
    hour = parse_hour(until) if until else None
    if until and hour is None:
        raise Unusable(f"--until espera una hora, como 06:00, y no «{until}».")
    end = next_time(hour, datetime.now(UTC)) if hour else None
    settings = configure()
    if unfinished and not open_ledger(settings).open_attempts():
        out.print("No quedó nada a medias.")
        raise typer.Exit(0)
    if workbook is not None:
        workbook = newest(workbook)
        case_list = _read(workbook, again or ())
    require(settings, report, workbook)
    with own_ledger(settings) as ledger:
        if settings.inbox.host and not dry_run:
            _look_at_mailbox(settings, ledger)
        unread = False
        if workbook is None:
            queue = asyncio.run(list_queue(settings, ledger, err, seats=seats))
            unread = bool(queue.queue.unread)
            if queue.left:
                say(queue.left)
            if queue.path is None:
                say("En la cola no espera ningún caso de modificación de cargo fijo.")
                case_list = list_of("cola", ())
            else:
                say(f"Lista: {queue.path}")
                read = _read(queue.path, again or ())
                case_list = of_queue(read, settings.portals.siac.username)
        result = asyncio.run(
            run_list(
                case_list,
                settings,
                ledger,
                err,
                report=report,
                seats=seats,
                dry_run=dry_run,
                again=again or (),
                until=end,
                requested_by=getpass.getuser(),
            )
        )
        if not dry_run:
            asyncio.run(purge_cases(settings, ledger, days=settings.policy.retention_days))
    result = replace(result, unread=unread)
    show(result, as_json)
    if problem := notify_operator(settings, result):
        say(problem)
    raise typer.Exit(result.exit_code)


def _look_at_mailbox(settings: Settings, ledger: Ledger) -> None:
    """Evidence that has come is its case's before the first case begins; a mailbox that cannot be
    read is told, and the cases are worked on."""
    from robots.failures import NotReady
    from robots.inbox.inbox_run import look_at_mailbox
    from robots.inbox.look import MailboxLook

    look = MailboxLook()
    try:
        asyncio.run(look_at_mailbox(settings, ledger, look, err))
    except NotReady as error:
        look.problems.append(str(error))
    show_look(look, err)


def _read(workbook: Path, again: Collection[str]) -> CaseList:
    case_list = read_today(workbook)
    unknown = set(again) - {row.case.id for row in case_list.rows if row.case}
    if unknown:
        named = ", ".join(f"«{label}»" for label in sorted(unknown))
        raise Unusable(f"{workbook.name} no tiene un caso válido con el ID de --again: {named}.")
    return case_list


def stop() -> None:
    """Detiene con suavidad todo lo que trabaja con esta base de datos, en cualquier equipo.

    Terminan los casos en curso y no empieza ninguno más: los demás quedan «No iniciado».
    """
    from robots.record import open_to_write
    from robots.run.list_run import request_stop

    ledger = open_to_write(configure())
    withdrawn = asyncio.run(request_stop(ledger))
    note(ledger, "Detuvo todas las corridas", "corridas", after={"sin empezar": withdrawn})
    say(
        "Aviso dado: terminan los casos en curso y no empieza ninguno más. "
        f"Se retiraron de la cola {withdrawn}.",
        out,
    )
