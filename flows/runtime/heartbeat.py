"""Who works on a database that several processes share, and what becomes of those that die.

PostgreSQL cannot tell a process that died from one that is slow, and the durable engine leaves a
dead one's cases pending. So each has a place here, under a name that is never used again, and says
every few seconds that it lives. Those who hear nothing from one for long enough put its cases back
into the queue and take its place away. One that was only frozen finds its place gone when it wakes,
before it hands anything over, and ends.
"""

from __future__ import annotations

import asyncio
import os
import platform
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa
from loguru import logger

from flows.store.database import change, fetch, lasting
from flows.store.tables import workers

#: seconds between two signs of life
BEAT = 5.0
#: seconds without one after which a worker counts as dead
SILENCE = 45.0

Adopt = Callable[[str], None]


def own_name() -> str:
    """Of this process, and never used again."""
    return f"{platform.node()}-{os.getpid()}-{secrets.token_hex(4)}"


class Heartbeat:
    """This process' place in the fleet; its name ends with ``kind``.

    ``lost`` is called, from any thread, once the place is gone. It does not come back: others work
    on this process' cases then.
    """

    def __init__(self, database: sa.Engine, kind: str, *, lost: Callable[[], None]) -> None:
        self.database = database
        self.lost = lost
        self.name = own_name() + kind
        #: how many processes were at work when it was looked last, with this one
        self.size = 1
        # Of its own: the engine's threads end before the cases that it waits for at the end.
        self._thread = ThreadPoolExecutor(1, "presence")

    @lasting
    def enter(self, *, seats: int, version: str) -> None:
        """From here on this process may be given cases."""
        change(
            self.database,
            workers.delete().filter_by(name=self.name),
            workers.insert().values(
                name=self.name,
                seats=seats,
                version=version,
                entered=sa.func.now(),
                beat=sa.func.clock_timestamp(),
            ),
        )

    def leave(self) -> None:
        """Nothing more is heard from this process: what it left is the others' at once."""
        with suppress(sa.exc.DBAPIError):
            change(self.database, workers.update().filter_by(name=self.name).values(beat=None))

    def confirm(self, db: sa.Connection) -> None:
        """Within a transaction: that this place is still held when it is committed."""
        beaten = db.execute(
            workers.update().filter_by(name=self.name).values(beat=sa.func.clock_timestamp())
        )
        if beaten.rowcount != 1:
            logger.error("{} has lost its place: it was silent for too long", self.name)
            self.lost()

    @lasting
    def versions(self) -> set[str]:
        """Of the flow, that the living have; with this one's."""
        living = workers.select().where(workers.c.beat.is_not(None))
        return {row.version for row in fetch(self.database, living)}

    async def keep(self, adopt: Adopt) -> None:
        """Say that this process lives, and ``adopt`` by name those that no longer do, for ever.

        It is on the loop that works on the cases: one whose loop stands still is as good as dead.
        """
        loop = asyncio.get_running_loop()
        heard: dict[str, tuple[datetime, float]] = {}
        listened = time.monotonic()
        while True:
            beats = await loop.run_in_executor(self._thread, self._beat)
            now = time.monotonic()
            if now - listened > 3 * BEAT:
                # The database was away, or this process: nobody's silence was heard.
                heard.clear()
            listened = now
            self.size = len(beats) + 1
            for name, beat in beats.items():
                if beat is not None and heard.get(name, (None, now))[0] != beat:
                    heard[name] = beat, now
                elif beat is None or now - heard[name][1] > SILENCE:
                    await loop.run_in_executor(self._thread, self._bury, name, beat, adopt)
            await asyncio.sleep(BEAT)

    @lasting
    def _beat(self) -> dict[str, datetime | None]:
        """When each of the others was last heard; none for one that has left."""
        with self.database.begin() as db:
            self.confirm(db)
        with self.database.begin() as db:
            others = db.execute(workers.select().where(workers.c.name != self.name))
            return {row.name: row.beat for row in others}

    @lasting
    def _bury(self, name: str, beat: datetime | None, adopt: Adopt) -> None:
        """Under a lock on its place: one of the living does it, and if it wakes now it waits, and
        then finds its place gone."""
        with self.database.begin() as db:
            place = workers.select().filter_by(name=name).with_for_update(skip_locked=True)
            row = db.execute(place).one_or_none()
            if row is not None and row.beat == beat:
                adopt(name)
                db.execute(workers.delete().filter_by(name=name))
