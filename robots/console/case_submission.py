"""Case submission: what people enter in the console becomes runs and attempts, as rows do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import sqlalchemy.exc

from flows.rules.case import Case, Estado, Motivo, Outcome
from flows.store.ledger import Attempt
from inputs.rows import CaseList
from inputs.single_case import one_row_list
from robots.console.context import ConsoleContext
from robots.console.refused import Refused
from robots.console.uploads import keep_evidence
from robots.console.user_store import User
from robots.run.batch import Submission, begin_next, submit_run


class NotTaken(Refused):
    """A case is not worked on."""


async def register(
    context: ConsoleContext, user: User, case: Case, fields: Mapping[str, str]
) -> int:
    """Begin to work on a new case; gives its attempt. Raises `NotTaken`."""
    known = await asyncio.to_thread(context.ledger.latest, [case.reference])
    if known and await asyncio.to_thread(context.store.find, case.reference, user) is None:
        raise NotTaken(
            "Esta SEC, con esta fecha y estas líneas, ya es el caso de otra persona: pida a un "
            "supervisor que se lo asigne."
        )
    if known:
        raise NotTaken("Este caso ya está registrado: siga desde su página, en «Casos».")
    kept = await asyncio.to_thread(keep_evidence, case, context.evidence_dir)
    await submit_list(context, user, one_row_list(kept, fields))
    return 1


async def submit_list(context: ConsoleContext, user: User, case_list: CaseList) -> Submission:
    """Submit these rows as a run; raises `NotTaken`."""
    try:
        submission = await submit_run(case_list, context.ledger, None, requested_by=user.name)
    except sqlalchemy.exc.IntegrityError:
        raise NotTaken("Otra persona acaba de entregar el mismo caso.") from None
    await context.worker.work_on(submission.pending)
    return submission


async def retry(context: ConsoleContext, found: Attempt, case: Case | None = None) -> int:
    """Begin a new attempt, which finds what the earlier ones filed; of whoever asked for the case,
    so that an approval stays somebody else's. Raises `NotTaken`."""
    number = await _begin(context, found, case or found.case)
    await context.worker.work_on(((found.reference, number),))
    return number


async def close_by_hand(
    context: ConsoleContext, user: User, found: Attempt, number: str, note: str
) -> None:
    """End a case with what a person filed outside the robot. Raises `NotTaken`."""
    detail = f"Hecho a mano por {user.name}: solicitud {number}."
    await _conclude(
        context,
        found,
        estado=Estado.ATENDIDO,
        motivo=None,
        request_number=number,
        detail=f"{detail} {note}".rstrip(),
    )


async def send_back(
    context: ConsoleContext, user: User, found: Attempt, to: str, reason: str
) -> None:
    """Hand a case to an advisor; the robot leaves it alone. Raises `NotTaken`."""
    motivo = found.outcome.motivo if found.outcome else Motivo.ERROR_INTERNO
    await _conclude(
        context,
        found,
        estado=Estado.REQUIERE_ASESOR,
        motivo=motivo,
        detail=f"Devuelto por {user.name} a {to}: {reason}",
    )
    await asyncio.to_thread(context.store.hand_to, found.reference, to)


async def _conclude(context: ConsoleContext, found: Attempt, **update: object) -> None:
    outcome = found.outcome or Outcome(reference=found.reference, estado=Estado.REQUIERE_ASESOR)
    number = await _begin(context, found, found.case)
    ledger = context.ledger
    await asyncio.to_thread(ledger.start_attempt, found.reference, number)
    ended = outcome.model_copy(update=update)
    await asyncio.to_thread(ledger.end_attempt, found.reference, number, ended)


async def _begin(context: ConsoleContext, found: Attempt, case: Case) -> int:
    if found.outcome is None:
        raise NotTaken("El caso está en curso: espere a que termine.")
    try:
        return await begin_next(context.ledger, found, case)
    except sqlalchemy.exc.IntegrityError:
        raise NotTaken("Otra persona acaba de hacer algo con este caso: mírelo de nuevo.") from None
