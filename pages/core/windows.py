"""Windows of a portal: pop-ups, native dialogs, failed answers, signatures of errors."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar, NoReturn
from urllib.parse import unquote, urlsplit
from weakref import WeakSet

from playwright.async_api import BrowserContext, Dialog, Download, Frame, Page, Request, Response
from playwright.async_api import Error as PlaywrightError

from pages.contract.errors import (
    AccessDenied,
    PageChanged,
    PortalDown,
    PortalError,
    SessionBusy,
    SessionLost,
)
from pages.contract.text import clean
from pages.core.account import Account
from pages.core.origin import Origin
from pages.core.screen import quotable, seen_in, seen_in_source
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
#: what a page, or a part of one, is asked for as
_PAGES = ("document", "xhr", "fetch")
#: windows some portal listens to: the portals of a worker slot share one context
_watched: WeakSet[Page] = WeakSet()


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
        #: whether its window came through the login, and the session has not ended since
        self._arrived = False
        self._failure: PortalError | None = None
        self._unexpected: PortalError | None = None
        self._message = ""
        #: requests without their answer, by the window that asked
        self._waiting: dict[Request, Page] = {}
        #: methods and addresses that were turned away and have not been answered since
        self._turned: set[tuple[str, str]] = set()
        #: how many files it has handed out instead of a page
        self.downloads = 0
        self._opened: list[Page] = []
        #: all windows that this portal listens to
        self._own: WeakSet[Page] = WeakSet()
        #: one that stands before the login on purpose
        self._outside: Page | None = None
        context.on("page", self._appeared)

    # what happens in its windows

    def watch(self, page: Page) -> None:
        """Listen to a window's dialogs and failures."""
        _watched.add(page)
        self._own.add(page)
        page.on("dialog", self._answer)
        page.on("request", lambda request: self._waiting.update({request: page}))
        page.on("requestfinished", self._finished)
        page.on("requestfailed", self._failed)
        page.on("response", self._responded)
        page.on("popup", self._popped_up)
        page.on("close", self._closed)
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

    def _is_own(self, frame: Frame, origins: frozenset[Origin]) -> bool:
        """Whether what it shows is this portal's: by its server, or by its window without one."""
        origin = Origin.of(frame.url)
        return origin in origins if origin else frame.page in self._own

    @property
    def unexpected(self) -> str:
        """The words of a message that nobody expects; empty where there was none."""
        return self._message if self._unexpected else ""

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
        words = clean(dialog.message)
        if error := self._signed(words, self.where):
            self._failure = error
            await dialog.dismiss()
            return
        for rule in self.dialogs:
            if rule.pattern.search(words):
                await (dialog.accept() if rule.accept else dialog.dismiss())
                return
        self._message = quotable(words)
        what = f"mensaje inesperado: «{self._message}»"
        self._unexpected = PageChanged(self.name, self.where, what)
        await dialog.dismiss()

    def _finished(self, request: Request) -> None:
        self._waiting.pop(request, None)

    def _closed(self, page: Page) -> None:
        """Playwright tells of no request of a closed window that it has ended."""
        self._waiting = {asked: by for asked, by in self._waiting.items() if by is not page}

    async def has_closed(self, page: Page) -> bool:
        """Whether this window has closed, and not the browser. Playwright may tell of its being
        gone before its close."""
        with suppress(PlaywrightError):
            if not page.is_closed():
                await page.wait_for_event("close", timeout=1000)
        return page.is_closed() and bool(self.context.pages)

    def _downloaded(self, _: Download) -> None:
        self.downloads += 1

    def _failed(self, request: Request) -> None:
        self._finished(request)
        if REFUSED.search(request.failure or ""):
            self._refused(request)
        elif "ERR_ABORTED" not in (request.failure or ""):
            what = "no se pudo conectar o la respuesta se cortó"
            self._note(PortalDown(self.name, self._place(request.url), what))

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
        status, place, request = response.status, self._place(response.url), response.request
        if status >= 500:
            self._note(PortalDown(self.name, place, f"respondió con error {status}"))
        elif status == HTTPStatus.UNAUTHORIZED and "www-authenticate" in response.headers:
            self._refused(request)
        elif request.resource_type not in _PAGES:
            return
        elif status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            if self._arrived:
                self._note(self._turned_away(request, place, status))
        elif status in (204, 205) and request.is_navigation_request():
            self._note(PortalDown(self.name, place, "respondió sin página"))
        else:
            self._turned.discard((request.method, request.url))

    def _turned_away(self, request: Request, place: str, status: int) -> PortalError:
        """Who has been let in is so by the session's end; by its rights where a new one is, too."""
        what = f"respondió con error {status}"
        if (request.method, request.url) in self._turned:
            return AccessDenied(self.name, place, what)
        self._turned.add((request.method, request.url))
        return SessionLost(self.name, place, what)

    def _note(self, failure: PortalError) -> None:
        """The first failure is the cause of those that come with it."""
        self._failure = self._failure or failure

    def _signed(self, text: str, where: str) -> PortalError | None:
        """The error whose signature is in the text."""
        for signature in self.error_signatures:
            if signature.pattern.search(text):
                return signature.error(self.name, where, signature.what)
        return None

    def _place(self, address: str) -> str:
        """Where something was seen: the page as people call it, and what it was asked for by."""
        path = unquote(urlsplit(address).path)
        return f"{self.where} ({path})" if self.where else path

    async def diagnose(self) -> None:
        """Raise what is known to be wrong: a message nobody expected, a text on a page of this
        portal, its login where one has logged in, a failed answer."""
        if self._unexpected is not None:
            raise self._unexpected
        # Not another portal's windows: those of a worker slot share one context.
        frames = [frame for page in self.context.pages for frame in page.frames]
        origins = self._origins()
        frames = [frame for frame in frames if self._is_own(frame, origins)]
        seen = await asyncio.gather(*map(seen_in, frames))
        for frame, (text, _) in zip(frames, seen, strict=True):
            self.recognise(text, self._place(frame.url))
        for frame, (_, asks) in zip(frames, seen, strict=True):
            if asks and self._arrived and frame.page is not self._outside:
                self._tell(self._over(self._place(frame.url)))
        if self._failure is not None:
            self._tell(self._failure)

    def recognise(self, text: str, where: str) -> None:
        """Raise the error whose signature is in the text."""
        if error := self._signed(text, where):
            self._tell(error)

    def recognise_page(self, source: str, where: str) -> None:
        """Raise what is wrong by the source of a page that was sent and is shown nowhere."""
        words, asks = seen_in_source(source)
        self.recognise(words, where)
        if asks and self._arrived:
            self._tell(self._over(where))

    def _over(self, where: str) -> SessionLost:
        return SessionLost(self.name, where, "la sesión terminó: pide ingresar otra vez")

    def _tell(self, error: PortalError) -> NoReturn:
        self._failure = None
        if isinstance(error, SessionBusy):
            self._inside = False
        if isinstance(error, SessionBusy | SessionLost):
            self._arrived = False
        raise error

    @staticmethod
    async def shut(page: Page) -> None:
        """Measured: a window that is still loading may never say that it has closed."""
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(_CLOSING):
                await page.close()
