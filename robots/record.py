"""The robot's database (`flows.store`): opened, and locked for one process where it must be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from flows.store.database import connect, probe, trouble_with
from flows.store.ledger import Ledger
from robots.failures import NotReady, RecordLost
from robots.run.lock import only_worker
from robots.settings import Settings


class RecordUnusable(NotReady):
    """The database cannot be opened, read or written."""

    def __init__(self, error: Exception) -> None:
        super().__init__(f"{_unusable(error)} No se tocó nada.")


def open_ledger(settings: Settings) -> Ledger:
    """Open the database, its tables made where they are not there; raises `RecordUnusable`."""
    try:
        ledger = Ledger(connect(settings.database))
        ledger.prepare()
    except (SQLAlchemyError, OSError) as error:
        raise RecordUnusable(error) from error
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
            raise RecordUnusable(error) from error
        try:
            yield ledger
        except SQLAlchemyError as error:
            raise RecordLost(
                f"{_unusable(error)} La ejecución se detuvo; al repetir la orden sigue donde "
                "quedó, y lo que ya se registró se encuentra y no se repite."
            ) from error


def _unusable(error: Exception) -> str:
    return f"No se puede usar la base de datos: {trouble_with(error)}."
