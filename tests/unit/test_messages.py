"""Incoming e-mails in the record, of both kinds of database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, StatementError

from flows.rules.case import Case, Estado, Outcome
from flows.rules.mail_matching import Bounce, Reason
from flows.store.incoming_mail import Copy, Message, Messages, State, forget_messages
from flows.store.ledger import Ledger
from flows.store.tables import messages
from tests.support.lists import good, make_list, read

CAME = datetime(2026, 11, 20, 9, tzinfo=UTC)
FOLDER = "INBOX"


@pytest.fixture
def box(database: sa.Engine) -> Messages:
    return Messages(database)


@pytest.fixture
def cases(tmp_path: Path) -> list[Case]:
    rows = (good(sec=f"004600000{n}", lineas=f"98700000{n}") for n in (1, 2, 3))
    return [row.case for row in read(make_list(tmp_path / "lista.xlsx", *rows)).rows if row.case]


def ended(database: sa.Engine, case: Case, siac_case: str, *, dry_run: bool = False) -> None:
    ledger = Ledger(database)
    ledger.begin_attempts([(case.reference, 1, case)], requested_by="ana", dry_run=dry_run)
    outcome = Outcome(reference=case.reference, estado=Estado.REQUIERE_ASESOR, siac_case=siac_case)
    ledger.end_attempt(case.reference, 1, outcome)


def received(box: Messages, *keys: str, last: int = 9) -> list[str]:
    found = [
        (
            Copy(folder=FOLDER, uidvalidity=7, uid=uid, key=key),
            Message(key=key, state=State.NEW, came=CAME, about="Ñandú «1»"),
            b"Subject: " + key.encode(),
        )
        for uid, key in enumerate(keys, 1)
    ]
    return [new.key for new in box.record(found, [], FOLDER, 7, last)]


def test_when_a_message_was_sent_is_the_same_moment_whatever_the_zone(
    database: sa.Engine, box: Messages
) -> None:
    """SQLite keeps no zone: of an hour of Lima it would keep the hour alone."""
    lima = datetime(2026, 11, 20, 10, tzinfo=timezone(timedelta(hours=-5)))
    message = Message(key="k", state=State.NEW, came=CAME, sent=lima)
    copy = Copy(folder=FOLDER, uidvalidity=7, uid=1, key="k")
    box.record([(copy, message, b"")], [], FOLDER, 7, 1)
    assert [kept.sent for kept in box.new()] == [lima]
    with database.connect() as db:
        earlier = messages.c.sent < lima + timedelta(minutes=1)
        assert db.scalar(sa.select(sa.func.count()).where(earlier)) == 1


def test_a_moment_without_a_zone_is_refused(database: sa.Engine) -> None:
    with database.connect() as db, pytest.raises(StatementError, match="without a zone"):
        db.execute(sa.select(messages).where(messages.c.came < CAME.replace(tzinfo=None)))


def test_a_case_is_known_by_its_number_in_siac(
    database: sa.Engine, box: Messages, cases: list[Case]
) -> None:
    one, other, tried = cases
    ended(database, one, "70000001")
    ended(database, other, "")
    ended(database, tried, "70000003", dry_run=True)
    assert box.siac_numbers() == {"70000001": {one.reference}}


def test_what_was_read_is_recorded_once_and_how_far(box: Messages) -> None:
    assert box.read_to(FOLDER) == (0, 0)
    assert received(box, "a", "b") == ["a", "b"]
    assert received(box, "b", "c", last=12) == ["c"]
    assert box.read_to(FOLDER) == (7, 12)
    assert {one.key for one in box.new()} == {"a", "b", "c"}
    assert box.content("b") == b"Subject: b"
    found = box.find("b")
    assert found is not None and (found.about, found.came) == ("Ñandú «1»", CAME)


def test_one_that_waits_goes_to_its_case_once(
    database: sa.Engine, box: Messages, cases: list[Case]
) -> None:
    case = cases[0]
    ended(database, case, "70000001")
    (last,) = Ledger(database).latest([case.reference]).values()
    received(box, "a", "b")
    box.wait("a", State.WAITING, Reason.SIN_ADJUNTO, "sin adjunto", (case.reference,))
    assert [(one.key, one.candidates) for one in box.open()] == [("a", (case.reference,))]
    assert box.attach(["a"], last, case) == 2
    assert box.attach(["a"], last, case) is None
    with pytest.raises(IntegrityError):  # somebody else has begun that attempt
        box.attach(["b"], last, case)
    assert box.begun() == [(case.reference, 2)]
    assert box.content("a") is None and box.content("b") is not None
    (copy,) = box.to_put_away(FOLDER, 7)
    box.put_away([copy])
    assert (copy.uid, box.to_put_away(FOLDER, 7)) == (1, [])
    assert box.set_aside("b") and not box.set_aside("b")


def test_what_came_back_is_known_by_its_case(box: Messages) -> None:
    came = [Bounce(kind="reply", reference="CF-1", status="5.1.1")]
    box.record([], came, FOLDER, 7, 3)
    box.record([], came, FOLDER, 7, 4)
    assert box.bounced() == ["CF-1"]
    assert box.bounces_of(["CF-1", "CF-2"]) == {"CF-1": came}


def test_the_old_ones_are_forgotten(database: sa.Engine, box: Messages) -> None:
    received(box, "a")
    with database.begin() as db:
        assert forget_messages(db, CAME) == 0
        assert forget_messages(db, datetime(2026, 11, 21, tzinfo=UTC)) == 1
    assert box.find("a") is None
