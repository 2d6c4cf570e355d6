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

from flows.mail.mail_error import (
    MailDeferred,
    MailError,
    MailMisconfigured,
    MailRefused,
    MailUnavailable,
    MailUncertain,
)
from flows.mail.send import Mailer
from flows.mail.tls import tls_context
from tests.support.mail_samples import CLIENT, SENDER, bodies, reply
from tests.support.tls import self_signed

pytestmark = pytest.mark.server

PASSWORD = "cláve secreta"


class Inbox:
    """A server's handler that keeps what it takes and answers as it is told to."""

    def __init__(
        self, rcpt: str = "250 OK", data: str = "250 OK", mail: str = "250 OK", hello: str = ""
    ) -> None:
        self.received: list[Envelope] = []
        self.seen: list[str] = []
        self.rcpt, self.data, self.mail, self.hello = rcpt, data, mail, hello

    async def handle_EHLO(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        self.seen.append(hostname)
        return [self.hello] if self.hello else responses

    async def handle_HELO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str
    ) -> str:
        return self.hello

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.seen += options
        if self.mail.startswith("250"):
            envelope.mail_from = address
        return self.mail

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
        if self.data.endswith("-"):  # the first line of an answer, and nothing more
            server.transport.write(self.data.encode() + b" luego\r\n")
            await asyncio.sleep(0)
            server.transport.close()
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
    utf8: bool = False,
) -> AsyncIterator[int]:
    def authenticate(*given: object) -> AuthResult:
        data = given[-1]
        right = getattr(data, "password", b"") == PASSWORD.encode()
        return AuthResult(success=right, handled=False)

    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            inbox,
            enable_SMTPUTF8=utf8,
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


def send_to(inbox: Inbox, message: EmailMessage | None = None, probe: bool = False) -> None:
    async def go() -> None:
        async with server_for(inbox) as port:
            if probe:
                await mailer(port).probe(CLIENT)
            else:
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


#: what servers say, and to whom it is said: the robot's set-up, by its setting, or the recipient
ANSWERS = [
    # Postfix: no login; another's address; a name that is none; a network that is not its own
    (Inbox(rcpt="554 5.7.1 <x[127.0.0.1]>: Client host rejected: Access denied"), "smtp.username"),
    (Inbox(rcpt="554 5.7.1 <x@y.pe>: Recipient address rejected: Access denied"), "smtp.username"),
    (Inbox(rcpt="553 5.7.1 <x@y.pe>: Sender address rejected: not owned by user"), "smtp.sender"),
    (Inbox(rcpt="550 5.1.8 <x@y.pe>: Sender address rejected: Domain not found"), "smtp.sender"),
    (Inbox(rcpt="504 5.5.2 <x>: Helo command rejected: not qualified"), "smtp.local_hostname"),
    (Inbox(rcpt="454 4.7.1 <x@y.pe>: Relay access denied"), "smtp.username"),
    (Inbox(rcpt="554 5.7.1 <x@y.pe>: Relay access denied"), "smtp.username"),
    (Inbox(rcpt="550 relay not permitted"), "smtp.username"),
    (Inbox(mail="530 5.7.0 Must issue a STARTTLS command first"), "smtp.security"),
    (Inbox(rcpt="530 5.7.0 Must issue a STARTTLS command first"), "smtp.security"),
    (Inbox(mail="530 5.7.1 Authentication required"), "smtp.username"),
    (Inbox(mail="530 5.7.57 Client not authenticated to send mail"), "smtp.username"),
    (Inbox(mail="550 not you"), "smtp.sender"),
    (Inbox(mail="501 5.1.7 Bad sender address syntax"), "smtp.sender"),
    (Inbox(hello="550 5.7.1 nobody"), "smtp.local_hostname"),
    (Inbox(data="550 5.7.60 SMTP; Client does not have permissions to send as"), "smtp.sender"),
    (Inbox(data="550 5.7.708 Access denied, traffic not accepted from this IP"), "smtp.username"),
]


