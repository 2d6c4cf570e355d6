"""The database: an SQLite file for one machine, PostgreSQL for a fleet, the same tables in both."""

from __future__ import annotations

import errno
import functools
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import psycopg
import sqlalchemy as sa
from loguru import logger
from sqlalchemy.dialects import postgresql, sqlite

from flows.store import tables
from flows.store.postgresql import NoSession, is_away, open_postgresql
from flows.store.postgresql import trouble_with as postgresql_trouble

P = ParamSpec("P")
T = TypeVar("T")

#: The key of the advisory lock under which tables are made: *cargofij*.
_MAKING = 0x636172676F66696A
#: how long making them may take
_MAKES = "5min"
#: seconds between two tries to reach a database that is away; the last one for every further try
_TRIES = (0.2, 0.5, 1.0, 2.0, 5.0)
#: values in a statement, or rows in a transaction
_AT_ONCE = 500
#: by each SQLite connection: a question about 2,000 cases is a statement of 400 KB, and another one
#: for each number of cases that are left, of which Python would keep the last 128
_KEPT_STATEMENTS = 32


def in_parts(values: Iterable[T]) -> Iterator[list[T]]:
    """By so many as one statement or transaction takes: many are quick, too many are refused."""
    every = list(values)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def connect(url: str) -> sa.Engine:
    """An engine for ``sqlite:///…`` or ``postgresql://…``; opens nothing yet."""
    address = sa.make_url(url)
    if address.get_backend_name() == "postgresql":
        return open_postgresql(address)
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        address,
        hide_parameters=True,  # an error's text would carry them
        connect_args={"cached_statements": _KEPT_STATEMENTS},
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def fetch(engine: sa.Engine, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
    with engine.connect() as db:
        return db.execute(query).all()


def fetch_one(engine: sa.Engine, query: sa.Select[Any]) -> sa.Row[Any] | None:
    """None where there is no such row; it is an error where there are several."""
    with engine.connect() as db:
        return db.execute(query).one_or_none()


def fetch_among(
    engine: sa.Engine, query: sa.Select[Any], column: sa.ColumnElement[str], values: Iterable[str]
) -> Iterator[sa.Row[Any]]:
    """The rows in which the column has one of these values, however many they are."""
    with engine.connect() as db:
        for part in in_parts(values):
            yield from db.execute(query.where(column.in_(part)))


def change(engine: sa.Engine, *statements: sa.UpdateBase) -> int:
    """All of them or none; gives how many rows the last one changed."""
    changed = 0
    with engine.begin() as db:
        for statement in statements:
            changed = db.execute(statement).rowcount
    return changed


def clock(db: sa.Connection) -> datetime:
    """The time by the database's clock: what machines compare must not depend on their own."""
    if db.dialect.name == "postgresql":
        moment: datetime = db.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        return moment
    return datetime.now(UTC)


def insert_if_absent(db: sa.Connection, table: sa.Table, **values: Any) -> None:
    """A row, unless there is one of its key; two that try it at once are no error."""
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    db.execute(dialect.insert(table).values(values).on_conflict_do_nothing())


def is_shared(engine: sa.Engine) -> bool:
    """Whether several processes, on several machines, work with it at a time."""
    return engine.dialect.name == "postgresql"


@contextmanager
def making_tables(engine: sa.Engine) -> Iterator[None]:
    """One process at a time makes or changes tables, however many start at once."""
    if not is_shared(engine):
        yield
        return
    # In no transaction, and asked for again and again: indexes that are made beside running work
    # (CREATE INDEX CONCURRENTLY) wait for every transaction, this one's and one that waits here.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as held:
        held.detach()  # its end frees the lock, and its settings are its own
        if (held.dialect.server_version_info or ()) >= (14,):
            held.execute(sa.text(f"SET idle_session_timeout = '{_MAKES}'"))  # frozen, it loses it
        while not held.scalar(sa.select(sa.func.pg_try_advisory_lock(_MAKING))):
            time.sleep(0.1)
        yield


def lasting(work: Callable[P, T]) -> Callable[P, T]:
    """For what may be done twice: where the database goes away meanwhile, it is waited for, however
    long it takes, and ``work`` is done again. The durable engine waits in the same way."""

    @functools.wraps(work)
    def done(*args: P.args, **kwargs: P.kwargs) -> T:
        tries = 0
        while True:
            try:
                return work(*args, **kwargs)
            except sa.exc.SQLAlchemyError as error:
                if not is_away(error):
                    raise
                cause = getattr(error, "orig", None) or error
                logger.warning(
                    "{}: the database is away ({}, SQLSTATE {})",
                    work.__name__,
                    type(cause).__name__,
                    getattr(cause, "sqlstate", None) or "unknown",
                )
                time.sleep(_TRIES[min(tries, len(_TRIES) - 1)])
                tries += 1

    return done


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # libsqlite before 3.42 has no unixepoch('subsec'), which the durable engine's tables use.
    connection.create_function("unixepoch", -1, lambda *_: time.time())
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.close()


def probe(engine: sa.Engine) -> None:
    """Write what is there already; raises where nothing can be written. On SQLite alone: there the
    durable engine waits without end for a lock or for space on the disk, and says nothing."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as db:
        version = db.exec_driver_sql("PRAGMA user_version").scalar_one()
        db.exec_driver_sql(f"PRAGMA user_version = {version}")


def try_write(engine: sa.Engine) -> None:
    """Write, and undo it; raises where nothing can be written. Its tables must be there."""
    with engine.connect() as db:
        db.execute(tables.breakers.delete().where(tables.breakers.c.portal == ""))
        db.rollback()


#: What went wrong with the database, or with a file, and what to do about it; by what the driver's
#: text or the system's error says.
_TROUBLES = (
    (("disk is full", "No space left"), "no queda espacio en el disco; libere espacio"),
    (("is locked",), "otro programa la tiene bloqueada; ciérrelo"),
    (
        ("not a database", "malformed", "corrupt"),
        "está dañada; guárdela aparte, con los archivos de su mismo nombre, y el robot empezará "
        "una nueva",
    ),
    (("readonly", "unable to open"), "no se puede escribir en ella; revise sus permisos"),
    (("disk I/O",), "falló el disco; revíselo"),
)


def trouble_with(error: Exception) -> str:
    """Why the database cannot be used, and what to do: the rest of a Spanish sentence."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, psycopg.Error):
        return postgresql_trouble(cause)
    if isinstance(cause, NoSession):
        return str(cause)
    words = str(cause) if isinstance(cause, sqlite3.Error | OSError) else ""
    if isinstance(cause, OSError) and cause.errno == errno.ENOSPC:
        words = "disk is full"
    for signs, told in _TROUBLES:
        if any(sign in words for sign in signs):
            return told
    if isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError | sa.exc.TimeoutError):
        return "no responde; revise que esté en marcha y que se llegue a ella"
    return f"falló ({type(error).__name__})"
