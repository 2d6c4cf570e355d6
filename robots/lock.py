"""Who works on a database: one process at a time on SQLite; on PostgreSQL a fleet, each of its
processes under a name of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout

#: The first half of the key of each advisory lock that stands for a name: *carg*.
_NAMES = 0x63617267


class DatabaseBusy(Exception):
    """Another process works on this database; the text is one Spanish sentence."""


@contextmanager
def only_worker(database_url: str) -> Iterator[None]:
    """Holds the database for this process; the system frees it whatever way the process ends.

    Raises `DatabaseBusy`.
    """
    address = sa.make_url(database_url)
    if address.get_backend_name() != "sqlite" or not address.database:
        yield
        return
    path = Path(address.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_suffix(".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise DatabaseBusy(
            f"Otro proceso del robot está trabajando con {path}: espere a que termine."
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def worker_name(database: sa.Engine) -> Iterator[str]:
    """A name that nobody else works under meanwhile. What a process left undone is taken up by the
    next one of its name: names are few, and the lowest free one is taken."""
    if database.dialect.name != "postgresql":
        yield "local"  # alone, by `only_worker`
        return
    with database.connect() as held:
        held.detach()  # closed at the end and not kept in the pool: the lock goes with it
        for number in itertools.count(1):
            if held.scalar(sa.select(sa.func.pg_try_advisory_lock(_NAMES, number))):
                break
        held.commit()  # the lock is the connection's, not the transaction's
        yield f"worker-{number}"
