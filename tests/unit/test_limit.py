"""How much a run may submit, whoever does it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from flows.runtime.write_limit import WriteLimit
from flows.store.ledger import Ledger, Run, RunRow

START = datetime(2026, 11, 20, 20, tzinfo=UTC)


def begun(database: sa.Engine, name: str, *references: str, dry_run: bool = False) -> None:
    """A run whose list names these cases; later than those before it."""
    ledger = Ledger(database)
    run = Run(
        id=name,
        list_name="lista.xlsx",
        headers=(),
        requested_by="ana",
        dry_run=dry_run,
        started=START + timedelta(hours=len(ledger.runs())),
        ended=None,
    )
    rows = [RunRow(position=n, reference=r, content="") for n, r in enumerate(references)]
    ledger.open_run(run, rows)


def test_machines_that_submit_at_once_do_not_pass_it_together(database: sa.Engine) -> None:
    begun(database, "night", "CF-1", "CF-2")

    def take(number: int) -> bool:
        return WriteLimit(database, 7).take(f"CF-{number % 2 + 1}")

    with ThreadPoolExecutor(6) as machines:
        taken = list(machines.map(take, range(20)))
    assert taken.count(True) == 7
    assert WriteLimit(database, 7).is_reached("CF-1")
    assert not WriteLimit(database, 8).is_reached("CF-2")


def test_each_run_has_its_own_and_a_case_counts_for_the_newest(database: sa.Engine) -> None:
    limit = WriteLimit(database, 1)
    begun(database, "first", "CF-1", "CF-2")
    assert limit.take("CF-1") and not limit.take("CF-2")
    begun(database, "simulated", "CF-2", dry_run=True)
    assert not limit.take("CF-2")
    begun(database, "second", "CF-2")
    assert not limit.is_reached("CF-2")
    assert limit.take("CF-2") and not limit.take("CF-2")
    assert limit.is_reached("CF-1")


def test_a_case_of_another_list_counts_for_the_run_that_takes_it_up(database: sa.Engine) -> None:
    begun(database, "night", "CF-1")
    Ledger(database).chase("night", ["CF-old"])
    limit = WriteLimit(database, 1)
    assert limit.take("CF-old") and not limit.take("CF-1")


def test_what_is_in_no_run_at_work_is_not_limited(database: sa.Engine) -> None:
    begun(database, "over", "CF-1")
    limit = WriteLimit(database, 1)
    assert limit.take("CF-1") and limit.is_reached("CF-1")
    Ledger(database).end_run("over")
    assert limit.take("CF-1") and limit.take("CF-1") and not limit.is_reached("CF-1")
    assert WriteLimit(database, None).take("CF-1")
