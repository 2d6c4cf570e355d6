"""How much a run may submit: counted in the database, over all machines that work on it."""

from __future__ import annotations

import sqlalchemy as sa

from flows.store.database import insert_if_absent, lasting
from flows.store.tables import chased, rows, runs, writes


class WriteLimit:
    """``limit`` submits of one run, whoever makes them; None sets none.

    A case counts for the newest run at work that names it. One that is in none goes on because
    somebody asked for this very case, and is not limited.
    """

    def __init__(self, engine: sa.Engine, limit: int | None) -> None:
        self.engine = engine
        self.limit = limit

    @lasting
    def is_reached(self, reference: str) -> bool:
        if self.limit is None:
            return False
        with self.engine.connect() as db:
            run = db.scalar(_run_of(reference))
            count = db.scalar(sa.select(writes.c.count).filter_by(run=run))
            return (count or 0) >= self.limit

    @lasting
    def take(self, reference: str) -> bool:
        """Whether this case may submit once more, which is counted. Counted before it is done: what
        dies in between has used up its place."""
        if self.limit is None:
            return True
        with self.engine.begin() as db:
            run = db.scalar(_run_of(reference))
            if run is None:
                return True
            insert_if_absent(db, writes, run=run, count=0)
            taken = db.execute(
                writes.update()
                .where(writes.c.run == run, writes.c.count < self.limit)
                .values(count=writes.c.count + 1)
            )
            return taken.rowcount == 1


def _run_of(reference: str) -> sa.Select[tuple[str]]:
    named = sa.union(
        sa.select(rows.c.run).filter_by(reference=reference),
        sa.select(chased.c.run).filter_by(reference=reference),
    )
    return (
        sa.select(runs.c.id)
        .where(runs.c.id.in_(named), runs.c.ended.is_(None), runs.c.dry_run.is_(False))
        .order_by(runs.c.started.desc())
        .limit(1)
    )
