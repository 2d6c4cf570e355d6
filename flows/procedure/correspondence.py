"""The e-mails of a case: each sent once and noted in the SIAC case, which is read before."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

from loguru import logger

from flows.mail.addresses import addresses_in
from flows.mail.compose import Kind, MailTemplateError, compose
from flows.mail.mail_error import (
    MailError,
    MailMisconfigured,
    MailRefused,
    MailUnavailable,
    MailUncertain,
)
from flows.procedure.siac_case import keep_case, read_case
from flows.rules.case import Model, Motivo
from flows.rules.endings import CaseEnds, failed
from flows.rules.typed_text import fold
from flows.runtime.idempotent_write import find_or_create
from flows.runtime.kept import mail_name
from flows.runtime.steps import StepRunner
from flows.runtime.submit_journal import JournalState
from pages.contract.ports import MAIL, Sending
from pages.contract.siac import ClientRecord, Contact, Executive, SiacCase

NOTES: dict[Kind, str] = {
    "respuesta": "Correo de respuesta enviado al contacto autorizado.",
    "evidencia-ejecutivo": "Correo enviado al ejecutivo para pedir la evidencia.",
    "evidencia-cliente": "Correo enviado al contacto autorizado para pedir la evidencia.",
    "recordatorio-ejecutivo": "Correo enviado al ejecutivo para recordar la evidencia.",
    "recordatorio-cliente": "Correo enviado al contacto autorizado para recordar la evidencia.",
}

#: Never sent a second time on a doubt: a person asks, and the case's note says so.
UNKNOWN = "No se sabe si el correo salió: comuníquese con el destinatario."


class Sent(Model):
    """To whom was written, and what a person should know about it; ``unsent`` asks for a call."""

    to: tuple[str, ...] = ()
    remark: str = ""
    unsent: bool = False

    def __add__(self, other: Sent) -> Sent:
        return Sent(
            to=tuple(dict.fromkeys(self.to + other.to)),
            remark=" ".join(filter(None, (self.remark, other.remark))),
            unsent=self.unsent or other.unsent,
        )


def mark(reference: str, kind: str) -> str:
    """What the note of a sent e-mail carries, by which it is found again."""
    return f"[{reference} {kind}]"


@dataclass(frozen=True)
class Pair:
    """One e-mail to the executive and one to the client, each by its step and its kind."""

    to_executive: tuple[str, Kind]
    to_client: tuple[str, Kind]


#: guide, part c; procedure, step 6
ASK_FOR_EVIDENCE = Pair(
    ("ask_executive_for_evidence", "evidencia-ejecutivo"),
    ("ask_client_for_evidence", "evidencia-cliente"),
)
#: once: what was asked for has not come
REMIND_OF_EVIDENCE = Pair(
    ("remind_executive", "recordatorio-ejecutivo"), ("remind_client", "recordatorio-cliente")
)


async def write_to_both(
    runner: StepRunner, pair: Pair, siac_case: str, client: ClientRecord
) -> Sent:
    """Write to the executive and to the client; that one cannot be reached now keeps nobody from
    writing to the other."""
    executive, later = client.ejecutivo, None
    if executive is None:
        sent = Sent(remark="SIAC Único no tiene un ejecutivo a quien pedir la evidencia.")
    else:
        try:
            sent = await _send_once(
                runner,
                *pair.to_executive,
                siac_case,
                executive,
                canal_ejecutivo=executive.canal,
                razon_social=client.razon_social,
            )
        except CaseEnds as end:
            if end.ending.motivo is not Motivo.PORTAL_NO_DISPONIBLE:
                raise
            sent, later = Sent(), end
    sent += await _send_once(runner, *pair.to_client, siac_case, _authorised(client))
    if later:
        raise later
    return sent


async def is_unreached(runner: StepRunner, kind: Kind) -> bool:
    """Whether this e-mail is owed and the server is not known to have taken it: somebody calls."""
    if runner.attempt.dry_run:
        return False
    state = await asyncio.to_thread(runner.services.journal.state, runner.reference, kind)
    return state is not JournalState.ACCEPTED


async def reply_to_client(
    runner: StepRunner, siac_case: str, number: str, client: ClientRecord
) -> Sent:
    """The one reply: the request has been attended to (guide, *Seguimiento*)."""
    case, contact = runner.case, _authorised(client)
    sent = await _send_once(
        runner, "reply_to_client", "respuesta", siac_case, contact, solicitud=number
    )
    known = addresses_in(contact.correo)
    if not known or fold(case.contacto_correo) in map(fold, known):
        return sent
    return sent + Sent(
        remark=f"El correo va a la dirección del contacto en SIAC Único ({contact.correo}); la "
        f"lista dice {case.contacto_correo}."
    )


def _authorised(client: ClientRecord) -> Contact:
    """The row's contact as SIAC has it; check 5 of the decision has made sure that there is one."""
    return client.contactos[0]


