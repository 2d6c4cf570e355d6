"""The procedure's e-mails, composed from templates that a person can edit.

Nothing is decided here: the flow says to whom, about what, and when. A composed message depends on
its arguments alone, and its Message-ID on the case and the kind of message, so that a message sent
a second time after a lost reply can be told from a new one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache, partial
from pathlib import Path
from typing import Literal

from jinja2 import ChoiceLoader, Environment, FunctionLoader, StrictUndefined, TemplateError

from flows.mail.addresses import addresses_in
from flows.mail.folding import MAIL_POLICY
from flows.mail.mail_error import MailMisconfigured, MailRefused
from flows.mail.send import MailSender
from flows.rules.case import Case
from flows.rules.lima import in_lima
from flows.rules.peru import format_date, format_money
from flows.rules.typed_text import decoded, tidy

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

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


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


@dataclass(frozen=True)
class MailService:
    """How the robot writes."""

    sender: MailSender
    settings: MailSettings


def message_id(kind: Kind, reference: str, sender: str) -> str:
    """The one Message-ID of a case's message of this kind."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return f"<{kind}.{reference}@{domain}>"


def compose(
    mail_settings: MailSettings,
    kind: Kind,
    case: Case,
    *,
    to: str,
    name: str,
    siac_case: str,
    when: datetime,
    **facts: str,
) -> EmailMessage:
    """The case's message of this kind; raises `MailTemplateError`, `MailRefused` where ``to`` has
    no address, and `MailMisconfigured` where a setting's is none.

    ``to`` is one address or several, each a recipient.
    ``facts`` are what its template asks for beyond the case: ``solicitud``, the request's number,
    for a reply; ``canal_ejecutivo`` (CAE or DACE) and ``razon_social`` for an executive.
    """
    given = {
        "nombre": name,
        "caso_siac": siac_case,
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

    message = EmailMessage(policy=MAIL_POLICY)
    message["From"] = _own(mail_settings.sender, "smtp.sender")
    message["To"] = _recipients(to, name)
    message["Reply-To"] = _own(mail_settings.mailbox, "smtp.mailbox")
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
    except UnicodeDecodeError:
        raise MailTemplateError(
            f"La plantilla de correo {template} no es un texto en UTF-8: guárdela así."
        ) from None
    except TemplateError as error:
        line = f", línea {error.lineno}" if hasattr(error, "lineno") else ""
        raise MailTemplateError(
            f"La plantilla de correo {template}{line} no se puede usar: {error}"
        ) from None


@cache
def _environment(edited: Path | None) -> Environment:
    """Jinja's own; it notices when a template is edited."""
    folders = [folder for folder in (edited, TEMPLATES) if folder]
    return Environment(
        loader=ChoiceLoader([FunctionLoader(partial(_template, folder)) for folder in folders]),
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(folder: Path, name: str) -> tuple[str, str, Callable[[], bool]] | None:
    """For jinja: the text, where it is from, and whether it is still the same."""
    path = folder / name
    if not path.is_file():
        return None
    text, written = decoded(path.read_bytes()), path.stat().st_mtime_ns
    return text, str(path), lambda: path.is_file() and path.stat().st_mtime_ns == written


def _split_subject(text: str, kind: Kind) -> tuple[str, str]:
    """A text template begins with its subject, so that a person edits one file."""
    first, _, body = text.lstrip(" \r\n").partition("\n")
    subject = _one_line(first.removeprefix(SUBJECT_MARK))
    if not first.startswith(SUBJECT_MARK) or not subject or not body.strip():
        raise MailTemplateError(
            f"La plantilla de correo {kind}.txt.j2 debe empezar con una línea «{SUBJECT_MARK} …» "
            "y seguir con el texto."
        )
    return subject[:MAX_SUBJECT], body.strip() + "\n"


def _one_line(text: str) -> str:
    """Nothing that came from a list or a portal may begin a new header or a new paragraph."""
    return tidy(_CONTROL.sub(" ", text))


def _recipients(written: str, name: str) -> tuple[Address, ...]:
    """What a name holds stays a name."""
    if not tidy(written):
        raise MailRefused("SIAC Único no tiene una dirección de correo de esa persona.")
    found = addresses_in(written)
    if not found:
        raise MailRefused("La dirección de correo no es válida.")
    return tuple(_address(address, name) for address in found)


def _own(written: str, setting: str) -> Address:
    """The one address of a setting, with or without a name."""
    found = addresses_in(written)
    if len(found) != 1 or not found[0].isascii():
        raise MailMisconfigured(f"La dirección del ajuste {setting} no es válida.")
    return _address(found[0], parseaddr(written)[0])


def _address(address: str, name: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=_one_line(name), username=local, domain=domain)
