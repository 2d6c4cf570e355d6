"""What supervisors are asked, and what they answered: a record that every machine reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import AwareDatetime

from flows.rules.typed_text import fold, is_name, tidy
from flows.store import tables
from flows.store.database import change, fetch, fetch_one, lasting
from pages.contract.text import clean

#: characters of a reason that are kept
_LONGEST = 500


class Approval(tables.Stored):
    """What a supervisor is asked. ``answer`` is ``approved``, ``rejected`` or None."""

    reference: str
    digest: str
    request: dict[str, Any]
    requested_by: str
    requested: AwareDatetime
    answer: str | None = None
    answered_by: str | None = None
    answered: AwareDatetime | None = None
    reason: str | None = None

    def was_requested_by(self, user: str) -> bool:
        """Whether that is the same person: by the name as people read it."""
        return fold(self.requested_by) == fold(user)


class ApprovalRefused(Exception):
    """Why an answer cannot be taken, as one Spanish sentence."""


class Approvals:
    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @lasting
    def of(self, reference: str, digest: str) -> Approval | None:
        """What was asked about exactly this request of the case."""
        query = tables.approvals.select().filter_by(reference=reference, digest=digest)
        found = fetch_one(self.engine, query)
        return Approval.model_validate(found) if found else None

    @lasting
    def ask(self, approval: Approval) -> None:
        """Ask for this request; an earlier question about another request is void."""
        change(
            self.engine,
            tables.approvals.delete().filter_by(reference=approval.reference, answer=None),
            tables.approvals.insert().values(approval.model_dump()),
        )

    @lasting
    def take_back(self, reference: str) -> None:
        """Nobody needs to answer any more what is asked about a case."""
        asked = tables.approvals.delete().filter_by(reference=reference, answer=None)
        change(self.engine, asked)

    def about(self, reference: str) -> list[Approval]:
        """All that was asked about a case, the oldest first."""
        query = tables.approvals.select().filter_by(reference=reference)
        found = fetch(self.engine, query.order_by(tables.approvals.c.requested))
        return [Approval.model_validate(row) for row in found]

    def approved(self, reference: str) -> Approval | None:
        """The request of a case that was approved last; None where none was."""
        given = [one for one in self.about(reference) if one.answer == "approved"]
        return max(given, key=lambda one: one.answered or one.requested, default=None)

    def waiting(self) -> list[Approval]:
        """Not answered yet, the oldest first."""
        query = tables.approvals.select().filter_by(answer=None)
        found = fetch(self.engine, query.order_by(tables.approvals.c.requested))
        return [Approval.model_validate(row) for row in found]

    def answer(
        self, reference: str, answer: str, user: str, reason: str, *, digest: str | None = None
    ) -> Approval:
        """Take a supervisor's answer to what is asked now; raises `ApprovalRefused`, also where
        that is not the request of this ``digest``, which the supervisor has seen, and where
        ``user`` is nobody's name."""
        user, reason = tidy(user), clean(reason)[:_LONGEST]
        if not is_name(user):
            raise ApprovalRefused("Falta quién responde: escriba su nombre, «--as supervisora».")
        with self.engine.begin() as db:
            query = tables.approvals.select().filter_by(reference=reference, answer=None)
            found = db.execute(query).one_or_none()
            if found is None:
                known = sa.select(tables.attempts.c.reference).filter_by(reference=reference)
                if db.execute(known.limit(1)).first() is None:
                    raise ApprovalRefused(f"No existe el caso {reference}.")
                raise ApprovalRefused(f"El caso {reference} no espera ninguna aprobación.")
            if digest is not None and found.digest != digest:
                raise ApprovalRefused(f"La solicitud del caso {reference} cambió: mírela de nuevo.")
            asked = Approval.model_validate(found)
            if asked.was_requested_by(user):
                raise ApprovalRefused(
                    f"{user} pidió la solicitud del caso {reference}: debe responder otra persona."
                )
            given = {
                "answer": answer,
                "answered_by": user,
                "answered": datetime.now(UTC),
                "reason": reason,
            }
            answered = db.execute(
                tables.approvals.update()
                .filter_by(reference=reference, digest=found.digest, answer=None)
                .values(given)
            )
            if not answered.rowcount:  # changed, or answered by another, since it was read
                raise ApprovalRefused(f"La solicitud del caso {reference} cambió: mírela de nuevo.")
            return asked.model_copy(update=given)
