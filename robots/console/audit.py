"""The audit trail: who did what to which, when, and what stood before and after. It is only added
to, and what is past its time goes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from flows.store.approvals import Approval
from flows.store.database import change, fetch
from flows.store.tables import attempts
from robots.console.console_tables import audit, users

#: a supervisor's answer: what was done, and what the request is since
ANSWERS = {
    "approved": ("Aprobó la solicitud", "aprobada"),
    "rejected": ("Rechazó la solicitud", "rechazada"),
}


class AuditEntry(NamedTuple):
    """Entry of the trail; ``subject`` is a case's reference, a run or a user; ``what`` a Spanish
    verb."""

    at: datetime
    who: str
    what: str
    subject: str
    before: str
    after: str


class Audit:
    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def note(self, who: str, what: str, subject: str, before: Any = "", after: Any = "") -> None:
        with self.engine.begin() as db:
            db.execute(
                audit.insert().values(
                    at=datetime.now(UTC),
                    who=who,
                    what=what,
                    subject=subject,
                    before=_text(before),
                    after=_text(after),
                )
            )

    def note_answer(self, who: str, given: Approval, more: dict[str, str] | None = None) -> None:
        """Note a supervisor's answer; ``more`` is what else is known of it."""
        what, answer = ANSWERS[given.answer or ""]
        before = {"solicitud": given.digest[:16], "respuesta": "ninguna"}
        after = {"respuesta": answer, "motivo": given.reason, **(more or {})}
        self.note(who, what, given.reference, before, after)

    def forget(self, before: datetime) -> int:
        """Delete what is older than that and about nobody who is still known: no case and no user;
        how many these were."""
        if not self._is_there:
            return 0
        kept = sa.union(sa.select(attempts.c.reference), sa.select(users.c.name))
        old = audit.delete().where(audit.c.at < before, audit.c.subject.not_in(kept))
        return change(self.engine, old)

    def entries(self, subject: str | None = None, limit: int = 200) -> list[AuditEntry]:
        """Entries, newest first."""
        if not self._is_there:
            return []
        query = audit.select().order_by(audit.c.id.desc()).limit(limit)
        if subject is not None:
            query = query.filter_by(subject=subject)
        return [AuditEntry._make(row[1:]) for row in fetch(self.engine, query)]

    @property
    def _is_there(self) -> bool:
        """Whether a console has ever worked with this database."""
        return sa.inspect(self.engine).has_table(audit.name)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
