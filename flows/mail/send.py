"""Sending: one SMTP server, and what it may answer."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import parseaddr
from typing import Literal, Protocol

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

Security = Literal["none", "starttls", "tls"]


class MailSender(Protocol):
    """What hands messages to a mail server; see `Mailer` for what its methods raise."""

    async def send(self, message: EmailMessage) -> None: ...
    async def probe(self) -> None: ...


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
