"""The hand on the switch: whoever works on this database, on whatever machine, ends softly."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from flows.store.database import clock, fetch_one, insert_if_absent, lasting
from flows.store.tables import stop_flag

_ONLY = 1


class StopFlag:
    """Work that began before it was turned off stops; work that begins later does not."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def turn_off(self) -> None:
        with self.engine.begin() as db:
            now = clock(db)
            insert_if_absent(db, stop_flag, id=_ONLY, turned_off=now)
            db.execute(stop_flag.update().values(turned_off=now))

    @lasting
    def now(self) -> datetime:
        """The moment, as `is_off` compares it."""
        with self.engine.connect() as db:
            return clock(db)

    @lasting
    def is_off(self, since: datetime) -> bool:
        """Whether somebody has turned it off since then."""
        found = fetch_one(self.engine, stop_flag.select())
        return found is not None and found.turned_off > since
