"""What the robot knows of what it hands over, a request or an e-mail: begun, and accepted.

The portals say what was filed, and the SIAC case's notes what was sent. This record is for the
moment in between: a process that dies after it began to hand something over cannot know whether it
arrived. A portal may still be at work on it, so the next one waits before it believes that nothing
is there; an e-mail cannot be looked up, nor taken back, so it is not sent again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum

import sqlalchemy as sa

from flows.runtime.heartbeat import Heartbeat
from flows.store.database import change, fetch, fetch_one, insert_if_absent, lasting
from flows.store.tables import journal


class JournalState(Enum):
    """How far something has come."""

    NONE = "none"
    BEGUN = "begun"
    ACCEPTED = "accepted"


class SubmitJournal:
    """One row for each thing that a case hands over, by its kind."""

    def __init__(self, engine: sa.Engine, heartbeat: Heartbeat | None = None) -> None:
        self.engine = engine
        self.heartbeat = heartbeat

    @lasting
    def state(self, reference: str, kind: str) -> JournalState:
        row = fetch_one(self.engine, journal.select().filter_by(reference=reference, kind=kind))
        if row is None:
            return JournalState.NONE
        return JournalState.ACCEPTED if row.accepted else JournalState.BEGUN

    @lasting
    def handed_over(self, reference: str) -> dict[str, datetime | None]:
        """What was begun to be handed over, by its kind, and when the other side accepted it."""
        rows = fetch(self.engine, journal.select().filter_by(reference=reference))
        return {row.kind: row.accepted for row in rows}

    @lasting
    def begin(self, reference: str, kind: str) -> None:
        """From here on it is not known whether the other side has it, until it is told.

        A process of a fleet that has lost its place gets no further.
        """
        with self.engine.begin() as db:
            if self.heartbeat is not None:
                self.heartbeat.confirm(db)
            insert_if_absent(db, journal, reference=reference, kind=kind)

    @lasting
    def accepted(self, reference: str, kind: str) -> None:
        handed = journal.update().filter_by(reference=reference, kind=kind)
        change(self.engine, handed.values(accepted=datetime.now(UTC)))

    @lasting
    def refused(self, reference: str, kind: str) -> None:
        """The other side said that it does not have it."""
        change(self.engine, journal.delete().filter_by(reference=reference, kind=kind))
