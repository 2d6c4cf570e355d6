"""Session pool: every portal session of this process, leased to one step at a time.

One Chromium per process. Each worker slot may have a session of its own in SIAC Único, every two
one in NINTEX and every four one in SISACT, opened when all others of that portal are in use and
kept from then on; each in a browser context of its own: what is watched while one submits is its
own, and Playwright stops each request and keeps no cache where challenges are answered, as in
NINTEX. Remedy lets a user in once, so all slots share one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
    suppress,
)
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from pages.changed import Study
from pages.contract.errors import BrowserLost
from pages.contract.ports import NINTEX, REMEDY, SIAC, SISACT, Lease
from pages.core.account import Account, Limits
from pages.core.base_portal import Portal
from pages.core.browser import Browser, BrowserChoice
from pages.nintex.portal import NintexPortal
from pages.remedy.portal import RemedyPortal
from pages.siac.portal import SiacPortal
from pages.siac.taken_pages import TakenPages
from pages.single_session import OnePortal, OneSession
from pages.sisact.portal import SisactPortal

P = TypeVar("P", bound=Portal)


@dataclass(frozen=True)
class Accounts:
    """Where the four portals are, and who works in them."""

    sisact: Account
    siac: Account
    nintex: Account
    remedy: Account

    def map_version(self, portal: str) -> str:
        """The version of this portal's map by now; empty where it has none."""
        by_name = {SISACT: self.sisact, SIAC: self.siac, NINTEX: self.nintex, REMEDY: self.remedy}
        return by_name[portal].by_now().names.version


@dataclass(frozen=True)
class Renewal:
    """The browser's age, in cases or megabytes, at which it begins anew: a long night's pages leave
    something behind."""

    cases: int = 250
    megabytes: int = 2000


#: cases between two looks at the browser's memory: each costs some milliseconds a process
_WEIGHED = 10


@dataclass
class _Place(Generic[P]):
    """Where a session may be; ``generation`` is the browser's that it lives in, ``case`` the one
    whose pages it shows, which has it to itself where it ``is_kept``."""

    portal: P | None = None
    generation: int = 0
    case: str = ""
    is_kept: bool = False


#: whoever waits for a place, by the case, and whether one that is kept will do
_Turn = tuple[asyncio.Future[_Place[P]], str, bool]


class PortalSessions(Generic[P]):
    """A portal's sessions, so many at most, in the order in which they are asked for. A case gets
    the one again that still shows its pages, where that is free; and a new one is opened where all
    others show those of cases at work. Where ``keeps``, a case that stays has its session to itself
    until it is left or lent: to find its pages anew would cost more than others' waiting."""

    def __init__(
        self, opened: Callable[[], Awaitable[P]], most: int, *, keeps: bool = False
    ) -> None:
        self._opened = opened
        self._keeps = keeps
        self._generation = 0
        self._places: list[_Place[P]] = [_Place() for _ in range(most)]
        self._free = list(self._places)
        self._turns: list[_Turn[P]] = []

    @asynccontextmanager
    async def leased(self, lease: Lease | None = None) -> AsyncIterator[P]:
        """Lease one for one step; it is waited for until one is free."""
        async with self._taken(lease) as place:
            if place.portal is None or place.generation != self._generation:
                place.generation = self._generation  # of now: the browser may begin anew meanwhile
                place.portal = await self._opened()
            yield place.portal

    @asynccontextmanager
    async def none_in_use(self) -> AsyncIterator[None]:
        """Within, every session is free, also of those that keep one, and nobody gets one."""
        async with AsyncExitStack() as stack:
            for _ in self._places:
                await stack.enter_async_context(self._taken(is_anyones=True))
            yield

    @asynccontextmanager
    async def _taken(
        self, lease: Lease | None = None, *, is_anyones: bool = False
    ) -> AsyncIterator[_Place[P]]:
        case = lease.case if lease else ""
        async with lease.waiting() if lease else nullcontext():
            place = await self._turn(case, is_anyones)
        place.case, place.is_kept = case, self._keeps and lease is not None and lease.stays
        try:
            yield place
        finally:
            self._give_back(place)

    async def _turn(self, case: str, is_anyones: bool) -> _Place[P]:
        turn: asyncio.Future[_Place[P]] = asyncio.get_running_loop().create_future()
        self._turns.append((turn, case, is_anyones))
        self._hand_out()
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it came to its turn at the same moment
                self._give_back(turn.result())
            raise

    def _give_back(self, place: _Place[P]) -> None:
        self._free.append(place)
        self._hand_out()

    def _hand_out(self) -> None:
        """Give what is free to whoever may have it, the first who asked first."""
        for waiting in list(self._turns):
            turn, case, is_anyones = waiting
            mine = [p for p in self._free if is_anyones or not p.is_kept or p.case == case]
            if turn.cancelled() or mine:
                self._turns.remove(waiting)
            if mine and not turn.cancelled():
                place = min(mine, key=lambda free: self._rank(free, case))
                self._free.remove(place)
                turn.set_result(place)

    def _rank(self, place: _Place[P], case: str) -> int:
        """How gladly it is taken for a case, from 0 on."""
        if place.case == case and case:
            return 0
        if place.case:
            return 3
        return 1 if place.portal is not None else 2

    def lend(self, case: str) -> None:
        """Others may have its session: it finds its pages there again where nobody has."""
        for place in self._places:
            if place.case == case:
                place.is_kept = False
        self._hand_out()

    def leave(self, case: str) -> None:
        """Nobody needs its pages any more."""
        for place in self._places:
            if place.case == case:
                place.case, place.is_kept = "", False
        self._hand_out()

    async def close(self) -> None:
        """Log out of all."""
        inside = [
            place.portal
            for place in self._places
            if place.portal is not None and place.generation == self._generation
        ]
        await asyncio.gather(*(portal.close() for portal in inside))

    def forget(self) -> None:
        """Forget them: the browser that they lived in is gone."""
        self._generation += 1


