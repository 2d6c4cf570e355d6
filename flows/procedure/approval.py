"""A supervisor's yes, where the policy asks for one (procedure, step 7)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from flows.rules.case import Estado, Motivo
from flows.rules.endings import CaseEnds, Ending, needs_person
from flows.rules.requests import Request
from flows.rules.scenarios import Escenario
from flows.runtime.steps import StepRunner
from flows.store.approvals import Approval, Approvals


def is_asked_for(runner: StepRunner, escenario: Escenario | None) -> bool:
    """Whether a request of this scenario waits for a supervisor."""
    return escenario in runner.approvals and not runner.attempt.dry_run


async def approved(runner: StepRunner, request: Request, *, is_filed: bool) -> bool:
    """Whether exactly this request may be filed, or ``is_filed`` already; asks where nobody has
    been asked yet.

    Raises `CaseEnds`, `APROBACION_RECHAZADA`.
    """
    if not is_asked_for(runner, request.escenario):
        return True

    async def work() -> bool:
        return await _is_given(runner, request, is_filed=is_filed)

    answer: bool = await runner.run("ask_approval", bool, work)
    return answer


async def refuse_unapproved(runner: StepRunner, request: Request) -> None:
    """Before it is filed: raises `CaseEnds` where the yes is missing after all, as nobody was asked
    about a request that was there and is gone."""
    if not is_asked_for(runner, request.escenario) or await _is_given(runner, request):
        return
    raise CaseEnds(
        Ending(
            estado=Estado.PENDIENTE_DE_APROBACION,
            motivo=None,
            detail=f"{request.sistema} ya no muestra la solicitud que este caso tenía: registrarla "
            "de nuevo espera la aprobación de un supervisor.",
        )
    )


async def _is_given(runner: StepRunner, request: Request, *, is_filed: bool = False) -> bool:
    approvals = Approvals(runner.services.ledger.engine)
    given = await asyncio.to_thread(approvals.of, request.reference, request.digest)
    if given is not None and given.answer == "rejected":
        reason = f": {given.reason}" if given.reason else ""
        raise needs_person(Motivo.APROBACION_RECHAZADA, f"La rechazó {given.answered_by}{reason}.")
    if is_filed:
        return True
    if given is not None:
        return given.answer == "approved"
    asked = Approval(
        reference=request.reference,
        digest=request.digest,
        request=request.model_dump(mode="json"),
        requested_by=runner.attempt.requested_by,
        requested=datetime.now(UTC),
    )
    await asyncio.to_thread(approvals.ask, asked)
    return False
