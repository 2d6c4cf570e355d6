"""What a fleet does in an hour and asks of PostgreSQL: ``python -m tests.benchmarks.fleet``.

The portals answer late (``--latency-ms``), as real ones do, so that the workers wait for them and
not for this machine's processors; what these had to do is told beside it. All workers are there
before the list is handed in, and the time counts from the first case that begins to the last that
ends.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from flows.store import tables
from flows.store.database import connect
from flows.store.ledger import Ledger
from tests.support.due import compare, the_list
from tests.support.fleet import all_ended, places
from tests.support.machine import wait_for
from tests.support.mock import MockPortals
from tests.support.postgres import server
from tests.support.robot import Robot, pids_of

#: both go to NINTEX, which allows a user many sessions
KINDS = ("configuration", "offered")


class Measured(NamedTuple):
    """``cores``: how many of this machine's were busy meanwhile, with whatever else was on it;
    ``own``: seconds of processor that the workers and their browsers had for a case."""

    workers: int
    cases: int
    seconds: float
    cores: float
    own: float
    connections: int
    transactions: float
    kilobytes: float

    @property
    def an_hour(self) -> float:
        return self.cases / self.seconds * 3600


def measure(workers: int, cases: int, seats: int, latency: int) -> Measured:
    """So many workers with an empty database and their own portals."""
    mock = MockPortals("--seed", "1", "--latency-ms", str(latency))
    with tempfile.TemporaryDirectory() as place, server() as postgres:
        folder = Path(place)
        try:
            mini, dues = the_list(folder, [KINDS[n % len(KINDS)] for n in range(cases)])
            mock.reset(mini.world)
            machines = [
                Robot(mock, folder / f"{n}", CARGOFIJO_DATABASE_URL=postgres.address)
                for n in range(workers)
            ]
            path = mini.list_at(folder / "lista.xlsx")
            database = connect(postgres.address)
            Ledger(database).prepare()
            running = [machine.start("worker", "--seats", str(seats)) for machine in machines]
            wait_for(lambda: len(places(database)) == workers, 300)
            before = _totals(database)
            busy, own, clock = _busy(), _own(machines), time.monotonic()
            submitted = machines[0].call("submit", str(path))
            assert submitted.code == 0, submitted.err
            connections = 0
            while not all_ended(database):
                connections = max(connections, _connections(database))
                time.sleep(1)
            cores = (_busy() - busy) / (time.monotonic() - clock)
            own = _own(machines) - own
            after = _totals(database)
            for process in running:
                process.terminate()
            for process in running:
                _, err = process.communicate()
                assert process.returncode == 0, err
            assert compare(dues, mock.state()).wrong == []
            seconds = _seconds(database)
            database.dispose()
        finally:
            mock.stop()
    return Measured(
        workers,
        cases,
        seconds,
        cores,
        own / cases,
        connections,
        (after[0] - before[0]) / cases,
        (after[1] - before[1]) / cases / 1024,
    )


def _seconds(database: sa.Engine) -> float:
    ended, started = tables.attempts.c.ended, tables.attempts.c.started
    with database.connect() as db:
        first, last = db.execute(sa.select(sa.func.min(started), sa.func.max(ended))).one()
        return float((last - first).total_seconds())


def _totals(database: sa.Engine) -> tuple[int, int]:
    """Transactions so far, and bytes of all tables with their indexes."""
    with database.connect() as db:
        transactions = db.scalar(
            sa.text("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
        )
        return transactions or 0, db.scalar(
            sa.text("SELECT pg_database_size(current_database())")
        ) or 0


def _connections(database: sa.Engine) -> int:
    """Of all workers, without this one."""
    with database.connect() as db:
        count = db.scalar(
            sa.text(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE application_name = 'cargofijo' AND pid <> pg_backend_pid()"
            )
        )
        return count or 0


def _busy() -> float:
    """Seconds of processor that this machine has spent since it started (Linux)."""
    user, nice, system, *_ = Path("/proc/stat").read_text().split("\n")[0].split()[1:]
    return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")


def _own(machines: Iterable[Robot]) -> float:
    """Seconds of processor so far of all their processes, and of those that these outlived."""
    ticks = 0
    for machine in machines:
        for pid in pids_of(machine):
            with suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--cases", type=int, default=12, help="for each worker")
    parser.add_argument("--seats", type=int, default=1)
    parser.add_argument("--latency-ms", type=int, default=800)
    options = parser.parse_args()
    first: Measured | None = None
    for workers in options.workers:
        load = os.getloadavg()[0]
        done = measure(workers, options.cases * workers, options.seats, options.latency_ms)
        first = first or done
        print(  # noqa: T201
            f"{workers} workers: {done.cases} cases in {done.seconds:.0f} s, "
            f"{done.an_hour:.0f} an hour, {done.an_hour / first.an_hour:.2f} times the first; "
            f"{done.cores:.2f} cores busy, {done.own:.1f} s of processor a case, load {load:.1f} "
            f"before; {done.connections} connections, "
            f"{done.transactions:.0f} transactions and {done.kilobytes:.0f} KB a case",
            flush=True,
        )


if __name__ == "__main__":
    main()
