"""Several worker processes on one PostgreSQL: killed, frozen, limited, cut off, of two versions."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

import flows.runtime.workflows
from flows.runtime.queue_client import QueueClient
from flows.store import tables
from flows.store.database import connect
from tests.robot.toy_worker import STEPS, metadata, told, toy
from tests.support.machine import ROOT
from tests.support.postgres import Server

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


class Toys:
    """Workers, and what they told. All of a story on a database of its own."""

    def __init__(self, postgres: Server) -> None:
        self.url = postgres.new_database()
        self.database = connect(self.url)
        metadata.create_all(self.database)
        self.workers: list[subprocess.Popen[str]] = []

    def start(
        self, seats: int = 1, *, fleet_seats: int = 0, seconds: float = 0.5, version: str = "1"
    ) -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.robot.toy_worker"],
            cwd=ROOT,
            env={
                **os.environ,
                "TOY_URL": self.url,
                "TOY_SEATS": str(seats),
                "TOY_FLEET_SEATS": str(fleet_seats),
                "TOY_SECONDS": str(seconds),
                "TOY_VERSION": version,
            },
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.workers.append(worker)
        return worker

    def ready(self) -> None:
        """All of them are at work."""
        for worker in self.workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"

    def hand_in(self, count: int, version: str = "1") -> list[str]:
        references = [f"CF-{version}-{number}" for number in range(count)]
        queue_client = QueueClient(self.database)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(flows.runtime.workflows, "FLOW", toy.__name__)
            patch.setattr(flows.runtime.workflows, "FLOW_VERSION", version)
            asyncio.run(queue_client.enqueue((name, 1) for name in references))
        queue_client.close()
        return references

    def told(self) -> list[Any]:
        with self.database.connect() as db:
            return list(db.execute(told.select().order_by(told.c.began)))

    def by_worker(self) -> dict[int, list[Any]]:
        return {w.pid: [row for row in self.told() if row.worker == w.pid] for w in self.workers}

    def pending(self) -> set[str]:
        """Whose cases are under way: the names of workers."""
        query = sa.text("SELECT executor_id FROM dbos.workflow_status WHERE status = 'PENDING'")
        with self.database.connect() as db:
            return set(db.scalars(query))

    def done(self) -> bool:
        query = sa.text("SELECT count(*) FROM dbos.workflow_status WHERE status <> 'SUCCESS'")
        with self.database.connect() as db:
            return db.scalar(query) == 0

    def places(self) -> int:
        with self.database.connect() as db:
            return db.scalar(sa.select(sa.func.count()).select_from(tables.workers)) or 0

    def end(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGCONT)
                worker.kill()
            worker.communicate()
        self.database.dispose()


@pytest.fixture
def toys(postgres: Server) -> Iterator[Toys]:
    made = Toys(postgres)
    try:
        yield made
    finally:
        made.end()


def until(found: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, "it never came to this"
        time.sleep(0.05)


@pytest.mark.full
def test_one_of_three_is_killed_and_one_frozen(toys: Toys) -> None:
    """The third does what they left. The frozen one wakes in the middle of a step, before it hands
    over what the third has handed over meanwhile, and ends by itself."""
    references = toys.hand_in(7)
    killed, frozen, living = (toys.start() for _ in range(3))
    toys.ready()
    until(lambda: len(toys.pending()) == 3 and all(map(len, toys.by_worker().values())))
    frozen.send_signal(signal.SIGSTOP)
    killed.kill()
    told_before = toys.by_worker()[frozen.pid]
    until(toys.done)
    assert toys.places() == 1
    frozen.send_signal(signal.SIGCONT)
    assert frozen.wait(60) == 1
    assert toys.by_worker()[frozen.pid] == told_before
    assert living.poll() is None
    steps = {(row.reference, row.step) for row in toys.told()}
    assert steps == {(name, step) for name in references for step in range(STEPS)}
    # Told twice is only what had been told, and not yet recorded, when its worker ended.
    assert len(toys.told()) <= len(steps) + 2


@pytest.mark.full
def test_each_worker_takes_as_many_as_it_has_seats(toys: Toys) -> None:
    toys.hand_in(12)
    small, large = toys.start(1), toys.start(3)
    toys.ready()
    until(toys.done)
    assert most_at_once(toys.by_worker()[small.pid]) == 1
    assert most_at_once(toys.by_worker()[large.pid]) == 3


@pytest.mark.full
def test_the_fleet_never_has_more_cases_at_work_than_it_may(toys: Toys) -> None:
    toys.hand_in(12)
    for _ in range(3):
        toys.start(2, fleet_seats=3)
    toys.ready()
    until(toys.done)
    assert most_at_once(toys.told()) == 3
    assert len(toys.by_worker()) == 3


@contextmanager
def away(postgres: Server, how: str) -> Iterator[None]:
    """Stopped, or in a state in which it takes no writes."""
    if how == "refusing":
        with postgres.refusing_writes():
            yield
    elif how == "standby":
        postgres.become_standby()
        yield
        postgres.promote()
    else:
        postgres.stop(how)
        yield
        postgres.start()


@pytest.mark.full
@pytest.mark.parametrize("how", ["fast", "immediate", "refusing", "standby"])
def test_a_database_that_was_away_costs_nothing(postgres: Server, toys: Toys, how: str) -> None:
    references = toys.hand_in(8)
    for _ in range(3):
        toys.start(1)
    toys.ready()
    until(lambda: len(toys.told()) >= 4)
    with away(postgres, how):
        time.sleep(5)  # longer than anyone may be silent
    until(toys.done)
    told_once = [(row.reference, row.step) for row in toys.told()]
    assert set(told_once) == {(name, step) for name in references for step in range(STEPS)}
    assert all(worker.poll() is None for worker in toys.workers)
    assert toys.places() == 3


@pytest.mark.full
def test_two_versions_side_by_side_finish_their_own_cases(toys: Toys) -> None:
    """Also those of a worker that died, whichever version notices it first."""
    toys.hand_in(4, "1")
    toys.hand_in(2, "2")
    killed, old, new = (toys.start(version=version) for version in "112")
    toys.ready()
    until(lambda: all(map(len, toys.by_worker().values())))
    killed.kill()
    until(toys.done)
    assert toys.places() == 2
    assert toys.by_worker()[old.pid]
    for row in toys.told():
        assert (row.worker == new.pid) == row.reference.startswith("CF-2")


@pytest.mark.full
def test_what_a_version_left_that_nobody_has_is_begun_anew(toys: Toys) -> None:
    references = toys.hand_in(3, "1")
    old = toys.start(version="1")
    toys.ready()
    until(lambda: bool(toys.told()))
    old.kill()
    new = toys.start(version="2")
    until(toys.done)
    begun = {(row.reference, row.step) for row in toys.by_worker()[new.pid]}
    assert begun == {(name, step) for name in references for step in range(STEPS)}


def most_at_once(rows: list[Any]) -> int:
    """How many were at work at the same moment."""
    return max(sum(row.began <= moment.began < row.ended for row in rows) for moment in rows)
