"""The radar: how the portals' pages look, compared with how they looked when all was known of them.

It tells, and decides nothing: what fails in it is logged, and the case goes on.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from threading import Lock

import sqlalchemy as sa
from loguru import logger

from flows.rules.news import News, news_of
from flows.store.database import clock, fetch, insert_if_absent, lasting
from flows.store.tables import news, surfaces
from pages.contract.surface import Item, Surface

#: seconds for which a page that looks as it did is not compared again: other machines may have seen
#: it otherwise meanwhile
_KNOWN = 600.0
#: from when a page is first seen, for whoever works already
_LEARNING = timedelta(hours=12)

#: what a form has whatever is chosen in it, as far as has been seen
_FIELDS = ("field", "required")
#: states that tell so
_ENOUGH = 3

_UNTOLD = news.c.run.is_(None), news.c.checked.is_(None), news.c.varies.is_(False)
_ORDERED = sa.select(news.c.content).order_by(news.c.portal, news.c.seen, news.c.thing)


class Radar:
    """What differs is news, until the same page in the same state is seen without it: what comes
    and goes is the case's, and no change of the portal's, and is never told. So is all that differs
    on a page that was first seen, in that state, since this process ``began``."""

    def __init__(self, engine: sa.Engine, began: datetime | None = None) -> None:
        self.engine, self._began = engine, began or datetime.now(UTC)
        self._lock = Lock()
        self._known: dict[tuple[str, ...], tuple[Surface, float]] = {}

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
        place = "\x1f".join(seen.place)
        with self.engine.begin() as db:
            now = clock(db)
            here = surfaces.select().filter_by(portal=portal, place=place)
            row = db.execute(here).one_or_none()
            if row is None:
                good, first = self._expected(db, portal, seen) or (seen.items, now)
                looks = {"good": good, "latest": seen.items, "first": first, "seen": now}
                insert_if_absent(db, surfaces, portal=portal, place=place, **looks)
                if good == seen.items:
                    return
                row = db.execute(here).one()
            found = {one.thing: one for one in news_of(portal, row.good, seen)}
            about = sa.or_(news.c.thing.in_(list(found)), sa.and_(news.c.place == place, *_UNTOLD))
            rows = db.execute(news.select().where(news.c.portal == portal, about))
            known = {one.thing: one for one in rows}
            varies = self._began <= row.first > now - _LEARNING
            is_settled = True
            for thing, one in found.items():
                before = known.get(thing)
                if before is None or not (before.varies or before.content.outcome == one.outcome):
                    fresh = {"place": place, "content": one, "varies": varies, "seen": now}
                    insert_if_absent(db, news, portal=portal, thing=thing, **fresh)
                    untold = {"run": None, "checked": None}
                    db.execute(_row(portal, thing).values(fresh | untold))
                    is_settled = is_settled and varies
                elif not (before.varies or before.run or before.checked):
                    is_settled = False
            for thing in known.keys() - found.keys():  # seen without it again
                db.execute(_row(portal, thing).values(varies=True))
            looks = {"latest": seen.items, "seen": now}
            if is_settled:
                looks["good"] = seen.items
            db.execute(surfaces.update().filter_by(portal=portal, place=place).values(looks))

    def _expected(
        self, db: sa.Connection, portal: str, seen: Surface
    ) -> tuple[tuple[Item, ...], datetime] | None:
        """How a form that is seen in a new state should look, and since when: with the fields of
        its other states, as long as all of those have the same. None where there are too few."""
        others = surfaces.c.place.startswith("\x1f".join((*seen.place[:3], "")), autoescape=True)
        rows = db.execute(surfaces.select().where(surfaces.c.portal == portal, others)).all()
        fields = {frozenset(item for item in row.good if item.sort in _FIELDS) for row in rows}
        if len(rows) < _ENOUGH or len(fields) > 1:
            return None
        (known,) = fields
        own = (item for item in seen.items if item.sort not in _FIELDS)
        return (*own, *sorted(known, key=lambda i: i.name)), min(row.first for row in rows)

    # telling

    @lasting
    def tell_in(self, run: str, ended: datetime | None) -> tuple[News, ...]:
        """What this run's report tells: what none has told yet too, as far as it was seen by the
        run's end."""
        of_run = [] if ended is None else [news.c.seen <= ended]
        return self._tell([news.c.run.is_(None), *of_run], run=run)

    @lasting
    def tell_now(self, portals: Collection[str]) -> tuple[News, ...]:
        """What was never told on a screen; it is from now on."""
        return self._tell(
            [news.c.portal.in_(portals), news.c.checked.is_(None)], checked=datetime.now(UTC)
        )

    def _tell(self, untold: list[sa.ColumnElement[bool]], **told: object) -> tuple[News, ...]:
        """How the pages were then is how they are known from now on."""
        these = sa.and_(news.c.varies.is_(False), *untold)
        here = news.c.portal == surfaces.c.portal, news.c.place == surfaces.c.place
        known = surfaces.update().where(sa.exists().where(*here, these))
        with self.engine.begin() as db:
            db.execute(known.values(good=surfaces.c.latest))
            db.execute(news.update().where(these).values(told))
        return tuple(row.content for row in fetch(self.engine, _ORDERED.filter_by(**told)))

    @lasting
    def told_in(self, run: str) -> tuple[News, ...]:
        """What this run's report tells."""
        return tuple(row.content for row in fetch(self.engine, _ORDERED.filter_by(run=run)))


def _row(portal: str, thing: str) -> sa.Update:
    return news.update().filter_by(portal=portal, thing=thing)
