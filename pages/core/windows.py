"""Windows of a portal: pop-ups, native dialogs, failed answers, signatures of errors."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar
from urllib.parse import unquote, urlsplit
from weakref import WeakSet

from playwright.async_api import BrowserContext, Dialog, Frame, Page, Request, Response
from playwright.async_api import Error as PlaywrightError

from pages.contract.errors import (
    AccessDenied,
    PageChanged,
    PortalDown,
    PortalError,
    SessionBusy,
)
from pages.contract.text import clean
from pages.core.account import Account
from pages.core.origin import Origin
from pages.core.translated import REFUSED


@dataclass(frozen=True)
class ErrorSignature:
    """A text that means an error wherever in the portal it stands, and which."""

    pattern: re.Pattern[str]
    error: type[PortalError]
    what: str


@dataclass(frozen=True)
class DialogRule:
    """The answer to a native dialog with such a text."""

    pattern: re.Pattern[str]
    accept: bool = True


#: seconds until a window that does not close is left to the browser
_CLOSING = 5.0
#: seconds until a frame that does not say what it shows is taken for empty
_READING = 3.0
#: windows some portal listens to: the portals of a worker slot share one context
_watched: WeakSet[Page] = WeakSet()


async def words_of(frame: Frame) -> str:
    """All that a person reads in it now, normalised; nothing where it cannot be read, or not now:
    while the page that comes next is awaited, Playwright may wait with it, for ever."""
    with suppress(PlaywrightError, TimeoutError):
        async with asyncio.timeout(_READING):
            return clean(await frame.evaluate("document.body ? document.body.innerText : ''"))
    return ""


class Windows:
    """The windows of one portal in a browser context that it may share with others."""

    name: ClassVar[str]
    error_signatures: ClassVar[tuple[ErrorSignature, ...]] = ()
    dialogs: ClassVar[tuple[DialogRule, ...]] = ()

    def __init__(self, context: BrowserContext, account: Account) -> None:
        self.context = context
        self.account = account
        #: the page that was waited for or worked on last
        self.where = ""
        #: whether there may be a session to be left, whatever has become of its window
        self._inside = False
        self._failure: PortalError | None = None
        self._unexpected: PortalError | None = None
        self._waiting: set[Request] = set()
        self._opened: list[Page] = []
        self._own: WeakSet[Page] = WeakSet()
        context.on("page", self._appeared)

    # what happens in its windows

    def watch(self, page: Page) -> None:
        """Listen to a window's dialogs and failures."""
        _watched.add(page)
        self._own.add(page)
        page.on("dialog", self._answer)
        page.on("request", self._asked)
        page.on("requestfinished", self._finished)
        page.on("requestfailed", self._failed)
        page.on("response", self._responded)
        page.on("popup", self._popped_up)

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

    async def _answer(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":
            await dialog.accept()  # whoever leaves is the robot, and it means to
            return
        for rule in self.dialogs:
            if rule.pattern.search(clean(dialog.message)):
                await (dialog.accept() if rule.accept else dialog.dismiss())
                return
        words = re.sub(r"\d", "#", clean(dialog.message))[:120]
        self._unexpected = PageChanged(self.name, self.where, f"mensaje inesperado: «{words}»")
        await dialog.dismiss()

    def _asked(self, request: Request) -> None:
        self._waiting.add(request)

    def _finished(self, request: Request) -> None:
        self._waiting.discard(request)

    def _failed(self, request: Request) -> None:
        self._waiting.discard(request)
        if REFUSED.search(request.failure or ""):
            self._refused(request)
        elif "ERR_ABORTED" not in (request.failure or ""):
            what = "no se pudo conectar o la respuesta se cortó"
            self._failure = PortalDown(self.name, self._place(request.url), what)

    def _refused(self, request: Request) -> None:
        """A challenge that lets nobody in. It ends the way to a page; what a page has of another
        server, a picture or a frame, may be missing."""
        origin = Origin.of(request.url)
        is_known = origin in self.account.origins
        if request.is_navigation_request() and (is_known or request.frame in self._shown()):
            what = "usuario o contraseña rechazados"
            if origin and not is_known:
                what = f"{origin.host} pide un usuario que el robot no tiene"
            self._failure = AccessDenied(self.name, self._place(request.url), what)

    def _responded(self, response: Response) -> None:
        if response.status == HTTPStatus.UNAUTHORIZED:
            self._refused(response.request)
        elif response.status >= 500:
            what = f"respondió con error {response.status}"
            self._failure = PortalDown(self.name, self._place(response.url), what)

    def _place(self, address: str) -> str:
        """Where something was seen: the page as people call it, and what it was asked for by."""
        path = unquote(urlsplit(address).path)
        return f"{self.where} ({path})" if self.where else path

    async def diagnose(self) -> None:
        """Raise what is known to be wrong: a message nobody expected, a text on a page of this
        portal, a failed answer."""
        if self._unexpected is not None:
            raise self._unexpected
        # Not another portal's windows: those of a worker slot share one context.
        shown, origins = self._shown(), self._origins()
        frames = [
            frame
            for page in self.context.pages
            for frame in page.frames
            if frame in shown or Origin.of(frame.url) in origins
        ]
        texts = await asyncio.gather(*map(words_of, frames))
        for frame, text in zip(frames, texts, strict=True):
            for signature in self.error_signatures:
                if signature.pattern.search(text):
                    if signature.error is SessionBusy:
                        self._inside = False
                    raise signature.error(self.name, self._place(frame.url), signature.what)
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    @staticmethod
    async def shut(page: Page) -> None:
        """Measured: a window that is still loading may never say that it has closed."""
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(_CLOSING):
                await page.close()
