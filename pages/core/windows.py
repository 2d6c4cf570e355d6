"""Windows of a portal: which are its own, how they open, and how they close."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from weakref import WeakKeyDictionary, WeakSet

from playwright.async_api import BrowserContext, Download, FileChooser, Frame, Page
from playwright.async_api import Error as PlaywrightError

from pages.core.account import Account
from pages.core.origin import Origin
from pages.core.portal_map import PortalMap

#: seconds until a window that does not close is left to the browser
_CLOSING = 5.0
#: steps from one clearing away of what pages have left to the next, and seconds for it
_STEPS, _CLEARING = 5, 1.0
#: windows that some portal listens to, where several share a context
_watched: WeakSet[Page] = WeakSet()


class Windows:
    """The windows of one portal in a browser context that it may share with others."""

    def __init__(self, context: BrowserContext, account: Account) -> None:
        self.context = context
        self.account = account
        #: how many files it has handed out instead of a page
        self.downloads = 0
        self._steps = 0
        self._opened: list[Page] = []
        #: all windows that this portal listens to
        self._own: WeakSet[Page] = WeakSet()
        #: windows that are listened to for file choosers, and who waits for the next one there
        self._choosing: WeakKeyDictionary[Page, asyncio.Future[FileChooser]] = WeakKeyDictionary()
        context.on("page", self._appeared)

    @property
    def names(self) -> PortalMap:
        """What it calls its surface."""
        return self.account.names

    @property
    def map_version(self) -> str:
        """The version of its map; empty where it has none."""
        return self.account.names.version

    def watch(self, page: Page) -> None:
        """Listen to what happens in a window."""
        _watched.add(page)
        self._own.add(page)
        page.on("popup", self._popped_up)
        page.on("download", self._downloaded)

    def _popped_up(self, page: Page) -> None:
        if page not in _watched:
            self._opened.append(page)
            self.watch(page)

    def _appeared(self, page: Page) -> None:
        """A window whose opener has closed itself by now is nobody's pop-up: known by address."""
        if Origin.of(page.url) in self._origins():
            asyncio.get_running_loop().call_soon(self._popped_up, page)

    def _shown(self) -> list[Frame]:
        """What its own windows show, at whichever server their way has led them to."""
        return [page.main_frame for page in self.context.pages if page in self._own]

    def _origins(self) -> frozenset[Origin]:
        """Every server that is known as this portal's."""
        found = {Origin.of(frame.url) for frame in self._shown()}
        return self.account.origins.union(origin for origin in found if origin)

    def _is_own(self, address: str, page: Page, origins: frozenset[Origin]) -> bool:
        """Whether what a window shows from there is this portal's: by its server, or by its window
        without one."""
        origin = Origin.of(address)
        return origin in origins if origin else page in self._own

    @property
    def windows(self) -> list[Page]:
        """All that are open and its own; every one, where it has opened none itself."""
        return [page for page in self.context.pages if page in self._own] or self.context.pages

    @property
    def popups(self) -> list[Page]:
        """The windows this portal opened that are still open, oldest first."""
        self._opened = [page for page in self._opened if not page.is_closed()]
        return list(self._opened)

    async def close_popups(self) -> None:
        for page in self.popups:
            await self.shut(page)

    async def close_unborn(self) -> None:
        """Close the windows whose first document never came. Playwright tells nobody of them, they
        outlive who opened them, and Chromium makes later requests for the same address wait for
        theirs: measured, each of those windows then hung as well."""
        alive = [page for page in self.context.pages if not page.is_closed()]
        if not alive:
            return
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(_CLOSING):
                session = await self.context.new_cdp_session(alive[0])
                ours = (await session.send("Target.getTargetInfo"))["targetInfo"]
                for target in (await session.send("Target.getTargets"))["targetInfos"]:
                    same = target.get("browserContextId") == ours["browserContextId"]
                    if same and target["type"] == "page" and not target["url"]:
                        await session.send("Target.closeTarget", {"targetId": target["targetId"]})
                await session.detach()

    async def clear_away(self, page: Page) -> None:
        """Give back what pages that were left still hold of memory; called after each step, does so
        after some. Measured: half a megabyte each and more, kept through hundreds of them
        (`findings/left-pages-stay.sh`); 10 ms, which the next ones are quicker by."""
        self._steps += 1
        if self._steps % _STEPS == 0:
            with suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(_CLEARING):
                    await page.request_gc()

    async def has_closed(self, page: Page) -> bool:
        """Whether this window has closed, and not the browser. Playwright may tell of its being
        gone before its close."""
        with suppress(PlaywrightError):
            if not page.is_closed():
                await page.wait_for_event("close", timeout=1000)
        return page.is_closed() and bool(self.context.pages)

    @asynccontextmanager
    async def choosing(self, page: Page) -> AsyncIterator[asyncio.Future[FileChooser]]:
        """Context of what opens a file chooser in this window, which is listened to from then on:
        measured, to begin and to end it each time is six commands."""
        if page not in self._choosing:
            page.on("filechooser", self._chooser)
        self._choosing[page] = asyncio.get_running_loop().create_future()
        yield self._choosing[page]

    def _chooser(self, chooser: FileChooser) -> None:
        waiting = self._choosing.get(chooser.page)
        if waiting is not None and not waiting.done():
            waiting.set_result(chooser)

    def _downloaded(self, _: Download) -> None:
        self.downloads += 1

    async def silence(self, page: Page) -> None:
        """Let no script of the window run any more. Measured: closing it runs ``pagehide``, whose
        beacon gets out, and without a network it waits until there is one."""
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(_CLOSING):
                session = await self.context.new_cdp_session(page)
                await session.send("Emulation.setScriptExecutionDisabled", {"value": True})

    @staticmethod
    async def shut(page: Page) -> None:
        """Measured: a window that is still loading may never say that it has closed."""
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(_CLOSING):
                await page.close()
