"""Looks: readings in the portals for those who work on no case, and so have no steps.

A look is tried again as a step is. A portal that fails for good is not asked again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from loguru import logger

from flows.runtime.access import Access, PortalResting
from flows.runtime.services import Services
from pages.contract.errors import (
    AccessDenied,
    BrowserLost,
    Insecure,
    PortalDown,
    PortalError,
    SessionBusy,
)
from pages.contract.ports import Lease, never_submit

T = TypeVar("T")

#: failures that the next look would meet too
_FOR_ALL = (AccessDenied, Insecure, PortalDown, SessionBusy)


def looking(services: Services, folder: Path) -> Access:
    """The portals for somebody who only looks; into the folder goes what was seen of one that could
    not be looked into."""
    return Access(services, Lease(folder, never_submit))


class Unread(Exception):
    """It could not be read; the text is why, a Spanish sentence."""


class Looks:
    """All looks of one command: what fails for good is kept by the name of what is looked into."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._given_up: dict[str, str] = {}

    async def read(self, name: str, look: Callable[[], Awaitable[T]]) -> T:
        """What ``look`` gives; raises `Unread`."""
        if name in self._given_up:
            raise Unread(self._given_up[name])
        policy = self._services.policy
        for attempt in range(1, policy.max_attempts + 1):
            try:
                return await look()
            except PortalResting as resting:
                raise Unread(resting.breaker.what) from None
            except PortalError as error:
                logger.warning("look_failed", portal=error.portal, error=type(error).__name__)
                if isinstance(error, BrowserLost):
                    await self._services.portals.revive()
                if attempt == policy.max_attempts or isinstance(error, AccessDenied | SessionBusy):
                    if isinstance(error, _FOR_ALL):
                        self._given_up[name] = f"{error}."
                    raise Unread(f"{error}.") from error
                await asyncio.sleep(policy.pause(attempt))
        raise AssertionError("the last try raises")