@pytest.mark.parametrize(
    ("inbox", "setting", "probe"),
    [
        (inbox, setting, probe)
        for inbox, setting in ANSWERS
        for probe in (False, True)
        if not probe or inbox.data.startswith("250")
    ],
)
def test_a_refusal_of_the_robot_names_the_setting(inbox: Inbox, setting: str, probe: bool) -> None:
    failure = failure_of(lambda: send_to(inbox, probe=probe))
    assert type(failure) is MailMisconfigured
    assert setting in str(failure)
    assert inbox.received == []


@pytest.mark.parametrize(
    ("inbox", "kind", "code"),
    [
        (Inbox(rcpt=f"550 <{CLIENT}> no existe"), MailRefused, "550"),
        (Inbox(rcpt=f"550 5.1.1 <{CLIENT}>: User unknown"), MailRefused, "550 5.1.1"),
        (Inbox(rcpt=f"552 5.2.2 <{CLIENT}> buzon lleno"), MailRefused, "552 5.2.2"),
        (
            Inbox(rcpt="504 5.5.2 <x>: Recipient address rejected: need fully-qualified address"),
            MailRefused,
            "504 5.5.2",
        ),
        (Inbox(mail="552 5.3.4 Message size exceeds fixed limit"), MailRefused, "552 5.3.4"),
        (Inbox(rcpt=f"452 <{CLIENT}> buzon lleno"), MailDeferred, "452"),
        (Inbox(rcpt="450 4.2.0 Greylisted"), MailDeferred, "450 4.2.0"),
        (
            Inbox(rcpt="450 4.1.8 <x@y.pe>: Sender address rejected: Domain not found"),
            MailUnavailable,
            "smtp.sender",
        ),
        (
            Inbox(rcpt="450 4.7.1 <x>: Helo command rejected: Host not found"),
            MailUnavailable,
            "smtp.local_hostname",
        ),
        (Inbox(mail="451 4.3.0 later"), MailUnavailable, "451"),
        (Inbox(data="554 rechazado"), MailRefused, "554"),
        (Inbox(data="452 sin espacio"), MailUnavailable, "452"),
        (Inbox(data="450 luego"), MailUnavailable, "450"),
        (Inbox(data="451 4.7.1 Service unavailable"), MailUnavailable, "451 4.7.1"),
        (Inbox(data="421 4.3.2 shutting down"), MailUnavailable, "421 4.3.2"),
        (Inbox(data="200 what is this"), MailUncertain, ""),
        (Inbox(data="451-"), MailUncertain, ""),
    ],
)
def test_the_answers_code_says_whether_to_try_again(
    inbox: Inbox, kind: type[MailError], code: str
) -> None:
    failure = failure_of(lambda: send_to(inbox))
    assert type(failure) is kind
    assert code in str(failure)
    assert inbox.received == []


def test_a_probe_goes_as_far_as_a_recipient_and_sends_nothing() -> None:
    inbox = Inbox()
    send_to(inbox, probe=True)
    assert inbox.received == []
    refusing = Inbox(rcpt="550 5.1.1 User unknown")
    assert type(failure_of(lambda: send_to(refusing, probe=True))) is MailRefused


@pytest.mark.parametrize("takes", [True, False])
def test_a_name_beyond_ascii_goes_by_smtputf8_where_the_server_has_it(takes: bool) -> None:
    inbox, message = Inbox(), reply(to="ñandú@empresa.example")

    async def go() -> None:
        async with server_for(inbox, utf8=takes) as port:
            await mailer(port).send(message)

    if not takes:
        assert "SMTPUTF8" in str(failure_of(lambda: asyncio.run(go())))
        return
    asyncio.run(go())
    (envelope,) = inbox.received
    assert envelope.rcpt_tos == ["ñandú@empresa.example"]
    assert "SMTPUTF8" in inbox.seen
    assert "<ñandú@empresa.example>".encode() in envelope.original_content


