"""What the commands share: their options, what they end with, and how they say it.

A command imports what it works with when it runs: help, completion and passwords are there at once,
where the browser's and the engine's libraries take seconds to load.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from robots.reports.files import ReportError, ensure_writable, page_of
from robots.reports.model import LIMA
from robots.settings import PORTALS, Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from flows.ledger import Ledger
    from inputs.rows import CaseList
    from robots.nightly import RunResult

UNUSABLE, PREFLIGHT, BUSY = 2, 3, 4

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
    from robots.rights import owner_only

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
        fail(PREFLIGHT, f"No se puede abrir la base de datos ({type(error).__name__}).")


@contextmanager
def own_record(settings: Settings) -> Iterator[Ledger]:
    """The robot's record, for this process alone."""
    from robots.lock import DatabaseBusy, only_worker

    try:
        with only_worker(settings.database):
            yield open_record(settings)
    except DatabaseBusy as error:
        fail(BUSY, str(error))


def show(result: RunResult, as_json: bool) -> None:
    from robots.progress import summary_table

    console = err if as_json else out
    console.print(summary_table(result.report))
    console.print(f"Informe: {result.path}", soft_wrap=True)
    console.print(f"Página:  {page_of(result.path)}", soft_wrap=True)
    if as_json:
        print_summary(result)


def print_summary(result: RunResult) -> None:
    """The last line of standard output, for scripts."""
    summary = {
        "run": result.report.run_id,
        "cases": len(result.report.rows),
        "by_status": result.by_status,
        "report": str(result.path),
        "exit": result.exit_code,
    }
    sys.stdout.write(json.dumps(summary, ensure_ascii=False) + "\n")


def fail(code: int, sentence: str) -> NoReturn:
    err.print(sentence, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
