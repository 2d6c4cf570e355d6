"""Tickets: the cookies by which a portal takes the browser for logged in."""

from __future__ import annotations

from playwright.async_api import BrowserContext


class Tickets:
    """The cookies of a context, which is one portal's alone."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._was_lost = False

    def work(self) -> None:
        """Tell that a step came to its end with them."""
        self._was_lost = False

    async def lose(self) -> None:
        """Tell that the session is gone. Twice in a row it is the tickets' doing: they let the
        browser in where the portal knows no session of it, and without them it asks who comes."""
        if self._was_lost:
            await self._context.clear_cookies()
        self._was_lost = True
