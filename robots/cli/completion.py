"""Shell completion: runs and references, from the database.

Nothing is made or changed for it, and where the record cannot be read nothing is suggested.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from robots.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from flows.store.ledger import Ledger

Suggestion = tuple[str, str]
#: whose cases are suggested; a shell shows no more at once
_RUNS = 5


def runs() -> list[Suggestion]:
    """The newest runs, with their lists."""
    return _from_record(lambda ledger: [(run.id, run.list_name) for run in ledger.runs()])


def waiting() -> list[Suggestion]:
    """The cases that wait for a supervisor's answer, with what is asked."""
    from flows.store.approvals import Approvals

    return _from_record(
        lambda ledger: [
            (asked.reference, str(asked.request["escenario"]))
            for asked in Approvals(ledger.engine).waiting()
        ]
    )


def cases() -> list[Suggestion]:
    """The cases of the newest runs, with how they stand."""
    from robots.reports.display_names import current_status

    def newest(ledger: Ledger) -> list[Suggestion]:
        rows = (row.reference for run in ledger.runs(_RUNS) for row in ledger.rows(run.id))
        known = ledger.latest(dict.fromkeys(filter(None, rows)))
        return [(reference, current_status(known[reference])) for reference in sorted(known)]

    return _from_record(newest)


def _from_record(read: Callable[[Ledger], list[Suggestion]]) -> list[Suggestion]:
    import sqlalchemy as sa
    import sqlalchemy.exc

    from flows.store.database import connect
    from flows.store.ledger import Ledger

    try:
        address = load_settings().database
        file = sa.make_url(address).database
        if address.startswith("sqlite") and not (file and Path(file).exists()):
            return []
        return read(Ledger(connect(address)))
    except (SettingsError, OSError, sqlalchemy.exc.SQLAlchemyError):
        return []


RunId = Annotated[str, typer.Argument(metavar="RUN", help="La ejecución.", autocompletion=runs)]
