"""The robot's database (`flows.store`): opened, and locked for one process where it must be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from flows.store.database import connect, is_shared, probe, trouble_with, try_write
from flows.store.ledger import Ledger
from flows.store.postgresql import NoSession, place_of, require_sessions
from robots.failures import NotReady, RecordLost
from robots.logs import masked
from robots.run.lock import only_worker
from robots.settings import Settings


class RecordUnusable(NotReady):
    """The database cannot be opened, read or written."""

    def __init__(self, error: Exception, url: sa.URL) -> None:
        super().__init__(f"{_unusable(error, url)} No se tocó nada.")


def open_ledger(settings: Settings) -> Ledger:
    """Open the database, its tables made where they are not there; raises `RecordUnusable`."""
    url = sa.make_url(settings.database)
    try:
        engine = connect(settings.database)
        if is_shared(engine):
            require_sessions(engine)
        ledger = Ledger(engine)
        ledger.prepare()
    except (SQLAlchemyError, OSError, NoSession) as error:
        raise RecordUnusable(error, url) from error
    return ledger


def open_to_write(settings: Settings) -> Ledger:
    """Open the database for what is handed in, not worked on; raises `RecordUnusable` where it
    takes no writes."""
    ledger = open_ledger(settings)
    try:
        try_write(ledger.engine)
    except SQLAlchemyError as error:
        raise RecordUnusable(error, ledger.engine.url) from error
    return ledger


@contextmanager
def own_ledger(settings: Settings) -> Iterator[Ledger]:
    """Open the database for this process alone; raises `DatabaseBusy`, `RecordUnusable`, and
    `RecordLost` from within."""
    with only_worker(settings.database):
        ledger = open_ledger(settings)
        try:
            probe(ledger.engine)
        except SQLAlchemyError as error:
            raise RecordUnusable(error, ledger.engine.url) from error
        try:
            yield ledger
        except SQLAlchemyError as error:
            raise lost(error, ledger.engine.url) from error


def lost(error: Exception, url: sa.URL | None = None) -> RecordLost:
    """What a command ends with that the database has left in the middle."""
    return RecordLost(
        f"{_unusable(error, url)} Se detuvo; al repetir la orden sigue donde quedó, y lo que ya "
        "se registró se encuentra y no se repite."
    )


def _unusable(error: Exception, url: sa.URL | None) -> str:
    name = "" if url is None or url.get_backend_name() == "sqlite" else f" {place_of(url)}"
    return masked(f"No se puede usar la base de datos{name}: {trouble_with(error)}.")
