"""`submit` and `worker`: the same job as `run`, handed in by one process and done by another."""

from __future__ import annotations

import asyncio
import getpass
from typing import Annotated

import typer

from robots.cli.common import (
    Json,
    Seats,
    Workbook,
    configure,
    err,
    out,
    print_json,
    read_today,
    require,
    say,
)


def submit(workbook: Workbook, as_json: Json = False) -> None:
    """Deja en cola los casos de una lista, para que otro proceso («worker») los trabaje."""
    import sqlalchemy.exc

    from robots.record import open_to_write
    from robots.run.list_run import enqueue_list
    from robots.run.lock import DatabaseBusy

    settings = configure()
    case_list = read_today(workbook)
    ledger = open_to_write(settings)
    try:
        submission = asyncio.run(enqueue_list(case_list, ledger, requested_by=getpass.getuser()))
    except sqlalchemy.exc.IntegrityError:
        raise DatabaseBusy(
            "Otro proceso acaba de entregar los mismos casos: vuelva a intentar."
        ) from None
    console = err if as_json else out
    queued = len(submission.pending)
    console.print(
        f"Ejecución {submission.run_id}: {len(case_list.rows)} filas, {queued} casos en cola.",
        highlight=False,
    )
    say(
        "Los trabaja «cargofijo worker»; el informe lo escribe «cargofijo report "
        f"{submission.run_id}».",
        console,
    )
    if as_json:
        print_json(run=submission.run_id, cases=len(case_list.rows), queued=queued)


def worker(
    seats: Seats = None,
    drain: Annotated[
        bool, typer.Option("--drain", help="Termina cuando no queda ningún caso en cola.")
    ] = False,
) -> None:
    """Trabaja los casos que haya en cola y los que vayan llegando, hasta Ctrl-C.

    Lo que un proceso interrumpido dejó a medias sigue aquí, y nada se registra dos veces.
    """
    from robots.record import own_ledger
    from robots.run.list_run import run_worker

    settings = configure()
    require(settings, None)
    with own_ledger(settings) as ledger:
        asyncio.run(run_worker(settings, ledger, err, seats=seats, drain=drain))
