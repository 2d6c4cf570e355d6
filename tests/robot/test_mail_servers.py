"""Real mail servers: what Postfix and Dovecot say is told as what it is, and `check` asks them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from imapclient import IMAPClient

from flows.mail.errors import (
    MailDeferred,
    MailError,
    MailMisconfigured,
    MailRefused,
    MailUnavailable,
)
from flows.mail.send import Mailer
from flows.mail.tls import tls_context
from robots.reconcile.mailbox import MailboxError, open_mailbox
from robots.settings import ImapSettings
from tests.support.mail_samples import reply
from tests.support.mail_servers import DOMAIN, PASSWORD, ROBOT, MailServers, mail_servers
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
    probed(servers.mailer(port))
    sent(servers.mailer(port), reply(to=BOX))


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


def test_a_content_filter_that_is_down_is_later_and_no_doubt(servers: MailServers) -> None:
    with pytest.raises(MailUnavailable) as failed:
        sent(servers.mailer("filtered"), reply(to=BOX))
    assert type(failed.value) is MailUnavailable
    assert "451 4.3.5" in str(failed.value)


def test_a_recipient_that_nobody_has_is_refused(servers: MailServers) -> None:
    with pytest.raises(MailRefused, match=r"al destinatario \(550 5\.1\.1\)"):
        sent(servers.mailer("submission"), reply(to=f"nadie@{DOMAIN}"))


def imap(servers: MailServers, **given: object) -> ImapSettings:
    known = {
        "host": "localhost",
        "port": servers.ports["imaps"],
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
    for given in ({}, {"security": "starttls", "port": servers.ports["imap"]}):
        with open_mailbox(imap(servers, **given), PASSWORD) as mailbox:
            assert len(mailbox.sent_about(reference)) == 1
    with open_mailbox(imap(servers, folder=named), PASSWORD) as mailbox:
        assert len(mailbox.sent_about(reference)) == 2


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"ca": None}, "imap.ca"),
        ({"host": "127.0.0.1"}, "imap.host"),
        ({"folder": "Señas"}, "imap.folder"),
        ({"username": "otra ñ"}, "rechazó el usuario o la contraseña"),
    ],
)
def test_a_mailbox_that_cannot_be_opened(
    servers: MailServers, given: dict[str, object], told: str
) -> None:
    with pytest.raises(MailboxError, match=told), open_mailbox(imap(servers, **given), PASSWORD):
        pass
