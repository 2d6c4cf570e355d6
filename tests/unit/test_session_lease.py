"""A user's one session: one holder over all machines, and whose orphan an open session is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from flows.runtime.session_lease import LEASE, UserSession
from flows.store.tables import sessions


class Machines:
    def __init__(self, database: sa.Engine) -> None:
        self.database = database

    def __getitem__(self, name: str) -> UserSession:
        return UserSession(self.database, "Remedy", "robot", holder=name)

    def silent_for(self, time: timedelta) -> None:
        """So much time passes in which no holder renews anything."""
        with self.database.begin() as db:
            until = db.execute(sa.select(sessions.c.until)).scalar_one()
            db.execute(sessions.update().values(until=until - time))


@pytest.fixture
def machines(database: sa.Engine) -> Machines:
    return Machines(database)


def test_of_all_machines_one_gets_it(machines: Machines) -> None:
    names = [f"machine-{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda name: machines[name].take(), names))
    assert taken.count(True) == 1
    assert machines[names[taken.index(True)]].take()


def test_another_user_has_another_session(machines: Machines) -> None:
    assert machines["one"].take()
    assert UserSession(machines.database, "Remedy", "robot2", holder="two").take()


def test_its_holder_sees_that_another_waits_and_hands_it_on(machines: Machines) -> None:
    one, two = machines["one"], machines["two"]
    assert one.take() and not one.is_wanted()
    assert not two.take()
    assert one.is_wanted() and one.keep()
    one.leave()
    assert two.take() and not two.is_wanted()
    assert not one.keep()
    one.leave()  # what is another's cannot be left
    assert two.keep()


def test_a_holder_that_is_silent_too_long_is_dead(machines: Machines) -> None:
    one, two = machines["one"], machines["two"]
    assert one.take()
    machines.silent_for(LEASE - timedelta(seconds=5))
    assert not two.take()
    assert one.keep()
    machines.silent_for(LEASE + timedelta(seconds=1))
    assert two.take()
    assert not one.keep()


def test_an_orphan_is_known_by_its_login_on_whatever_machine_that_was(machines: Machines) -> None:
    one, two = machines["one"], machines["two"]
    now = datetime.now(UTC)
    one.entering()
    two.entering()
    assert two.began(now)
    assert not two.began(now - timedelta(minutes=1))
    two.stayed_out()
    assert not two.began(now)  # the only login left is the one under way
