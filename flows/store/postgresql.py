"""PostgreSQL: the connections to it, when it counts as away, and what it says where it refuses.

Which poolers may stand in between, and what a server that takes no writes is, is in
`docs/decisions/0050-poolers-and-read-only-times.md`.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

import psycopg
import sqlalchemy as sa

#: The driver that SQLAlchemy is told to use for ``postgresql://`` addresses.
_DRIVER = "postgresql+psycopg"
#: What a connection has unless the address says otherwise: a server that vanishes is noticed within
#: a minute. No `options` among it: PgBouncer refuses a session that begins with them.
_CONNECTION: dict[str, Any] = {
    "application_name": "cargofijo",
    "connect_timeout": 10,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
#: So a process that is frozen inside a transaction does not hold its locks for ever.
_IDLE, _IDLE_SECONDS = "idle_in_transaction_session_timeout", 30
#: connections that a process keeps, and those it may open for a moment
_POOL, _OVERFLOW = 4, 8
#: seconds in which a connection hears what another one tells it; it takes milliseconds
_HEARS = 5.0
#: SQLSTATE of a server that takes no writes: a standby, or one that is being relieved
_READ_ONLY = "25006"
#: how SQLSTATEs begin after which a connection is of no more use, though it may still stand: those
#: of a pooler without a server, of a server that ends or begins, and of one that takes no writes
_USELESS = ("08", "57P", _READ_ONLY)
#: of values and statements: a defect of the robot, and its text may carry what was written
_OWN_FAULTS = ("0A", "21", "22", "23", "42")
_NO_PERMISSION = "42501"
#: each server that was tried, and what came of it
_ATTEMPT = re.compile(r"connection to server .*? failed: (FATAL: +)?(.+)")
_POOLING_MODE = "pooling mode"


class NoSession(Exception):
    """What a connection begins does not stay with it from one transaction to the next."""

    def __init__(self) -> None:
        super().__init__(
            "el concentrador de conexiones que tiene delante (PgBouncer) no da al robot sesiones "
            "propias (modo transacción o sentencia), y las necesita para avisos y bloqueos; ponga "
            "en él pool_mode = session, o en database_url la dirección de PostgreSQL"
        )


def open_postgresql(address: sa.URL) -> sa.Engine:
    """An engine; opens nothing yet."""
    engine = sa.create_engine(
        address.set(drivername=_DRIVER),
        pool_pre_ping=True,
        hide_parameters=True,
        pool_size=_POOL,
        max_overflow=_OVERFLOW,
        connect_args={k: v for k, v in _CONNECTION.items() if k not in address.query},
    )
    sa.event.listen(engine, "handle_error", _drop_useless)
    if _IDLE not in str(address.query.get("options")):
        sa.event.listen(engine, "connect", _limit_idle)
    return engine


def _limit_idle(connection: psycopg.Connection, record: Any) -> None:
    connection.autocommit = True  # the pool's rollback would undo it
    connection.execute(f"SET {_IDLE} = '{_IDLE_SECONDS}s'".encode())
    connection.autocommit = False


def _drop_useless(context: sa.engine.ExceptionContext) -> None:
    """The pool drops its connections, and the error is told as a lost connection, for which both
    `lasting` and the durable engine wait."""
    if (getattr(context.original_exception, "sqlstate", None) or "").startswith(_USELESS):
        context.is_disconnect = True


def is_away(error: Exception) -> bool:
    """Whether the database, or a connection to it, is to be waited for."""
    if isinstance(error, sa.exc.DBAPIError):
        return error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError)
    return isinstance(error, sa.exc.TimeoutError)  # each connection of the pool waits for it


def require_sessions(engine: sa.Engine) -> None:
    """Raises `NoSession` where a pooler hands the server's sessions from client to client.

    A connection that listens and asks nothing is told what another one says. Behind such a pooler
    it has no server meanwhile, however few there are: nothing but this tells for certain, since
    what is set in a session is still there for whoever happens to get the same server again.
    """
    channel = f"cargofijo_{secrets.token_hex(8)}"
    with _statement_by_statement(engine) as held, _statement_by_statement(engine) as other:
        held.exec_driver_sql(f"LISTEN {channel}")
        other.exec_driver_sql(f"NOTIFY {channel}")
        listening = held.connection.driver_connection
        assert isinstance(listening, psycopg.Connection)
        heard = list(listening.notifies(timeout=_HEARS, stop_after=1))
        held.exec_driver_sql("SELECT 1")  # a server that was slow has sent it before its answer
        if not heard and not list(listening.notifies(timeout=0)):
            raise NoSession
        held.exec_driver_sql(f"UNLISTEN {channel}")


def _statement_by_statement(engine: sa.Engine) -> sa.Connection:
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def place_of(address: sa.URL) -> str:
    """Name and server, for people; of a password with an «@» that was not encoded, nothing."""
    host = str(address.host or address.query.get("host") or "localhost").rpartition("@")[2]
    return f"{address.database or ''} en {host}:{address.port or 5432}".strip()


def trouble_with(error: psycopg.Error) -> str:
    """Why it cannot be used, and what to do: the rest of a Spanish sentence, with the server's own
    words."""
    state = error.sqlstate or ""
    said = error.diag.message_primary or ""
    if _POOLING_MODE in said:
        return str(NoSession())
    if state.startswith(_READ_ONLY):
        return (
            f"está en solo lectura («{said}»), como mientras un servidor releva a otro; espere a "
            "que vuelva, o ponga en database_url la dirección del principal"
        )
    if state == _NO_PERMISSION:
        return f"no permite al robot lo que necesita («{said}»); revise los permisos de su usuario"
    if state.startswith(_OWN_FAULTS):
        return f"falló ({type(error).__name__})"
    tried = dict.fromkeys(_ATTEMPT.findall(str(error)))
    if any(refused for refused, _ in tried):
        said = "; ".join(words.strip() for refused, words in tried if refused)
        return f"rechaza la conexión («{said}»); corrija lo que dice, o espere si es pasajero"
    said = said or "; ".join(words.strip() for _, words in tried)
    told = f" («{said}»)" if said else ""
    return f"no responde{told}; revise que esté en marcha y que se llegue a ella"
