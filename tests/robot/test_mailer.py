"""E-mails on their way: a server that takes, refuses, hangs up, or is not to be trusted."""

from __future__ import annotations

import asyncio
import ssl
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from flows.mail.send import (
    Mailer,
    MailError,
    MailMisconfigured,
    MailRefused,
    MailUnavailable,
    MailUncertain,
)
from tests.support.mail_samples import CLIENT, SENDER, bodies, reply
from tests.support.tls import self_signed

pytestmark = pytest.mark.server

PASSWORD = "cláve secreta"


class Inbox:
    """A server's handler that keeps what it takes and answers as it is told to."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK") -> None:
        self.received: list[Envelope] = []
        self.rcpt, self.data = rcpt, data

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data == "hang up":
            self.received.append(envelope)
            server.transport.abort()
            return "250 OK"
        if self.data.startswith("250"):
            self.received.append(envelope)
        return self.data


@asynccontextmanager
async def server_for(
    inbox: Inbox,
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    login: bool = False,
) -> AsyncIterator[int]:
    def authenticate(*given: object) -> AuthResult:
        data = given[-1]
        right = getattr(data, "password", b"") == PASSWORD.encode()
        return AuthResult(success=right, handled=False)

    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            inbox,
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=login,
            auth_require_tls=not login,
            authenticator=authenticate if login else None,
        ),
        "127.0.0.1",
        0,
        ssl=tls,
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


def mailer(port: int, **changed: object) -> Mailer:
    return Mailer(host="127.0.0.1", port=port, sender=SENDER, timeout=10, **changed)  # type: ignore[arg-type]


def send_to(inbox: Inbox, message: EmailMessage | None = None) -> None:
    async def go() -> None:
        async with server_for(inbox) as port:
            await mailer(port).send(message or reply())

    asyncio.run(go())


def failure_of(act: Callable[[], Awaitable[None]] | Callable[[], None]) -> MailError:
    with pytest.raises(MailError) as failed:
        act()
    told = "".join(traceback.format_exception(failed.value))
    for secret in (CLIENT, PASSWORD, "José", "Ñahui", "<script", "buzon lleno"):
        assert secret not in told, "an address, a password or a server's words in the error"
    assert failed.value.__context__ is None and failed.value.__cause__ is None
    return failed.value


def test_what_arrives_is_what_was_composed() -> None:
    inbox = Inbox()
    send_to(inbox)
    (envelope,) = inbox.received
    assert envelope.mail_from == "robot@claro.example"
    assert envelope.rcpt_tos == [CLIENT]
    assert isinstance(envelope.content, bytes) and envelope.content.isascii()
    arrived = message_from_bytes(envelope.content, policy=policy.default)
    assert arrived["Subject"] == reply()["Subject"]
    assert bodies(arrived)[0].split() == bodies(reply())[0].split()


def test_all_recipients_or_none() -> None:
    message = reply()
    del message["To"]
    message["To"] = f"{CLIENT}, otra@empresa.example"
    inbox = Inbox()
    send_to(inbox, message)
    assert inbox.received[0].rcpt_tos == [CLIENT, "otra@empresa.example"]


@pytest.mark.parametrize(
    ("inbox", "kind", "code"),
    [
        (Inbox(rcpt=f"550 <{CLIENT}> no existe"), MailRefused, "550"),
        (Inbox(rcpt=f"452 <{CLIENT}> buzon lleno"), MailUnavailable, "452"),
        (Inbox(data="554 rechazado"), MailRefused, "554"),
        (Inbox(data="452 sin espacio"), MailUnavailable, "452"),
        (Inbox(data="450 luego"), MailUnavailable, "450"),
        # aborted in the middle: it may have gone out all the same
        (Inbox(data="451 interrumpido"), MailUncertain, "451"),
    ],
)
def test_the_answers_code_says_whether_to_try_again(
    inbox: Inbox, kind: type[MailError], code: str
) -> None:
    failure = failure_of(lambda: send_to(inbox))
    assert type(failure) is kind
    assert code in str(failure)
    assert inbox.received == []


def test_a_lost_last_word_is_uncertain() -> None:
    inbox = Inbox(data="hang up")
    assert type(failure_of(lambda: send_to(inbox))) is MailUncertain
    assert len(inbox.received) == 1


def test_nobody_there_is_unavailable() -> None:
    async def closed_port() -> int:
        async with server_for(Inbox()) as port:
            return port

    port = asyncio.run(closed_port())
    failure = failure_of(lambda: asyncio.run(mailer(port).send(reply())))
    assert type(failure) is MailUnavailable
    assert type(failure_of(lambda: asyncio.run(mailer(port).probe()))) is MailUnavailable


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    async def go() -> None:
        silent = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
        async with silent:
            port = silent.sockets[0].getsockname()[1]
            await Mailer(host="127.0.0.1", port=port, sender=SENDER, timeout=0.2).send(reply())

    assert type(failure_of(lambda: asyncio.run(go()))) is MailUnavailable


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(("password", "enters"), [(PASSWORD, True), ("otra", False)])
def test_login_asks_for_the_password_when_it_is_needed(password: str, enters: bool) -> None:
    inbox = Inbox()

    async def go() -> None:
        async with server_for(inbox, login=True) as port:
            sender = mailer(port, username="robot", password=lambda: password)
            assert password not in repr(sender)
            await sender.probe()
            await sender.send(reply())

    if enters:
        asyncio.run(go())
        assert len(inbox.received) == 1
    else:
        failure = failure_of(lambda: asyncio.run(go()))
        assert type(failure) is MailMisconfigured
        assert "535" in str(failure)


def test_a_login_that_the_server_does_not_know_is_a_matter_of_settings() -> None:
    async def go() -> None:
        async with server_for(Inbox()) as port:
            await mailer(port, username="robot", password=lambda: PASSWORD).send(reply())

    failure = failure_of(lambda: asyncio.run(go()))
    assert type(failure) is MailMisconfigured
    assert "ajustes" in str(failure)


# Secure connections


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, with its key in one file."""
    folder = tmp_path_factory.mktemp("tls")
    path = folder / "server.pem"
    path.write_bytes(b"".join(file.read_bytes() for file in self_signed(folder, "127.0.0.1")))
    return path


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("trusted", [True, False])
def test_secure_connections_want_a_certificate_they_can_trust(
    certificate: Path, security: str, trusted: bool
) -> None:
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificate)
    theirs = ssl.create_default_context(cafile=str(certificate) if trusted else None)
    inbox = Inbox()

    async def go() -> None:
        async with server_for(inbox, **{security: ours}) as port:  # type: ignore[arg-type]
            await mailer(port, security=security, tls_context=theirs).send(reply())

    if trusted:
        asyncio.run(go())
        assert len(inbox.received) == 1
    else:
        failure = failure_of(lambda: asyncio.run(go()))
        assert type(failure) is MailUnavailable
        assert "segura" in str(failure)
        assert inbox.received == []


def test_a_server_without_starttls_is_never_used_in_the_clear() -> None:
    inbox = Inbox()

    async def go() -> None:
        async with server_for(inbox) as port:
            await mailer(port, security="starttls").send(reply())

    assert type(failure_of(lambda: asyncio.run(go()))) is MailMisconfigured
    assert inbox.received == []
