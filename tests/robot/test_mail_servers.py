"""Real mail servers: what Postfix and Dovecot say is told as what it is, and `check` asks them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage

import pytest
from imapclient import IMAPClient

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
from robots.imap_session import MailboxError
from robots.reconcile.sent_mail import open_mailbox
from robots.settings import ImapSettings
from tests.support.greylist import greylister
from tests.support.machine import wait_for
from tests.support.mail_samples import reply
from tests.support.mail_servers import (
    DOMAIN,
    FULL,
    GONE,
    PASSWORD,
    ROBOT,
    MailServers,
    mail_servers,
)
from tests.support.marks import needs

BOX = f"buzon@{DOMAIN}"


@pytest.fixture(scope="module")
@needs("process")
def servers() -> Iterator[MailServers]:
    with mail_servers() as started:
        yield started


def sent(mailer: Mailer, message: EmailMessage) -> None:
    asyncio.run(mailer.send(message))


def probed(mailer: Mailer, to: str = BOX) -> None:
    asyncio.run(mailer.probe(to))


@pytest.mark.parametrize("port", ["submission", "wrapped"])
def test_what_is_sent_arrives_and_a_probe_sends_nothing(servers: MailServers, port: str) -> None:
    before = len(servers.inbox(BOX))
    probed(servers.mailer(port))
    sent(servers.mailer(port), reply(to=BOX))
    wait_for(lambda: len(servers.inbox(BOX)) > before)
    assert len(servers.inbox(BOX)) == before + 1


#: what is changed in a set-up that works, the kind of failure, and a word of its sentence
WRONG = [
    ("submission", {"username": ""}, MailMisconfigured, "smtp.username"),
    ("submission", {"password": lambda: "otra"}, MailMisconfigured, "rechazó el usuario"),
    ("submission", {"sender": f"otro@{DOMAIN}"}, MailMisconfigured, "smtp.sender"),
    ("submission", {"security": "none", "username": ""}, MailMisconfigured, "smtp.security"),
    ("submission", {"security": "none"}, MailMisconfigured, "smtp.security"),
    ("submission", {"security": "tls"}, MailMisconfigured, "no usa TLS en ese puerto"),
    ("submission", {"host": "127.0.0.1"}, MailMisconfigured, "smtp.host"),
    ("submission", {"tls_context": tls_context()}, MailMisconfigured, "smtp.ca"),
    ("wrapped", {"tls_context": tls_context()}, MailMisconfigured, "smtp.ca"),
    ("wrapped", {"username": ""}, MailMisconfigured, "smtp.username"),
    ("wrapped", {"security": "none", "timeout": 2}, MailUnavailable, "smtp.security"),
    ("strict", {"local_hostname": "robot"}, MailMisconfigured, "smtp.local_hostname"),
    ("grey", {}, MailDeferred, "450 4.2.0"),
    ("proxied", {}, MailUnavailable, "451 4.3.0"),
]


@pytest.mark.sample(3)
@pytest.mark.parametrize(("port", "changed", "kind", "told"), WRONG)
def test_check_names_the_setting(
    servers: MailServers, port: str, changed: dict[str, object], kind: type[MailError], told: str
) -> None:
    for act in (probed, lambda mailer: sent(mailer, reply(to=BOX))):
        with pytest.raises(MailError) as failed:
            act(servers.mailer(port, **changed))
        assert type(failed.value) is kind, failed.value
        assert told in str(failed.value)


def test_a_relay_that_is_denied_is_the_set_up_though_it_says_later(servers: MailServers) -> None:
    with pytest.raises(MailMisconfigured, match=r"454 4\.7\.1.*smtp\.username"):
        sent(servers.mailer("plain"), reply())


#: a policy at the end of the message, a filter that sees it as it comes, and one in between
FILTERS = {"filtered": "451 4.3.5", "milter": "451 4.7.1", "proxied": "451 4.3.0"}


@pytest.mark.sample(1)
@pytest.mark.parametrize(("port", "code"), FILTERS.items())
def test_a_content_filter_that_is_down_is_later_and_no_doubt(
    servers: MailServers, port: str, code: str
) -> None:
    with pytest.raises(MailUnavailable) as failed:
        sent(servers.mailer(port), reply(to=BOX))
    assert not isinstance(failed.value, MailUncertain)
    assert code in str(failed.value)


#: how many messages the server takes, and what is said of the next one
LIMITS = {
    "small": (0, MailRefused, "rechazó el mensaje (552 5.3.4)"),
    "hasty": (1, MailUnavailable, "más tarde (450 4.7.1)"),
    "busy": (1, MailUnavailable, "más tarde (421 4.7.0)"),
    "single": (1, MailDeferred, "más tarde (452 4.5.3)"),
}


@pytest.mark.sample(1)
@pytest.mark.parametrize(("port", "limit"), LIMITS.items())
def test_a_limit_is_later_and_a_message_that_is_too_large_is_refused(
    servers: MailServers, port: str, limit: tuple[int, type[MailError], str]
) -> None:
    taken, kind, told = limit
    mailer = servers.mailer(port)
    for _ in range(taken):
        sent(mailer, reply(to=BOX))
    with pytest.raises(MailError) as failed:
        sent(mailer, reply(to=f"{BOX}, {ROBOT}"))
    assert type(failed.value) is kind and told in str(failed.value)


def test_whom_the_server_finds_out_about_later_it_tells_the_sender(servers: MailServers) -> None:
    """Accepted, and bounced into the robot's mailbox, which a person reads."""
    mailer = servers.mailer("submission")
    sent(mailer, reply(to=FULL))
    wait_for(lambda: len(servers.inbox(FULL)) == 1)
    for user, status in ((FULL, b"5.2.2"), (GONE, b"5.1.1")):
        sent(mailer, reply(to=user))
        wait_for(lambda user=user, status=status: bounced(servers, user, status))
    assert len(servers.inbox(FULL)) == 1
    # where it asks Dovecot as it is told of the recipient, it is the robot that hears of it
    with pytest.raises(MailRefused, match=r"al destinatario \(552 5\.2\.2\)"):
        sent(servers.mailer("quota"), reply(to=FULL))


