"""Access to the portals for one step: through each one's breaker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from flows.runtime.breakers import Breaker, BreakerState
from flows.runtime.services import Services
from pages.contract.errors import PageChanged, PortalError, SubmitWithheld
from pages.contract.ports import (
    NINTEX,
    REMEDY,
    SIAC,
    SISACT,
    Lease,
    Nintex,
    Remedy,
    Siac,
    Sisact,
)

P = TypeVar("P")


class PortalResting(Exception):
    """The portal's breaker is open, and it is somebody else's turn to try."""

    def __init__(self, breaker: Breaker) -> None:
        super().__init__(breaker.portal)
        self.breaker = breaker


@dataclass(frozen=True)
class Access:
    """The four portals, leased one at a time; raises `PortalResting` and `PortalError`."""

    services: Services
    lease: Lease

    def sisact(self) -> AbstractAsyncContextManager[Sisact]:
        return self._through(SISACT, self.services.portals.sisact)

    def siac(self) -> AbstractAsyncContextManager[Siac]:
        return self._through(SIAC, self.services.portals.siac)

    def nintex(self) -> AbstractAsyncContextManager[Nintex]:
        return self._through(NINTEX, self.services.portals.nintex)

    def remedy(self) -> AbstractAsyncContextManager[Remedy]:
        return self._through(REMEDY, self.services.portals.remedy)

    @asynccontextmanager
    async def _through(
        self, name: str, leased: Callable[[Lease], AbstractAsyncContextManager[P]]
    ) -> AsyncIterator[P]:
        breakers = self.services.breakers
        entry = await asyncio.to_thread(breakers.enter, name)
        if entry.resting is not None:
            raise PortalResting(entry.resting)
        try:
            async with leased(self.lease) as portal:
                yield portal
        except SubmitWithheld:
            await self._answered(name, entry)
            raise
        except PortalError as error:
            self.lease.traced = True
            if isinstance(error, PageChanged) and error.missing:
                self.lease.lacking = error.where
            await asyncio.to_thread(breakers.failed, error)
            raise
        await self._answered(name, entry)

    async def _answered(self, name: str, entry: BreakerState) -> None:
        used = self.lease.portal
        met, version = (used.met, used.map_version) if used else (frozenset(), "")
        await asyncio.to_thread(self.services.breakers.answered, name, entry, met, version)
        seen, radar = tuple(used.seen.values()) if used else (), self.services.radar
        if not radar.is_known(name, seen):
            await asyncio.to_thread(radar.note, name, seen)
