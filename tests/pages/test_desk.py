"""The browser that begins anew: when, and that no seat is lost over it. None is started here."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pages.core.account import Account
from pages.core.errors import BrowserLost
from pages.desk import Accounts, Desk, Renewal

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
def desk(browser: FakeBrowser) -> Desk:
    accounts = Accounts(*[ACCOUNT] * 4)
    made: Any = Desk(accounts, seats=2, renewal=Renewal(cases=15, megabytes=500))
    made._browser = browser
    return made  # type: ignore[no-any-return]


async def cases(desk: Desk, count: int) -> None:
    for _ in range(count):
        await desk.case_ended()


def test_after_so_many_cases(desk: Desk, browser: FakeBrowser, run: Any) -> None:
    run(cases(desk, 14))
    assert browser.starts == 0
    run(cases(desk, 16))
    assert browser.starts == 2
    run(desk.stop())


def test_over_so_many_megabytes(desk: Desk, browser: FakeBrowser, run: Any) -> None:
    browser.held = 501
    run(cases(desk, 10))
    assert browser.starts == 1


@pytest.mark.parametrize("broken", ["browser", "logout"])
def test_whatever_goes_wrong_the_seats_are_there_again(
    desk: Any, browser: FakeBrowser, run: Any, broken: str
) -> None:
    async def fails() -> None:
        raise RuntimeError

    async def night() -> None:
        leave = desk._remedy.close
        if broken == "browser":
            browser.breaks = True
            await cases(desk, 15)
        else:
            desk._remedy.close = fails
            with pytest.raises(RuntimeError):
                await cases(desk, 15)
            desk._remedy.close = leave
        async with asyncio.timeout(5):
            await desk.stop()

    run(night())
