"""A session with an IMAP server, and what goes wrong with it as one sentence."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from flows.mail.tls import tls_context, why_not_secure
from robots.failures import NotReady
from robots.settings import ImapSettings

#: seconds for each exchange with the server
TIMEOUT = 30.0


class MailboxError(NotReady):
    """The mailbox cannot be read; the text has neither address nor password."""


@dataclass(frozen=True)
class ImapReading:
    """What is read: the group of its settings, and how a sentence about its failure begins."""

    group: Literal["imap", "inbox"]
    cannot: str

    @contextmanager
    def translated(self, why: str = "el servidor no responde como se espera") -> Iterator[None]:
        """Raises `MailboxError` for what a session raises within."""
        try:
            yield
        except ssl.SSLError as error:
            raise MailboxError(f"{self.cannot}. {why_not_secure(error, self.group)}") from None
        except IMAPClientError:  # its text may repeat what was sent
            raise MailboxError(f"{self.cannot}: {why}.") from None
        except OSError:
            raise MailboxError(
                f"{self.cannot}: el servidor no responde; revise {self.group}.host, "
                f"{self.group}.port e {self.group}.security."
            ) from None


@contextmanager
def open_session(
    imap: ImapSettings, password: str, reading: ImapReading, *, use_uid: bool
) -> Iterator[IMAPClient]:
    """Log in; raises `MailboxError`."""
    with reading.translated():
        context = tls_context(imap.ca)
        server = IMAPClient(
            imap.host,
            imap.port,
            ssl=imap.security == "tls",
            ssl_context=context,
            timeout=TIMEOUT,
            use_uid=use_uid,
        )
    try:
        if imap.security == "starttls":
            refused = f"el servidor no ofrece STARTTLS (ajuste {reading.group}.security)"
            with reading.translated(refused):
                server.starttls(context)
        with reading.translated("el servidor rechazó el usuario o la contraseña"):
            # A LOGIN command is ASCII (RFC 3501); the mechanism PLAIN is UTF-8 (RFC 4616).
            ascii_only = f"{imap.username}{password}".isascii()
            (server.login if ascii_only else server.plain_login)(imap.username, password)
        yield server
    finally:
        with contextlib.suppress(OSError, IMAPClientError):
            server.logout()
