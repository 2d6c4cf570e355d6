"""Shared parts of the commands: options, settings, and output.

A command imports what it works with when it runs: help, completion and passwords are there at once,
where the browser's and the engine's libraries take seconds to load.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from flows.rules.lima import today
from robots.failures import NotReady, Unusable
from robots.reports.report_file import ensure_writable, page_of
from robots.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from flows.store.ledger import Ledger, Run
    from inputs.rows import CaseList
    from robots.reports.write_report import RunResult

out = Console()
err = Console(stderr=True)

Workbook = Annotated[
    Path, typer.Argument(metavar="LISTA.xlsx", help="La lista de casos (.xlsx o .xlsm).")
]
ReportPath = Annotated[
    Path | None, typer.Option("--report", help="Dónde dejar el informe (.xlsx).")
]
Seats = Annotated[
    int | None, typer.Option(min=1, max=32, help="Puestos: casos a la vez en SIAC Único.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Llega hasta cada envío y no envía nada.")]
Json = Annotated[
    bool, typer.Option("--json", help="Un objeto JSON como última línea de la salida.")
]


def configure() -> Settings:
    """Load the settings, open the logs, and close what is written to all but its owner."""
    from robots.logs import open_logs
    from robots.ops.permissions import owner_only

    settings = load_settings()
    owner_only(settings.var_dir)
    try:
        open_logs(settings.var_dir / "logs", keep_days=settings.policy.retention_days)
    except OSError:
        raise NotReady(
            f"No se puede escribir en la carpeta {settings.var_dir} (CARGOFIJO_VAR_DIR)."
        ) from None
    return settings


def read_today(workbook: Path) -> CaseList:
    """Read a case list as of today, in Lima; raises `ListError`."""
    from inputs.reader import read_list

    return read_list(workbook, today=today())


def require(settings: Settings, report: Path | None, case_list: Path | None = None) -> None:
    """Check what a run needs before anything is touched; its report may not replace its list."""
    missing = settings.missing()
    if missing:
        raise SettingsError(f"Faltan ajustes: {', '.join(missing)}.")
    if report is not None:
        ensure_writable(report, case_list)


def known_run(ledger: Ledger, run_id: str) -> Run:
    run = ledger.run(run_id)
    if run is None:
        raise Unusable(f"No existe la ejecución {run_id}.")
    return run


def show(result: RunResult, as_json: bool) -> None:
    from robots.run.terminal_progress import summary_table

    console = err if as_json else out
    console.print(summary_table(result.report))
    console.print(f"Informe: {result.path}", soft_wrap=True)
    console.print(f"Página:  {page_of(result.path)}", soft_wrap=True)
    if as_json:
        print_summary(result)


def print_summary(result: RunResult) -> None:
    print_json(
        run=result.report.run_id,
        cases=len(result.report.rows),
        by_status=result.by_status,
        report=str(result.path),
        exit=result.exit_code,
    )


def print_json(**summary: object) -> None:
    """Print the object of ``--json``: the last line of standard output, for scripts."""
    sys.stdout.write(json.dumps(summary, ensure_ascii=False) + "\n")


def write(text: str) -> None:
    """Write a text of several lines to standard output, as it is."""
    sys.stdout.write(text)


def say(text: str, console: Console = err) -> None:
    """Print it as it is, on one line however long."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)
