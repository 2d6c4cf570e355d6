"""Cases that wait for a portal: their flow has ended for now, and goes on where it was.

A flow that slept would keep its place in the queue, and so a seat that others could use. So it ends
with its last step answered by *waits*; when the portal may be tried again, that step is taken out
of its record and the flow put back into the queue.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from flows.runtime.breakers import Breaker, Breakers
from flows.store.database import change, clock, fetch, fetch_one, insert_if_absent, lasting
from flows.store.tables import waiting

#: how long a case that was called may take to be at work, before it is called again
_CALLED = timedelta(seconds=60)
#: seconds in which one case that tries a portal is enough
_TRYING = 10.0


@dataclass(frozen=True)
class Parked:
    """A case that waits. ``parked`` orders them: who tried last comes last."""

    reference: str
    attempt: int
    portal: str
    step: int
    since: datetime
    parked: datetime

    @property
    def name(self) -> tuple[str, int]:
        return self.reference, self.attempt


class ParkedCases:
    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @lasting
    def enter(self, reference: str, attempt: int, portal: str, step: int) -> None:
        """One that comes again for the same has been waiting since it came first."""
        key = {"reference": reference, "attempt": attempt}
        columns = waiting.c
        with self.engine.begin() as db:
            now = clock(db)
            place = {"portal": portal, "step": step}
            insert_if_absent(db, waiting, **key, **place, since=now, parked=now)
            same = (columns.portal == portal) & (columns.step == step)
            db.execute(
                waiting.update()
                .filter_by(**key)
                .values(**place, since=sa.case((same, columns.since), else_=now), parked=now)
            )

    @lasting
    def since(self, reference: str, attempt: int, portal: str) -> datetime | None:
        """Since when this case has been waiting for this portal; None if it has not."""
        query = waiting.select().filter_by(reference=reference, attempt=attempt, portal=portal)
        found = fetch_one(self.engine, query)
        return found.since if found else None

    @lasting
    def parked(self) -> list[Parked]:
        """Who waits, whoever is next first; those that were called last, until they have ended."""
        found = fetch(self.engine, waiting.select().order_by(waiting.c.parked))
        return [Parked(**row._asdict()) for row in found]

    @lasting
    def call(self, case: Parked) -> bool:
        """Whether it is ours to put back to work; nobody else does meanwhile."""
        with self.engine.begin() as db:
            now = clock(db)
            if case.parked > now:
                return False  # somebody has
            called = db.execute(
                waiting.update()
                .filter_by(reference=case.reference, attempt=case.attempt, parked=case.parked)
                .values(parked=now + _CALLED)
            )
            return called.rowcount == 1

    @lasting
    def leave(self, reference: str, attempt: int) -> None:
        """The attempt is over."""
        change(self.engine, waiting.delete().filter_by(reference=reference, attempt=attempt))


class Resumer:
    """Calls cases out of the waiting room: all, once the portal answers again or its map names what
    was missing; one, where it may be tried; those whose time is over, to end. ``again`` puts one
    back to work."""

    def __init__(
        self,
        room: ParkedCases,
        breakers: Breakers,
        *,
        may_wait: Callable[[datetime, bool], bool],
        map_version: Callable[[str], str],
        again: Callable[[str, int, int], Awaitable[None]],
    ) -> None:
        self.room = room
        self.breakers = breakers
        self.may_wait = may_wait
        self.map_version = map_version
        self.again = again
        self._trying: dict[str, float] = {}

    async def look(self, among: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        """Those of these cases that wait."""
        parked = [case for case in await asyncio.to_thread(self.room.parked) if case.name in among]
        for portal in {case.portal for case in parked}:
            breaker = await asyncio.to_thread(self._breaker, portal)
            free = breaker is None or not breaker.is_open
            trying = self._trying.get(portal, 0.0) > time.monotonic()
            for case in parked:
                if case.portal != portal:
                    continue
                tries = not trying and breaker is not None and breaker.is_due
                has_changed = breaker is not None and breaker.has_changed
                if not (free or tries or not self.may_wait(case.since, has_changed)):
                    continue
                if await asyncio.to_thread(self.room.call, case):
                    await self.again(*case.name, case.step)
                    if tries and not free:
                        trying = True
                        self._trying[portal] = time.monotonic() + _TRYING
        return {case.name for case in parked}

    def _breaker(self, portal: str) -> Breaker | None:
        """As it is now, closed where what was missing has a new name."""
        known = self.breakers.state(portal)
        if known is None or not known.has_changed:
            return known
        has_closed = self.breakers.map_is(portal, self.map_version(portal))
        return self.breakers.state(portal) if has_closed else known
