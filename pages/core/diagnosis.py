"""What goes wrong in a portal's windows: native dialogs, failed answers, signatures of errors."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar, NoReturn
from urllib.parse import unquote, urlsplit

from playwright.async_api import BrowserContext, Dialog, Frame, Page, Request, Response
from playwright.async_api import Error as PlaywrightError

from pages.contract.errors import (
    UNEXPECTED,
    AccessDenied,
    Insecure,
    PageChanged,
    PortalDown,
    PortalError,
    SessionBusy,
    SessionLost,
)
from pages.contract.text import clean
from pages.core.account import Account
from pages.core.origin import Origin
from pages.core.portal_map import phrase
from pages.core.screen import Told, quotable, seen_in_source, seen_of, seen_on
from pages.core.secure import why_not_secure
from pages.core.translated import REFUSED
from pages.core.windows import Windows


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


#: what a portal's map may say that a text means: an error, wherever in the portal it stands; …
ERRORS: Mapping[str, type[PortalError]] = {
    "session_lost": SessionLost,
    "session_busy": SessionBusy,
    "access_denied": AccessDenied,
    "portal_down": PortalDown,
}
#: … a native dialog to be accepted or not; the password's last day, as ``{fecha}``
ACCEPT, DISMISS, PASSWORD_ENDS = "accept", "dismiss", "password_ends"
MESSAGES = (*ERRORS, ACCEPT, DISMISS, PASSWORD_ENDS)

#: what a page, or a part of one, is asked for as
_PAGES = ("document", "xhr", "fetch")


class Diagnosed(Windows):
    """Windows in which what goes wrong is noted as it happens, and raised by `diagnose`."""

    name: ClassVar[str]
    error_signatures: ClassVar[tuple[ErrorSignature, ...]] = ()
    dialogs: ClassVar[tuple[DialogRule, ...]] = ()

    def __init__(self, context: BrowserContext, account: Account) -> None:
        super().__init__(context, account)
        #: the page that was waited for or worked on last
        self.where = ""
        #: whether there may be a session to be left, whatever has become of its window
        self._inside = False
        #: whether its window came through the login, and the session has not ended since
        self._arrived = False
        self._failure: PortalError | None = None
        self._unexpected: PortalError | None = None
        self._message = ""
        #: requests without their answer, and how many there have been
        self._waiting: set[Request] = set()
        self.asked = 0
        #: set where one begins or ends
        self._stirs = asyncio.Event()
        #: methods and addresses that were turned away and have not been answered since
        self._turned: set[tuple[str, str]] = set()
        #: one that stands before the login on purpose
        self._outside: Page | None = None
        self._listens = False

    # what happens in its windows

    def watch(self, page: Page) -> None:
        """Listen to a window, and with the first one to what all of them ask for and say: measured,
        to listen to each by itself is five commands a window."""
        super().watch(page)
        if not self._listens:
            self._listens = True
            self.context.on("request", self._asked)
            self.context.on("requestfinished", self._finished)
            self.context.on("requestfailed", self._failed)
            self.context.on("response", self._responded)
            self.context.on("dialog", self._answer)
        page.on("close", self._closed)

    def _asks(self, request: Request) -> Page | None:
        """The window of this portal that asks; None where it is another's, or a window's first
        request, which Playwright tells of before the window."""
        with suppress(PlaywrightError):
            page = request.frame.page
            return page if page in self._own else None
        return None

    def _asked(self, request: Request) -> None:
        if self._asks(request):
            self._waiting.add(request)
            self.asked += 1
            self._stirs.set()

    async def stirs(self, seconds: float) -> None:
        """Wait until one of its windows asks for something or has its answer, so long at most."""
        self._stirs.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stirs.wait()

    def is_leaving(self, frame: Frame) -> bool:
        """Whether what the frame shows makes room for what it has asked for."""
        with suppress(PlaywrightError):
            return any(r.is_navigation_request() and r.frame == frame for r in self._waiting)
        return False

    async def _answer(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":
            await dialog.accept()  # whoever leaves is the robot, and it means to
            return
        words = clean(dialog.message)
        if error := self._signed(words, self.where):
            self._failure = error
            await dialog.dismiss()
            return
        for rule in (*self.dialogs, *self._mapped_dialogs()):
            if rule.pattern.search(words):
                await (dialog.accept() if rule.accept else dialog.dismiss())
                return
        self._message = quotable(words)
        self._unexpected = PageChanged(self.name, self.where, UNEXPECTED.format(self._message))
        await dialog.dismiss()

    def _mapped_dialogs(self) -> Iterator[DialogRule]:
        for kind in (ACCEPT, DISMISS):
            for words in self.names.messages.get(kind, ()):
                yield DialogRule(phrase(words), kind == ACCEPT)

    def _finished(self, request: Request) -> None:
        self._waiting.discard(request)
        self._stirs.set()

    def _closed(self, page: Page) -> None:
        """Playwright tells of no request of a closed window that it has ended."""
        ended = {request for request in self._waiting if self._asks(request) is page}
        self._waiting -= ended
        self._stirs.set()

    def _failed(self, request: Request) -> None:
        self._finished(request)
        if not self._asks(request):
            return
        failure = request.failure or ""
        why = why_not_secure(failure)
        if REFUSED.search(failure) and not why:
            self._refused(request)
        elif "ERR_ABORTED" not in failure:
            kind = Insecure if why and self._is_the_way(request) else PortalDown
            what = why or "no se pudo conectar o la respuesta se cortó"
            self._note(kind(self.name, self._place(request.url), what))

    def _is_the_way(self, request: Request) -> bool:
        """Whether it leads to a page of the portal; what a page has of another server, a picture or
        a frame, may be missing."""
        is_known = Origin.of(request.url) in self.account.origins
        return request.is_navigation_request() and (is_known or request.frame in self._shown())

    def _refused(self, request: Request) -> None:
        """A challenge that lets nobody in."""
        if self._is_the_way(request):
            origin = Origin.of(request.url)
            what = "usuario o contraseña rechazados"
            if origin and origin not in self.account.origins:
                what = f"{origin.host} pide un usuario que el robot no tiene"
            self._failure = AccessDenied(self.name, self._place(request.url), what)

    def _responded(self, response: Response) -> None:
        request = response.request
        if not self._asks(request):
            return
        status, place = response.status, self._place(response.url)
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
        for kind, error in ERRORS.items():
            for words in self.names.messages.get(kind, ()):
                if phrase(words).search(text):
                    return error(self.name, where, f"dice «{words}»")
        return None

    def _place(self, address: str) -> str:
        """Where something was seen: the page as people call it, and what it was asked for by."""
        path = unquote(urlsplit(address).path)
        return f"{self.where} ({path})" if self.where else path

    # what is known to be wrong

    @property
    def unexpected(self) -> str:
        """The words of a message that nobody expects; empty where there was none."""
        return self._message if self._unexpected else ""

    async def diagnose(self, known: Mapping[Page, Told] | None = None) -> None:
        """Raise what is known to be wrong: a message nobody expected, a text on a page of this
        portal, its login where one has logged in, a failed answer. ``known`` is what was seen on a
        window just now."""
        if self._unexpected is not None:
            raise self._unexpected
        # Not another portal's windows, where portals share a context.
        origins = self._origins()
        pages = [
            page
            for page in self.context.pages
            if any(self._is_own(frame.url, page, origins) for frame in page.frames)
        ]
        known = known or {}
        others = [page for page in pages if page not in known]
        shown = [(page, seen_of(known[page])) for page in pages if page in known]
        shown += zip(others, await asyncio.gather(*map(seen_on, others)), strict=True)
        seen = [
            (page, one)
            for page, all_ in shown
            for one in all_
            if self._is_own(one.address, page, origins)
        ]
        for _, one in seen:
            self.recognise(one.words, self._place(one.address))
        for page, one in seen:
            if one.asks and self._arrived and page is not self._outside:
                self._tell(self._over(self._place(one.address)))
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
