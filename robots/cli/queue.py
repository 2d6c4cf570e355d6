"""`submit` and `worker`: the same job as `run`, handed in by one process and done by another."""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
from typing import Annotated

import typer

from robots.cli.common import (
    BUSY,
    PREFLIGHT,
    Json,
    Seats,
    Workbook,
    err,
    fail,
    open_record,
    out,
    own_record,
    read_or_exit,
    require,
    settings_or_exit,
)


def submit(workbook: Workbook, as_json: Json = False) -> None:
    """Deja en cola los casos de una lista, para que otro proceso («worker») los trabaje."""
    import sqlalchemy.exc

    from robots.run.list_run import hand_in

    settings = settings_or_exit()
    case_list = read_or_exit(workbook)
    ledger = open_record(settings)
    try:
        submission = asyncio.run(hand_in(case_list, ledger, requested_by=getpass.getuser()))
    except sqlalchemy.exc.IntegrityError:
        fail(BUSY, "Otro proceso acaba de entregar los mismos casos: vuelva a intentar.")
    console = err if as_json else out
    queued = len(submission.pending)
    console.print(
        f"Ejecución {submission.run_id}: {len(case_list.rows)} filas, {queued} casos en cola.",
        highlight=False,
    )
    console.print(
        "Los trabaja «cargofijo worker»; el informe lo escribe «cargofijo report "
        f"{submission.run_id}».",
        highlight=False,
        soft_wrap=True,
    )
    if as_json:
        summary = {"run": submission.run_id, "cases": len(case_list.rows), "queued": queued}
        sys.stdout.write(json.dumps(summary) + "\n")


def worker(
    seats: Seats = None,
    drain: Annotated[
        bool, typer.Option("--drain", help="Termina cuando no queda ningún caso en cola.")
    ] = False,
) -> None:
    """Trabaja los casos que haya en cola y los que vayan llegando, hasta Ctrl-C.

    Lo que un proceso interrumpido dejó a medias sigue aquí, y nada se registra dos veces.
    """
    from robots.ops.preflight import PreflightFailed
    from robots.run.list_run import work_queue

    settings = settings_or_exit()
    require(settings, None)
    with own_record(settings) as ledger:
        try:
            asyncio.run(work_queue(settings, ledger, err, seats=seats, drain=drain))
        except PreflightFailed as error:
            fail(PREFLIGHT, str(error))
    raise typer.Exit(0)
