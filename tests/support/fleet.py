"""What the database of a fleet says of its workers and its cases."""

from __future__ import annotations

import sqlalchemy as sa

from flows.store import tables


def places(database: sa.Engine) -> set[str]:
    with database.connect() as db:
        return set(db.scalars(sa.select(tables.workers.c.name)))


def all_ended(database: sa.Engine) -> bool:
    query = sa.select(sa.func.count()).where(tables.attempts.c.outcome.is_(None))
    with database.connect() as db:
        return db.scalar(query) == 0
