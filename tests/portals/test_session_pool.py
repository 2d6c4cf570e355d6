"""The browser that begins anew: when, and that no seat is lost over it. None is started here."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pages.contract.errors import BrowserLost
from pages.core.account import Account
from pages.session_pool import Accounts, Renewal, SessionPool

ACCOUNT = Account("http://portal.example", "robot", lambda: "robot")


class FakeBrowser:
    def __init__(self) -> None:
        self.starts = 0
        self.held = 0
        self.breaks = False

    async def start(self) -> None:
        self.starts += 1
        if self.breaks:
            raise BrowserLost("Navegador", "inicio", "no se pudo iniciar")

    async def stop(self) -> None:
        pass

    def megabytes(self) -> int:
        return self.held


@pytest.fixture
def browser() -> FakeBrowser:
    return FakeBrowser()


@pytest.fixture
def portals(browser: FakeBrowser) -> SessionPool:
    accounts = Accounts(*[ACCOUNT] * 4)
    made: Any = SessionPool(accounts, seats=2, renewal=Renewal(cases=15, megabytes=500))
    made._browser = browser
    return made  # type: ignore[no-any-return]


async def cases(portals: SessionPool, count: int) -> None:
    for _ in range(count):
        await portals.case_ended("CF-1")


def test_after_so_many_cases(portals: SessionPool, browser: FakeBrowser, run: Any) -> None:
    run(cases(portals, 14))
    assert browser.starts == 0
    run(cases(portals, 16))
    assert browser.starts == 2
    run(portals.stop())


def test_over_so_many_megabytes(portals: SessionPool, browser: FakeBrowser, run: Any) -> None:
    browser.held = 501
    run(cases(portals, 10))
    assert browser.starts == 1


@pytest.mark.parametrize("broken", ["browser", "logout"])
def test_whatever_goes_wrong_the_seats_are_there_again(
    portals: Any, browser: FakeBrowser, run: Any, broken: str
) -> None:
    async def fails() -> None:
        raise RuntimeError

    async def night() -> None:
        leave = portals._remedy.close
        if broken == "browser":
            browser.breaks = True
            await cases(portals, 15)
        else:
            portals._remedy.close = fails
            with pytest.raises(RuntimeError):
                await cases(portals, 15)
            portals._remedy.close = leave
        async with asyncio.timeout(5):
            await portals.stop()

    run(night())
