"""The e-mails as a real SMTP server receives them, and what its answers become."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import get_args

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.mail.compose import (
    TEMPLATES,
    Kind,
    MailSettings,
    MailTemplateError,
    compose,
    message_id,
)
from flows.mail.send import (
    Mailer,
    MailError,
    MailMisconfigured,
    MailRefused,
    MailUnavailable,
    MailUncertain,
)
from tests.support.report_samples import sample_case
from tests.support.tls import self_signed

CASE = sample_case(1)
SENDER = "Atención Corporativa <robot@claro.example>"
MAILBOX = "atencion@claro.example"
STATIONERY = MailSettings(SENDER, MAILBOX)
CLIENT = "cliente@empresa.example"
SIAC = "CAS-2026001000"
WHEN = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
PASSWORD = "cláve secreta"


def reply(name: str = "José Ñahui Pérez", to: str = CLIENT, **changed: str) -> EmailMessage:
    known = {"siac_case": SIAC, "solicitud": "418"} | changed
    return compose(STATIONERY, "respuesta", CASE, to=to, name=name, when=WHEN, **known)


def to_executive(
    razon_social: str = "Minera Ñandú S.A.C.", kind: Kind = "evidencia-ejecutivo"
) -> EmailMessage:
    return compose(
        STATIONERY,
        kind,
        CASE,
        to="ejecutiva@claro.example",
        name="Ana Ríos",
        canal_ejecutivo="CAE",
        razon_social=razon_social,
        siac_case=SIAC,
        when=WHEN,
    )


def to_client(kind: Kind = "evidencia-cliente") -> EmailMessage:
    return compose(
        STATIONERY, kind, CASE, to=CLIENT, name="José Ñahui Pérez", siac_case=SIAC, when=WHEN
    )


def bodies(message: EmailMessage) -> tuple[str, str]:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and html is not None
    return text.get_content(), html.get_content()


# What they say


@pytest.mark.parametrize(
    "message",
    [
        reply(),
        to_executive(),
        to_client(),
        to_executive(kind="recordatorio-ejecutivo"),
        to_client(kind="recordatorio-cliente"),
    ],
)
def test_every_message_says_who_what_and_that_a_machine_sent_it(message: EmailMessage) -> None:
    assert message["From"] == SENDER
    assert message["Reply-To"] == MAILBOX
    assert message["Date"] == "Fri, 20 Nov 2026 22:00:00 -0500"
    assert message["Auto-Submitted"] == "auto-generated"
    assert SIAC in message["Subject"]
    for body in bodies(message):
        for said in (SIAC, MAILBOX, CASE.ruc, CASE.reference, "S/ 39.90", *CASE.lineas):
            assert said in body
    assert "Estimado(a)" in bodies(message)[0]


def test_the_reply_says_that_the_request_was_attended_to_with_both_numbers() -> None:
    for body in bodies(reply()):
        assert "ha sido atendida" in body
        assert "418" in body
    assert reply()["To"].addresses[0].addr_spec == CLIENT
    assert reply()["To"].addresses[0].display_name == "José Ñahui Pérez"


def test_the_evidence_requests_ask_for_it_at_the_mailbox() -> None:
    for message in (to_executive(), to_client()):
        for body in bodies(message):
            assert "evidencia" in body
    assert "Minera Ñandú S.A.C." in bodies(to_executive())[0]
    assert "canal CAE" in bodies(to_executive())[0]


def test_the_same_arguments_make_the_same_bytes_and_each_kind_its_own_id() -> None:
    assert reply().as_bytes() == reply().as_bytes()
    ids = [m["Message-ID"] for m in (reply(), to_executive(), to_client())]
    assert ids[0] == f"<respuesta.{CASE.reference}@claro.example>"
    assert ids[0] == message_id("respuesta", CASE.reference, SENDER)
    assert len(set(ids)) == 3


# What nobody can make them say

INJECTED = "Juan\r\nBcc: otro@malo.example\r\n\r\n<script>alert(1)</script>\u2028Cc: x@malo.example"


@pytest.mark.parametrize(
    "message",
    [
        reply(name=INJECTED),
        reply(siac_case=INJECTED, solicitud=INJECTED),
        reply(name='"Juan" <otro@malo.example>, x'),
        to_executive(razon_social=INJECTED),
    ],
)
def test_what_portals_and_lists_say_adds_no_header_no_address_and_no_markup(
    message: EmailMessage,
) -> None:
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert set(read.keys()) == set(reply().keys())
    assert len(read["To"].addresses) == 1
    assert read["To"].addresses[0].addr_spec in (CLIENT, "ejecutiva@claro.example")
    text, html = bodies(read)
    assert "<script" not in html
    assert not [line for line in text.splitlines() if line.startswith(("Bcc:", "Cc:"))]


@settings(deadline=None)  # rendering is quick, but not on a busy machine
@given(name=st.text(), number=st.text())
def test_any_name_and_number_give_one_message_to_one_address(name: str, number: str) -> None:
    sent = reply(name=name, siac_case=number).as_bytes()
    read = message_from_bytes(sent, policy=policy.default)
    assert set(read.keys()) == set(reply().keys())
    assert [a.addr_spec for a in read["To"].addresses] == [CLIENT]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sin-arroba",
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "a b@c.example",
        "ñandú@empresa.example",
        "a@empresa..example",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(MailRefused) as refused:
        reply(to=address)
    assert str(refused.value) == "La dirección de correo no es válida."
    assert refused.value.__context__ is None


# Templates a person edits


def test_an_edited_template_is_used_and_the_others_stay_ours(tmp_path: Path) -> None:
    (tmp_path / "respuesta.txt.j2").write_text(
        "Asunto: Listo {{ caso_siac }}\n\nHola {{ nombre }}: listo.\n", encoding="utf-8-sig"
    )
    edited = MailSettings(SENDER, MAILBOX, tmp_path)
    message = compose(
        edited,
        "respuesta",
        CASE,
        to=CLIENT,
        name="José",
        siac_case=SIAC,
        solicitud="418",
        when=WHEN,
    )
    assert message["Subject"] == f"Listo {SIAC}"
    text, html = bodies(message)
    assert text.strip() == "Hola José: listo."
    assert "ha sido atendida" in html


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Asunto: a\n\n{{ nombr }}", "nombr"),
        ("Asunto: a\n\n{% if %}", "línea 3"),
        ("Hola {{ nombre }}\n\nsin asunto", "debe empezar con una línea"),
        ("Asunto: solo el asunto\n", "debe empezar con una línea"),
    ],
)
def test_a_template_that_cannot_be_used_is_named(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "respuesta.txt.j2").write_text(written, encoding="utf-8")
    edited = MailSettings(SENDER, MAILBOX, tmp_path)
    with pytest.raises(MailTemplateError, match=f"respuesta.txt.j2.*{told}"):
        compose(
            edited,
            "respuesta",
            CASE,
            to=CLIENT,
            name="José",
            siac_case=SIAC,
            solicitud="1",
            when=WHEN,
        )


def test_each_kind_has_a_text_and_a_page() -> None:
    ours = {path.name for path in TEMPLATES.iterdir() if not path.name.startswith("_")}
    kinds = {name.split(".")[0] for name in ours}
    assert ours == {f"{kind}.{form}.j2" for kind in kinds for form in ("txt", "html")}
    assert kinds == set(get_args(Kind))


# Sending


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
