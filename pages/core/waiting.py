"""Waiting, in one place for all: for what a page shows, and meanwhile for errors."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from playwright.async_api import BrowserContext, Locator, Page
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from pages.contract.errors import BrowserLost, PageChanged, PortalDown, PortalSlow
from pages.contract.missing import PageLook
from pages.contract.surface import Surface
from pages.contract.text import folded
from pages.core.account import Account, Limits
from pages.core.asking import PATIENCE, Way, ask
from pages.core.diagnosis import Diagnosed
from pages.core.scripts import CALLED
from pages.core.translated import translated

T = TypeVar("T")

#: seconds after which a window without an address is one that its opener's script writes into
_UNBORN = 0.5
#: between the names of several elements that are looked for together
AND = "», «"


class Waiting(Diagnosed):
    """Windows in which things take their time, and no longer than ``limits``."""

    def __init__(self, context: BrowserContext, account: Account, limits: Limits) -> None:
        super().__init__(context, account)
        self.limits = limits
        #: whether Playwright keeps a record of what is done now
        self.is_traced = False
        #: the page of which something was missing a moment ago
        self.lacking = ""
        #: what was looked for and found since it was leased
        self.met: set[PageLook] = set()
        #: what pages showed since, by their places
        self.seen: dict[tuple[str, ...], Surface] = {}

    @property
    def part(self) -> str:
        """The part that is worked in, where the portal has several; it is a key of its map."""
        return ""

    def meet(self, page: str, *names: str) -> None:
        """Note that these elements are there."""
        self.met.update(PageLook(self.part, page, name) for name in names)

    def saw(self, surface: Surface) -> None:
        """Note what a page that is whole shows now."""
        self.seen[surface.place] = surface

    @asynccontextmanager
    async def doing(self, what: str) -> AsyncIterator[None]:
        """Context of what a script of ours does in a page: in a record of it people read ``what``,
        where there would be the script alone."""
        if not self.is_traced:
            yield
            return
        async with await self.context.tracing.group(what):
            yield

    # waiting, in one place for all

    async def until(self, look: Callable[[], Awaitable[T | None]], page: str, what: str) -> T:
        """Poll ``look`` until it gives something, and give that; meanwhile errors are looked for.

        Raises those that are found; at the limit, `PortalSlow` where an answer is awaited yet, and
        `PageChanged` where the portal has said all and it is not there.
        """
        self.where = page
        # Missed once already, after the whole time: the operator is told within a minute.
        patience = self.limits.visible / (2 if page == self.lacking else 1)
        deadline = time.monotonic() + patience
        next_diagnosis = time.monotonic() + self.limits.look
        while True:
            try:
                async with asyncio.timeout(max(deadline - time.monotonic(), self.limits.look)):
                    found = await look()
            except (PlaywrightTimeout, TimeoutError):
                found = None
            except PlaywrightError as error:
                if isinstance(ours := translated(error, self.name, page, what), BrowserLost):
                    raise ours from error
                found = None  # a frame that was replaced while it was read
            if found is not None:
                self.meet(page, *what.split(AND))
                return found
            if time.monotonic() >= next_diagnosis:
                await self.diagnose()
                next_diagnosis = time.monotonic() + self.limits.look
            if time.monotonic() >= deadline:
                if self._waiting:
                    raise self._slow(page, what)
                raise PageChanged(self.name, page, f"no se encuentra «{what}»")
            await asyncio.sleep(0.02)

    async def in_front(self, page: Page) -> None:
        """Before Playwright acts there. Behind another window it is hardly painted, and every click
        waits for the element to hold still: measured, 8 seconds for what takes one in front."""
        if len(self.context.pages) > 1:
            await page.bring_to_front()

    async def now(self, look: Callable[[], Awaitable[T]], page: str, what: str) -> T:
        """What ``look`` sees at once; again only where its page was replaced meanwhile, or did not
        answer: Playwright sets no limit of its own to a look."""
        try:
            async with asyncio.timeout(self.limits.visible):
                return await look()
        except (PlaywrightError, TimeoutError):
            return await self.until(look, page, what)

    async def visible(self, locator: Locator, page: str, what: str) -> Locator:
        """The one visible element of this locator; see `until`."""

        async def look() -> Locator | None:
            shown = locator.filter(visible=True)
            count = await shown.count()
            if not count:
                await shown.first.wait_for(timeout=self.limits.look * 1000)
                count = await shown.count()
            if count > 1:
                raise PageChanged(self.name, page, f"hay más de un «{what}»")
            return shown.first

        return await self.until(look, page, what)

    async def attached(self, locator: Locator, page: str, what: str) -> Locator:
        """The first element of this locator, visible or not (an option of a list)."""

        async def look() -> Locator | None:
            await locator.first.wait_for(state="attached", timeout=self.limits.look * 1000)
            return locator.first

        return await self.until(look, page, what)

    async def popup(self, way: Way, title: str, page: str) -> tuple[Page, bool]:
        """The pop-up window of this title, which another one may open that closes itself; and
        whether what the way leads to there is visible, and alone."""
        born = time.monotonic() + _UNBORN

        async def look() -> tuple[Page, bool] | None:
            for window in self.popups:
                # what is not there yet, or makes room for another, is not asked in vain
                is_unborn = window.url in ("", "about:blank") and time.monotonic() < born
                if is_unborn or self.is_leaving(window.main_frame):
                    continue
                with suppress(PlaywrightError):  # the one that closes itself, seen while it does
                    shows = await ask(window, CALLED, (folded(title), way), patience=PATIENCE)
                    if shows is not None:
                        return window, shows
            return None

        return await self.until(look, page, title)

    @asynccontextmanager
    async def acting(self, page: str, what: str) -> AsyncIterator[None]:
        """Context of Playwright calls that act: its errors come out as ours, by who must act. Some
        have no limit of their own, as a key that is pressed; those that have one end sooner."""
        self.where = page
        try:
            async with asyncio.timeout(2 * self.limits.visible):
                yield
        except TimeoutError as error:
            raise self._slow(page, what) from error
        except PlaywrightError as error:
            ours = translated(error, self.name, page, what)
            if isinstance(ours, PageChanged):
                await self.diagnose()  # the portal may have said what is wrong
                if self._waiting:
                    ours = self._slow(page, what)
            raise ours from error

    def awaits(self, part: str) -> bool:
        """Whether a request with this in its address has no answer yet."""
        return any(part in request.url for request in self._waiting)

    def _slow(self, page: str, what: str) -> PortalSlow:
        return PortalSlow(self.name, page, f"no respondió a tiempo («{what}»)")

    async def go(self, page: Page, address: str, title: str) -> None:
        """Navigate a window; whether the page is ready is for its page object to say."""
        self.where = title
        try:
            await page.goto(address, wait_until="commit", timeout=self.limits.visible * 1000)
        except PlaywrightTimeout as error:
            raise PortalSlow(self.name, title, "no respondió a tiempo") from error
        except PlaywrightError as error:
            ours = translated(error, self.name, title)
            if isinstance(ours, PageChanged):
                ours = PortalDown(self.name, title, "no se pudo abrir la página")
            raise ours from error
