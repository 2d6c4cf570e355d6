"""What is known of the bills of attended cases: one record a case, as it was seen last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa

from flows.rules.follow_up import FollowUp
from flows.store.database import change, fetch, fetch_among, lasting
from flows.store.tables import follow_ups


class FollowUps:
    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @lasting
    def keep(self, found: FollowUp) -> None:
        """In place of what was known of the case."""
        values = {"content": found, "looked": datetime.now(UTC)}
        change(
            self.engine,
            follow_ups.delete().filter_by(reference=found.reference),
            follow_ups.insert().values(reference=found.reference, **values),
        )

    @lasting
    def of(self, references: Iterable[str]) -> dict[str, FollowUp]:
        """By reference, where the case was looked at."""
        found = fetch_among(self.engine, follow_ups.select(), follow_ups.c.reference, references)
        return {row.reference: row.content for row in found}

    def all(self) -> list[FollowUp]:
        """By reference."""
        query = follow_ups.select().order_by(follow_ups.c.reference)
        return [row.content for row in fetch(self.engine, query)]
