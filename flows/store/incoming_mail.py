"""Incoming e-mails as the robot knows them: how far the mailbox was read, and what became of each.

A message is recorded once, by its fingerprint, in the transaction that says how far was read; and
its case has it in the transaction that begins the case's next attempt. So whoever dies in between,
or works beside, loses none and takes none twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa
from pydantic import AwareDatetime

from flows.rules.case import Case
from flows.rules.mail_matching import Bounce, Reason
from flows.store.database import change, fetch, fetch_among, insert_if_absent, lasting
from flows.store.ledger import Attempt
from flows.store.tables import Stored, attempts, bounces, copies, mailboxes, messages


class State(StrEnum):
    """What became of a message."""

    NEW = "new"  # to be looked at, or again
    WAITING = "waiting"  # for a person
    ATTACHED = "attached"  # its case has it
    SET_ASIDE = "set aside"  # by a person
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"


#: what the case has, or was told of: the mailbox need not show it any more
_DONE = (State.ATTACHED, State.BOUNCE)
_OPEN = (State.NEW, State.WAITING)


class Message(Stored):
    """``reason`` is empty where it was not looked at yet, and where it waits for nobody."""

    key: str
    state: State
    came: AwareDatetime
    reference: str | None = None
    attempt: int | None = None
    reason: Reason | None = None
    detail: str = ""
    candidates: tuple[str, ...] = ()
    sender: str = ""
    about: str = ""
    sent: AwareDatetime | None = None


class Copy(Stored):
    """A message's place in the mailbox."""

    folder: str
    uidvalidity: int
    uid: int
    key: str


_COLUMNS = [column for column in messages.c if column is not messages.c.content]
_LISTED = sa.select(*_COLUMNS)


