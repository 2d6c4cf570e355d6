"""A reply to a client, and what stands in it."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage

from flows.mail.compose import MailSettings, compose
from tests.support.report_samples import sample_case

CASE = sample_case(1)
SENDER = "Atención Corporativa <robot@claro.example>"
MAILBOX = "atencion@claro.example"
MAIL = MailSettings(SENDER, MAILBOX)
CLIENT = "cliente@empresa.example"
SIAC = "CAS-2026001000"
WHEN = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)


def reply(
    name: str = "José Ñahui Pérez", to: str = CLIENT, settings: MailSettings = MAIL, **changed: str
) -> EmailMessage:
    known = {"siac_case": SIAC, "solicitud": "418"} | changed
    return compose(settings, "respuesta", CASE, to=to, name=name, when=WHEN, **known)


def bodies(message: EmailMessage) -> tuple[str, str]:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and html is not None
    return text.get_content(), html.get_content()
