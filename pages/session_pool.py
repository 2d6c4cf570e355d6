"""Session pool: every portal session of this process, leased to one step at a time.

One Chromium per process. A worker slot has its own SISACT, SIAC Único and NINTEX, each logged in
when first needed and kept; NINTEX in a browser context of its own, for Playwright stops each
request and keeps no cache where challenges are answered. Remedy lets a user in once, so all slots
share one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from pages.changed import Study
from pages.contract.errors import BrowserLost
from pages.contract.ports import NINTEX, REMEDY, SIAC, SISACT, Lease
from pages.core.account import Account, Limits
from pages.core.base_portal import Portal
from pages.core.browser import Browser, BrowserChoice
from pages.nintex.portal import NintexPortal
from pages.remedy.portal import RemedyPortal
from pages.siac.portal import SiacPortal
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
class WorkerSlot:
    """The portals of one worker. ``generation`` is the browser's they belong to."""

    sisact: SisactPortal
    siac: SiacPortal
    nintex: NintexPortal
    generation: int

    @property
    def portals(self) -> tuple[Portal, ...]:
        return self.sisact, self.siac, self.nintex


class SessionPool:
    """Portals in worker slots, and Remedy. Start and stop it on the loop that works with it."""

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
        self.remedy_session = remedy_session
        self.seats = seats
        self.limits = limits
        self.renewal = renewal or Renewal()
        self._cases = 0
        self._study = Study()
        self._browser = Browser(browser)
        self._generation = 0
        self._reviving = asyncio.Lock()
        # Last in, first out: where one slot is enough, no other logs in.
        self._free: asyncio.LifoQueue[WorkerSlot | None] = asyncio.LifoQueue()
        for _ in range(seats):
            self._free.put_nowait(None)
        self._remedy = OnePortal(self._new_remedy, remedy_session)

    async def start(self) -> None:
        """Start the browser; raises `BrowserLost` where none starts."""
        await self._browser.start()

    async def stop(self) -> None:
        """Log out everywhere and end the browser. Slots in use are waited for."""
        await self._leave(await self._all_slots())
        await self._browser.stop()

    async def _all_slots(self) -> list[WorkerSlot | None]:
        """All slots, once each is free; nobody else gets one."""
        return [await self._free.get() for _ in range(self.seats)]

    async def _leave(self, slots: list[WorkerSlot | None]) -> None:
        """Log out everywhere."""
        open_portals = [
            portal
            for slot in slots
            if slot is not None and slot.generation == self._generation
            for portal in slot.portals
        ]
        await asyncio.gather(self._remedy.close(), *(portal.close() for portal in open_portals))

    async def case_ended(self) -> None:
        """Count it; where the browser's time has come it begins anew, after the steps at work."""
        self._cases += 1
        due = self._cases >= self.renewal.cases
        if not due and self._cases % _WEIGHED == 0:
            due = await asyncio.to_thread(self._browser.megabytes) > self.renewal.megabytes
        if not due:
            return
        self._cases = 0
        async with self._reviving:
            slots = await self._all_slots()
            try:
                await self._leave(slots)
                await self._begin_anew()
            except BrowserLost:
                pass  # whoever needs it next revives it
            finally:
                for _ in slots:
                    self._free.put_nowait(None)

    async def _begin_anew(self) -> None:
        self._generation += 1
        self._remedy.forget()
        await self._browser.stop()
        await self._browser.start()

    def sisact(self, lease: Lease) -> AbstractAsyncContextManager[SisactPortal]:
        return self._leased(lease, lambda slot: slot.sisact)

    def siac(self, lease: Lease) -> AbstractAsyncContextManager[SiacPortal]:
        return self._leased(lease, lambda slot: slot.siac)

    def nintex(self, lease: Lease) -> AbstractAsyncContextManager[NintexPortal]:
        return self._leased(lease, lambda slot: slot.nintex)

    @asynccontextmanager
    async def remedy(self, lease: Lease) -> AsyncIterator[RemedyPortal]:
        async with self._remedy.leased() as portal, portal.leased(lease):
            yield portal

    @asynccontextmanager
    async def _leased(self, lease: Lease, chosen: Callable[[WorkerSlot], P]) -> AsyncIterator[P]:
        async with self._slot() as slot, chosen(slot).leased(lease) as portal:
            yield portal

    @asynccontextmanager
    async def bare(self, name: str) -> AsyncIterator[Portal]:
        """A session of this portal outside of any step: what fails in it is the caller's to see."""
        if name == REMEDY:
            async with self._remedy.leased() as remedy:
                yield remedy
            return
        async with self._slot() as slot:
            yield next(portal for portal in slot.portals if portal.name == name)

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[WorkerSlot]:
        slot = await self._free.get()
        try:
            if slot is None or slot.generation != self._generation:
                slot = await self._new_slot()
            yield slot
        finally:
            self._free.put_nowait(slot)

    async def leave_remedy(self) -> None:
        """Log out of Remedy, which lets a user in once: another process may want to work."""
        await self._remedy.close()

    async def revive(self) -> None:
        """Start the browser again where it is gone or has hung; every slot begins anew."""
        async with self._reviving:
            if not await self._browser.answers():
                await self._begin_anew()

    async def _new_slot(self) -> WorkerSlot:
        accounts = self.accounts
        generation = self._generation
        context = await self._browser.context(limits=self.limits)
        ntlm = await self._browser.context(ntlm=accounts.nintex, limits=self.limits)
        slot = WorkerSlot(
            sisact=SisactPortal(context, accounts.sisact, limits=self.limits),
            siac=SiacPortal(context, accounts.siac, limits=self.limits),
            nintex=NintexPortal(ntlm, accounts.nintex, limits=self.limits),
            generation=generation,
        )
        for portal in slot.portals:
            portal.study = self._study
        return slot

    async def _new_remedy(self) -> RemedyPortal:
        portal = RemedyPortal(
            await self._browser.context(limits=self.limits),
            self.accounts.remedy,
            limits=self.limits,
            own=self.remedy_session,
        )
        portal.study = self._study
        return portal
