"""The database: an SQLite file for one machine, PostgreSQL for a fleet, the same tables in both."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

#: The driver that SQLAlchemy is told to use for ``postgresql://`` addresses.
_DRIVER = "postgresql+psycopg"


def connect(url: str) -> sa.Engine:
    """An engine for ``sqlite:///…`` or ``postgresql://…``; opens nothing yet."""
    address = sa.make_url(url)
    if address.get_backend_name() == "postgresql":
        return sa.create_engine(address.set(drivername=_DRIVER), pool_pre_ping=True)
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(address)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # libsqlite before 3.42 has no unixepoch('subsec'), which the durable engine's tables use.
    connection.create_function("unixepoch", -1, lambda *_: time.time())
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.close()
