"""One portal in one browser context: its login, its troubles, and the only place to submit."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, Self, TypeVar
from urllib.parse import urlsplit
from weakref import WeakSet

from playwright.async_api import (
    BrowserContext,
    Dialog,
    Locator,
    Page,
    Request,
    Response,
)
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from pages.core.errors import (
    AccessDenied,
    BrowserLost,
    PageChanged,
    PortalDown,
    PortalError,
    PortalSlow,
    RobotMustAct,
    SessionBusy,
    SubmitWithheld,
    WriteUncertain,
    told,
)
from pages.core.failure import Trace, keep_pages
from pages.core.relay import relays
from pages.core.text import clean, day

if TYPE_CHECKING:
    from pages.core.inspection import Inspection, Known

T = TypeVar("T")


@dataclass(frozen=True)
class Account:
    """Where a portal is and who works in it. The password is asked for when it is typed."""

    url: str
    username: str
    password: Callable[[], str]

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class Limits:
    """In seconds: how long anything may take to show, and between two looks for trouble."""

    visible: float = 20.0
    look: float = 0.4


@dataclass(frozen=True)
class Trouble:
    """A text that means trouble wherever in the portal it stands, and what it means."""

    pattern: re.Pattern[str]
    error: type[PortalError]
    what: str


@dataclass(frozen=True)
class DialogRule:
    """How a native dialog with such a text is answered."""

    pattern: re.Pattern[str]
    accept: bool = True


#: Saves a picture of the window as it is now.
Picture = Callable[[Path], Awaitable[None]]


@dataclass(frozen=True)
class Sending:
    """What the next press would send: ``fields`` as typed, by their names."""

    portal: str
    what: str
    fields: Mapping[str, object]


class Gate(Protocol):
    """Asked before each submit; False withholds it (dry run, or a person said no)."""

    async def __call__(self, sending: Sending, picture: Picture) -> bool: ...


async def open_gate(sending: Sending, picture: Picture) -> bool:
    """Submits without asking."""
    return True


#: seconds until a window that does not close is left to the browser
_CLOSING = 5.0
#: seconds that pictures and pages of a failure may take, and its trace
_KEEPING = 10.0

#: how a portal says it, wherever it does
_PASSWORD_ENDS = re.compile(
    r"contraseña (?:vence|caduca|expira) (?:el )?(\d\d/\d\d/\d{4})", re.IGNORECASE
)

#: windows some portal listens to: a seat's portals share one context
_watched: WeakSet[Page] = WeakSet()


class Portal:
    """What a flow calls of one portal; subclasses add what people do there.

    Public methods return records, never locators, and raise `PortalError`. Each begins from any
    state the portal may have been left in.
    """

    name: ClassVar[str]
    troubles: ClassVar[tuple[Trouble, ...]] = ()
    dialogs: ClassVar[tuple[DialogRule, ...]] = ()

    def __init__(
        self,
        context: BrowserContext,
        account: Account,
        *,
        gate: Gate = open_gate,
        limits: Limits | None = None,
    ) -> None:
        self.context = context
        self.account = account
        self.gate = gate
        self.limits = limits or Limits()
        #: the page that was waited for or worked on last
        self.where = ""
        self._main: Page | None = None
        self._failure: PortalError | None = None
        self._unexpected: PortalError | None = None
        #: whether there may be a session to be left, whatever has become of its window
        self._inside = False
        #: whether its window came through the login
        self._arrived = False
        self._waiting: set[Request] = set()
        self._opened: list[Page] = []
        context.on("page", self._appeared)

    # to be written by each portal

    async def log_in(self, page: Page) -> None:
        """From a blank window to the portal's first page."""
        raise NotImplementedError

    async def log_out(self, page: Page) -> None:
        raise NotImplementedError

    # sessions

    @property
    def is_open(self) -> bool:
        return self._main is not None and not self._main.is_closed() and self._arrived

    async def main(self) -> Page:
        """The portal's main window, logged in; opened on first use and kept."""
        self._failure = None
        self._waiting.clear()
        if self._main is None or self._main.is_closed() or not self._arrived:
            await self._drop()
            self.where = "inicio de sesión"
            try:
                async with asyncio.timeout(self.limits.visible):
                    page = await self.context.new_page()
            except PlaywrightError as error:
                raise BrowserLost(self.name, "navegador", "el navegador se cerró") from error
            except TimeoutError as error:
                raise BrowserLost(self.name, "navegador", "el navegador no responde") from error
            self.watch(page)
            # A window that fails on the way in is left as it is, for the picture of it.
            self._main, self._arrived, self._inside = page, False, True
            try:
                await self.log_in(page)
            except (AccessDenied, SessionBusy):
                self._inside = False
                raise
            self._arrived = True
        elif len(self.context.pages) > 1:
            # Behind another window of the seat the browser hardly paints, and every click waits for
            # the element to hold still: measured, 8 seconds for what takes one in front.
            await self._main.bring_to_front()
        return self._main

    async def check_in(self) -> date | None:
        """Logged in, at its first page; the day on which the password ends, where that is shown."""
        page = await self.main()
        for frame in page.frames:
            with suppress(PlaywrightError):
                text = clean(await frame.evaluate("document.body ? document.body.innerText : ''"))
                if found := _PASSWORD_ENDS.search(text):
                    return day(found[1])
        return None

    async def tour(self, see: Inspection, known: Known | None) -> None:
        """Through the pages that the robot uses, changing nothing. Pages that show a record are
        opened where there is a ``known`` one; what a page shows only as an answer is left out."""
        raise NotImplementedError

    @asynccontextmanager
    async def at_the_door(self) -> AsyncIterator[Page]:
        """A window at the portal's address, before any login."""
        page = await self.context.new_page()
        self.watch(page)
        try:
            await self.go(page, self.account.url, "dirección")
            yield page
        finally:
            await self._shut(page)

    async def close(self) -> None:
        """Log out and close the window; a portal that cannot be left is left all the same, until
        it is asked again."""
        if self._inside:
            with suppress(PortalError, PlaywrightError, TimeoutError):
                async with asyncio.timeout(self.limits.visible):
                    window = self._main
                    if window is None or window.is_closed() or not self._arrived:
                        window = await self.main()  # the browser has kept the session
                    await self.log_out(window)
                    self._inside = False
        await self._drop()

    async def forget(self) -> None:
        """Close the windows without logging out: the session is gone, or is left later."""
        await self._drop()

    @asynccontextmanager
    async def lent(self, folder: Path, *, traced: bool) -> AsyncIterator[Self]:
        """For one step. Whatever Playwright raises comes out as ours; what was seen of a failure
        goes to ``folder``, and the next step begins with a fresh window, logged out where that is
        possible: a portal that lets a user in once must not find the robot's own session in its
        way."""
        self._unexpected = None
        trace = Trace(self.context) if traced else None
        if trace is not None:
            await trace.start()
        try:
            yield self
            if self._unexpected is not None:
                raise self._unexpected
        except SubmitWithheld:
            raise
        except (Exception, asyncio.CancelledError) as error:
            ours = (
                told(error, self.name, self.where) if isinstance(error, PlaywrightError) else error
            )
            await self._keep(folder, trace)
            # A session that is gone, or is another's, cannot be left; and who is cut short has no
            # time to leave: the browser keeps the session, and the next window finds it.
            lost = isinstance(ours, RobotMustAct | SessionBusy | asyncio.CancelledError)
            if lost or not self._arrived:
                await self.forget()
            else:
                await self.close()
            if ours is error:
                raise
            raise ours from error
        finally:
            if trace is not None:
                await trace.stop()

    async def _keep(self, folder: Path, trace: Trace | None) -> None:
        """What the windows show, and how it came to that. It must not hide what went wrong."""
        windows = [page for page in (self._main, *self.popups) if page and not page.is_closed()]
        with suppress(PlaywrightError, TimeoutError, OSError):
            async with asyncio.timeout(_KEEPING):
                await keep_pages(windows, folder, self.account.password)
        if trace is not None:
            with suppress(PlaywrightError, TimeoutError, OSError):
                async with asyncio.timeout(_KEEPING):
                    await trace.keep(folder, self.account.password)

    async def _drop(self) -> None:
        page, self._main = self._main, None
        self._waiting.clear()
        await self.close_popups()
        if page is not None and not page.is_closed():
            await self._shut(page)

    @staticmethod
    async def _shut(page: Page) -> None:
        """Measured: a window that is still loading may never say that it has closed."""
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(_CLOSING):
                await page.close()

    # what happens in its windows

    def watch(self, page: Page) -> None:
        """Listen to a window's dialogs and failures."""
        _watched.add(page)
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
        if page.url.startswith(self.account.origin):
            asyncio.get_running_loop().call_soon(self._popped_up, page)

    @property
    def popups(self) -> list[Page]:
        """The windows this portal opened that are still open, oldest first."""
        self._opened = [page for page in self._opened if not page.is_closed()]
        return list(self._opened)

    async def close_popups(self) -> None:
        for page in self.popups:
            await self._shut(page)

    async def _answer(self, dialog: Dialog) -> None:
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
        if "ERR_ABORTED" not in (request.failure or ""):
            what = "no se pudo conectar o la respuesta se cortó"
            self._failure = PortalDown(self.name, self._place(request.url), what)

    def _responded(self, response: Response) -> None:
        if response.status >= 500:
            what = f"respondió con error {response.status}"
            self._failure = PortalDown(self.name, self._place(response.url), what)

    def _place(self, address: str) -> str:
        """Where something was seen: the page as people call it, and what it was asked for by."""
        path = urlsplit(address).path
        return f"{self.where} ({path})" if self.where else path

    async def diagnose(self) -> None:
        """Raises what is known to be wrong: a message nobody expected, a text on a page of this
        portal, a failed answer."""
        if self._unexpected is not None:
            raise self._unexpected
        frames = [frame for page in self.context.pages for frame in page.frames]
        for frame in frames:
            if not frame.url.startswith(self.account.origin):
                continue  # another portal's window: a seat's portals share one context
            try:
                text = clean(await frame.evaluate("document.body ? document.body.innerText : ''"))
            except PlaywrightError:
                continue
            for trouble in self.troubles:
                if trouble.pattern.search(text):
                    if trouble.error is SessionBusy:
                        self._inside = False
                    raise trouble.error(self.name, self._place(frame.url), trouble.what)
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    # waiting, in one place for all

    async def until(self, look: Callable[[], Awaitable[T | None]], page: str, what: str) -> T:
        """What ``look`` gives once it gives something; meanwhile trouble is looked for.

        Raises the trouble; at the limit, `PortalSlow` where an answer is still awaited and
        `PageChanged` where the portal has said all and it is not there.
        """
        self.where = page
        deadline = time.monotonic() + self.limits.visible
        next_diagnosis = time.monotonic() + self.limits.look
        while True:
            try:
                found = await look()
            except PlaywrightTimeout:
                found = None
            except PlaywrightError as error:
                if isinstance(ours := told(error, self.name, page, what), BrowserLost):
                    raise ours from error
                found = None  # a frame that was replaced while it was read
            if found is not None:
                return found
            if time.monotonic() >= next_diagnosis:
                await self.diagnose()
                next_diagnosis = time.monotonic() + self.limits.look
            if time.monotonic() >= deadline:
                if self._waiting:
                    raise PortalSlow(self.name, page, f"no respondió a tiempo («{what}»)")
                raise PageChanged(self.name, page, f"no se encuentra «{what}»")
            await asyncio.sleep(0.02)

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

    @asynccontextmanager
    async def acting(self, page: str, what: str) -> AsyncIterator[None]:
        """Around Playwright calls that act: its errors come out as ours, told by who must act."""
        self.where = page
        try:
            yield
        except PlaywrightError as error:
            ours = told(error, self.name, page, what)
            if isinstance(ours, PageChanged):
                await self.diagnose()  # the portal may have said what is wrong
            raise ours from error

    async def go(self, page: Page, address: str, title: str) -> None:
        """Navigate a window; whether the page is ready is for its page object to say."""
        self.where = title
        try:
            await page.goto(address, wait_until="commit", timeout=self.limits.visible * 1000)
        except PlaywrightTimeout as error:
            raise PortalSlow(self.name, title, "no respondió a tiempo") from error
        except PlaywrightError as error:
            ours = told(error, self.name, title)
            if isinstance(ours, PageChanged):
                ours = PortalDown(self.name, title, "no se pudo abrir la página")
            raise ours from error

    # submitting, in one place for all

    async def submit(
        self,
        what: str,
        fields: Mapping[str, object],
        window: Page,
        press: Callable[[], Awaitable[object]],
        confirmed: Callable[[], Awaitable[T]],
    ) -> T:
        """Press once, and give what the portal confirms.

        Whatever goes wrong from the press on is `WriteUncertain`: the work may have been done, so
        the caller looks in the portal before anything else. Nothing here presses twice, and the
        relay keeps the browser from sending twice what was pressed once.
        """

        async def picture(path: Path) -> None:
            await window.screenshot(path=path, full_page=True)

        def lost() -> None:
            self._failure = PortalDown(self.name, what, "cerró la conexión sin responder")

        if not await self.gate(Sending(self.name, what, fields), picture):
            raise SubmitWithheld(self.name, what, "no se envió")
        relay = relays.get(self.context)
        try:
            with relay.guarding(lost) if relay else nullcontext():
                await press()
                return await confirmed()
        except PortalError as error:
            raise WriteUncertain(self.name, what, f"no se sabe si se registró ({error})") from error
        except PlaywrightError as error:
            raise WriteUncertain(self.name, what, "no se sabe si se registró") from error
