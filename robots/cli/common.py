"""What the commands share: their options, what they end with, and how they say it.

A command imports what it works with when it runs: help, completion and passwords are there at once,
where the browser's and the engine's libraries take seconds to load.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from robots.reports.model import LIMA
from robots.reports.placing import ReportError, ensure_writable, page_of
from robots.settings import PORTALS, Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from flows.store.ledger import Ledger
    from inputs.rows import CaseList
    from robots.run.list_run import RunResult

UNFINISHED, UNUSABLE, PREFLIGHT, BUSY = 1, 2, 3, 4

out = Console()
err = Console(stderr=True)

Workbook = Annotated[
    Path, typer.Argument(metavar="LISTA.xlsx", help="La lista de casos (.xlsx o .xlsm).")
]
ReportPath = Annotated[
    Path | None, typer.Option("--report", help="Dónde dejar el informe (.xlsx).")
]
Seats = Annotated[int | None, typer.Option(min=1, max=32, help="Casos a la vez.")]
Json = Annotated[
    bool, typer.Option("--json", help="Un objeto JSON como última línea de la salida.")
]


def settings_or_exit() -> Settings:
    from robots.logs import open_logs
    from robots.ops.permissions import owner_only

    try:
        settings = load_settings()
    except SettingsError as error:
        fail(UNUSABLE, str(error))
    owner_only(settings.var_dir)
    try:
        open_logs(settings.var_dir / "logs", keep_days=settings.policy.retention_days)
    except OSError:
        fail(
            PREFLIGHT, f"No se puede escribir en la carpeta {settings.var_dir} (CARGOFIJO_VAR_DIR)."
        )
    return settings


def read_or_exit(workbook: Path) -> CaseList:
    from inputs.reader import ListError, read_list

    try:
        return read_list(workbook, today=datetime.now(LIMA).date())
    except ListError as error:
        fail(UNUSABLE, str(error))


def require(settings: Settings, report: Path | None, case_list: Path | None = None) -> None:
    """What a run needs before anything is touched; its report may not replace its list."""
    missing = settings.missing()
    if missing:
        fail(UNUSABLE, f"Faltan ajustes: {', '.join(missing)}.")
    if report is not None:
        try:
            ensure_writable(report, case_list)
        except ReportError as error:
            fail(UNUSABLE, str(error))


def require_passwords(settings: Settings) -> None:
    """What `case` needs; a run's are looked at with everything else before it."""
    try:
        for portal in PORTALS:
            settings.password_of(portal)
    except SettingsError as error:
        fail(PREFLIGHT, str(error))


def open_record(settings: Settings) -> Ledger:
    import sqlalchemy.exc

    from robots.bootstrap import open_ledger

    try:
        return open_ledger(settings)
    except (sqlalchemy.exc.SQLAlchemyError, OSError) as error:
        fail(PREFLIGHT, _unusable(error) + " No se tocó nada.")


def _unusable(error: Exception) -> str:
    from flows.store.database import trouble_with

    return f"No se puede usar la base de datos: {trouble_with(error)}."


@contextmanager
def own_record(settings: Settings) -> Iterator[Ledger]:
    """The robot's record, for this process alone."""
    from sqlalchemy.exc import SQLAlchemyError

    from flows.store.database import probe
    from robots.bootstrap import RecordUnusable
    from robots.run.lock import DatabaseBusy, only_worker

    try:
        with only_worker(settings.database):
            ledger = open_record(settings)
            try:
                probe(ledger.engine)
            except SQLAlchemyError as error:
                raise RecordUnusable from error
            yield ledger
    except DatabaseBusy as error:
        fail(BUSY, str(error))
    except RecordUnusable as error:
        assert isinstance(error.__cause__, Exception)
        fail(PREFLIGHT, _unusable(error.__cause__) + " No se tocó nada.")
    except SQLAlchemyError as error:
        say(
            f"{_unusable(error)} La ejecución se detuvo; al repetir la orden "
            "sigue donde quedó, y lo que ya se registró se encuentra y no se repite."
        )
        # The engine's threads wait for the database, and the interpreter would wait for them.
        os._exit(UNFINISHED)


def show(result: RunResult, as_json: bool) -> None:
    from robots.run.terminal_progress import summary_table

    console = err if as_json else out
    console.print(summary_table(result.report))
    console.print(f"Informe: {result.path}", soft_wrap=True)
    console.print(f"Página:  {page_of(result.path)}", soft_wrap=True)
    if as_json:
        print_summary(result)


def print_summary(result: RunResult) -> None:
    """The last line of standard output, for scripts."""
    print_json(
        run=result.report.run_id,
        cases=len(result.report.rows),
        by_status=result.by_status,
        report=result.path,
        exit_code=result.exit_code,
    )


def print_json(
    *, run: str, cases: int, by_status: dict[str, int], report: Path, exit_code: int
) -> None:
    """The object of ``--json``."""
    summary = {
        "run": run,
        "cases": cases,
        "by_status": by_status,
        "report": str(report),
        "exit": exit_code,
    }
    sys.stdout.write(json.dumps(summary, ensure_ascii=False) + "\n")


def say(sentence: str) -> None:
    err.print(sentence, markup=False, highlight=False, soft_wrap=True)


def fail(code: int, sentence: str) -> NoReturn:
    say(sentence)
    raise typer.Exit(code)