def test_this_machine_presents_itself_as_it_is_told_to() -> None:
    inbox = Inbox()

    async def go() -> None:
        async with server_for(inbox) as port:
            await mailer(port, local_hostname="robot.claro.example").send(reply())

    asyncio.run(go())
    assert inbox.seen[0] == "robot.claro.example"
    nameless = failure_of(lambda: asyncio.run(mailer_of_no_name()))
    assert type(nameless) is MailMisconfigured
    assert "smtp.local_hostname" in str(nameless)


async def mailer_of_no_name() -> None:
    async with server_for(Inbox()) as port:
        await mailer(port, local_hostname="máquina-de-josé").send(reply())


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
    assert type(failure_of(lambda: asyncio.run(mailer(port).probe(CLIENT)))) is MailUnavailable


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
            await sender.probe(CLIENT)
            await sender.send(reply())

    if enters:
        asyncio.run(go())
        assert len(inbox.received) == 1
    else:
        failure = failure_of(lambda: asyncio.run(go()))
        assert type(failure) is MailMisconfigured
        assert "535" in str(failure) and "smtp.username" in str(failure)


def test_a_login_that_the_server_does_not_know_is_a_matter_of_settings() -> None:
    async def go() -> None:
        async with server_for(Inbox()) as port:
            await mailer(port, username="robot", password=lambda: PASSWORD).send(reply())

    failure = failure_of(lambda: asyncio.run(go()))
    assert type(failure) is MailMisconfigured
    assert "smtp.username o smtp.security" in str(failure)


# Secure connections


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each with its key in one file, by the name it is made out to."""
    made = {}
    for name in ("127.0.0.1", "otro.example"):
        folder = tmp_path_factory.mktemp("tls")
        made[name] = folder / "server.pem"
        made[name].write_bytes(b"".join(file.read_bytes() for file in self_signed(folder, name)))
    return made


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_authority_that_a_windows_program_saved(
    certificates: dict[str, Path], tmp_path: Path, encoding: str
) -> None:
    plain = certificates["otro.example"]
    saved = tmp_path / "autoridad.pem"
    saved.write_text(plain.read_text() + "# de la compañía", encoding)
    assert tls_context(saved).get_ca_certs() == tls_context(plain).get_ca_certs()


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    ("name", "trusted", "setting"),
    [
        ("127.0.0.1", True, ""),
        ("127.0.0.1", False, "smtp.ca"),
        ("otro.example", True, "smtp.host"),
    ],
)
def test_secure_connections_want_a_certificate_they_can_trust(
    certificates: dict[str, Path], security: str, name: str, trusted: bool, setting: str
) -> None:
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificates[name])
    inbox = Inbox()
    theirs = tls_context(certificates[name] if trusted else None)

    async def go() -> None:
        async with server_for(inbox, **{security: ours}) as port:  # type: ignore[arg-type]
            await mailer(port, security=security, tls_context=theirs).send(reply())

    if not setting:
        asyncio.run(go())
        assert len(inbox.received) == 1
        return
    failure = failure_of(lambda: asyncio.run(go()))
    assert type(failure) is MailMisconfigured
    assert setting in str(failure)
    assert inbox.received == []


def test_a_port_without_tls_is_told_as_one() -> None:
    async def go() -> None:
        async with server_for(Inbox()) as port:
            await mailer(port, security="tls").send(reply())

    failure = failure_of(lambda: asyncio.run(go()))
    assert type(failure) is MailMisconfigured
    assert "revise smtp.security y el puerto (smtp.port)" in str(failure)


def test_a_server_without_starttls_is_never_used_in_the_clear() -> None:
    inbox = Inbox()

    async def go() -> None:
        async with server_for(inbox) as port:
            await mailer(port, security="starttls").send(reply())

    failure = failure_of(lambda: asyncio.run(go()))
    assert type(failure) is MailMisconfigured
    assert "STARTTLS" in str(failure) and "smtp.security" in str(failure)
    assert inbox.received == []
