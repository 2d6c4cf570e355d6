"""One portal session for each user over several machines: who gets it, and when it is handed on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

import pages.single_session
from flows.runtime.session_lease import UserSession
from flows.store.database import connect
from flows.store.ledger import Ledger
from pages.contract.errors import SessionLent
from pages.single_session import OnePortal


class Portal:
    """Counts who is in it: two at once is what must never be."""

    inside: list[str]

    def __init__(self, machine: str, inside: list[str]) -> None:
        self.machine, self.inside = machine, inside

    async def use(self) -> None:
        if self.machine not in self.inside:
            self.inside.append(self.machine)
        assert self.inside == [self.machine]
        await asyncio.sleep(0.01)
        assert self.inside == [self.machine]

    async def close(self) -> None:
        if self.machine in self.inside:
            self.inside.remove(self.machine)


class Fleet:
    def __init__(self, folder: Path) -> None:
        self.engine = connect(f"sqlite:///{folder / 'robot.sqlite'}")
        Ledger(self.engine).prepare()
        self.inside: list[str] = []
        self.logins: list[str] = []

    def machine(self, name: str) -> OnePortal[Any]:
        async def opened() -> Any:
            self.logins.append(name)
            return Portal(name, self.inside)

        return OnePortal(opened, UserSession(self.engine, "Remedy", "robot", holder=name))


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    monkeypatch.setattr(pages.single_session, "_LOOK", 0.02)
    monkeypatch.setattr(pages.single_session, "_RENEW", 0.05)
    return Fleet(tmp_path)


def test_many_steps_of_many_machines_are_never_in_it_at_once(fleet: Fleet, run: Any) -> None:
    async def night() -> None:
        machines = [fleet.machine(name) for name in ("one", "two", "three")]

        async def step(machine: OnePortal[Any]) -> None:
            async with machine.leased() as portal:
                await portal.use()

        await asyncio.gather(*(step(machine) for machine in machines for _ in range(5)))
        await asyncio.gather(*(machine.close() for machine in machines))

    run(night())
    assert fleet.inside == []


def test_it_is_kept_while_nobody_else_wants_it(fleet: Fleet, run: Any) -> None:
    async def night() -> None:
        one = fleet.machine("one")
        for _ in range(3):
            async with one.leased() as portal:
                await portal.use()
            assert fleet.inside == ["one"]
        await one.close()

    run(night())
    assert fleet.logins == ["one"]


def test_an_idle_holder_hands_it_on(fleet: Fleet, run: Any) -> None:
    async def night() -> None:
        one, two = fleet.machine("one"), fleet.machine("two")
        async with one.leased() as portal:
            await portal.use()
        async with two.leased() as portal:
            await portal.use()
        async with one.leased() as portal:
            await portal.use()
        await asyncio.gather(one.close(), two.close())

    run(night())
    assert fleet.inside == []


def test_a_turn_that_does_not_come_in_time_is_no_failure_of_the_portal(
    fleet: Fleet, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages.single_session, "_TURN", 0.1)

    async def night() -> None:
        one, two = fleet.machine("one"), fleet.machine("two")
        async with one.leased():
            with pytest.raises(SessionLent):
                async with two.leased():
                    pass
        await asyncio.gather(one.close(), two.close())

    run(night())
