"""The mailbox on a real Dovecot, and what a real Postfix gives back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from flows.rules.case import Estado, Outcome
from flows.rules.mail_matching import Bounce
from flows.store.incoming_mail import Messages
from flows.store.ledger import Ledger
from robots.inbox.look import MailboxLook, read_mailbox
from robots.inbox.mail_folder import open_folder
from robots.settings import InboxSettings, Settings, SmtpSettings
from tests.support.incoming import mail
from tests.support.machine import wait_for
from tests.support.mail_servers import (
    ACCENTED,
    DOMAIN,
    FULL,
    GONE,
    NARROW,
    PASSWORD,
    ROBOT,
    SMALL,
    MailServers,
    mail_servers,
)
from tests.support.marks import needs
from tests.support.post_office import NOTHING
from tests.support.procedure import quick_ledger
from tests.support.report_samples import sample_case

DONE = "Procesados – Perú"


@pytest.fixture(scope="module")
@needs("process")
def servers() -> Iterator[MailServers]:
    with mail_servers() as started:
        yield started


@pytest.fixture
def box(servers: MailServers) -> Iterator[IMAPClient]:
    """The robot's mailbox, empty."""
    with IMAPClient("localhost", servers.ports["imap"], ssl=False) as opened:
        opened.plain_login(ROBOT, PASSWORD)
        for name in ("INBOX", DONE):
            if opened.folder_exists(name):
                opened.select_folder(name)
                opened.delete_messages(opened.search(), silent=True)
                opened.expunge()
                opened.close_folder()  # of an open one, STATUS need not be true (RFC 3501)
        yield opened


def settings(servers: MailServers, folder: Path) -> Settings:
    return Settings(
        var_dir=folder / "var",
        smtp=SmtpSettings(host="localhost", sender=ROBOT),
        inbox=InboxSettings(
            host="localhost",
            port=servers.ports["imaps"],
            security="tls",
            username=ROBOT,
            password=PASSWORD,
            ca=servers.folder / "certificado.pem",
            done_folder=DONE,
        ),
    )


def looked(known: Settings, ledger: Ledger) -> MailboxLook:
    look = MailboxLook()
    asyncio.run(read_mailbox(known, ledger, look))
    return look


def count(box: IMAPClient, folder: str) -> int:
    found: dict[bytes, int] = box.folder_status(folder, ["MESSAGES"])
    return found[b"MESSAGES"]


def test_a_message_is_read_once_and_moved_to_a_folder_that_is_made(
    servers: MailServers, box: IMAPClient, tmp_path: Path
) -> None:
    known = settings(servers, tmp_path)
    box.append("INBOX", mail("otro@lejos.example", "uno").as_bytes())
    box.append("INBOX", mail("otro@lejos.example", "dos").as_bytes())
    assert looked(known, quick_ledger(tmp_path)).messages == 2
    assert looked(known, quick_ledger(tmp_path)).messages == 0
    with open_folder(known.inbox, PASSWORD) as folder:
        first, second = folder.uids_after(0)
        folder.make_done_folder()
        folder.put_away([first])
        folder.put_away([first])  # gone already: of a look that was broken off
        assert folder.uids_after(0) == [second]
    assert (count(box, "INBOX"), count(box, DONE)) == (1, 1)
    box.select_folder("INBOX", readonly=True)
    ((flags,),) = (box.get_flags(box.search()).values(),)
    assert b"\\Seen" not in flags


@pytest.mark.parametrize(("wanted", "there"), [("Robot", "Robot.Hechos"), ("Listo %", "Listo 1")])
def test_a_folder_that_is_not_there_is_made_whatever_lists_like_it(
    servers: MailServers, box: IMAPClient, tmp_path: Path, wanted: str, there: str
) -> None:
    """Dovecot lists a folder that only holds others, and % in a name stands for any other."""
    box.create_folder(there)
    assert box.folder_exists(wanted)
    box.append("INBOX", mail("otro@lejos.example", "uno").as_bytes())
    inbox = settings(servers, tmp_path).inbox.model_copy(update={"done_folder": wanted})
    with open_folder(inbox, PASSWORD) as folder:
        (uid,) = folder.uids_after(0)
        folder.make_done_folder()
        folder.make_done_folder()
        folder.put_away([uid])
    assert (count(box, "INBOX"), count(box, wanted), count(box, there)) == (0, 1, 0)


