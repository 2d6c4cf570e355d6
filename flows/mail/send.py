"""Sending: one SMTP server, and what it may answer."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Literal, Protocol

from aiosmtplib import (
    SMTP,
    SMTPConnectTimeoutError,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
)

from flows.mail.answers import Answer, SessionStage, failure
from flows.mail.folding import MAIL_POLICY
from flows.mail.mail_error import (
    MailError,
    MailMisconfigured,
    MailRefused,
    MailUnavailable,
    MailUncertain,
)
from flows.mail.tls import why_not_secure

Security = Literal["none", "starttls", "tls"]


class MailSender(Protocol):
    """What hands messages to a mail server; see `Mailer` for what its methods raise."""

    async def send(self, message: EmailMessage) -> None: ...
    async def probe(self, recipient: str) -> None: ...


@dataclass(frozen=True)
class Mailer:
    """Hands messages to one SMTP server, a connection for each.

    ``password`` is asked for at each login, so that it is kept nowhere here. ``timeout`` is in
    seconds, for each exchange with the server. ``local_hostname`` is how this machine presents
    itself; empty, by its own name. ``bounces`` is where what cannot be delivered comes back to;
    empty, to the sender.
    """

    host: str
    port: int
    sender: str
    username: str = ""
    password: Callable[[], str] = field(default=lambda: "", repr=False)
    security: Security = "none"
    timeout: float = 30
    local_hostname: str = ""
    bounces: str = ""
    tls_context: ssl.SSLContext | None = field(default=None, repr=False)

    async def send(self, message: EmailMessage) -> None:
        """Send to all its recipients or to none.

        Raises MailMisconfigured, MailRefused, MailUnavailable, or MailUncertain where the server's
        last word is lost.
        """
        recipients = [a.addr_spec for header in message.get_all("To", []) for a in header.addresses]
        async with self._session() as server:
            utf8 = await self._address(server, recipients)
            raw = message.as_bytes(policy=MAIL_POLICY.clone(utf8=utf8))
            await self._exchange(SessionStage.MESSAGE, server.data(raw))

    async def probe(self, recipient: str) -> None:
        """Go as far as the recipient and send nothing; raises as ``send`` does."""
        async with self._session() as server:
            await self._address(server, [recipient])
            await self._failure_of(SessionStage.RECIPIENT, server.rset())

    async def _address(self, server: SMTP, recipients: Sequence[str]) -> bool:
        """Name sender and recipients; gives whether an address is beyond ASCII (RFC 6531)."""
        utf8 = not "".join(recipients).isascii()
        if utf8:
            await self._exchange(SessionStage.HELLO, server.ehlo())
            if not server.supports_extension("smtputf8"):
                raise MailRefused(
                    "El servidor de correo no admite direcciones con letras como la ñ (SMTPUTF8)."
                )
        options, encoding = (["SMTPUTF8"], "utf-8") if utf8 else ([], "ascii")
        if utf8 and server.supports_extension("dsn"):
            # A bounce with the headers within as its own needs SMTPUTF8 on its way back too, and
            # is lost where that is not offered (findings/no-bounce-of-smtputf8.sh)
            options.append("RET=HDRS")
        setting, written = ("bounces", self.bounces) if self.bounces else ("sender", self.sender)
        sender = parseaddr(written)[1]
        if not sender.isascii():
            raise MailMisconfigured(f"La dirección del ajuste smtp.{setting} no es válida.")
        await self._exchange(
            SessionStage.SENDER, server.mail(sender, options=options, encoding=encoding)
        )
        for recipient in recipients:
            await self._exchange(SessionStage.RECIPIENT, server.rcpt(recipient, encoding=encoding))
        return utf8

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[SMTP]:
        server = SMTP(
            hostname=self.host,
            port=self.port,
            local_hostname=self.local_hostname or None,
            timeout=self.timeout,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
            tls_context=self.tls_context,
        )
        await self._exchange(SessionStage.CONNECT, server.connect())
        try:
            if self.username:
                await self._exchange(
                    SessionStage.LOGIN, server.login(self.username, self.password())
                )
            yield server
            # What was sent is sent; how it hangs up is no news.
            await self._failure_of(SessionStage.MESSAGE, server.quit())
        finally:
            server.close()

    async def _exchange(self, stage: SessionStage, asked: Awaitable[object]) -> None:
        error = await self._failure_of(stage, asked)
        if error:
            raise error

    async def _failure_of(self, stage: SessionStage, asked: Awaitable[object]) -> MailError | None:
        """Told, not raised, so that no error of the library, with its addresses, hangs on to
        ours."""
        try:
            await asked
        except SMTPHeloError as error:
            return self._answered(SessionStage.HELLO, error)
        except SMTPResponseException as error:
            return self._answered(stage, error)
        except OSError as error:  # of the library's errors, those that are about the connection too
            return self._broken_off(stage, error)
        except (SMTPException, ValueError):
            return self._not_offered(stage)
        return None

    def _answered(self, stage: SessionStage, error: SMTPResponseException) -> MailError:
        return failure(stage, Answer(error.code, error.message), with_user=bool(self.username))

    def _broken_off(self, stage: SessionStage, error: OSError) -> MailError:
        insecure = error if isinstance(error, ssl.SSLError) else error.__cause__
        if isinstance(insecure, ssl.SSLError) and not isinstance(insecure, ssl.SSLEOFError):
            return MailMisconfigured(why_not_secure(insecure, "smtp"))
        if isinstance(error, SMTPConnectTimeoutError) and self.security != "tls":
            return MailUnavailable(
                "El servidor de correo no responde: revise smtp.host y smtp.port, y smtp.security "
                "si ese puerto es de TLS (como el 465)."
            )
        kind = MailUncertain if stage is SessionStage.MESSAGE else MailUnavailable
        return kind("Se perdió la conexión con el servidor de correo, o no responde.")

    def _not_offered(self, stage: SessionStage) -> MailError:
        """What the library finds out by itself, from what the server offers."""
        if stage is SessionStage.LOGIN:
            more = " o smtp.security" if self.security == "none" else ""
            return MailMisconfigured(
                "El servidor de correo no ofrece un ingreso con usuario en esta conexión: revise "
                f"smtp.username{more}."
            )
        if stage is SessionStage.CONNECT and self.security == "starttls":
            return MailMisconfigured(
                "El servidor de correo no ofrece STARTTLS en ese puerto: revise smtp.port y "
                "smtp.security."
            )
        return MailMisconfigured(
            "El servidor de correo no admite el nombre con que se presenta esta máquina: ponga en "
            "smtp.local_hostname su nombre completo."
        )
