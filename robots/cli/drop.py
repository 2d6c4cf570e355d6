"""`drop`: a folder whose workbooks are worked on as they come."""

from __future__ import annotations

import asyncio
import getpass
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from loguru import logger

from robots.cli.common import Seats, configure, err, out, read_today, require, say, show
from robots.failures import Unusable

if TYPE_CHECKING:
    from flows.store.ledger import Ledger
    from robots.settings import Settings


def drop(
    folder: Annotated[
        Path, typer.Argument(metavar="CARPETA", help="Donde se dejan las listas de casos.")
    ],
    seats: Seats = None,
    once: Annotated[
        bool, typer.Option("--once", help="Trabaja lo que hay y termina; para un programador.")
    ] = False,
) -> None:
    """Trabaja cada lista que se deja en una carpeta, y pone su informe al lado.

    Cada una se toma una vez, cuando se ha terminado de copiar, y no se toca. Hasta Ctrl-C.
    """
    from robots.record import open_ledger
    from robots.run.drop_folder import LOOK, Folder, fingerprint

    settings = configure()
    if not folder.is_dir():
        raise Unusable(f"No existe la carpeta {folder}.")
    require(settings, None)
    ledger = open_ledger(settings)
    watched = Folder(folder, ledger.engine)
    ending = threading.Event()
    _set_on_signals(ending)
    watched.ready()  # the first of two looks
    while not ending.wait(LOOK):
        for workbook in watched.ready():
            content = fingerprint(workbook)
            if _work(workbook, settings, ledger, seats, ending):
                watched.done(content)
            if ending.is_set():
                break
        if once:
            break


def _work(
    workbook: Path,
    settings: Settings,
    ledger: Ledger,
    seats: int | None,
    ending: threading.Event,
) -> bool:
    """Work on one list; gives whether it is done, with a report or with a sentence about what is
    wrong with it."""
    from inputs.reader import ListError
    from robots.record import own_ledger
    from robots.run.list_files import report_beside
    from robots.run.list_run import run_list
    from robots.run.lock import DatabaseBusy
    from robots.run.notify_operator import notify_operator

    logger.info("list_taken")
    try:
        case_list = read_today(workbook)
    except ListError as error:
        _say_beside(workbook, str(error))
        return True
    beside, user = report_beside(workbook), getpass.getuser()
    try:
        with own_ledger(settings):
            work = run_list(
                case_list, settings, ledger, err, report=beside, seats=seats, requested_by=user
            )
            result = asyncio.run(work)
            _set_on_signals(ending)  # a run leaves the signals as Python has them
    except DatabaseBusy:
        return False  # another process works on the database: later
    show(result, as_json=False)
    if problem := notify_operator(settings, result):
        say(problem)
    if result.stopped:
        raise typer.Exit(result.exit_code)
    return True


def _say_beside(workbook: Path, sentence: str) -> None:
    say(sentence, out)
    note = workbook.with_name(f"{workbook.stem}-informe.txt")
    note.write_text(sentence + "\n", encoding="utf-8")


def _set_on_signals(ending: threading.Event) -> None:
    """Ctrl-C and SIGTERM between two lists: what is being written is written first. Within one, the
    run answers both itself."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
