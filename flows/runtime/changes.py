"""What portals lack by now that the robot looks for: noted where a case missed it, until another
one meets it or the portal's map says otherwise.

It is no breaker: that one says who may try a portal, and this what is looked for there, for whom it
was told, and whether the page or the portal has changed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from flows.store.database import change, clock, fetch, fetch_one, insert_if_absent, lasting
from flows.store.tables import changes, waiting
from pages.contract.errors import PageChanged
from pages.contract.missing import Absent

#: all but the picture
_TOLD = [column for column in changes.c if column is not changes.c.picture]


@dataclass(frozen=True)
class Change:
    """An element that a portal lacks, looked for by a map of this ``version``; ``what`` is the
    Spanish sentence of who missed it. ``met`` is when another case had it before it, ``told`` when
    the operator was written to."""

    portal: str
    key: str
    version: str
    absent: Absent
    what: str
    missed: datetime
    met: datetime | None = field(compare=False)
    told: datetime | None = field(compare=False)

    @property
    def name(self) -> tuple[str, str, str]:
        return self.portal, self.key, self.version


class Changes:
    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @lasting
    def missed(self, error: PageChanged, version: str) -> None:
        """Note what a case has missed. One that nobody waits for any more is news again."""
        lacking = {change.key for change in self.lacking(error.portal, version)}
        with self.engine.begin() as db:
            now = clock(db)
            for absent in error.missing:
                if absent.key in lacking:
                    continue
                key = {"portal": error.portal, "key": absent.key, "version": version}
                seen = {"absent": absent, "what": str(error), "picture": error.picture}
                insert_if_absent(db, changes, **key, **seen, missed=now)
                fresh = {**seen, "missed": now, "met": None, "told": None}
                db.execute(changes.update().filter_by(**key).values(fresh))

    @lasting
    def lacking(self, portal: str, version: str | None = None) -> tuple[Change, ...]:
        """What was missed there and not met since, as long as somebody waits for the portal; by a
        map of this version, where one is told."""
        waits = sa.exists().where(waiting.c.portal == portal)
        query = sa.select(*_TOLD).filter_by(portal=portal, met=None).where(waits)
        if version is not None:
            query = query.filter_by(version=version)
        return tuple(Change(**row._asdict()) for row in fetch(self.engine, query))

    @lasting
    def meet(self, met: Collection[Change]) -> None:
        """Others have it before them: whoever misses it has an odd page."""
        with self.engine.begin() as db:
            for one in met:
                db.execute(_row(one).values(met=clock(db)))

    @lasting
    def others_met(self, error: PageChanged, version: str, since: datetime) -> bool:
        """Whether all that this case misses was met by others since it missed it first."""
        keys = {absent.key for absent in error.missing}
        query = sa.select(changes.c.key).filter_by(portal=error.portal, version=version)
        found = fetch(self.engine, query.where(changes.c.key.in_(keys), changes.c.met > since))
        return {row.key for row in found} == keys

    @lasting
    def forget_other_maps(self, portal: str, version: str) -> bool:
        """Whether what is missing there was looked for by other maps than this one alone; it is
        forgotten then, and told again where it is missed by this one too."""
        lacking = self.lacking(portal)
        if not lacking or any(one.version == version for one in lacking):
            return False
        change(self.engine, changes.delete().filter_by(portal=portal))
        return True

    # telling

    @lasting
    def untold(self) -> list[Change]:
        """What the operator has not been written about."""
        found = fetch(self.engine, sa.select(*_TOLD).filter_by(met=None, told=None))
        return [Change(**row._asdict()) for row in found]

    @lasting
    def picture(self, one: Change) -> bytes:
        """A PNG of the page; empty where there is none."""
        portal, key, version = one.name
        query = changes.select().filter_by(portal=portal, key=key, version=version)
        found = fetch_one(self.engine, query)
        return bytes(found.picture) if found else b""

    @lasting
    def tell(self, one: Change) -> bool:
        """Whether it is ours to tell; nobody else does."""
        with self.engine.begin() as db:
            told = db.execute(_row(one).where(changes.c.told.is_(None)).values(told=clock(db)))
            return told.rowcount == 1

    @lasting
    def untell(self, one: Change) -> None:
        """It could not be told."""
        change(self.engine, _row(one).values(told=None))


def _row(one: Change) -> sa.Update:
    portal, key, version = one.name
    return changes.update().filter_by(portal=portal, key=key, version=version)
