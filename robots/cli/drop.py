"""`drop`: a folder whose workbooks are worked on as they come."""

from __future__ import annotations

import asyncio
import getpass
import signal
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from loguru import logger

from robots.cli.common import Seats, configure, err, out, read_today, require, say, show
from robots.failures import UNFINISHED, UNUSABLE, CommandFailed, Unusable

if TYPE_CHECKING:
    from flows.store.ledger import Ledger
    from robots.run.drop_folder import DropFolder, Dropped
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
    Con --once termina con el código más alto de sus listas: 2 si una no se puede leer.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from pages.contract.errors import BrowserLost
    from robots.record import open_ledger
    from robots.run.drop_folder import LOOK, DropFolder
    from robots.run.lock import DatabaseBusy

    settings = configure()
    if not folder.is_dir():
        raise Unusable(f"No existe la carpeta {folder}.")
    require(settings, None)
    ledger = open_ledger(settings)
    watched = DropFolder(folder, ledger.engine)
    ending = threading.Event()
    _set_on_signals(ending)
    watched.ready()  # the first of two looks
    worst = 0
    while not ending.wait(LOOK):
        for dropped in watched.ready(is_last=once):
            try:
                code = _work(dropped, watched, settings, ledger, seats, ending)
                worst = max(worst, code if once else 0)  # of many nights it would say nothing
            except DatabaseBusy:  # another process works on the database
                if once:
                    raise
            except (CommandFailed, BrowserLost, SQLAlchemyError, typer.Exit):
                raise  # no list is at fault
            except Exception as error:  # whatever it is, the other lists go on
                worst = max(worst, UNFINISHED)
                logger.error("list_failed", error=type(error).__name__)
                _tell(
                    watched,
                    dropped,
                    f"El robot no pudo con la lista {dropped.path.name} "
                    f"({type(error).__name__}): avise a quien lo mantiene.",
                )
                watched.let_be(dropped)
            if ending.is_set():
                break
        _tell_left(watched, once=once)
        if once:
            break
    raise typer.Exit(worst)


def _work(
    dropped: Dropped,
    watched: DropFolder,
    settings: Settings,
    ledger: Ledger,
    seats: int | None,
    ending: threading.Event,
) -> int:
    """Work on one list, which is done with a report or with a sentence about what is wrong with
    it; gives its exit code. Raises `DatabaseBusy`."""
    from inputs.list_file import ListAway
    from inputs.reader import ListError
    from robots.record import own_ledger
    from robots.run.list_files import note_beside, report_beside
    from robots.run.list_run import run_list
    from robots.run.notify_operator import notify_operator

    workbook = dropped.path
    try:
        case_list = read_today(workbook)
    except ListError as error:
        if dropped.content and isinstance(error, ListAway):
            watched.waiting.append(workbook)  # it was there a moment ago
            return 0
        if _tell(watched, dropped, str(error)):
            watched.done(dropped)
        return UNUSABLE
    logger.info("list_taken")
    beside, user = report_beside(workbook), getpass.getuser()
    with own_ledger(settings):
        work = run_list(
            case_list, settings, ledger, err, report=beside, seats=seats, requested_by=user
        )
        try:
            result = asyncio.run(work)
        finally:
            _set_on_signals(ending)  # a run leaves the signals as Python has them
    with suppress(OSError):
        note_beside(workbook).unlink()  # of a time when it could not be used
    show(result, as_json=False)
    if problem := notify_operator(settings, result):
        say(problem)
    if result.stopped:
        raise typer.Exit(result.exit_code)
    watched.done(dropped)
    return result.exit_code


def _tell_left(watched: DropFolder, *, once: bool) -> None:
    """Say which tables are never taken, and, where no look follows, which lists wait."""
    for path in watched.others:
        sentence = f"{path.name} no es una lista: se toman los libros .xlsx y .xlsm."
        if watched.is_news(path, sentence):
            say(sentence, out)
    for path in watched.waiting if once else ():
        sentence = "está abierta, se está escribiendo todavía o no se puede leer"
        say(f"{path.name} queda para la próxima vez: {sentence}.", out)


def _tell(watched: DropFolder, dropped: Dropped, sentence: str) -> bool:
    """Say it once, and put it beside the list; gives whether it stands there."""
    is_there = watched.put_beside(dropped.path, sentence)
    if watched.is_news(dropped.path, sentence):
        say(sentence if is_there else f"{sentence} No se pudo escribir a su lado.", out)
    return is_there


def _set_on_signals(ending: threading.Event) -> None:
    """Ctrl-C and SIGTERM between two lists: what is being written is written first. Within one, the
    run answers both itself."""
    from robots.run.stop_condition import outlive_terminal

    outlive_terminal()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