class Messages:
    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    # reading the mailbox

    @lasting
    def read_to(self, folder: str) -> tuple[int, int]:
        """How far this folder was read: its UIDVALIDITY, and the last UID; zeros where never."""
        found = fetch(self.engine, mailboxes.select().filter_by(folder=folder))
        return (found[0].uidvalidity, found[0].last_uid) if found else (0, 0)

    @lasting
    def record(
        self,
        found: Iterable[tuple[Copy, Message, bytes | None]],
        told: Iterable[Bounce],
        folder: str,
        uidvalidity: int,
        last_uid: int,
    ) -> list[Message]:
        """Keep what was read, and how far; gives the messages that nobody had recorded before."""
        new = []
        with self.engine.begin() as db:
            for copy, message, content in found:
                known = db.execute(
                    sa.select(messages.c.key).where(messages.c.key == message.key)
                ).first()
                if known is None:
                    values = message.model_dump() | {"content": content}
                    values["reason"] = message.reason or ""
                    insert_if_absent(db, messages, **values)
                    new.append(message)
                insert_if_absent(db, copies, **copy.model_dump(), put_away=False)
            for bounce in told:
                insert_if_absent(db, bounces, **bounce.model_dump(), came=datetime.now(UTC))
            db.execute(mailboxes.delete().filter_by(folder=folder))
            insert_if_absent(
                db, mailboxes, folder=folder, uidvalidity=uidvalidity, last_uid=last_uid
            )
        return new

    def to_put_away(self, folder: str, uidvalidity: int) -> list[Copy]:
        """Where messages lie that the mailbox need not show any more."""
        query = (
            copies.select()
            .join(messages, messages.c.key == copies.c.key)
            .filter(
                copies.c.folder == folder,
                copies.c.uidvalidity == uidvalidity,
                copies.c.put_away.is_(False),
                messages.c.state.in_(_DONE),
            )
            .order_by(copies.c.uid)
        )
        return [Copy.model_validate(row) for row in fetch(self.engine, query)]

    @lasting
    def put_away(self, gone: Iterable[Copy]) -> None:
        for copy in gone:
            place = copies.update().filter_by(**copy.model_dump())
            change(self.engine, place.values(put_away=True))

    # what becomes of a message

    def new(self) -> list[Message]:
        """Those to be looked at, oldest first."""
        query = _LISTED.where(messages.c.state == State.NEW).order_by(messages.c.came)
        return [_message(row) for row in fetch(self.engine, query)]

    def open(self) -> list[Message]:
        """Those that wait for somebody, the newest first."""
        columns = messages.c
        query = _LISTED.where(columns.state.in_(_OPEN), columns.reason != "")
        return [_message(row) for row in fetch(self.engine, query.order_by(columns.came.desc()))]

    def find(self, key: str) -> Message | None:
        found = fetch(self.engine, _LISTED.where(messages.c.key == key))
        return _message(found[0]) if found else None

    def content(self, key: str) -> bytes | None:
        """The message as it came; None once nobody waits for it."""
        found = fetch(self.engine, sa.select(messages.c.content).filter_by(key=key))
        return bytes(found[0].content) if found and found[0].content is not None else None

    @lasting
    def wait(
        self, key: str, state: State, reason: Reason, detail: str, among: tuple[str, ...]
    ) -> None:
        """Note why it waits, and whose it may be."""
        waits = messages.update().where(messages.c.key == key, messages.c.state == State.NEW)
        change(
            self.engine,
            waits.values(state=state, reason=reason, detail=detail, candidates=among),
        )

    def attach(self, keys: Sequence[str], last: Attempt, case: Case) -> int | None:
        """Begin the case's next attempt with what these messages brought, and none of them waits
        any more; None where somebody else has dealt with one of them. Raises
        `sqlalchemy.exc.IntegrityError` where somebody else has begun that attempt."""
        number = last.attempt + 1
        values = {
            "state": State.ATTACHED,
            "reference": last.reference,
            "attempt": number,
            "content": None,
            "reason": "",
        }
        with self.engine.begin() as db:
            waiting = messages.c.key.in_(keys) & messages.c.state.in_(_OPEN)
            if db.execute(messages.update().where(waiting).values(values)).rowcount != len(keys):
                db.rollback()
                return None
            db.execute(
                attempts.insert().values(
                    reference=last.reference,
                    attempt=number,
                    requested_by=last.requested_by,
                    dry_run=False,
                    case=case,
                )
            )
        return number

    def set_aside(self, key: str) -> bool:
        """A person wants nothing of it; whether it still waited. Nothing of it is kept."""
        aside = messages.update().where(messages.c.key == key, messages.c.state.in_(_OPEN))
        gone = {"state": State.SET_ASIDE, "content": None, "sender": "", "about": "", "detail": ""}
        return change(self.engine, aside.values(**gone, reason="", candidates=())) == 1

    # cases

    def begun(self) -> list[tuple[str, int]]:
        """The attempts that messages have begun and that have not ended."""
        query = (
            sa.select(attempts.c.reference, attempts.c.attempt)
            .join(
                messages,
                (messages.c.reference == attempts.c.reference)
                & (messages.c.attempt == attempts.c.attempt),
            )
            .where(attempts.c.outcome.is_(None))
            .distinct()
        )
        return [(row.reference, row.attempt) for row in fetch(self.engine, query)]

    def bounces_of(self, references: Iterable[str]) -> dict[str, list[Bounce]]:
        """By case, the e-mails of ours that came back."""
        found: dict[str, list[Bounce]] = {}
        columns = bounces.c
        query = sa.select(columns.kind, columns.reference, columns.status).order_by(columns.kind)
        for row in fetch_among(self.engine, query, columns.reference, references):
            found.setdefault(row.reference, []).append(Bounce(**row._mapping))
        return found

    def bounced(self) -> list[str]:
        """The cases of which an e-mail came back."""
        query = sa.select(bounces.c.reference).distinct()
        return [row.reference for row in fetch(self.engine, query)]

    def siac_numbers(self) -> dict[str, set[str]]:
        """By its number in SIAC Único, the cases that have it: one, as a rule."""
        found: dict[str, set[str]] = {}
        outcome = attempts.c.outcome
        if self.engine.dialect.name == "sqlite":
            number: sa.ColumnElement[str] = sa.func.json_extract(outcome, "$.siac_case")
        else:
            number = sa.cast(outcome, sa.JSON)["siac_case"].as_string()
        query = sa.select(attempts.c.reference, number).distinct()
        query = query.where(outcome.is_not(None), attempts.c.dry_run.is_(False))
        for reference, siac_case in map(tuple, fetch(self.engine, query)):
            if siac_case:
                found.setdefault(siac_case, set()).add(reference)
        return found


def _message(row: sa.Row[tuple[object, ...]]) -> Message:
    values = dict(row._mapping)
    return Message(**values | {"reason": values["reason"] or None})


def forget_messages(db: sa.Connection, before: datetime) -> int:
    """Delete what came before a moment, whoever it waited for, and the places of what is gone."""
    gone = db.execute(messages.delete().where(messages.c.came < before)).rowcount
    known = sa.select(messages.c.key)
    db.execute(copies.delete().where(copies.c.key.not_in(known)))
    return gone