def bounced(servers: MailServers, user: str, status: bytes) -> bool:
    told = (f"Final-Recipient: rfc822; {user}".encode(), b"Status: " + status)
    return any(all(word in mail for word in told) for mail in servers.inbox())


@pytest.mark.full
def test_who_is_greylisted_is_let_in_a_little_later(servers: MailServers) -> None:
    mailer = servers.mailer("stranger")
    with greylister(servers):
        with pytest.raises(MailDeferred, match=r"450 4\.2\.0"):
            probed(mailer)
        before = len(servers.inbox(BOX))
        wait_for(lambda: accepted(mailer))
    wait_for(lambda: len(servers.inbox(BOX)) > before)


def accepted(mailer: Mailer) -> bool:
    with suppress(MailDeferred):
        sent(mailer, reply(to=BOX))
        return True
    return False


def test_a_recipient_that_nobody_has_is_refused(servers: MailServers) -> None:
    with pytest.raises(MailRefused, match=r"al destinatario \(550 5\.1\.1\)"):
        sent(servers.mailer("submission"), reply(to=f"nadie@{DOMAIN}"))


def imap(servers: MailServers, port: str = "imaps", **given: object) -> ImapSettings:
    known = {
        "host": "localhost",
        "port": servers.ports[port],
        "username": ROBOT,
        "ca": servers.folder / "certificado.pem",
    }
    return ImapSettings(**{**known, **given})


def put(servers: MailServers, folder: str, message: EmailMessage) -> None:
    with IMAPClient("localhost", servers.ports["imap"], ssl=False) as box:
        box.plain_login(ROBOT, PASSWORD)
        if not box.folder_exists(folder):
            box.create_folder(folder)
        box.append(folder, message.as_bytes())


def test_every_folder_that_is_marked_and_one_with_an_accent(servers: MailServers) -> None:
    message, named = reply(), "Correos enviados – Perú & más"
    reference = str(message["Message-ID"]).partition(".")[2].partition("@")[0]
    for folder in ("Sent Messages", named, named):
        put(servers, folder, message)
    with open_mailbox(imap(servers), PASSWORD) as mailbox:
        assert [mail.kind for mail in mailbox.sent_about(reference)] == ["respuesta"]
    put(servers, "Sent", message)
    for given in (imap(servers), imap(servers, "imap", security="starttls")):
        with open_mailbox(given, PASSWORD) as mailbox:
            assert len(mailbox.sent_about(reference)) == 1
    with open_mailbox(imap(servers, folder=named), PASSWORD) as mailbox:
        assert len(mailbox.sent_about(reference)) == 2


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    ("port", "given", "told"),
    [
        ("imaps", {"ca": None}, "imap.ca"),
        ("imaps", {"host": "127.0.0.1"}, "imap.host"),
        ("imaps", {"folder": "Señas"}, "imap.folder"),
        ("imaps", {"username": "otra ñ"}, "rechazó el usuario o la contraseña"),
        ("imap", {}, "no usa TLS en ese puerto: revise imap.security"),
        ("imaps", {"security": "starttls"}, "imap.security"),
    ],
)
def test_a_mailbox_that_cannot_be_opened(
    servers: MailServers,
    monkeypatch: pytest.MonkeyPatch,
    port: str,
    given: dict[str, object],
    told: str,
) -> None:
    if told == "imap.security":  # each waits for the other to begin
        monkeypatch.setattr("robots.imap_session.TIMEOUT", 2)
    settings = imap(servers, port, **given)
    with pytest.raises(MailboxError, match=told), open_mailbox(settings, PASSWORD):
        pass
