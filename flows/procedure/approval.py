"""A supervisor's yes, where the policy asks for one (procedure, step 7)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from flows.rules.case import Motivo
from flows.rules.endings import needs_person
from flows.rules.requests import Request
from flows.rules.scenarios import Escenario
from flows.runtime.steps import StepRunner
from flows.store.approvals import Approval, Approvals


def is_asked_for(runner: StepRunner, escenario: Escenario | None) -> bool:
    """Whether a request of this scenario waits for a supervisor."""
    return escenario in runner.services.policy.approvals and not runner.attempt.dry_run


async def approved(runner: StepRunner, request: Request) -> bool:
    """Whether exactly this request may be filed; asks where nobody has been asked yet.

    Raises `CaseEnds`, `APROBACION_RECHAZADA`.
    """
    if not is_asked_for(runner, request.escenario):
        return True
    approvals = Approvals(runner.services.ledger.engine)

    async def work() -> bool:
        given = await asyncio.to_thread(approvals.of, request.reference, request.digest)
        if given is None:
            asked = Approval(
                reference=request.reference,
                digest=request.digest,
                request=request.model_dump(mode="json"),
                requested_by=runner.attempt.requested_by,
                requested=datetime.now(UTC),
            )
            await asyncio.to_thread(approvals.ask, asked)
            return False
        if given.answer == "rejected":
            reason = f": {given.reason}" if given.reason else ""
            raise needs_person(
                Motivo.APROBACION_RECHAZADA, f"La rechazó {given.answered_by}{reason}."
            )
        return given.answer == "approved"

    answer: bool = await runner.run("ask_approval", bool, work)
    return answer