class SessionPool:
    """Sessions of all portals. Start and stop it on the loop that works with it."""

    def __init__(
        self,
        accounts: Accounts,
        *,
        seats: int = 1,
        browser: BrowserChoice | None = None,
        limits: Limits | None = None,
        remedy_session: OneSession | None = None,
        renewal: Renewal | None = None,
    ) -> None:
        self.accounts = accounts
        self.limits = limits
        self.renewal = renewal or Renewal()
        self._cases = 0
        self._study = Study()
        self._browser = Browser(browser)
        self._reviving = asyncio.Lock()
        # a case is in these two for a fraction of the time that it is in SIAC Único
        self._sisact = PortalSessions[SisactPortal](
            partial(self._opened, SisactPortal, accounts.sisact), (seats + 3) // 4
        )
        self._siac = PortalSessions[SiacPortal](
            partial(self._opened_siac, TakenPages()), seats, keeps=True
        )
        self._nintex = PortalSessions[NintexPortal](
            partial(self._opened, NintexPortal, accounts.nintex, ntlm=accounts.nintex),
            (seats + 1) // 2,
        )
        self._remedy = OnePortal[RemedyPortal](
            partial(self._opened, RemedyPortal, accounts.remedy, own=remedy_session),
            remedy_session,
        )

    async def start(self) -> None:
        """Start the browser; raises `BrowserLost` where none starts."""
        await self._browser.start()

    async def stop(self) -> None:
        """Log out everywhere and end the browser. Sessions in use are waited for."""
        async with self._reviving, self._none_in_use():
            await self._browser.stop()

    @property
    def _many(self) -> tuple[PortalSessions[Any], ...]:
        return self._sisact, self._siac, self._nintex

    @asynccontextmanager
    async def _none_in_use(self) -> AsyncIterator[None]:
        """Within, no step has a session, and none is open."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._remedy.none_in_use())
            for sessions in self._many:
                await stack.enter_async_context(sessions.none_in_use())
            await asyncio.gather(*(one.close() for one in self._many))
            yield

    def lend(self, case: str) -> None:
        """Let others have what is kept for a case, which is elsewhere for now."""
        for sessions in self._many:
            sessions.lend(case)

    def leave(self, case: str) -> None:
        """Give up what was kept for a case, which has ended or waits."""
        for sessions in self._many:
            sessions.leave(case)

    async def case_ended(self) -> None:
        """Count it; where the browser's time has come it begins anew, after the steps at work."""
        self._cases += 1
        due = self._cases >= self.renewal.cases
        if not due and self._cases % _WEIGHED == 0:
            due = await asyncio.to_thread(self._browser.megabytes) > self.renewal.megabytes
        if not due:
            return
        self._cases = 0
        # without a browser, whoever needs it next revives it
        with suppress(BrowserLost):
            async with self._reviving, self._none_in_use():
                await self._begin_anew()

    async def _begin_anew(self) -> None:
        self._remedy.forget()
        for sessions in self._many:
            sessions.forget()
        await self._browser.stop()
        await self._browser.start()

    def sisact(self, lease: Lease) -> AbstractAsyncContextManager[SisactPortal]:
        return self._leased(self._sisact, lease)

    def siac(self, lease: Lease) -> AbstractAsyncContextManager[SiacPortal]:
        return self._leased(self._siac, lease)

    def nintex(self, lease: Lease) -> AbstractAsyncContextManager[NintexPortal]:
        return self._leased(self._nintex, lease)

    def remedy(self, lease: Lease) -> AbstractAsyncContextManager[RemedyPortal]:
        return self._leased(self._remedy, lease)

    @asynccontextmanager
    async def _leased(
        self, sessions: PortalSessions[P] | OnePortal[P], lease: Lease
    ) -> AsyncIterator[P]:
        async with sessions.leased(lease) as session, session.leased(lease) as portal:
            yield portal

    @asynccontextmanager
    async def bare(self, name: str) -> AsyncIterator[Portal]:
        """A session of this portal outside of any step: what fails in it is the caller's to see."""
        sessions: dict[str, PortalSessions[Any] | OnePortal[RemedyPortal]] = {
            SISACT: self._sisact,
            SIAC: self._siac,
            NINTEX: self._nintex,
            REMEDY: self._remedy,
        }
        async with sessions[name].leased() as portal:
            yield portal

    async def leave_remedy(self) -> None:
        """Log out of Remedy, which lets a user in once: another process may want to work."""
        await self._remedy.close()

    async def revive(self) -> None:
        """Start the browser again where it is gone or has hung; every session begins anew."""
        async with self._reviving:
            if not await self._browser.answers():
                await self._begin_anew()

    async def _opened_siac(self, taken: TakenPages) -> SiacPortal:
        portal = await self._opened(SiacPortal, self.accounts.siac)
        portal.taken = taken
        return portal

    async def _opened(
        self, kind: type[P], account: Account, ntlm: Account | None = None, **own: Any
    ) -> P:
        """A portal in a context of its own; ``own`` is what this kind of portal alone is given."""
        context = await self._browser.context(ntlm=ntlm, limits=self.limits)
        portal = kind(context, account, limits=self.limits, **own)
        portal.study = self._study
        return portal
