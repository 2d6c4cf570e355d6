"""Incoming e-mails that wait for a person: whose business they are, given to a case, set aside."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date

import sqlalchemy.exc

from flows.mail.received import Received
from flows.rules.case import Case, Estado, OrigenEvidencia
from flows.rules.mail_matching import with_evidence
from flows.store.case_files import CaseFiles
from flows.store.incoming_mail import Message, Messages
from flows.store.ledger import Attempt
from robots.console.case_submission import NotTaken
from robots.console.context import ConsoleContext
from robots.console.uploads import keep_evidence
from robots.console.user_store import User
from robots.inbox.evidence import brought_by
from robots.inbox.look import reader

_GONE = "Otra persona acaba de hacer algo con este correo o con su caso: mírelo de nuevo."


@dataclass(frozen=True)
class Given:
    """What a person says as they give a message to a case; ``is_unbacked`` confirms that nothing
    says until when the offer was in force, nor who approved it."""

    reference: str
    origin: OrigenEvidencia
    until: date | None = None
    approved_by: str = ""
    is_unbacked: bool = False


def shown_to(context: ConsoleContext, user: User) -> list[Message]:
    """The messages that wait: all of them, or those that may be about a case of this user's."""
    waiting = Messages(context.ledger.engine).open()
    if user.sees_all:
        return waiting
    return [message for message in waiting if _is_of(context, user, message)]


def find_message(context: ConsoleContext, user: User, key: str) -> Message | None:
    """None too where it waits no longer, or is none of the user's business."""
    found = Messages(context.ledger.engine).find(key)
    if found is None or found.reason is None:
        return None
    return found if user.sees_all or _is_of(context, user, found) else None


def _is_of(context: ConsoleContext, user: User, message: Message) -> bool:
    return any(context.store.find(reference, user) for reference in message.candidates)


def read_kept(context: ConsoleContext, message: Message) -> Received | None:
    """What the message says; None where it was not kept, as one that is too large."""
    content = Messages(context.ledger.engine).content(message.key)
    return reader(context.settings)(content) if content is not None else None


async def give(context: ConsoleContext, user: User, message: Message, given: Given) -> list[str]:
    """Begin the case's next attempt with what the message brings; gives the names of its evidence
    then. Raises `NotTaken`."""
    found, case = await asyncio.to_thread(_given_to, context, user, message, given)
    try:
        number = await asyncio.to_thread(
            Messages(context.ledger.engine).attach, [message.key], found, case
        )
    except sqlalchemy.exc.IntegrityError:
        number = None
    if number is None:
        raise NotTaken(_GONE)
    await context.worker.work_on(((found.reference, number),))
    return [file.name for file in case.evidencia]


def _given_to(
    context: ConsoleContext, user: User, message: Message, given: Given
) -> tuple[Attempt, Case]:
    """The newest attempt at the case, and the case with the message's evidence in its folder."""
    found = context.store.find(given.reference, user)
    if found is None:
        raise NotTaken("No existe un caso con esa referencia, o no es suyo.")
    if found.outcome is None:
        raise NotTaken("El caso está en curso: espere a que termine.")
    if found.outcome.estado is Estado.ATENDIDO:
        raise NotTaken("El caso ya está atendido: descarte el correo si no hace falta.")
    received = read_kept(context, message)
    if received is None:
        raise NotTaken("El correo no se guardó: ábralo en el buzón y agregue sus archivos al caso.")
    with brought_by(received, context.uploads_dir) as brought:
        case = with_evidence(found.case, brought.files, given.origin)
        case = case.model_copy(
            update={
                "origen_evidencia": given.origin,
                "oferta_vigente_hasta": given.until or case.oferta_vigente_hasta,
                "aprobado_por": given.approved_by or case.aprobado_por,
            }
        )
        backed = case.oferta_vigente_hasta or case.aprobado_por
        if not backed and not given.is_unbacked:
            raise NotTaken(
                "Llene hasta cuándo estaba vigente la oferta o quién la aprobó, o confirme que no "
                "los hay."
            )
        case = keep_evidence(case, context.evidence_dir)
    CaseFiles(context.ledger.engine).hand_in([case])
    return found, case


async def set_aside(context: ConsoleContext, message: Message) -> None:
    """Want nothing of a message; it stays in the mailbox. Raises `NotTaken`."""
    waited = await asyncio.to_thread(Messages(context.ledger.engine).set_aside, message.key)
    if not waited:
        raise NotTaken(_GONE)
