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
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar
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
    BrowserLost,
    PageChanged,
    PortalDown,
    PortalError,
    PortalSlow,
    SubmitWithheld,
    WriteUncertain,
)
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
        self._main: Page | None = None
        self._failure: PortalError | None = None
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
        return self._main is not None and not self._main.is_closed()

    async def main(self) -> Page:
        """The portal's main window, logged in; opened on first use and kept."""
        self._failure = None
        self._waiting.clear()
        if self._main is None or self._main.is_closed():
            try:
                async with asyncio.timeout(self.limits.visible):
                    page = await self.context.new_page()
            except PlaywrightError as error:
                raise BrowserLost(self.name, "navegador", "el navegador se cerró") from error
            except TimeoutError as error:
                raise BrowserLost(self.name, "navegador", "el navegador no responde") from error
            self.watch(page)
            self._main = page
            try:
                await self.log_in(page)
            except BaseException:
                await self._drop()
                raise
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
        """Log out and close the window; a portal that cannot be left is left all the same."""
        if self.is_open and self._main is not None:
            with suppress(PortalError, PlaywrightError, TimeoutError):
                async with asyncio.timeout(self.limits.visible):
                    await self.log_out(self._main)
        await self._drop()

    async def forget(self) -> None:
        """Close the windows without logging out: the session is gone already."""
        await self._drop()

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
        self._failure = PageChanged(self.name, "mensaje", f"mensaje inesperado: «{words}»")
        await dialog.dismiss()

    def _asked(self, request: Request) -> None:
        self._waiting.add(request)

    def _finished(self, request: Request) -> None:
        self._waiting.discard(request)

    def _failed(self, request: Request) -> None:
        self._waiting.discard(request)
        if "ERR_ABORTED" not in (request.failure or ""):
            self._failure = PortalDown(
                self.name, urlsplit(request.url).path, "no se pudo conectar o la respuesta se cortó"
            )

    def _responded(self, response: Response) -> None:
        if response.status >= 500:
            self._failure = PortalDown(
                self.name, urlsplit(response.url).path, f"respondió con error {response.status}"
            )

    async def diagnose(self) -> None:
        """Raises what is known to be wrong: a text on a page of this portal, a failed answer."""
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
                    raise trouble.error(self.name, urlsplit(frame.url).path, trouble.what)
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    # waiting, in one place for all

    async def until(self, look: Callable[[], Awaitable[T | None]], page: str, what: str) -> T:
        """What ``look`` gives once it gives something; meanwhile trouble is looked for.

        Raises the trouble; at the limit, `PortalSlow` where an answer is still awaited and
        `PageChanged` where the portal has said all and it is not there.
        """
        deadline = time.monotonic() + self.limits.visible
        next_diagnosis = time.monotonic() + self.limits.look
        while True:
            try:
                found = await look()
            except PlaywrightTimeout:
                found = None
            except PlaywrightError as error:
                self._browser_lost(error, page)
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
        try:
            yield
        except PlaywrightTimeout as error:
            await self.diagnose()
            raise PageChanged(self.name, page, f"no se puede usar «{what}»") from error
        except PlaywrightError as error:
            self._browser_lost(error, page)
            self._refused(error, page)
            await self.diagnose()
            raise PageChanged(self.name, page, f"no se puede usar «{what}»") from error

    async def go(self, page: Page, address: str, title: str) -> None:
        """Navigate a window; whether the page is ready is for its page object to say."""
        try:
            await page.goto(address, wait_until="commit", timeout=self.limits.visible * 1000)
        except PlaywrightTimeout as error:
            raise PortalSlow(self.name, title, "no respondió a tiempo") from error
        except PlaywrightError as error:
            self._browser_lost(error, title)
            self._refused(error, title)
            raise PortalDown(self.name, title, "no se pudo abrir la página") from error

    def _refused(self, error: PlaywrightError, page: str) -> None:
        if "net::ERR_" in error.message:
            raise PortalDown(self.name, page, "no se pudo conectar con el portal") from error

    def _browser_lost(self, error: PlaywrightError, page: str) -> None:
        words = error.message
        if "crash" in words.lower() or "has been closed" in words:
            raise BrowserLost(self.name, page, "el navegador o su ventana se cerró") from error

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
