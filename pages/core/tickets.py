"""Tickets: the cookies by which a portal takes the browser for logged in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import BrowserContext

#: name, domain and path
_Key = tuple[str, str, str]


class Tickets:
    """The cookies that came with one portal's logins into a context that others share."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._keys: set[_Key] = set()
        self._was_lost = False

    @asynccontextmanager
    async def noted(self) -> AsyncIterator[None]:
        """Note what comes during a login."""
        before = await self._all()
        yield
        self._keys |= await self._all() - before

    def work(self) -> None:
        """Tell that a step came to its end with them."""
        self._was_lost = False

    async def lose(self) -> None:
        """Tell that the session is gone. Twice in a row it is the tickets' doing: they let the
        browser in where the portal knows no session of it, and without them it asks who comes."""
        if self._was_lost:
            for name, domain, path in self._keys:
                await self._context.clear_cookies(name=name, domain=domain, path=path)
            self._keys.clear()
        self._was_lost = True

    async def _all(self) -> set[_Key]:
        cookies = await self._context.cookies()
        return {(cookie["name"], cookie["domain"], cookie["path"]) for cookie in cookies}
