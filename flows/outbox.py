"""What the robot knows of the e-mails it hands to the server: begun, and accepted.

The SIAC case's notes say what was sent. This record is for the moment in between: a process that
dies after it began to hand a message over cannot know whether the server took it, and a second
e-mail cannot be taken back.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum

import sqlalchemy as sa

from flows.tables import mails


class Handover(Enum):
    """How far an e-mail has come."""

    NONE = "none"
    BEGUN = "begun"
    ACCEPTED = "accepted"


class Outbox:
    """One row for each e-mail of a case, by its kind."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def state(self, reference: str, kind: str) -> Handover:
        with self.engine.connect() as db:
            row = db.execute(mails.select().filter_by(reference=reference, kind=kind)).one_or_none()
        if row is None:
            return Handover.NONE
        return Handover.ACCEPTED if row.sent else Handover.BEGUN

    def begin(self, reference: str, kind: str) -> None:
        """From here on it is not known whether the server has it, until it is told."""
        with self.engine.begin() as db:
            db.execute(mails.insert().values(reference=reference, kind=kind))

    def accepted(self, reference: str, kind: str) -> None:
        with self.engine.begin() as db:
            db.execute(
                mails.update()
                .filter_by(reference=reference, kind=kind)
                .values(sent=datetime.now(UTC))
            )

    def not_sent(self, reference: str, kind: str) -> None:
        """The server said that it does not have it."""
        with self.engine.begin() as db:
            db.execute(mails.delete().filter_by(reference=reference, kind=kind))
