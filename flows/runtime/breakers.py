"""A breaker for each portal: one that fails again and again is left alone, and tried now and then.

It lies in the database, so that every seat and machine knows of it, and only one of them tries.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from loguru import logger

from flows.rules.case import Motivo
from flows.rules.endings import ending_of
from flows.runtime.changes import Change, Changes
from flows.store.database import change, clock, insert_if_absent, lasting
from flows.store.tables import breakers
from pages.contract.errors import (
    AccessDenied,
    Insecure,
    PageChanged,
    PortalDown,
    PortalError,
    PortalSlow,
    SessionBusy,
)
from pages.contract.missing import PageLook

#: asked before and after each visit; made once: anew each time it would cost three times as much
_OF_PORTAL = breakers.select().where(breakers.c.portal == sa.bindparam("name"))

#: what may pass: a handshake, too, can be cut off in a way that looks like no TLS
_COUNTED = (PortalDown, PortalSlow, Insecure)
#: where one more try at once can only do harm
_AT_ONCE = (SessionBusy, AccessDenied)
#: left alone for good: only a person can put it right
_FOR_A_PERSON = (AccessDenied, Insecure)


@dataclass(frozen=True)
class Breaker:
    """A portal's as it is now."""

    portal: str
    failures: int
    opened: datetime | None
    retry_at: datetime | None
    answered: datetime | None
    retries: int
    #: the last failure, as the report tells it
    motivo: Motivo
    what: str
    #: by the database's clock, when this was read
    now: datetime
    #: whether something is missing there for which somebody waits
    has_changed: bool

    @property
    def is_open(self) -> bool:
        return self.opened is not None

    @property
    def is_due(self) -> bool:
        """Whether somebody may try the portal again."""
        return self.retry_at is not None and self.retry_at <= self.now


@dataclass(frozen=True)
class BreakerState:
    """How somebody comes to a portal: kept out by its breaker, as the one that tries it, or freely.
    ``lacking`` is what was missing there when it began."""

    resting: Breaker | None = None
    tries: bool = False
    lacking: tuple[Change, ...] = ()


_FREELY = BreakerState()


