"""Lock of an SQLite database for one process; on PostgreSQL a fleet works
(`flows/runtime/heartbeat.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout

from robots.failures import BUSY, CommandFailed


class DatabaseBusy(CommandFailed):
    """Another process works on this database."""

    exit_code = BUSY


@contextmanager
def only_worker(database_url: str) -> Iterator[None]:
    """Lock the database for this process; the system frees it whatever way the process ends.

    Raises `DatabaseBusy`.
    """
    address = sa.make_url(database_url)
    if address.get_backend_name() != "sqlite" or not address.database:
        yield
        return
    path = Path(address.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        held = FileLock(path.with_suffix(".lock")).acquire(timeout=0)
    except Timeout:
        raise DatabaseBusy(
            f"Otro proceso del robot está trabajando con {path}: espere a que termine."
        ) from None
    with held:
        yield
