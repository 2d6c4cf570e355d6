"""Submission of a list as a run, and the loops that work on cases (for `robots.run.list_run`)."""

from __future__ import annotations

import asyncio
import math
import secrets
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flows.rules.case import Case, Estado, Motivo, Outcome
from flows.rules.endings import not_begun
from flows.runtime.engine import DurableEngine
from flows.runtime.parked import ParkedCases, Resumer
from flows.runtime.queue_client import QueueClient
from flows.runtime.services import Observer
from flows.store.case_files import CaseFiles, keep_given
from flows.store.database import probe
from flows.store.ledger import Attempt, Ledger, Run, RunRow
from inputs.rows import CaseList
from robots.bootstrap import Runtime
from robots.run.stop_condition import StopCondition

#: how often it is looked for cases that ended without a word, in seconds
_LOOK = 5.0
#: how often it is looked whether a case that waits for a portal is to go on
_CALL = 1.0
#: how long the cases at work may take to end once nobody wants more, in seconds
_GRACE = 3600
#: how often a worker looks for what others have left half done, in seconds
_TEND = 20.0

Pending = tuple[str, int]


@dataclass(frozen=True)
class Submission:
    """A submitted run, and what is to be done for it: attempts, by reference and number."""

    run_id: str
    cases: int
    pending: tuple[Pending, ...]


async def anything_to_do(
    case_list: CaseList, ledger: Ledger, *, again: Collection[str] = ()
) -> bool:
    """Whether a case of the list is not in a final state, or is to be decided anew."""
    cases = _cases(case_list)
    latest = await asyncio.to_thread(ledger.latest, cases)
    return any(
        reference not in latest or not latest[reference].is_over or case.id in again
        for reference, case in cases.items()
    )


def _cases(case_list: CaseList) -> dict[str, Case]:
    return {row.case.reference: row.case for row in case_list.rows if row.case is not None}


async def submit_run(
    case_list: CaseList,
    ledger: Ledger,
    engine: DurableEngine | QueueClient | None,
    *,
    requested_by: str,
    dry_run: bool = False,
    again: Collection[str] = (),
    chase: Iterable[Attempt] = (),
    begun_elsewhere: Collection[Pending] = (),
) -> Submission:
    """Record the run and begin an attempt at each case that has something left to do.

    Cases are known by their reference. One in a final state is not touched, unless the list's ID of
    its row is in ``again``; one whose attempt is still in the engine's hands goes on with that.
    ``chase`` are cases of other lists that have waited long: each gets its next attempt too.
    ``begun_elsewhere`` are attempts that evidence by e-mail has begun, and nobody has ended: they
    are this run's too. What a case was given meanwhile stays its evidence, though its row names
    none.
    """
    cases = _cases(case_list)
    latest = await asyncio.to_thread(ledger.latest, cases)
    in_flight = {
        (a.reference, a.attempt)
        for a in latest.values()
        if a.outcome is None and a.dry_run == dry_run
    }
    if engine is not None and in_flight:
        given = in_flight & set(begun_elsewhere)
        in_flight = await engine.unfinished(in_flight) | await _parked(ledger, in_flight) | given
    begun: list[tuple[str, int, Case]] = []
    pending: list[Pending] = []
    for reference, case in cases.items():
        known = latest.get(reference)
        if known and (reference, known.attempt) in in_flight:
            pending.append((reference, known.attempt))
        elif known is None or not known.is_over or case.id in again:
            number = known.attempt + 1 if known else 1
            begun.append((reference, number, keep_given(known.case, case) if known else case))
            pending.append((reference, number))
    chased = [attempt for attempt in chase if attempt.reference not in cases]
    begun += [(a.reference, a.attempt + 1, a.case) for a in chased]
    pending += [(a.reference, a.attempt + 1) for a in chased]
    taken_up = cases.keys() | {attempt.reference for attempt in chased}
    others = [named for named in begun_elsewhere if named[0] not in taken_up]
    pending += others
    run = Run(
        id=f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        list_name=case_list.name,
        headers=case_list.headers,
        requested_by=requested_by,
        dry_run=dry_run,
        started=datetime.now(UTC),
        ended=None,
    )
    rows = [
        RunRow(
            position=position,
            reference=row.case.reference if row.case else None,
            content=row.model_dump_json(),
        )
        for position, row in enumerate(case_list.rows)
    ]
    await asyncio.to_thread(CaseFiles(ledger.engine).hand_in, [case for _, _, case in begun])
    # The run last: one whose cases have no attempt that goes on counts as ended.
    await asyncio.to_thread(
        ledger.begin_attempts, begun, requested_by=requested_by, dry_run=dry_run
    )
    await asyncio.to_thread(ledger.open_run, run, rows)
    named = [*(attempt.reference for attempt in chased), *(reference for reference, _ in others)]
    await asyncio.to_thread(ledger.chase, run.id, named)
    return Submission(run.id, len(cases) + len(named), tuple(pending))


async def begin_next(ledger: Ledger, last: Attempt, case: Case) -> int:
    """Begin a further attempt, in the name of whoever asked for the last one; gives its number.
    Raises `sqlalchemy.exc.IntegrityError` where somebody else has begun it."""
    number = last.attempt + 1
    await asyncio.to_thread(CaseFiles(ledger.engine).hand_in, [case])
    await asyncio.to_thread(
        ledger.begin_attempts,
        [(last.reference, number, case)],
        requested_by=last.requested_by,
        dry_run=False,
    )
    return number


class EndTracker:
    """Observer that keeps which attempts have ended, and passes on what it hears."""

    def __init__(self, observer: Observer) -> None:
        self.observer = observer
        self.attempts: set[Pending] = set()
        self.news = asyncio.Event()

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        self.observer.step(reference, name, seconds)

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        self.attempts.add((outcome.reference, attempt))
        self.news.set()
        self.observer.case_ended(attempt, outcome)


