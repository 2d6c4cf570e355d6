"""What a mail server's answer is about: the recipient, the set-up of the robot, or the moment.

By the reply codes of RFC 5321 and the enhanced ones of RFC 3463 and 5248. Servers say many things
as late as at the recipient (Postfix: ``smtpd_delay_reject``), so where an answer came is not
enough; the words that tell two settings apart are those of Postfix, Exchange and Exim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from flows.mail.mail_error import (
    MailDeferred,
    MailError,
    MailMisconfigured,
    MailRefused,
    MailUnavailable,
    MailUncertain,
)


class SessionStage(Enum):
    """How far a session had come."""

    CONNECT, HELLO, LOGIN, SENDER, RECIPIENT, MESSAGE = (auto() for _ in range(6))


#: no login, no encryption, a wrong password (RFC 4954, 3207)
_LOGIN_CODES = (530, 534, 535, 538)
_ABOUT_SETUP = re.compile(r"5\.(7|5)\.\d+|5\.1\.[78]")
#: the server's own state, or its network's: no greylisting says so
_OF_ITSELF = ("4.3.", "4.4.")
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)")
_RELAY = re.compile(
    r"relay(ing)?( access)? (denied|not permitted|prohibited)|unable to relay", re.I
)
_ENCRYPT = re.compile(r"\bstarttls\b|encryption (is )?required|requires? (tls|encryption)", re.I)
_HELLO = re.compile(r"\b(helo|ehlo)\b", re.I)
_SENDER = re.compile(r"sender address|send ?as|as this sender|not owned by", re.I)
_RECIPIENT = re.compile(r"recipient address rejected: (need|domain|user|undeliverable)", re.I)

_SENTENCES = {
    "security": "pide una conexión cifrada ({code}): ponga smtp.security en «starttls»",
    "local_hostname": (
        "no admite el nombre con que se presenta esta máquina ({code}): ponga en "
        "smtp.local_hostname su nombre completo"
    ),
    "sender": ("no deja enviar con este remitente ({code}): revise smtp.sender y smtp.username"),
    "login": "rechazó el usuario o la contraseña ({code}): revise smtp.username y su contraseña",
    "user": (
        "no acepta correos de esta máquina sin usuario ({code}): ponga smtp.username y su "
        "contraseña, o pida que la admita"
    ),
    "rights": (
        "no deja enviar a este usuario ({code}): revise smtp.username y smtp.sender, o pida que se "
        "lo permitan"
    ),
    "host": "no atiende a esta máquina ({code}): revise smtp.host, o pida que la admita",
}


@dataclass(frozen=True)
class Answer:
    """A reply that came whole. ``text`` may hold addresses, and is never shown."""

    code: int
    text: str

    @property
    def enhanced(self) -> str:
        found = _ENHANCED.match(self.text)
        return found[0] if found else ""

    def __str__(self) -> str:
        return f"{self.code} {self.enhanced}".strip()


def failure(stage: SessionStage, answer: Answer, *, with_user: bool) -> MailError:
    """The error that this answer is. ``with_user`` tells whether the robot had logged in."""
    if not 400 <= answer.code < 600:  # no answer to what was asked
        kind = MailUncertain if stage is SessionStage.MESSAGE else MailUnavailable
        return kind("El servidor de correo no responde como se espera.")
    if _is_about_setup(stage, answer):
        sentence = _SENTENCES[_blamed(stage, answer) or ("rights" if with_user else "user")]
        return MailMisconfigured(f"El servidor de correo {sentence.format(code=answer)}.")
    if answer.code < 500:
        return _later(stage, answer)
    refused = "al destinatario" if stage is SessionStage.RECIPIENT else "el mensaje"
    return MailRefused(f"El servidor de correo rechazó {refused} ({answer}).")


def _is_about_setup(stage: SessionStage, answer: Answer) -> bool:
    if _RELAY.search(answer.text) or str(answer) == "454 4.7.1":
        return True
    if answer.code < 500 or answer.enhanced.startswith("5.3.4"):  # larger than is taken
        return False
    if answer.code in _LOGIN_CODES:
        return True
    if stage is SessionStage.RECIPIENT and _RECIPIENT.search(answer.text):
        return False
    before = stage not in (SessionStage.RECIPIENT, SessionStage.MESSAGE)
    return before or bool(_ABOUT_SETUP.fullmatch(answer.enhanced))


def _blamed(stage: SessionStage, answer: Answer) -> str:
    """The sentence of the setting to mend; empty where the answer does not tell."""
    if _ENCRYPT.search(answer.text) or answer.code == 538:
        return "security"
    if stage is SessionStage.HELLO or _HELLO.search(answer.text):
        return "local_hostname"
    if stage is SessionStage.CONNECT:
        return "host"
    if stage is SessionStage.LOGIN or answer.code in (534, 535):
        return "login"
    if _SENDER.search(answer.text) or answer.enhanced in ("5.1.7", "5.1.8", "4.1.7", "4.1.8"):
        return "sender"
    return "sender" if stage is SessionStage.SENDER and answer.code != 530 else ""


def _later(stage: SessionStage, answer: Answer) -> MailUnavailable:
    """Postfix answers 450 for a name or a sender that it cannot find, and goes on to do so."""
    hints = {"local_hostname": "smtp.local_hostname", "sender": "smtp.sender"}
    hint = hints.get(_blamed(stage, answer)) if stage is SessionStage.RECIPIENT else None
    of_itself = answer.enhanced.startswith(_OF_ITSELF)
    waits = stage is SessionStage.RECIPIENT and hint is None and not of_itself
    kind = MailDeferred if waits else MailUnavailable
    more = f"; si no deja de hacerlo, revise {hint}" if hint else ""
    return kind(f"El servidor de correo pide intentarlo más tarde ({answer}){more}.")
