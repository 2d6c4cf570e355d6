"""One portal in one browser context: its sessions, and the only place to submit."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import ClassVar, Self, TypeVar
from urllib.parse import urljoin

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from pages.contract.errors import (
    AccessDenied,
    BrowserLost,
    PageChanged,
    PortalDown,
    PortalError,
    RobotMustAct,
    SessionBusy,
    SessionLost,
    SubmitWithheld,
    WriteUncertain,
)
from pages.contract.ports import Lease, Sending, SubmitHook, always_submit
from pages.contract.records import Record
from pages.contract.text import day
from pages.core.account import Account, Limits
from pages.core.asking import Scope
from pages.core.diagnosis import PASSWORD_ENDS
from pages.core.failure import Trace, keep_pages
from pages.core.inspection import Inspection, KnownCase
from pages.core.picture import save_picture
from pages.core.portal_map import phrase
from pages.core.relay import relays
from pages.core.screen import seen_on
from pages.core.tickets import Tickets
from pages.core.translated import translated
from pages.core.waiting import Waiting

T = TypeVar("T")


#: seconds that pictures and pages of a failure may take, and its trace
_KEEPING = 10.0

#: how a portal says it, wherever it does
_PASSWORD_ENDS = re.compile(
    r"contraseña (?:vence|caduca|expira) (?:el )?(\d\d/\d\d/\d{4})", re.IGNORECASE
)


class NoWord(StrEnum):
    """Of a portal of which none is known."""


class Portal(Waiting):
    """A portal as a flow calls it; subclasses add what people do there.

    Public methods return records, never locators, and raise `PortalError`. Each begins from any
    state the portal may have been left in.
    """

    #: the words that are chosen in its lists and shown as states, as far as its pages know them
    words: ClassVar[type[StrEnum]] = NoWord
    #: the product's own address that ends a session, where one that stays keeps the user out
    way_out: ClassVar[str] = ""

    def __init__(
        self, context: BrowserContext, account: Account, *, limits: Limits | None = None
    ) -> None:
        super().__init__(context, account, limits or Limits())
        self.submit_hook: SubmitHook = always_submit
        self._main: Page | None = None
        #: whether it is asked yet if what is typed may be sent, or was answered no
        self._asking = False
        self._tickets = Tickets(context)
        #: looks at a page that has changed while it is open, and tells of it with the error
        self.study: Callable[[Self, PageChanged], Awaitable[None]] | None = None

    # to be written by each portal

    async def log_in(self, page: Page) -> None:
        """Log in, from a blank window to the portal's first page."""
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
        return self._main

    async def check_in(self) -> date | None:
        """Logged in, at its first page; the day on which the password ends, where that is shown."""
        page = await self.main()
        known = (_PASSWORD_ENDS, *map(phrase, self.names.messages.get(PASSWORD_ENDS, ())))
        for seen in await seen_on(page):
            for said in known:
                if found := said.search(seen.words):
                    return day(found[1])
        return None

    async def inspect_pages(self, see: Inspection, known: KnownCase | None) -> None:
        """Inspect the pages that the robot uses, changing nothing. Pages that show a record are
        opened where there is a ``known`` one; what a page shows only as an answer is left out."""
        raise NotImplementedError

    @asynccontextmanager
    async def before_login(self, see: Inspection) -> AsyncIterator[Page]:
        """A window at the portal's address, before any login. What it lacks is noted while it is
        still there."""
        page = self._outside = await self.context.new_page()
        self.watch(page)
        try:
            await self.go(page, self.account.url, "dirección")
            yield page
        except PageChanged as error:
            await see.blocked(error, self)
            raise
        finally:
            await self.shut(page)
            self._outside = None

    async def close(self) -> None:
        """Log out and close the window; a portal that cannot be left is left all the same, until
        it is asked again."""
        if self._inside:
            with suppress(PortalError, PlaywrightError, TimeoutError):
                async with asyncio.timeout(self.limits.visible):
                    window = self._main
                    if window is None or window.is_closed() or not self._arrived:
                        window = await self.main()  # the browser has kept the session
                    self._arrived = False  # what is outside shows the login
                    await self.log_out(window)
                    self._inside = False
        if self._inside and self.way_out:
            await self._leave_by_address()
        await self._drop()

    async def _leave_by_address(self) -> None:
        """Where the pages are not as mapped, no link leads out, and the session would stay."""
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(self.limits.visible):
                window = await self.context.new_page()
                await window.goto(urljoin(self.account.url, self.way_out))
                self._inside = False
                await window.close()

    async def forget(self) -> None:
        """Close the windows without logging out: the session is gone, or is left later."""
        await self._drop()

    @asynccontextmanager
    async def leased(self, lease: Lease) -> AsyncIterator[Self]:
        """Itself, for one step. Whatever Playwright raises comes out as ours; what was seen of a
        failure goes to the lease's folder, and the next step begins with a fresh window, logged out
        where that is possible: a portal that lets a user in once must not find the robot's own
        session in its way."""
        lease.portal, self.submit_hook = self, lease.submit_hook
        self.account = self.account.by_now()
        self.met, self.seen, self.lacking = set(), {}, lease.lacking
        self._unexpected, self._asking = None, False
        # A login is rare, and one that is refused is not tried again.
        trace = Trace(self.context) if lease.traced or not self.is_open else None
        if trace is not None:
            await trace.start()
        self.is_traced = trace is not None and trace.is_recording
        try:
            yield self
            if self._unexpected is not None:
                raise self._unexpected
            self._tickets.work()
            if self._main is not None:
                await self.clear_away(self._main)
        except (Exception, asyncio.CancelledError) as error:
            if self._asking and not isinstance(error, PlaywrightError):
                # Nothing is wrong here, and nothing was sent: the answer was no.
                await self._let_go()
                raise
            ours = (
                translated(error, self.name, self.where)
                if isinstance(error, PlaywrightError)
                else error
            )
            await self._keep(lease.folder, trace)
            if isinstance(ours, PageChanged) and self.study is not None:
                await self.study(self, ours)
            await self.close_unborn()
            # A session that is gone, or is another's, cannot be left; and who is cut short has no
            # time to leave: the browser keeps the session, and the next window finds it.
            lost = isinstance(ours, RobotMustAct | SessionBusy | asyncio.CancelledError)
            if lost or not self._arrived:
                await self.forget()
            else:
                await self.close()
            if isinstance(ours, SessionLost):
                with suppress(PlaywrightError):
                    await self._tickets.lose()
            if ours is error:
                raise
            raise ours from error
        finally:
            self.is_traced, self.lacking = False, ""
            if trace is not None:
                await trace.stop()

    async def _keep(self, folder: Path, trace: Trace | None) -> None:
        """Keep what the windows show, and how it came to that, never hiding what went wrong."""
        windows = [page for page in (self._main, *self.popups) if page and not page.is_closed()]
        with suppress(PlaywrightError, TimeoutError, OSError):
            async with asyncio.timeout(_KEEPING):
                await keep_pages(windows, folder, self.account.password)
        if trace is not None:
            with suppress(PlaywrightError, TimeoutError, OSError):
                async with asyncio.timeout(_KEEPING):
                    await trace.keep(folder, self.account.password)

    async def _let_go(self) -> None:
        """Close the windows of a form that is not to be sent. Nothing of theirs runs any more: they
        ask nobody whether they may go, and keep no draft. The session stays."""
        for page in self.context.pages:
            if page in self._own:
                await self.silence(page)
        await self.forget()

    async def _drop(self) -> None:
        page, self._main = self._main, None
        self._waiting.clear()
        await self.close_popups()
        if page is not None and not page.is_closed():
            await self.shut(page)
        if relay := relays.get(self.context):
            relay.release()

    # submitting, in one place for all

    async def submit(
        self,
        what: str,
        fields: Mapping[str, str],
        form: Scope,
        press: Callable[[], Awaitable[object]],
        confirmed: Callable[[], Awaitable[T]],
        draft: Record | None = None,
    ) -> T:
        """Press once, and give what the portal confirms; ``form`` is what a picture shows, whole.

        Whatever goes wrong from the press on is `WriteUncertain`: the work may have been done, so
        the caller looks in the portal before anything else. Nothing here presses twice, and the
        relay keeps the browser from sending twice what was pressed once: after a doubt until the
        windows are closed, for a press that failed may be sent yet.
        """

        def lost() -> None:
            self._failure = PortalDown(self.name, what, "cerró la conexión sin responder")

        self._asking = True
        if not await self.submit_hook(
            Sending(self.name, what, fields, draft), partial(save_picture, form)
        ):
            raise SubmitWithheld(self.name, what, "no se envió")
        self._asking = False
        relay = relays.get(self.context)
        if relay is not None:
            relay.guard(lost)
        try:
            await press()
            done = await confirmed()
        except PortalError as error:
            raise WriteUncertain(self.name, what, f"no se sabe si se registró ({error})") from error
        except PlaywrightError as error:
            raise WriteUncertain(self.name, what, "no se sabe si se registró") from error
        if relay is not None:
            relay.release()
        return done
