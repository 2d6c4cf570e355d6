"""One whole run: what `run`, `case` and `demo` do, from a list that was read to the report's files;
and a worker, which works on what others handed in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from loguru import logger
from rich.console import Console

from flows.procedure.overdue import due_cases
from flows.rules.case import Motivo
from flows.rules.policy import Policy
from flows.runtime.queue_client import QueueClient
from flows.runtime.stop_flag import StopFlag
from flows.store.incoming_mail import Messages
from flows.store.ledger import Attempt, Ledger
from inputs.rows import CaseList
from robots.bootstrap import OpenServices, open_services, start_engine
from robots.ops.preflight import preflight
from robots.reports.report_file import ReportError
from robots.reports.write_report import RunResult, write_report
from robots.run import batch
from robots.run.attended import Attended, until_stopped
from robots.run.stop_condition import stop_on_signals
from robots.run.tell_changes import telling_changes
from robots.run.terminal_progress import ProgressLines, run_progress
from robots.settings import Settings


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
    until: datetime | None = None,
    requested_by: str,
    attended: Attended | None = None,
    chasing: bool = True,
) -> RunResult:
    """Work on every case that has something left to do, and write the report. ``chasing`` takes up
    cases of other lists too that have waited long for evidence.

    The first Ctrl-C or SIGTERM lets the cases at work end and starts no other; a second one ends
    the process at once, which costs nothing but a later run.
    """
    chase: list[Attempt] = []
    given: list[batch.Pending] = []
    policy: Policy = settings.policy
    if attended:  # a person is beside it, who need not wait
        policy = policy.model_copy(update={"portal_patience": 0.0, "map_patience": 0.0})
    elif chasing and not dry_run:
        days = policy.remind_after_days, policy.end_after_days
        chase = await asyncio.to_thread(due_cases, ledger, datetime.now(UTC), *days)
        given = await asyncio.to_thread(Messages(ledger.engine).begun)
    submitted = partial(
        batch.submit_run,
        case_list,
        ledger,
        requested_by=requested_by,
        dry_run=dry_run,
        again=again,
        chase=chase,
        begun_elsewhere=given,
    )
    if not chase and not given and not await batch.anything_to_do(case_list, ledger, again=again):
        submission = await submitted(None)
        await asyncio.to_thread(ledger.end_run, submission.run_id)
        return _reported(submission.run_id, settings, ledger, console, report)
    begun = time.monotonic()
    stop = asyncio.Event()
    stop_on_signals(stop, console)
    cases = sum(row.case is not None for row in case_list.rows)
    with nullcontext(attended.observer) if attended else run_progress(console, cases) as observer:
        ended = batch.EndTracker(observer)
        confirm = attended.confirm if attended else None
        async with (
            open_services(
                settings,
                ledger,
                policy,
                seats=seats or settings.seats,
                observer=ended,
                opening=None if attended else _preflight(settings, console, cases),
                confirm=confirm and until_stopped(stop, confirm),
            ) as opened,
            start_engine(opened, dry_run=dry_run, alone=attended is not None) as runtime,
            telling_changes(settings, runtime.services, console),
        ):
            runtime.services.run.until = until
            submission = await submitted(runtime.engine)
            logger.info(
                "run_begun",
                run=submission.run_id,
                cases=submission.cases,
                pending=len(submission.pending),
                dry_run=dry_run,
            )
            await batch.work(runtime, submission, ended, stop)
    logger.info(
        "run_ended",
        run=submission.run_id,
        seconds=round(time.monotonic() - begun, 1),
        stopped=stop.is_set(),
    )
    result = _reported(submission.run_id, settings, ledger, console, report)
    return replace(result, stopped=stop.is_set())


def _reported(
    run_id: str, settings: Settings, ledger: Ledger, console: Console, report: Path | None
) -> RunResult:
    """The report where it is wanted; where that cannot be, in the robot's own folder."""
    if report is not None:
        try:
            return write_report(ledger, run_id, settings, report)
        except ReportError as error:
            console.print(f"{error} Queda en la carpeta de informes.", soft_wrap=True, markup=False)
    return write_report(ledger, run_id, settings)


def _preflight(
    settings: Settings, console: Console, cases: int
) -> Callable[[OpenServices], Awaitable[None]]:
    """Tells what is wrong and lets the work go on; raises `PreflightFailed` where it cannot."""

    async def opening(opened: OpenServices) -> None:
        for problem in await preflight(opened, settings, cases):
            console.print(f"Aviso: {problem.sentence}", soft_wrap=True, markup=False)

    return opening


async def enqueue_list(
    case_list: CaseList, ledger: Ledger, *, requested_by: str
) -> batch.Submission:
    """Record a run and queue its cases, for whichever worker comes."""
    with closing(await asyncio.to_thread(QueueClient, ledger.engine)) as queue_client:
        submission = await batch.submit_run(
            case_list, ledger, queue_client, requested_by=requested_by
        )
        await queue_client.enqueue(submission.pending)
    await asyncio.to_thread(ledger.end_finished_runs)
    return submission


async def request_stop(ledger: Ledger) -> int:
    """Stop whoever works on this database softly, and end what is queued; gives how many."""
    await asyncio.to_thread(StopFlag(ledger.engine).turn_off)
    with closing(await asyncio.to_thread(QueueClient, ledger.engine)) as queue_client:
        waiting = await asyncio.to_thread(ledger.open_attempts)
        withdrawn = await batch.withdraw_cases(queue_client, ledger, waiting, Motivo.DETENIDO)
    await asyncio.to_thread(ledger.end_finished_runs)
    return len(withdrawn)


async def run_worker(
    settings: Settings, ledger: Ledger, console: Console, *, seats: int | None, drain: bool
) -> None:
    """Work on what is queued, until nothing is left (``drain``) or until Ctrl-C or SIGTERM."""
    if drain and not await asyncio.to_thread(ledger.has_open_attempts):
        return
    stop = asyncio.Event()
    stop_on_signals(stop, console)
    ended = batch.EndTracker(ProgressLines(console))
    opening = _preflight(settings, console, cases=0)
    seats = seats or settings.seats
    async with (
        open_services(settings, ledger, seats=seats, observer=ended, opening=opening) as opened,
        start_engine(opened) as runtime,
        telling_changes(settings, runtime.services, console),
    ):
        await batch.serve(runtime, ended, stop, drain=drain)