async def work(
    runtime: Runtime, submission: Submission, ended: EndTracker, stop: asyncio.Event
) -> None:
    """Work until every case of the run has ended; once no case may begin any more, those that had
    begun.

    What did not begin is `No iniciado`.
    """
    engine, services = runtime.engine, runtime.services
    closing = StopCondition(services, stop)
    services.run.closing = await closing.reason()
    waiting = set(submission.pending)
    await engine.enqueue(submission.pending)
    if services.run.closing:
        waiting -= await withdraw_cases(engine, services.ledger, waiting, services.run.closing)
    resumer = _resumer(runtime)
    parked: set[Pending] = set()
    checked = time.monotonic()
    while waiting:
        events = (ended.news,) if services.run.closing else (ended.news, stop)
        await wait_for_any(events, _CALL if parked or services.run.until else _LOOK)
        ended.news.clear()
        if not services.run.closing and (motivo := await closing.reason()):
            services.run.closing = motivo
            waiting -= await withdraw_cases(engine, services.ledger, waiting, motivo)
        waiting -= ended.attempts
        if time.monotonic() > checked + _LOOK:
            await _check_record(runtime)
            waiting -= await _end_lost(runtime, waiting)
            checked = time.monotonic()
        parked = await resumer.look(waiting)
    await _settled(engine, submission.pending)
    await asyncio.to_thread(services.ledger.end_run, submission.run_id)


async def serve(runtime: Runtime, ended: EndTracker, stop: asyncio.Event, *, drain: bool) -> None:
    """Work on what is queued, whoever queued it: until nothing is left, or until ``stop``, when the
    cases at work end and the others stay queued."""
    engine, ledger = runtime.engine, runtime.services.ledger
    heartbeat = runtime.services.run.heartbeat
    closing = StopCondition(runtime.services, stop)
    resumer = _resumer(runtime)
    tended = -math.inf
    while not await closing.reason():
        await _check_record(runtime)
        # Each worker does this for all: the more there are, the less often.
        if time.monotonic() - tended > _TEND * (heartbeat.size if heartbeat else 1):
            await _tend(runtime)
            tended = time.monotonic()
        if drain and not await asyncio.to_thread(ledger.has_open_attempts):
            break
        parked = await resumer.look(await _all_parked(ledger))
        await wait_for_any((ended.news, stop), _CALL if parked else _LOOK)
        ended.news.clear()
    await engine.stop(grace_seconds=_GRACE)
    await asyncio.to_thread(ledger.end_finished_runs)


async def _settled(engine: DurableEngine, attempts: Iterable[Pending]) -> None:
    """The engine writes down that a flow is over a moment after the flow has told us."""
    deadline = time.monotonic() + _LOOK
    while await engine.unfinished(attempts) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.05)


async def withdraw_cases(
    queue: DurableEngine | QueueClient, ledger: Ledger, attempts: Iterable[Pending], motivo: Motivo
) -> set[Pending]:
    """End those that still stand in the queue, as not begun; gives them."""
    withdrawn = await queue.withdraw(attempts)
    for reference, attempt in withdrawn:
        outcome = not_begun(reference, motivo)
        await asyncio.to_thread(ledger.end_attempt, reference, attempt, outcome)
    return set(withdrawn)


async def _check_record(runtime: Runtime) -> None:
    """Raises where the robot's record can no longer be written: waiting would have no end."""
    if runtime.services.run.lost is not None:
        raise runtime.services.run.lost
    await asyncio.to_thread(probe, runtime.services.ledger.engine)


async def _tend(runtime: Runtime) -> None:
    """What others have left half done: cases recorded and never queued, because who handed them in
    died in between; those of a version that is gone; cases that the engine is done with and that
    have no outcome; and runs."""
    ledger = runtime.services.ledger
    await runtime.engine.take_over_versions()
    waiting = set(await asyncio.to_thread(ledger.open_attempts))
    await runtime.engine.enqueue(waiting)
    await _end_lost(runtime, waiting)
    await asyncio.to_thread(ledger.end_finished_runs)


async def _end_lost(runtime: Runtime, waiting: set[Pending]) -> set[Pending]:
    """Those that the engine is done with; what it left without an outcome gets one."""
    ledger = runtime.services.ledger
    over = waiting - await runtime.engine.unfinished(waiting) - await _parked(ledger, waiting)
    for reference, attempt in over:
        if (await asyncio.to_thread(ledger.attempt, reference, attempt)).outcome is None:
            outcome = Outcome(
                reference=reference,
                estado=Estado.FALLA_TECNICA,
                motivo=Motivo.ERROR_INTERNO,
                detail="El motor dejó el caso sin terminar; vuelva a ejecutar la lista.",
            )
            await asyncio.to_thread(ledger.end_attempt, reference, attempt, outcome)
    return over


async def _parked(ledger: Ledger, among: set[Pending]) -> set[Pending]:
    """Those that wait for a portal: the engine is done with them only for now."""
    return among & await _all_parked(ledger)


async def _all_parked(ledger: Ledger) -> set[Pending]:
    room = ParkedCases(ledger.engine)
    return {case.name for case in await asyncio.to_thread(room.parked)}


def _resumer(runtime: Runtime) -> Resumer:
    services = runtime.services
    return Resumer(
        services.parked,
        services.breakers,
        may_wait=services.may_wait,
        map_version=services.map_version,
        again=runtime.engine.again,
    )


async def wait_for_any(events: Iterable[asyncio.Event], seconds: float) -> None:
    """Wait until one of them is set, or the time is over."""
    tasks = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
