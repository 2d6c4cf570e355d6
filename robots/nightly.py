"""One whole run: what `run` and `demo` do, from a list that was read to the report's files."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from flows.case import Estado
from flows.ledger import Ledger
from inputs.rows import CaseList
from robots.batch import Ended, submit, work
from robots.bootstrap import workplace
from robots.progress import shown
from robots.reports.compose import compose
from robots.reports.html import write_html
from robots.reports.model import RunReport
from robots.reports.workbook import write_workbook
from robots.settings import Settings

#: states that make a run's exit code 1
_UNFINISHED = (Estado.FALLA_TECNICA, Estado.NO_INICIADO)


@dataclass(frozen=True)
class RunResult:
    """What a run came to, and where its report is."""

    report: RunReport
    path: Path

    @property
    def by_status(self) -> dict[str, int]:
        return dict(Counter(row.outcome.estado.value for row in self.report.rows))

    @property
    def exit_code(self) -> int:
        return int(any(row.outcome.estado in _UNFINISHED for row in self.report.rows))


async def run_list(
    case_list: CaseList,
    settings: Settings,
    ledger: Ledger,
    console: Console,
    *,
    report: Path | None = None,
    seats: int | None = None,
    dry_run: bool = False,
    again: Collection[str] = (),
    requested_by: str,
) -> RunResult:
    """Work on every case that has something left to do, and write the report.

    The first Ctrl-C or SIGTERM lets the cases at work end and starts no other; a second one ends
    the process at once, which costs nothing but a later run.
    """
    stop = asyncio.Event()
    _stop_on_signals(stop, console)
    with shown(console, sum(row.case is not None for row in case_list.rows)) as watcher:
        ended = Ended(watcher)
        async with workplace(
            settings, ledger, seats=seats, dry_run=dry_run, watcher=ended
        ) as place:
            submission = await submit(
                case_list,
                ledger,
                place.engine,
                requested_by=requested_by,
                dry_run=dry_run,
                again=again,
            )
            await work(place, submission, ended, stop)
    return write_report(ledger, submission.run_id, settings, report)


def write_report(
    ledger: Ledger, run_id: str, settings: Settings, path: Path | None = None
) -> RunResult:
    """The workbook and, beside it, the HTML page; raises `ReportError`."""
    report = compose(ledger, run_id, settings.var_dir.absolute() / "evidence")
    assert report is not None, "the run was just recorded"
    target = path or default_report(settings, report.list_name, run_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(report, target)
    write_html(report, target.with_suffix(".html"))
    return RunResult(report, target)


def default_report(settings: Settings, list_name: str, run_id: str) -> Path:
    return settings.var_dir.absolute() / "reports" / f"{Path(list_name).stem}-{run_id}.xlsx"


def _stop_on_signals(stop: asyncio.Event, console: Console) -> None:
    loop = asyncio.get_running_loop()

    def heard() -> None:
        if stop.is_set():
            os._exit(1)
        stop.set()
        console.print("Deteniendo: terminan los casos en curso y no empieza ninguno más.")

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, heard)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(heard))
