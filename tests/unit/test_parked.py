"""The waiting room: who is called, when, and by one machine only."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from flows.runtime.breakers import Breakers
from flows.runtime.parked import ParkedCases, Resumer
from flows.store.tables import breakers as breaker_table
from flows.store.tables import waiting as table
from pages.contract.errors import PortalDown

Called = list[tuple[str, int, int]]
ALL = {(name, 1) for name in "abc"}


@pytest.fixture
def room(database: sa.Engine) -> ParkedCases:
    """Case ``a`` came first."""
    made = ParkedCases(database)
    for name in "abc":
        made.enter(name, 1, "Remedy", 6)
    return made


@pytest.fixture
def breakers(database: sa.Engine) -> Breakers:
    made = Breakers(database, failures=1, pauses=(100.0,))
    made.failed(PortalDown("Remedy", "/arsys", "respondió con error 503"))
    return made


@pytest.fixture
def called() -> Called:
    return []


@pytest.fixture
def resumer(room: ParkedCases, breakers: Breakers, called: Called) -> Resumer:
    return make_usher(room, breakers, called, lambda *_: True)


def make_usher(
    room: ParkedCases,
    breakers: Breakers,
    called: Called,
    may_wait: Callable[[datetime, bool], bool],
    version: str = "",
) -> Resumer:
    async def again(*case: Any) -> None:
        called.append(case)

    return Resumer(
        room, breakers, may_wait=may_wait, map_version=lambda portal: version, again=again
    )


def due(database: sa.Engine) -> None:
    with database.begin() as db:
        opened = db.execute(sa.select(breaker_table.c.opened)).scalar_one()
        db.execute(breaker_table.update().values(retry_at=opened - timedelta(seconds=1)))


def test_while_the_portal_rests_nobody_is_called(
    resumer: Resumer, called: Called, run: Any
) -> None:
    assert run(resumer.look(ALL)) == ALL
    assert called == []


def test_where_it_may_be_tried_one_is_called_and_the_next_time_another(
    resumer: Resumer, room: ParkedCases, breakers: Breakers, called: Called, run: Any
) -> None:
    due(room.engine)
    run(resumer.look(ALL))
    run(resumer.look(ALL))
    assert called == [("a", 1, 6)]
    room.enter("a", 1, "Remedy", 6)  # it tried in vain
    run(make_usher(room, breakers, called, lambda *_: True).look(ALL))
    assert called == [("a", 1, 6), ("b", 1, 6)]


def test_once_it_answers_all_are_called(
    resumer: Resumer, breakers: Breakers, called: Called, run: Any
) -> None:
    breakers.answered("Remedy")
    run(resumer.look(ALL))
    assert called == [("a", 1, 6), ("b", 1, 6), ("c", 1, 6)]
    run(resumer.look(ALL))
    assert len(called) == 3


def test_whose_time_is_over_is_called_to_end(
    room: ParkedCases, breakers: Breakers, called: Called, run: Any
) -> None:
    run(make_usher(room, breakers, called, lambda *_: False).look(ALL))
    assert len(called) == 3


def test_those_of_another_run_are_left_alone(
    resumer: Resumer, breakers: Breakers, called: Called, run: Any
) -> None:
    breakers.answered("Remedy")
    assert run(resumer.look({("b", 1)})) == {("b", 1)}
    assert called == [("b", 1, 6)]


def test_of_all_machines_one_calls(room: ParkedCases) -> None:
    case = room.parked()[0]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: room.call(case), range(8))).count(True) == 1


def test_who_comes_again_has_been_waiting_since_the_first_time(room: ParkedCases) -> None:
    first = room.since("a", 1, "Remedy")
    assert first is not None
    with room.engine.begin() as db:
        db.execute(table.update().values(since=first - timedelta(hours=1)))
    room.enter("a", 1, "Remedy", 6)
    assert room.since("a", 1, "Remedy") == first - timedelta(hours=1)
    room.enter("b", 1, "Remedy", 9)
    room.enter("c", 1, "NINTEX", 6)
    later = room.since("b", 1, "Remedy")
    assert later is not None and later >= first
    assert room.since("c", 1, "Remedy") is None


def test_a_case_that_ended_is_gone(room: ParkedCases) -> None:
    room.leave("b", 1)
    assert [case.reference for case in room.parked()] == ["a", "c"]
    assert room.since("b", 1, "Remedy") is None
