"""A place in the fleet: held, lost, taken over, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa

import flows.runtime.heartbeat
import flows.store.database
from flows.runtime.heartbeat import Heartbeat
from flows.runtime.submit_journal import JournalState, SubmitJournal
from flows.store import tables
from flows.store.database import connect
from flows.store.ledger import Ledger
from tests.support.machine import ROOT
from tests.support.postgres import Server

Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Lost(Exception):
    pass


@pytest.fixture
def database(postgres: Server) -> Iterator[sa.Engine]:
    engine = connect(postgres.new_database())
    Ledger(engine).prepare()
    yield engine
    engine.dispose()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.runtime.heartbeat, "BEAT", 0.05)
    monkeypatch.setattr(flows.runtime.heartbeat, "SILENCE", 0.5)


def entered(database: sa.Engine, kind: str = "") -> Heartbeat:
    def lost() -> None:
        raise Lost

    heartbeat = Heartbeat(database, kind, lost=lost)
    heartbeat.enter(seats=1, version="1")
    return heartbeat


@asynccontextmanager
async def keeping(heartbeat: Heartbeat, adopt: Callable[[str], None]) -> AsyncIterator[None]:
    task = asyncio.create_task(heartbeat.keep(adopt))
    try:
        yield
    finally:
        task.cancel()


async def until(found: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not found():  # noqa: ASYNC110 (it looks into a database)
            await asyncio.sleep(0.02)


def test_one_who_falls_silent_is_taken_over_by_one_of_the_others(
    database: sa.Engine, quick: None, run: Run
) -> None:
    silent, *living = (entered(database) for _ in range(4))
    adopted: list[str] = []

    async def story() -> None:
        async with (
            keeping(living[0], adopted.append),
            keeping(living[1], adopted.append),
            keeping(living[2], adopted.append),
        ):
            await until(lambda: bool(adopted))
            await until(lambda: silent.name not in names(database))

    run(story())
    assert adopted == [silent.name]
    assert names(database) == {heartbeat.name for heartbeat in living}


def test_one_who_leaves_is_taken_over_at_once(
    database: sa.Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.runtime.heartbeat, "BEAT", 0.05)  # and all of the silence
    leaving, staying = entered(database), entered(database)
    leaving.leave()
    adopted: list[str] = []

    async def story() -> None:
        async with keeping(staying, adopted.append):
            await until(lambda: bool(adopted))

    run(story())
    assert adopted == [leaving.name]


def test_one_who_wakes_without_a_place_hands_nothing_over(database: sa.Engine) -> None:
    frozen = entered(database)
    journal = SubmitJournal(database, frozen)
    journal.begin("CF-1", "file_request")
    with database.begin() as db:
        db.execute(tables.workers.delete().filter_by(name=frozen.name))
    with pytest.raises(Lost):
        journal.begin("CF-2", "file_request")
    assert journal.state("CF-1", "file_request") is JournalState.BEGUN
    assert journal.state("CF-2", "file_request") is JournalState.NONE


def test_one_who_wakes_while_it_is_taken_over_waits_and_then_has_lost(
    database: sa.Engine, quick: None, run: Run
) -> None:
    frozen, living = entered(database), entered(database)
    outcome: list[str] = []

    def confirm() -> None:
        try:
            with database.begin() as db:
                frozen.confirm(db)
        except Lost:
            outcome.append("lost")
        else:
            outcome.append("held")

    waking = threading.Thread(target=confirm)

    def adopt(name: str) -> None:
        waking.start()
        waking.join(0.3)  # it cannot get through while its cases are handed on
        outcome.append("adopted")

    async def story() -> None:
        async with keeping(living, adopt):
            await until(lambda: len(outcome) == 2)

    run(story())
    assert outcome == ["adopted", "lost"]


def test_silence_that_nobody_could_hear_is_not_held_against_anyone(
    postgres: Server, database: sa.Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is away for longer than anyone may be silent."""
    monkeypatch.setattr(flows.runtime.heartbeat, "BEAT", 0.1)
    monkeypatch.setattr(flows.runtime.heartbeat, "SILENCE", 4.0)
    monkeypatch.setattr(flows.store.database, "_TRIES", (0.1,))
    one, other = entered(database), entered(database)
    adopted: list[str] = []

    async def story() -> None:
        async with keeping(one, adopted.append), keeping(other, adopted.append):
            before = beats(database)
            postgres.stop()
            await asyncio.sleep(flows.runtime.heartbeat.SILENCE + 1)
            postgres.start()
            await until(lambda: all(beats(database)[n] > before[n] for n in before))

    run(story())
    assert adopted == []
    assert names(database) == {one.name, other.name}


@pytest.mark.full
def test_tables_are_made_once_however_many_start(postgres: Server) -> None:
    """The robot's own and the engine's, by processes that start at the same moment."""
    url = postgres.new_database()
    code = (
        "import os, sys; from flows.store.database import connect;"
        "from flows.store.ledger import Ledger;"
        "from flows.runtime.workflows import migrate;"
        "e = connect(os.environ['URL']); sys.stdin.readline();"
        "Ledger(e).prepare(); migrate(e)"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "URL": url},
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    results = []
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        _, err = process.communicate(timeout=120)
        results.append((process.returncode, err))
    assert results == [(0, "")] * len(processes)


def names(database: sa.Engine) -> set[str]:
    return set(beats(database))


def beats(database: sa.Engine) -> dict[str, Any]:
    with database.connect() as db:
        return {row.name: row.beat for row in db.execute(tables.workers.select())}
