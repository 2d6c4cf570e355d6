"""The sent messages of the robot's own mailbox, read over IMAP and never changed."""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from flows.rules.case import Model
from robots.failures import NotReady
from robots.settings import ImapSettings

#: seconds for each exchange with the server
TIMEOUT = 30.0
_CANNOT = "No se puede leer el buzón de enviados"


class MailboxError(NotReady):
    """The mailbox cannot be read; the text has neither address nor password."""


class SentMail(Model):
    """One sent message. ``kind`` is what its Message-ID says that it is about."""

    kind: str
    to: tuple[str, ...]
    text: str


class Mailbox:
    """The folder that the server marks as the one of sent messages, or the one that is named."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server

    def sent_about(self, reference: str) -> tuple[SentMail, ...]:
        """Messages that were sent about this case, in the order of the folder."""
        with _translated_errors():
            found = _data(self._server.search(None, "HEADER", "Message-ID", f'"{reference}"'))
            numbers = b" ".join(part for part in found if isinstance(part, bytes)).split()
            return tuple(
                mail
                for number in numbers
                if (mail := _read(self._fetch(number.decode()), reference)) is not None
            )

    def _fetch(self, number: str) -> bytes:
        parts = _data(self._server.fetch(number, "(BODY.PEEK[])"))
        return next((part[1] for part in parts if isinstance(part, tuple)), b"")


@contextmanager
def open_mailbox(imap: ImapSettings, password: str) -> Iterator[Mailbox]:
    """Open the folder of sent messages, read-only; raises `MailboxError`, also from within."""
    with _translated_errors():
        context = ssl.create_default_context()
        server = (
            imaplib.IMAP4_SSL(imap.host, imap.port, ssl_context=context, timeout=TIMEOUT)
            if imap.security == "tls"
            else imaplib.IMAP4(imap.host, imap.port, timeout=TIMEOUT)
        )
    try:
        with _translated_errors():
            if imap.security == "starttls":
                server.starttls(context)
        with _translated_errors("el servidor rechazó el usuario o la contraseña"):
            server.login(imap.username, password)
        with _translated_errors("no se encuentra la carpeta de enviados (ajuste imap.folder)"):
            named = imap.folder or _sent_folder(server)
            _data(server.select(f'"{named}"', readonly=True))
        yield Mailbox(server)
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _sent_folder(server: imaplib.IMAP4) -> str:
    """By its mark (RFC 6154), since its name depends on the language."""
    for entry in _data(server.list()):
        marked = re.search(rb'\\Sent\b[^)]*\) (?:"[^"]*"|NIL) "?([^"]+)"?$', entry)
        if marked:
            return str(marked[1], "ascii")
    raise imaplib.IMAP4.error


def _read(raw: bytes, reference: str) -> SentMail | None:
    """None where another case's reference only begins with this one."""
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    kind, _, rest = str(message.get("Message-ID", "")).strip("<> ").partition(".")
    if rest.partition("@")[0] != reference:
        return None
    body = message.get_body(("plain",))
    return SentMail(
        kind=kind,
        to=tuple(
            address.addr_spec
            for header in message.get_all("To", [])
            for address in header.addresses
        ),
        text=body.get_content() if body else "",
    )


def _data(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    verdict, data = answer
    if verdict != "OK":
        raise imaplib.IMAP4.error
    return data


@contextmanager
def _translated_errors(why: str = "el servidor no responde como se espera") -> Iterator[None]:
    try:
        yield
    except ssl.SSLError:
        raise MailboxError(f"{_CANNOT}: no se pudo establecer una conexión segura.") from None
    except imaplib.IMAP4.error:  # its text may repeat what was sent
        raise MailboxError(f"{_CANNOT}: {why}.") from None
    except OSError:
        raise MailboxError(f"{_CANNOT}: el servidor no responde.") from None