async def _send_once(
    runner: StepRunner,
    step: str,
    kind: Kind,
    siac_case: str,
    person: Contact | Executive,
    **facts: str,
) -> Sent:
    noted_as = mark(runner.reference, kind)
    journal = runner.services.journal
    to = (", ".join(addresses_in(person.correo)) or person.correo,)

    async def work() -> Sent:
        if runner.attempt.dry_run:
            return Sent()
        record = runner.seen_case.take() or await read_case(runner, siac_case)
        noted = [note for note in record.notas if noted_as in note]
        if noted:
            unknown = any(UNKNOWN in note for note in noted)
            return Sent(to=to, remark=UNKNOWN if unknown else "", unsent=unknown)
        handed = await asyncio.to_thread(journal.state, runner.reference, kind)
        remark = ""
        if handed is JournalState.BEGUN:
            remark = UNKNOWN
        elif handed is JournalState.NONE:
            try:
                message = compose(
                    runner.services.mail.settings,
                    kind,
                    runner.case,
                    to=person.correo,
                    name=person.nombre,
                    siac_case=siac_case,
                    when=datetime.now(UTC),
                    **facts,
                )
            except MailRefused as error:
                return _not_sent(kind, error)
            except MailMisconfigured as error:
                raise _refused_access(error) from None
            except MailTemplateError as error:
                logger.error("mail_template_unusable", portal=MAIL, kind=kind)
                raise failed(Motivo.ERROR_INTERNO, str(error)) from None
            await runner.submit_guard.agree(_as_sent(message))
            runner.submit_guard.agreed = True  # the note that follows is part of it
            content = message.as_bytes()
            await runner.services.keep(runner.reference, mail_name(kind), content)
            await asyncio.to_thread(journal.begin, runner.reference, kind)
            try:
                await _send(runner, message)
            except MailRefused as error:
                await asyncio.to_thread(journal.refused, runner.reference, kind)
                return _not_sent(kind, error)
            except MailUncertain as error:
                # Writing again could write twice; the note says what is known.
                logger.error("mail_uncertain", portal=MAIL, kind=kind)
                remark = f"{error} {UNKNOWN}"
            except CaseEnds:
                await asyncio.to_thread(journal.refused, runner.reference, kind)
                raise
            else:
                await asyncio.to_thread(journal.accepted, runner.reference, kind)
                logger.info("mail_sent", portal=MAIL, kind=kind)
        text = " ".join(filter(None, (NOTES[kind], remark)))
        what = "nota del correo en SIAC Único"
        await note_once(runner, siac_case, kind, text, what, look_first=False)
        return Sent(to=to, remark=remark, unsent=bool(remark))

    sent: Sent = await runner.run(step, Sent, work)
    return sent


def _not_sent(kind: Kind, error: MailRefused) -> Sent:
    logger.error("mail_refused", portal=MAIL, kind=kind)
    return Sent(remark=f"{error} Comuníquese con el destinatario.", unsent=True)


def _refused_access(error: MailMisconfigured) -> CaseEnds:
    logger.error("mail_access_denied", portal=MAIL)
    return failed(Motivo.ACCESO_RECHAZADO, f"{error} Después, vuelva a ejecutar la lista.")


async def note_once(
    runner: StepRunner,
    siac_case: str,
    kind: str,
    text: str,
    what: str = "nota en SIAC Único",
    *,
    look_first: bool = True,
) -> None:
    """A note in the SIAC case, found by its mark where it is there already."""
    noted_as = mark(runner.reference, kind)

    async def find() -> SiacCase | None:
        record = await read_case(runner, siac_case)
        return record if any(noted_as in note for note in record.notas) else None

    async def create() -> SiacCase:
        async with runner.portals.siac() as portal:
            return await portal.add_note(siac_case, f"{text} {noted_as}")

    record = await find_or_create(runner, what, find, create, look_first=look_first)
    if record is not None:
        runner.seen_case.saw(record)
        await keep_case(runner, record)


def _as_sent(message: EmailMessage) -> Sending:
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    fields = {"Para": message["To"], "Asunto": message["Subject"], "Texto": text}
    return Sending(MAIL, "mensaje", fields)


async def _send(runner: StepRunner, message: EmailMessage) -> None:
    """Try again while the server says to; raises `CaseEnds` where it never takes it."""
    policy = runner.services.policy
    failure: MailError | None = None
    for attempt in range(policy.max_attempts):
        if attempt:
            await asyncio.sleep(policy.pause(attempt))
        try:
            await runner.services.mail.sender.send(message)
        except MailMisconfigured as error:
            raise _refused_access(error) from None
        except (MailRefused, MailUncertain):
            raise
        except MailUnavailable as error:
            failure = error
            last = attempt + 1 == policy.max_attempts
            logger.log(
                "ERROR" if last else "WARNING",
                "mail_unavailable",
                portal=MAIL,
                **{"try": attempt + 1},
            )
        else:
            return
    raise failed(
        Motivo.PORTAL_NO_DISPONIBLE,
        f"{failure} Vuelva a ejecutar la lista: solo falta lo que sigue a este paso.",
    )
