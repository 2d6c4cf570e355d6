"""Cases that wait for somebody: since when, and when it is time to remind or to stop waiting.

A night that takes up a case which waits for evidence asks nobody twice; after a set number of days
it reminds once, and after a further number the case ends with a word, for an advisor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from flows.procedure.correspondence import note_once
from flows.rules.case import Estado, Motivo
from flows.rules.endings import needs_person
from flows.rules.lima import in_lima
from flows.runtime.steps import StepRunner
from flows.store.ledger import Attempt, Ledger

#: The steps whose first success says when it was asked, and when it was reminded.
ASKED, REMINDED = "ask_client_for_evidence", "remind_client"

#: An attempt that ended so says nothing about the case.
_NO_WORD = (Estado.FALLA_TECNICA, Estado.NO_INICIADO)


class OverdueStage(StrEnum):
    WAIT = "wait"
    REMIND = "remind"
    END = "end"


@dataclass(frozen=True)
class Wait:
    """When the evidence of a case was first asked for, and when it was reminded of."""

    asked: datetime | None = None
    reminded: datetime | None = None

    def stage(self, now: datetime, remind_after: int, end_after: int) -> OverdueStage:
        """By the days of the calendar in Lima: a night that begins earlier than the last one did
        is a day later all the same."""
        if self.reminded is not None:
            return (
                OverdueStage.END
                if days_between(self.reminded, now) >= end_after
                else OverdueStage.WAIT
            )
        if self.asked is not None and days_between(self.asked, now) >= remind_after:
            return OverdueStage.REMIND
        return OverdueStage.WAIT


def days_between(since: datetime, now: datetime) -> int:
    """Midnights in Lima."""
    return (in_lima(now).date() - in_lima(since).date()).days


def waits(ledger: Ledger, references: Iterable[str]) -> dict[str, Wait]:
    """From the timeline of each case; what a dry run did is no asking."""
    found = {}
    for reference, steps in ledger.steps(references, dry_runs=False).items():
        done = [step for step in steps if not step.note]
        asked = min((s.started for s in done if s.name == ASKED), default=None)
        reminded = min((s.started for s in done if s.name == REMINDED), default=None)
        found[reference] = Wait(asked, reminded)
    return found


def due_cases(ledger: Ledger, now: datetime, remind_after: int, end_after: int) -> list[Attempt]:
    """The newest attempts at those cases that wait for evidence and are to be reminded or ended."""
    waiting = [a for a in ledger.newest_that_ended(Estado.PENDIENTE_DE_EVIDENCIA) if not a.dry_run]
    known = waits(ledger, [attempt.reference for attempt in waiting])
    return [
        attempt
        for attempt in waiting
        if known.get(attempt.reference, Wait()).stage(now, remind_after, end_after)
        is not OverdueStage.WAIT
    ]


def waiting_since(attempts: Iterable[Attempt]) -> datetime | None:
    """Since when a case waits as it does, by all the attempts at it, oldest first."""
    since: datetime | None = None
    state: Estado | None = None
    for attempt in attempts:
        outcome = attempt.outcome
        if outcome is None or attempt.dry_run or outcome.estado in _NO_WORD:
            continue
        if outcome.estado is not state:
            state, since = outcome.estado, attempt.ended
    return since if state is not None and state.is_waiting else None


async def stage_of(runner: StepRunner) -> OverdueStage:
    """Where a case that still has no evidence stands now; recorded, so that playing back agrees."""
    policy, ledger = runner.services.policy, runner.services.ledger

    async def work() -> OverdueStage:
        known = await asyncio.to_thread(waits, ledger, [runner.reference])
        wait = known.get(runner.reference, Wait())
        return wait.stage(datetime.now(UTC), policy.remind_after_days, policy.end_after_days)

    found: OverdueStage = await runner.run("look_how_long", OverdueStage, work)
    return found


async def end_waiting(runner: StepRunner, siac_case: str) -> None:
    """Note it in the SIAC case, which stays open for its advisor; raises `CaseEnds`."""

    async def work() -> None:
        known = await asyncio.to_thread(waits, runner.services.ledger, [runner.reference])
        wait = known[runner.reference]
        told = (
            f"No llegó la evidencia que se pidió el {_day(wait.asked)} y se recordó el "
            f"{_day(wait.reminded)}."
        )
        await note_once(runner, siac_case, "sin-evidencia", told)
        raise needs_person(
            Motivo.EVIDENCIA_NO_RECIBIDA,
            f"{told} El caso {siac_case} sigue abierto en SIAC Único: decida si se cierra o se "
            "insiste. Si llega, llene Evidencia en la fila y decídalo de nuevo con --again.",
        )

    await runner.run("end_waiting", None, work)


def _day(moment: datetime | None) -> str:
    return f"{in_lima(moment):%d/%m/%Y}" if moment else "—"
