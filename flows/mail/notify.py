"""The procedure's e-mails, composed from templates a person can edit, and their sending.

Nothing is decided here: the flow says to whom, about what, and when. A composed message depends on
its arguments alone, and its Message-ID on the case and the kind of message, so that a message sent
a second time after a lost reply can be told from a new one.
"""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPResponseException,
)
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, TemplateError

from flows.rules.case import Case, OrigenEvidencia
from flows.rules.lima import in_lima
from flows.rules.peru import format_date, format_money
from flows.rules.text import clean

TEMPLATES = Path(__file__).parent / "templates"
SUBJECT_MARK = "Asunto:"
MAX_SUBJECT = 180

Kind = Literal[
    "respuesta",
    "evidencia-ejecutivo",
    "evidencia-cliente",
    "recordatorio-ejecutivo",
    "recordatorio-cliente",
]
Security = Literal["none", "starttls", "tls"]

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class MailError(Exception):
    """A message was not sent. Its text has no address, no password and nothing the server said."""


class MailRefused(MailError):
    """The address or the server's answer is final: sending the same again will not help."""


class MailMisconfigured(MailError):
    """The server refuses the user, the password or the connection itself: no message will pass."""


class MailUnavailable(MailError):
    """The server cannot be reached or says to try later."""


class MailUncertain(MailUnavailable):
    """Broken off while the message was handed over, by the connection or by the server: it may have
    been sent."""


#: "Not now" before anything was done (RFC 5321). The other 4xx after a message was handed over say
#: that its delivery was aborted, or the service ended, in the middle.
_NOT_TAKEN = (450, 452)


class MailTemplateError(Exception):
    """A template that someone edited cannot be used; the text says which and why, in Spanish."""


@dataclass(frozen=True)
class MailSettings:
    """What every message has in common.

    ``sender`` and ``mailbox`` are addresses, the sender's with or without a name before it.
    ``templates`` is a folder of edited copies; one that is not in it is taken from our own.
    """

    sender: str
    mailbox: str
    templates: Path | None = None


def compose_reply(
    mail_settings: MailSettings,
    case: Case,
    *,
    to: str,
    name: str,
    siac_case: str,
    request_number: str,
    when: datetime,
) -> EmailMessage:
    """To the client: the request has been attended to (*Seguimiento*)."""
    facts = {"caso_siac": siac_case, "solicitud": request_number}
    return _compose(mail_settings, "respuesta", case, to, name, facts, when)


def compose_executive_request(
    mail_settings: MailSettings,
    case: Case,
    *,
    to: str,
    name: str,
    channel: OrigenEvidencia | str,
    razon_social: str,
    siac_case: str,
    when: datetime,
    kind: Kind = "evidencia-ejecutivo",
) -> EmailMessage:
    """To the client's executive, CAE or DACE: evidence of what was offered is asked for, or
    reminded of."""
    facts = {"caso_siac": siac_case, "canal_ejecutivo": channel, "razon_social": razon_social}
    return _compose(mail_settings, kind, case, to, name, facts, when)


def compose_client_request(
    mail_settings: MailSettings,
    case: Case,
    *,
    to: str,
    name: str,
    siac_case: str,
    when: datetime,
    kind: Kind = "evidencia-cliente",
) -> EmailMessage:
    """To the client: evidence of what was offered is asked for, or reminded of."""
    facts = {"caso_siac": siac_case}
    return _compose(mail_settings, kind, case, to, name, facts, when)


def message_id(kind: Kind, reference: str, sender: str) -> str:
    """The one Message-ID of a case's message of this kind."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return f"<{kind}.{reference}@{domain}>"


def _compose(
    mail_settings: MailSettings,
    kind: Kind,
    case: Case,
    to: str,
    name: str,
    facts: Mapping[str, str],
    when: datetime,
) -> EmailMessage:
    given = {
        "nombre": name,
        "buzon": mail_settings.mailbox,
        "referencia": case.reference,
        "sec": case.sec,
        "ruc": case.ruc,
        "lineas": case.lineas,
        "cargo": format_money(case.cargo_fijo_ofrecido),
        "fecha_solicitud": format_date(case.fecha_solicitud),
        **facts,
    }
    known = {
        key: _one_line(value) if isinstance(value, str) else value for key, value in given.items()
    }
    subject, text = _split_subject(_render(mail_settings, f"{kind}.txt.j2", known), kind)
    html = _render(mail_settings, f"{kind}.html.j2", {**known, "asunto": subject})

    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = _address(mail_settings.sender)
    message["To"] = _address(to, name)
    message["Reply-To"] = _address(mail_settings.mailbox)
    message["Subject"] = subject
    message["Date"] = format_datetime(in_lima(when))
    message["Message-ID"] = message_id(kind, case.reference, mail_settings.sender)
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "es"
    # Quoted-printable passes servers that know nothing of 8BITMIME.
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    digest = hashlib.sha256(message["Message-ID"].encode()).hexdigest()
    message.set_boundary(f"=_{digest[:32]}")  # not a random one
    return message


def _render(mail_settings: MailSettings, template: str, known: Mapping[str, object]) -> str:
    environment = _environment(mail_settings.templates)
    try:
        return environment.get_template(template).render(known)
    except (TemplateError, UnicodeDecodeError) as error:
        line = f", línea {error.lineno}" if hasattr(error, "lineno") else ""
        raise MailTemplateError(
            f"La plantilla de correo {template}{line} no se puede usar: {error}"
        ) from None


@cache
def _environment(edited: Path | None) -> Environment:
    """Jinja's own; it notices when a template is edited."""
    folders = [folder for folder in (edited, TEMPLATES) if folder]
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _split_subject(text: str, kind: Kind) -> tuple[str, str]:
    """A text template begins with its subject, so that a person edits one file."""
    first, _, body = text.lstrip("\ufeff \r\n").partition("\n")
    subject = _one_line(first.removeprefix(SUBJECT_MARK))
    if not first.startswith(SUBJECT_MARK) or not subject or not body.strip():
        raise MailTemplateError(
            f"La plantilla de correo {kind}.txt.j2 debe empezar con una línea «{SUBJECT_MARK} …» "
            "y seguir con el texto."
        )
    return subject[:MAX_SUBJECT], body.strip() + "\n"