def test_what_somebody_else_deletes_meanwhile_is_gone_and_keeps_nothing_else(
    servers: MailServers, box: IMAPClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("robots.inbox.mail_folder._AT_ONCE", 1)

    def delete(uid: int) -> None:
        box.select_folder("INBOX")
        box.delete_messages([uid], silent=True)
        box.expunge()
        box.close_folder()

    for text in ("uno", "dos", "tres"):
        box.append("INBOX", mail("otro@lejos.example", text).as_bytes())
    with open_folder(settings(servers, tmp_path).inbox, PASSWORD) as folder:
        first, second, third = folder.uids_after(0)
        portions = folder.messages([first, second, third], 10_000)
        assert b"uno" in (next(portions)[first] or b"")
        delete(second)
        assert [list(portion) for portion in portions] == [[], [third]]
        folder.make_done_folder()
        delete(first)
        folder.put_away([first, third])
    assert (count(box, "INBOX"), count(box, DONE)) == (0, 1)


@pytest.mark.parametrize(
    ("user", "size", "status"),
    [
        (GONE, 0, "5.1.1"),
        (FULL, 0, "5.2.2"),
        # over what Postfix gives back whole: the headers alone
        (NARROW, 60_000, "5.3.4"),
        # Dovecot says of a message that is too large that it may be sent again
        (SMALL, 2_000, "4.2.0"),
        # and the robot's mailbox would not take its headers as a message, either
        (ACCENTED, 0, "5.6.7"),
    ],
    ids=[
        "unknown",
        "over quota",
        "too large for the server behind",
        "too large for the mailbox",
        "beyond ASCII",
    ],
)
def test_what_postfix_gives_back_is_the_bounce_of_its_message(
    servers: MailServers, box: IMAPClient, tmp_path: Path, user: str, size: int, status: str
) -> None:
    """Each of them found out about after the robot's message was taken."""
    known, ledger = settings(servers, tmp_path), quick_ledger(tmp_path)
    case = sample_case()
    waits = Outcome(reference=case.reference, estado=Estado.PENDIENTE_DE_EVIDENCIA, detail="Falta.")
    ledger.begin_attempts([(case.reference, 1, case)], requested_by="prueba", dry_run=False)
    ledger.end_attempt(case.reference, 1, waits)
    if user == FULL:
        servers.fill(user)
    ours = mail(ROBOT, "Evidencia", Message_ID=f"<evidencia-cliente.{case.reference}@{DOMAIN}>")
    del ours["To"]
    ours["To"] = user
    ours.set_content("x\n" * (size // 2))
    asyncio.run(servers.mailer("submission").send(ours))
    wait_for(lambda: count(box, "INBOX"))
    assert looked(known, ledger).summary == {**NOTHING, "messages": 1, "bounces": 1}
    (bounce,) = Messages(ledger.engine).bounces_of([case.reference])[case.reference]
    assert bounce == Bounce(kind="evidencia-cliente", reference=case.reference, status=status)
    told = ledger.latest([case.reference])[case.reference].outcome
    assert told is not None and told.call_back  # of which *Por contactar* is made
    assert (
        told.detail
        == f"Falta. No se entregó el correo que pide la evidencia al cliente ({status})."
    )
    assert (count(box, "INBOX"), count(box, DONE)) == (0, 1)
    assert looked(known, ledger).summary == NOTHING


@pytest.mark.full
def test_twenty_thousand_messages(servers: MailServers, box: IMAPClient, tmp_path: Path) -> None:
    """However many there are, a look after the first fetches none of them."""
    known, ledger = settings(servers, tmp_path), quick_ledger(tmp_path)
    raw = mail("otro@lejos.example", "uno").as_bytes()
    for start in range(0, 20_000, 500):
        box.multiappend(
            "INBOX", [raw.replace(b"uno", b"%d" % n) for n in range(start, start + 500)]
        )
    assert looked(known, ledger).messages == 20_000
    assert looked(known, ledger).messages == 0
    box.append("INBOX", mail("otro@lejos.example", "el último").as_bytes())
    assert looked(known, ledger).messages == 1
