"""The audit trail: who did what to which, when, and what stood before and after. Only added to."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from flows.store.database import fetch
from robots.console.console_tables import audit


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

    def entries(self, subject: str | None = None, limit: int = 200) -> list[AuditEntry]:
        """Entries, newest first."""
        query = audit.select().order_by(audit.c.id.desc()).limit(limit)
        if subject is not None:
            query = query.filter_by(subject=subject)
        return [AuditEntry._make(row[1:]) for row in fetch(self.engine, query)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
