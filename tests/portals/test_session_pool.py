"""Sessions of portals: whose turn it is, and which one a case gets; and the browser that begins
anew, without a session lost over it. None is started here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from pages.contract.errors import BrowserLost
from pages.contract.ports import Lease
from pages.core.account import Account
from pages.session_pool import Accounts, PortalSessions, Renewal, SessionPool

ACCOUNT = Account("http://portal.example", "robot", lambda: "robot")


class FakeBrowser:
    def __init__(self) -> None:
        self.starts = 0
        self.held = 0
        self.breaks = False
        self.begins, self.goes_on = asyncio.Event(), asyncio.Event()
        self.goes_on.set()

    async def start(self) -> None:
        self.starts += 1
        self.begins.set()
        if self.breaks:
            raise BrowserLost("Navegador", "inicio", "no se pudo iniciar")
        await self.goes_on.wait()

    async def context(self, **_: Any) -> Any:
        assert self.goes_on.is_set(), "it has not begun yet"
        return Mock()

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
        await portals.case_ended()


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
        leave = portals._siac.close
        if broken == "browser":
            browser.breaks = True
            await cases(portals, 15)
        else:
            portals._siac.close = fails
            with pytest.raises(RuntimeError):
                await cases(portals, 15)
            portals._siac.close = leave
        async with asyncio.timeout(5):
            await portals.stop()

    run(night())


@pytest.mark.parametrize("portal", ["sisact", "siac", "nintex", "remedy"])
def test_nobody_enters_a_portal_while_the_browser_begins_anew(
    portals: Any, browser: FakeBrowser, run: Any, portal: str
) -> None:
    async def night() -> list[bool]:
        async def enter() -> None:
            async with getattr(portals, f"_{portal}").leased():
                pass

        browser.goes_on.clear()
        anew = asyncio.create_task(cases(portals, 15))
        await browser.begins.wait()
        entering = asyncio.create_task(enter())
        for _ in range(20):
            await asyncio.sleep(0)
        early = entering.done()
        browser.goes_on.set()
        async with asyncio.timeout(5):
            await asyncio.gather(anew, entering)
        return [early, entering.done()]

    assert run(night()) == [False, True]


def sessions(most: int, *, keeps: bool = False) -> PortalSessions[Any]:
    """Sessions that are told apart by the number with which each was opened."""
    opened = iter(range(most + 1))

    async def opening() -> int:
        return next(opened)

    return PortalSessions[Any](opening, most, keeps=keeps)


async def step_of(case: str, of: PortalSessions[Any], *, stays: bool = False) -> Any:
    async with of.leased(Lease(Path(), case=case, stays=stays)) as session:
        return session


def test_a_case_gets_the_session_that_shows_its_pages(run: Any) -> None:
    async def night() -> list[int]:
        two = sessions(2)
        got = [await step_of(case, two) for case in ("CF-1", "CF-2", "CF-1", "CF-2", "CF-1")]
        two.leave("CF-1")
        return [*got, await step_of("CF-3", two), await step_of("CF-2", two)]

    assert run(night()) == [0, 1, 0, 1, 0, 0, 1]


def test_where_one_is_enough_no_other_is_opened(run: Any) -> None:
    async def night() -> list[int]:
        three, got = sessions(3), []
        for case in ("CF-1", "CF-2", "CF-3"):
            got.append(await step_of(case, three))
            three.leave(case)
        return got

    assert run(night()) == [0, 0, 0]


def test_sessions_in_use_are_waited_for_in_turn_and_in_nobodys_time(run: Any) -> None:
    order: list[str] = []

    @asynccontextmanager
    async def waiting() -> AsyncIterator[None]:
        order.append("waits")
        yield
        order.append("goes on")

    async def night() -> None:
        one = sessions(1)

        async def step(case: str) -> None:
            async with one.leased(Lease(Path(), waiting=waiting, case=case)):
                order.append(case)

        async with one.leased(Lease(Path(), case="CF-1")):
            steps = [asyncio.create_task(step(case)) for case in ("CF-2", "CF-3")]
            await asyncio.sleep(0)
            assert order == ["waits", "waits"]
        await asyncio.gather(*steps)

    run(night())
    assert order == ["waits", "waits", "goes on", "CF-2", "goes on", "CF-3"]


def test_a_session_of_the_browser_before_is_not_used(run: Any) -> None:
    async def night() -> list[int]:
        one = sessions(1)
        before = await step_of("CF-1", one)
        one.forget()
        return [before, await step_of("CF-1", one)]

    assert run(night()) == [0, 1]


@pytest.mark.parametrize("keeps", [True, False])
def test_a_case_that_stays_has_its_session_to_itself_until_it_is_left(
    run: Any, keeps: bool
) -> None:
    async def night() -> list[str]:
        one, order = sessions(1, keeps=keeps), []

        async def step(case: str, *, stays: bool = False) -> None:
            await step_of(case, one, stays=stays)
            order.append(case)

        await step("CF-1", stays=True)
        others = [asyncio.create_task(step(case)) for case in ("CF-2", "CF-3")]
        await asyncio.sleep(0)
        await step("CF-1", stays=True)
        one.leave("CF-1")
        await asyncio.gather(*others)
        return order

    kept, shared = ["CF-1", "CF-1", "CF-2", "CF-3"], ["CF-1", "CF-2", "CF-3", "CF-1"]
    assert run(night()) == (kept if keeps else shared)


@pytest.mark.parametrize("others", [True, False])
def test_a_case_that_lends_its_session_has_it_again_where_nobody_took_it(
    run: Any, others: bool
) -> None:
    async def night() -> list[int]:
        two = sessions(2, keeps=True)
        got = [await step_of(case, two, stays=True) for case in ("CF-1", "CF-2")]
        two.lend("CF-1")
        if others:
            got.append(await step_of("CF-3", two, stays=True))
            two.leave("CF-2")
        return [*got, await step_of("CF-1", two, stays=True)]

    assert run(night()) == ([0, 1, 0, 1] if others else [0, 1, 0])


def test_a_browser_that_begins_anew_waits_for_no_case_that_stays(run: Any) -> None:
    """Such a case may itself wait for the browser."""

    async def night() -> list[int]:
        one = sessions(1, keeps=True)
        got = [await step_of("CF-1", one, stays=True)]
        async with asyncio.timeout(5), one.none_in_use():
            one.forget()
        return [*got, await step_of("CF-2", one)]

    assert run(night()) == [0, 1]


def test_who_gives_up_waiting_leaves_the_session_to_the_next(run: Any) -> None:
    async def night() -> int:
        one = sessions(1)
        async with one.leased(Lease(Path(), case="CF-1")):
            gone = asyncio.create_task(step_of("CF-2", one))
            late = asyncio.create_task(step_of("CF-3", one))
            await asyncio.sleep(0)
            gone.cancel()
        late.cancel()  # given it, and gone before it heard
        await asyncio.gather(gone, late, return_exceptions=True)
        async with asyncio.timeout(5):
            return int(await step_of("CF-4", one))

    assert run(night()) == 0
