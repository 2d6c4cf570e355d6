"""The radar: how the portals' pages look, compared with how they looked when all was known of them.

It tells, and decides nothing: what fails in it is logged, and the case goes on.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from datetime import datetime
from threading import Lock

import sqlalchemy as sa
from loguru import logger

from flows.rules.radar import News, news_of
from flows.store.database import change, clock, fetch, insert_if_absent, lasting
from flows.store.tables import news, surfaces
from pages.contract.surface import Surface

#: seconds for which a page that looks as it did is not compared again: other machines may have seen
#: it otherwise meanwhile
_KNOWN = 600.0

_UNTOLD = sa.and_(news.c.run.is_(None), news.c.checked.is_(None), news.c.varies.is_(False))


class Radar:
    """What differs is news, until the same page in the same state is seen without it: what comes
    and goes is the case's, and no change of the portal's, and is never told. Of a page, state by
    state, that was not known before this process all that differs is taken so."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._lock = Lock()
        self._known: dict[tuple[str, ...], tuple[Surface, float]] = {}
        self._new_here: set[tuple[str, ...]] = set()

    def is_known(self, portal: str, seen: Iterable[Surface]) -> bool:
        """Whether all of it was compared by this process not long ago."""
        due = time.monotonic() - _KNOWN
        known = (self._known.get((portal, *one.place), (None, due)) for one in seen)
        return all(same == one and at > due for one, (same, at) in zip(seen, known, strict=True))

    def note(self, portal: str, seen: Collection[Surface]) -> None:
        """Compare what was seen of a portal in one visit."""
        try:
            with self._lock:
                for one in seen:
                    if not self.is_known(portal, [one]):
                        self._compare(portal, one)
                        self._known[portal, *one.place] = one, time.monotonic()
        except Exception as error:  # whatever it is, the case goes on
            logger.error("radar_failed", portal=portal, error=type(error).__name__)

    @lasting
    def _compare(self, portal: str, seen: Surface) -> None:
        part, page, section, state = seen.place
        key = {"portal": portal, "part": part, "page": page, "section": section, "state": state}
        with self.engine.begin() as db:
            now = clock(db)
            row = db.execute(surfaces.select().filter_by(**key)).one_or_none()
            if row is None:
                insert_if_absent(db, surfaces, **key, items=seen.items, seen=now)
                self._new_here.add((portal, *seen.place))
                return
            found = {one.thing: one for one in news_of(portal, row.items, seen)}
            place = "\x1f".join(seen.place)
            about = sa.or_(news.c.thing.in_(list(found)), sa.and_(news.c.state == place, _UNTOLD))
            known = {
                one.thing: one
                for one in db.execute(news.select().where(news.c.portal == portal, about))
            }
            is_settled = True
            varies = (portal, *seen.place) in self._new_here
            for thing, one in found.items():
                before = known.get(thing)
                if before is None or not (before.varies or before.content.outcome == one.outcome):
                    fresh = {"state": place, "content": one, "varies": varies, "seen": now}
                    insert_if_absent(db, news, portal=portal, thing=thing, **fresh)
                    mine = news.update().filter_by(portal=portal, thing=thing)
                    db.execute(mine.values(fresh, run=None, checked=None))
                    is_settled = is_settled and varies
                elif not (before.varies or before.run or before.checked):
                    is_settled = False
            for thing in known.keys() - found.keys():  # seen without it again
                mine = news.update().filter_by(portal=portal, thing=thing)
                db.execute(mine.values(varies=True))
            fresh = {"seen": now, **({"items": seen.items} if is_settled else {})}
            db.execute(surfaces.update().filter_by(**key).values(fresh))

    # telling

    @lasting
    def tell_in(self, run: str, ended: datetime | None) -> None:
        """What no report tells yet is for this run's, as far as it was seen by the run's end."""
        mine = news.update().where(news.c.run.is_(None), news.c.varies.is_(False))
        if ended is not None:
            mine = mine.where(news.c.seen <= ended)
        change(self.engine, mine.values(run=run))

    @lasting
    def told_in(self, run: str) -> tuple[News, ...]:
        """What this run's report tells."""
        return self._of(sa.select(news.c.content).filter_by(run=run))

    @lasting
    def tell_now(self, portals: Collection[str]) -> tuple[News, ...]:
        """What was never told on a screen; it is from now on."""
        untold = sa.and_(
            news.c.portal.in_(portals), news.c.checked.is_(None), news.c.varies.is_(False)
        )
        found = self._of(sa.select(news.c.content).where(untold))
        with self.engine.begin() as db:
            db.execute(news.update().where(untold).values(checked=clock(db)))
        return found

    def _of(self, query: sa.Select[tuple[News]]) -> tuple[News, ...]:
        ordered = query.order_by(news.c.portal, news.c.seen, news.c.thing)
        return tuple(row.content for row in fetch(self.engine, ordered))
