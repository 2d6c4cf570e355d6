"""The desk: every portal session of this process, lent to one step at a time.

One Chromium per process. A seat is a browser context with its own SISACT, SIAC Único and NINTEX,
each logged in when first needed and kept. Remedy lets a user in once, so all seats share one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext

from pages.contract.errors import BrowserLost
from pages.contract.nintex import Site
from pages.core.account import Account, Limits
from pages.core.browser import Browser, BrowserChoice
from pages.core.portal import Portal, SubmitHook, always_submit
from pages.nintex.portal import NintexPortal
from pages.remedy.portal import RemedyPortal
from pages.siac.portal import SiacPortal
from pages.single_session import OnePortal, OneSession
from pages.sisact.portal import SisactPortal


@dataclass(frozen=True)
class Accounts:
    """Where the four portals are, and who works in them."""

    sisact: Account
    siac: Account
    nintex: Account
    remedy: Account
    nintex_sites: Mapping[Site, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Renewal:
    """After how many cases, or over how many megabytes, the browser begins anew: a long night's
    pages leave something behind."""

    cases: int = 250
    megabytes: int = 2000


#: cases between two looks at the browser's memory: each costs some milliseconds a process
_WEIGHED = 10


@dataclass
class WorkerSlot:
    """One browser context and its portals. ``generation`` is the browser's it belongs to."""

    context: BrowserContext
    sisact: SisactPortal
    siac: SiacPortal
    nintex: NintexPortal
    generation: int

    @property
    def portals(self) -> tuple[Portal, ...]:
        return self.sisact, self.siac, self.nintex


class SessionPool:
    """Lends seats, and Remedy. Start and stop it on the loop that works with it."""

    def __init__(
        self,
        accounts: Accounts,
        *,
        seats: int = 1,
        browser: BrowserChoice | None = None,
        submit_hook: SubmitHook = always_submit,
        limits: Limits | None = None,
        remedy_session: OneSession | None = None,
        renewal: Renewal | None = None,
    ) -> None:
        self.accounts = accounts
        self.remedy_session = remedy_session
        self.seats = seats
        self.submit_hook = submit_hook
        self.limits = limits
        self.renewal = renewal or Renewal()
        self._cases = 0
        self._browser = Browser(browser)
        self._generation = 0
        self._reviving = asyncio.Lock()
        # Last in, first out: where one seat is enough, no other logs in.
        self._free: asyncio.LifoQueue[WorkerSlot | None] = asyncio.LifoQueue()
        for _ in range(seats):
            self._free.put_nowait(None)
        self._remedy = OnePortal(self._new_remedy, remedy_session)

    async def start(self) -> None:
        """Start the browser; raises `BrowserLost` where none starts."""
        await self._browser.start()

    async def stop(self) -> None:
        """Log out everywhere and end the browser. Seats that are lent are waited for."""
        await self._leave(await self._all_slots())
        await self._browser.stop()

    async def _all_slots(self) -> list[WorkerSlot | None]:
        """Once each is free; nobody else gets one."""
        return [await self._free.get() for _ in range(self.seats)]

    async def _leave(self, seats: list[WorkerSlot | None]) -> None:
        """Log out everywhere."""
        open_portals = [
            portal
            for seat in seats
            if seat is not None and seat.generation == self._generation
            for portal in seat.portals
        ]
        await asyncio.gather(self._remedy.close(), *(portal.close() for portal in open_portals))

    async def case_ended(self) -> None:
        """Counts; where the browser's time has come it begins anew, after the steps at work."""
        self._cases += 1
        due = self._cases >= self.renewal.cases
        if not due and self._cases % _WEIGHED == 0:
            due = await asyncio.to_thread(self._browser.megabytes) > self.renewal.megabytes
        if not due:
            return
        self._cases = 0
        async with self._reviving:
            seats = await self._all_slots()
            try:
                await self._leave(seats)
                await self._begin_anew()
            except BrowserLost:
                pass  # whoever needs it next revives it
            finally:
                for _ in seats:
                    self._free.put_nowait(None)

    async def _begin_anew(self) -> None:
        self._generation += 1
        self._remedy.forget()
        await self._browser.stop()
        await self._browser.start()

    @asynccontextmanager
    async def seat(self) -> AsyncIterator[WorkerSlot]:
        """A seat for one step."""
        seat = await self._free.get()
        try:
            if seat is None or seat.generation != self._generation:
                seat = await self._new_slot()
            yield seat
        finally:
            self._free.put_nowait(seat)

    @asynccontextmanager
    async def remedy(self) -> AsyncIterator[RemedyPortal]:
        """The one Remedy session, for one step."""
        async with self._remedy.leased() as portal:
            yield portal

    async def leave_remedy(self) -> None:
        """Log out of Remedy, which lets a user in once: another process may want to work."""
        await self._remedy.close()

    async def revive(self) -> None:
        """Start the browser again where it is gone or has hung; every seat begins anew."""
        async with self._reviving:
            if not await self._browser.answers():
                await self._begin_anew()

    async def _new_slot(self) -> WorkerSlot:
        accounts = self.accounts
        generation = self._generation
        context = await self._browser.context(ntlm=accounts.nintex, limits=self.limits)
        return WorkerSlot(
            context=context,
            sisact=SisactPortal(
                context, accounts.sisact, submit_hook=self.submit_hook, limits=self.limits
            ),
            siac=SiacPortal(
                context, accounts.siac, submit_hook=self.submit_hook, limits=self.limits
            ),
            nintex=NintexPortal(
                context,
                accounts.nintex,
                sites=accounts.nintex_sites,
                submit_hook=self.submit_hook,
                limits=self.limits,
            ),
            generation=generation,
        )

    async def _new_remedy(self) -> RemedyPortal:
        return RemedyPortal(
            await self._browser.context(limits=self.limits),
            self.accounts.remedy,
            submit_hook=self.submit_hook,
            limits=self.limits,
            own=self.remedy_session,
        )