def _one_line(text: str) -> str:
    """Nothing that came from a list or a portal may begin a new header or a new paragraph."""
    return clean(_CONTROL.sub(" ", text))


def _address(written: str, name: str = "") -> Address:
    """Exactly one address; what a name holds stays a name."""
    found_name, found = parseaddr(written)
    if not _ADDRESS.fullmatch(found) or (found != written and not found_name):
        raise MailRefused("La dirección de correo no es válida.")
    return Address(display_name=_one_line(name or found_name), addr_spec=found)


@dataclass(frozen=True)
class Mailer:
    """Hands messages to one SMTP server, a connection for each.

    ``password`` is asked for at each login, so that it is kept nowhere here. ``timeout`` is in
    seconds, for each exchange with the server.
    """

    host: str
    port: int
    sender: str
    username: str = ""
    password: Callable[[], str] = field(default=lambda: "", repr=False)
    security: Security = "none"
    timeout: float = 30
    tls_context: ssl.SSLContext | None = field(default=None, repr=False)

    async def send(self, message: EmailMessage) -> None:
        """Send to all its recipients or to none.

        Raises MailMisconfigured, MailRefused, MailUnavailable, or MailUncertain where the server's
        last word is lost.
        """
        recipients = [a.addr_spec for header in message.get_all("To", []) for a in header.addresses]
        raw = message.as_bytes(policy=SMTP_POLICY)
        async with self._session() as server:
            await _exchange(server.mail(parseaddr(self.sender)[1]))
            for recipient in recipients:
                await _exchange(server.rcpt(recipient))
            await _exchange(server.data(raw), MailUncertain)

    async def probe(self) -> None:
        """Connect and log in, send nothing; raises as ``send`` does."""
        async with self._session():
            pass

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[SMTP]:
        server = SMTP(
            hostname=self.host,
            port=self.port,
            timeout=self.timeout,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
            tls_context=self.tls_context,
        )
        await _exchange(server.connect(), refused=MailMisconfigured)
        try:
            if self.username:
                login = server.login(self.username, self.password())
                await _exchange(login, refused=MailMisconfigured)
            yield server
            await _failure_of(server.quit())  # what was sent is sent; how it hangs up is no news
        finally:
            server.close()


async def _exchange(
    asked: Awaitable[object],
    lost: type[MailUnavailable] = MailUnavailable,
    refused: type[MailError] = MailRefused,
) -> None:
    failure = await _failure_of(asked, lost, refused)
    if failure:
        raise failure


async def _failure_of(
    asked: Awaitable[object],
    lost: type[MailUnavailable] = MailUnavailable,
    refused: type[MailError] = MailRefused,
) -> MailError | None:
    """Told, not raised, so that no error of the library, with its addresses, hangs on to ours."""
    try:
        await asked
    except SMTPResponseException as error:
        return _answer(error.code, lost, refused)
    except OSError as error:  # of the library's errors, those that are about the connection too
        if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
            return lost("No se pudo establecer una conexión segura con el servidor de correo.")
        return lost("Se perdió la conexión con el servidor de correo, o no responde.")
    except (SMTPException, UnicodeError):
        return refused("El servidor de correo no admite lo que piden los ajustes.")
    return None


def _answer(code: int, lost: type[MailUnavailable], refused: type[MailError]) -> MailError:
    if code in (530, 534, 535, 538):
        return MailMisconfigured(
            f"El servidor de correo rechazó el usuario o la contraseña ({code})."
        )
    if code >= 500:
        return refused(f"El servidor de correo rechazó el mensaje ({code}).")
    if lost is MailUncertain and code not in _NOT_TAKEN:
        return MailUncertain(f"El servidor de correo interrumpió la entrega ({code}).")
    return MailUnavailable(f"El servidor de correo pide intentarlo más tarde ({code}).")
