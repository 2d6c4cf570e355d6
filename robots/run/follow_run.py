"""The whole of `cargofijo follow`: the next bills looked at, told and, where the policy says so,
what is misaligned filed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from loguru import logger
from rich.console import Console

from flows.procedure.next_bill import (
    AttendedCase,
    attended_cases,
    cases_to_file,
    look_at_bills,
    may_have_changed,
)
from flows.rules.case import Case, Motivo
from flows.store.ledger import Ledger
from inputs.made_list import list_of
from robots.bootstrap import OpenServices, open_services
from robots.failures import UNFINISHED
from robots.ops.preflight import check_reading
from robots.reports.follow_up_report import FollowUpReport, compose_follow_up
from robots.reports.follow_up_workbook import write_follow_up
from robots.reports.write_report import RunResult
from robots.run.list_run import run_list
from robots.run.stop_condition import stop_on_signals
from robots.settings import Settings


@dataclass(frozen=True)
class FollowResult:
    """Result of a look at the next bills; ``filed`` is the run of what was misaligned, where there
    was one."""

    report: FollowUpReport
    path: Path
    filed: RunResult | None = None

    @property
    def exit_code(self) -> int:
        filed = self.filed.exit_code if self.filed else 0
        return UNFINISHED if self.report.could_not_read else filed


async def follow_bills(
    settings: Settings,
    ledger: Ledger,
    console: Console,
    *,
    today: date,
    report: Path | None = None,
    seats: int | None = None,
    requested_by: str,
) -> FollowResult:
    """Look at what may have changed, file what is to be filed, and write the report."""
    seats = seats or settings.seats
    cases = await asyncio.to_thread(attended_cases, ledger)
    asked = [one for one in cases if may_have_changed(one, today)]
    logger.info("follow_begun", cases=len(cases), asked=len(asked))
    files = settings.policy.follow_up == "file"
    wanted: list[Case] = []
    unread = False
    if asked:
        stop = asyncio.Event()
        stop_on_signals(stop, console)

        async def opening(opened: OpenServices) -> None:
            await check_reading(opened, settings)

        async with open_services(settings, ledger, seats=seats, opening=opening) as opened:
            wanted, unread = await _look(opened, cases, asked, today, stop, console, files=files)
    filed = None
    if wanted:
        name = f"seguimiento-{today:%Y%m%d}"
        filed = await run_list(
            list_of(name, wanted),
            settings,
            ledger,
            console,
            seats=seats,
            requested_by=requested_by,
            chasing=False,
        )
    found = await asyncio.to_thread(
        compose_follow_up, ledger, today, [one.reference for one in cases], unread=unread
    )
    path = report or _own_path(settings)
    await asyncio.to_thread(write_follow_up, found, path)
    logger.info("follow_ended", cases=len(found.rows), by_result=found.by_result)
    return FollowResult(found, path, filed)


async def _look(
    opened: OpenServices,
    cases: Sequence[AttendedCase],
    asked: Sequence[AttendedCase],
    today: date,
    stop: asyncio.Event,
    console: Console,
    *,
    files: bool,
) -> tuple[list[Case], bool]:
    """What is to be filed, and whether something could not be read."""
    services = opened.services
    console.print(f"Facturas de {len(asked)} casos, en SIAC Único…", highlight=False)

    async def stopped() -> None:
        await stop.wait()
        services.run.closing = Motivo.DETENIDO

    watching = asyncio.create_task(stopped())
    await look_at_bills(services, asked, today, seats=opened.seats)
    watching.cancel()
    if stop.is_set() or not files:
        return [], stop.is_set()
    wanted, unread = await cases_to_file(services, cases, today)
    return wanted, bool(unread)


def _own_path(settings: Settings) -> Path:
    """In the robot's own folder, named as a run's report is, so that it is deleted as one."""
    folder = settings.var_dir.absolute() / "reports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = datetime.now(UTC)
    return folder / f"seguimiento-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}.xlsx"
