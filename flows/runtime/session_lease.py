"""A user's one session in a portal that lets a user in once: whose it is, over all machines.

The lease lies in the database. A holder renews it while it lives, and hands it on where somebody
else waits. The robot's logins are noted beside it: a session that is open in the portal and began
with one of them is the robot's own, left by a process that died; any other is a person's.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from flows.store.database import change, clock, fetch_one, insert_if_absent, lasting
from flows.store.tables import sessions

#: how long a holder may be silent before it counts as dead
LEASE = timedelta(seconds=30)
#: how long a wish for the session holds without being repeated
_WISH = timedelta(seconds=5)
#: how far the portal's clock may be from ours, and how long a login may take
_BEFORE, _AFTER = timedelta(seconds=5), timedelta(seconds=15)
_LOGINS_KEPT = 20


class UserSession:
    """The session of one user in one portal, as ``holder`` sees it."""

    def __init__(self, engine: sa.Engine, portal: str, username: str, *, holder: str) -> None:
        self.engine = engine
        self.key = {"portal": portal, "username": username}
        self.holder = holder

    # who may be logged in

    @lasting
    def take(self) -> bool:
        """Whether it is ours now; if not, its holder sees that somebody waits for it."""
        columns = sessions.c
        with self.engine.begin() as db:
            insert_if_absent(db, sessions, **self.key, logins=[])
            now = clock(db)
            free = sa.or_(
                columns.holder.is_(None), columns.holder == self.holder, columns.until < now
            )
            taken = db.execute(
                sessions.update()
                .filter_by(**self.key)
                .where(free)
                .values(holder=self.holder, until=now + LEASE, wanted=None)
            )
            if taken.rowcount == 1:
                return True
            db.execute(sessions.update().filter_by(**self.key).values(wanted=now + _WISH))
            return False

    def keep(self) -> bool:
        """Renew it; whether it is surely still ours."""
        try:
            with self.engine.begin() as db:
                kept = db.execute(
                    sessions.update()
                    .filter_by(**self.key, holder=self.holder)
                    .values(until=clock(db) + LEASE)
                )
        except sa.exc.SQLAlchemyError:
            return False
        return kept.rowcount == 1

    @lasting
    def is_wanted(self) -> bool:
        """Whether somebody else waits for it."""
        with self.engine.connect() as db:
            wanted = db.scalar(sa.select(sessions.c.wanted).filter_by(**self.key))
            return wanted is not None and wanted > clock(db)

    @lasting
    def leave(self) -> None:
        """Whoever wants it may have it: we are logged out."""
        ours = sessions.update().filter_by(**self.key, holder=self.holder)
        change(self.engine, ours.values(holder=None, until=None))

    # whose the session is that the portal has open

    @lasting
    def began(self, since: datetime) -> bool:
        """Whether a session that is open since then began with a login of the robot's, earlier
        than the one that is under way. Its holder is dead: the lease is ours."""
        return any(moment - _BEFORE <= since <= moment + _AFTER for moment in self._logins()[:-1])

    @lasting
    def entering(self) -> None:
        """Noted before the login, so that a process that dies right after it has left its mark."""
        with self.engine.connect() as db:
            now = clock(db)
        self._note([*self._logins(), now][-_LOGINS_KEPT:])

    @lasting
    def stayed_out(self) -> None:
        """The login that was noted last did not come about."""
        self._note(self._logins()[:-1])

    def _logins(self) -> list[datetime]:
        found = fetch_one(self.engine, sessions.select().filter_by(**self.key))
        return found.logins if found else []

    def _note(self, logins: list[datetime]) -> None:
        with self.engine.begin() as db:
            insert_if_absent(db, sessions, **self.key, logins=[])
            db.execute(sessions.update().filter_by(**self.key).values(logins=logins))
