"""A portal that lets its user in once: all worker slots share it, and all machines take turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from pages.contract.errors import SessionLent
from pages.contract.ports import REMEDY, Lease
from pages.core.base_portal import Portal

P = TypeVar("P", bound=Portal)

#: seconds between two renewals, between two tries to get it, and until a step gives up its turn
_RENEW, _LOOK, _TURN = 5.0, 0.5, 60.0


class OneSession(Protocol):
    """The right to be that user, and what is known of the user's sessions. Its methods may wait
    for a database."""

    def take(self) -> bool:
        """Try to get it; whether it is ours. If not, its holder sees that somebody waits."""

    def keep(self) -> bool:
        """Renew it; whether it is still ours."""

    def is_wanted(self) -> bool:
        """Whether somebody else waits for it."""

    def leave(self) -> None:
        """Give it up, once logged out: whoever wants it may have it."""

    def began(self, since: datetime) -> bool:
        """Whether the session that is open since then is the robot's own orphan."""

    def entering(self) -> None:
        """Note that a login is about to be tried."""

    def stayed_out(self) -> None:
        """Note that the login that was tried last did not come about."""


class OnePortal(Generic[P]):
    """Leases the portal to one step at a time. Its session is kept while nobody else wants it;
    without a ``session`` there is nobody else."""

    def __init__(
        self, opened: Callable[[], Awaitable[P]], session: OneSession | None = None
    ) -> None:
        self._opened = opened
        self._session = session
        self._portal: P | None = None
        self._lock = asyncio.Lock()
        self._renewing: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def leased(self, lease: Lease | None = None) -> AsyncIterator[P]:
        """Lease it for one step, once others here have done with it; raises `SessionLent` where
        another machine does not give it up."""
        async with lease.waiting() if lease else nullcontext():
            await self._lock.acquire()
        try:
            await self._take()
            if self._portal is None:
                self._portal = await self._opened()
            try:
                yield self._portal
            finally:
                await self._hand_on_if_wanted()
        finally:
            self._lock.release()

    async def close(self) -> None:
        """Log out and give up the session, once the step that has it is done."""
        async with self.none_in_use():
            pass

    @asynccontextmanager
    async def none_in_use(self) -> AsyncIterator[None]:
        """Within, it is logged out, and nobody enters it."""
        async with self._lock:
            await self._hand_on()
            yield

    def forget(self) -> None:
        """Forget it: the browser that it lived in is gone."""
        self._portal = None

    async def _take(self) -> None:
        if self._session is None or self._renewing is not None:
            return
        deadline = time.monotonic() + _TURN
        while not await asyncio.to_thread(self._session.take):
            if time.monotonic() >= deadline:
                raise SessionLent(
                    REMEDY, "Inicio de sesión", "otro equipo del robot usa la sesión del usuario"
                )
            await asyncio.sleep(_LOOK)
        self._renewing = asyncio.create_task(self._renew(self._session))

    async def _renew(self, session: OneSession) -> None:
        me = asyncio.current_task()
        while self._renewing is me:
            if not await asyncio.to_thread(session.keep):
                # Too long without a sign of life: it is another's now, who has ended our session.
                self._renewing = None
                return
            await asyncio.sleep(_RENEW)
            if not self._lock.locked():
                async with self._lock:
                    await self._hand_on_if_wanted()

    async def _hand_on_if_wanted(self) -> None:
        if self._session is not None and await asyncio.to_thread(self._session.is_wanted):
            await self._hand_on()

    async def _hand_on(self) -> None:
        if self._portal is not None:
            await self._portal.close()
        renewing, self._renewing = self._renewing, None
        if self._session is None or renewing is None:
            return
        if renewing is not asyncio.current_task():
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing
        await asyncio.to_thread(self._session.leave)