class Breakers:
    """``failures`` in a row open a breaker; ``pauses`` are the seconds until each further try, the
    last one for all that follow."""

    def __init__(
        self,
        engine: sa.Engine,
        failures: int = 3,
        pauses: tuple[float, ...] = (15.0, 30.0, 60.0, 120.0, 300.0),
    ) -> None:
        self.engine = engine
        self.failures = failures
        self.pauses = pauses
        self.changes = Changes(engine)

    @lasting
    def state(self, portal: str) -> Breaker | None:
        """None where it never failed."""
        with self.engine.connect() as db:
            row = db.execute(_OF_PORTAL, {"name": portal}).one_or_none()
            if row is None:
                return None
            now = clock(db)
        has_changed = bool(row.opened and self.changes.lacking(portal))
        told = {"motivo": Motivo(row.motivo), "now": now, "has_changed": has_changed}
        return Breaker(**row._asdict() | told)

    @lasting
    def enter(self, portal: str) -> BreakerState:
        """Whether the portal may be used, be it as the one try that is due."""
        known = self.state(portal)
        if known is None or not known.is_open:
            return BreakerState()
        if not (known.is_due and self._claim(known)):
            return BreakerState(known)
        return BreakerState(tries=True, lacking=self.changes.lacking(portal))

    @lasting
    def failed(self, error: PortalError) -> None:
        """The portal failed; other errors than its own are no reason to leave it alone."""
        if isinstance(error, (*_COUNTED, *_AT_ONCE)):
            self._count(error, at_once=isinstance(error, _AT_ONCE))

    @lasting
    def open(self, error: PortalError) -> None:
        """It was looked at before the work began and will not do; what an earlier night counted
        makes no try later."""
        fresh = {"failures": 0, "retries": 0, "opened": None}
        change(self.engine, breakers.update().filter_by(portal=error.portal).values(fresh))
        self._count(error, at_once=True)

    @lasting
    def may_be_tried(self) -> None:
        """A person is there, who may have put right what was wrong: the next one tries at once,
        also a password that was refused."""
        with self.engine.begin() as db:
            db.execute(
                breakers.update().where(breakers.c.opened.is_not(None)).values(retry_at=clock(db))
            )

    @lasting
    def page_changed(self, error: PortalError) -> None:
        """A case ended for good at a page that is not as mapped: once is the case's own matter,
        again and again it is the portal."""
        self._count(error, at_once=False)

    @lasting
    def missed(self, error: PageChanged, version: str) -> None:
        """A page that has settled lacks what the map of this version names: the portal is left
        alone at once, until another case has it before it or a person says what it is called."""
        self.changes.missed(error, version)
        self._count(error, at_once=True)

    @lasting
    def map_is(self, portal: str, version: str) -> bool:
        """Whether the portal may be used by all again, as its map is another than the one by which
        something was missed."""
        if not self.changes.forget_other_maps(portal, version):
            return False
        logger.info("map_has_changed", portal=portal, map=version or None)
        fresh = {"failures": 0, "retries": 0, "opened": None, "retry_at": None}
        change(self.engine, breakers.update().filter_by(portal=portal).values(fresh))
        return True

    @lasting
    def answered(
        self,
        portal: str,
        entry: BreakerState = _FREELY,
        met: Set[PageLook] = frozenset(),
        version: str = "",
    ) -> None:
        """It did its part: whatever was counted is forgotten.

        Where something is missing, only the try that came to that page, and met it there, tells
        that the portal is as it was; any other leaves the next one to whoever comes.
        """
        known = self.state(portal)
        if known is None or not (known.failures or known.is_open):
            return
        lacking = self.changes.lacking(portal, version) if known.has_changed else ()
        found = [one for one in lacking if one in entry.lacking and one.absent.look in met]
        self.changes.meet(found)
        if len(found) < len(lacking):
            if entry.tries:
                mine = breakers.update().filter_by(portal=portal)
                change(self.engine, mine.values(retry_at=known.now))
            return
        if known.is_open:
            logger.info("portal_is_back", portal=portal)
        closed = known.now if known.is_open else known.answered
        fresh = {"failures": 0, "retries": 0, "opened": None, "retry_at": None, "answered": closed}
        change(self.engine, breakers.update().filter_by(portal=portal).values(fresh))

    def _count(self, error: PortalError, *, at_once: bool) -> None:
        mine = breakers.c.portal == error.portal
        with self.engine.begin() as db:
            now = clock(db)
            insert_if_absent(
                db,
                breakers,
                portal=error.portal,
                failures=0,
                retries=0,
                motivo=Motivo.PORTAL_NO_DISPONIBLE,
                what="",
            )
            db.execute(
                breakers.update()
                .where(mine)
                .values(
                    failures=breakers.c.failures + 1,
                    # one that fails while open was the try that was due
                    retries=breakers.c.retries + sa.case((breakers.c.opened.is_(None), 0), else_=1),
                    motivo=ending_of(error).motivo,
                    what=ending_of(error).detail,
                )
            )
            row = db.execute(breakers.select().where(mine)).one()
            if not row.opened and (at_once or row.failures >= self.failures):
                logger.warning("portal_left_alone", portal=error.portal, error=type(error).__name__)
            if row.opened or at_once or row.failures >= self.failures:
                nobody = isinstance(error, _FOR_A_PERSON)
                db.execute(
                    breakers.update()
                    .where(mine)
                    .values(
                        opened=row.opened or now,
                        retry_at=None if nobody else now + self._pause(row.retries),
                    )
                )

    def _pause(self, retries: int) -> timedelta:
        return timedelta(seconds=self.pauses[min(retries, len(self.pauses) - 1)])

    def _claim(self, known: Breaker) -> bool:
        """Whether this one is the one that tries: for everybody else the next try is later."""
        due = breakers.update().filter_by(portal=known.portal, retry_at=known.retry_at)
        later = known.now + self._pause(known.retries + 1)
        return change(self.engine, due.values(retry_at=later)) == 1
