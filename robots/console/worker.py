"""The console's own worker: a browser while somebody needs it, and the engine while there is work.

On SQLite one process works at a time. The console is that process only while it has cases to work
on; where another one is (`cargofijo run`), it hands its cases over to that one's queue.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import sqlalchemy.exc
from loguru import logger

from flows.procedure.preview import Preview, look
from flows.rules.case import Case, Motivo
from flows.runtime.queue_client import QueueClient
from flows.store.ledger import Ledger
from pages.contract.errors import BrowserLost
from robots.bootstrap import OpenServices, open_services, start_engine
from robots.console.case_store import CaseStore
from robots.console.confirmed_draft import ConfirmedDrafts
from robots.console.live_status import LiveStatus
from robots.run.batch import EndTracker, Pending, begin_next, serve, wait_for_any, withdraw_cases
from robots.run.lock import DatabaseBusy, only_worker
from robots.run.tell_changes import telling_changes
from robots.settings import Settings

#: seconds without work until the browser is closed, and between two looks for work
IDLE, LOOK = 300.0, 3.0


class ConsoleWorker:
    def __init__(self, settings: Settings, ledger: Ledger, live_status: LiveStatus) -> None:
        self.settings = settings
        self.ledger = ledger
        self.live_status = live_status
        self.queue_client = QueueClient(ledger.engine)
        self.drafts = ConfirmedDrafts()
        self.store = CaseStore(ledger.engine)
        self.stopping = asyncio.Event()
        #: why cases do not go on here: another process, or no browser; None where they do
        self.waits_for: str | None = None
        self._wanted = asyncio.Event()
        self._opened: OpenServices | None = None
        self._opening = asyncio.Lock()
        self._open = AsyncExitStack()
        self._used = 0.0
        self._looking = 0
        #: whether a map has changed since the browser was started
        self._is_past = False
        #: had by whatever needs the portals for itself: the engine, or a look for a map
        self._turn = asyncio.Lock()
        self._starting: asyncio.Task[None] | None = None
        self.is_working = False

    # what people ask for

    def warm_up(self) -> None:
        """Start the browser while somebody types who is about to need it."""
        self._used = time.monotonic()
        if self._opened is None and (self._starting is None or self._starting.done()):
            self._starting = asyncio.create_task(self._start())

    async def _start(self) -> None:
        with suppress(Exception):  # whoever looks is told
            await self._with_browser()

    async def look(
        self, case: Case, who: str, folder: Path, shown: Callable[[Preview], None]
    ) -> Preview:
        """Preview of *Validar*; raises `CaseEnds`, and `BrowserLost` where no browser starts."""
        self._looking += 1
        try:
            opened = await self._with_browser()
            return await look(opened.services, case, who, folder, shown)
        finally:
            self._looking -= 1
            self._used = time.monotonic()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[OpenServices]:
        """Context with services that know the portals' maps as they are now, while nobody works on
        cases, here or in another process, or looks at one. Raises `DatabaseBusy`, `BrowserLost` and
        `MapError`."""
        if self._turn.locked() or self._looking:
            raise DatabaseBusy("El robot trabaja en un caso ahora: espere a que termine.")
        async with self._alone():
            self._looking += 1
            try:
                await self._close()
                opened = await self._with_browser()
                yield opened
                await opened.pool.leave_remedy()
            finally:
                self._looking -= 1
                self._used = time.monotonic()

    def begin_anew(self) -> None:
        """Close the browser once nobody needs it: the next one knows the maps as they are then."""
        self._is_past = True
        self._wanted.set()

    async def work_on(self, attempts: tuple[Pending, ...] = ()) -> None:
        """Work on these, here or wherever work is done; look at once for what there is.

        Into the queue in the database: an engine that is at work here may be ending just now."""
        await self.queue_client.enqueue(attempts)
        self._wanted.set()

    async def withdraw(self, attempts: set[Pending]) -> int:
        """End those that have not begun; gives how many."""
        if not self.is_working:
            return 0
        return len(await withdraw_cases(self.queue_client, self.ledger, attempts, Motivo.DETENIDO))

    # the loop itself

    async def run(self) -> None:
        """Work until ``stopping``; the cases at work end first."""
        try:
            while not self.stopping.is_set():
                try:
                    await self._close_if_unused()
                    await self._work_if_any()
                except BrowserLost as error:
                    self.waits_for = f"{error}."
                except Exception as error:  # whatever it is, the console stays up and tries again
                    logger.error("console_failed", error=type(error).__name__, at="worker")
                await self._pause()
        finally:
            await self._close()
            self.queue_client.close()

    async def _go_on_where_answered(self) -> None:
        """What a supervisor has answered goes on by itself, in the name of whoever asked for it."""
        for found in await asyncio.to_thread(self.store.answered):
            with suppress(sqlalchemy.exc.IntegrityError):  # a list has just taken it up
                await begin_next(self.ledger, found, found.case)

    async def _work_if_any(self) -> None:
        await self._go_on_where_answered()
        waiting = await asyncio.to_thread(self.ledger.open_attempts)
        if not waiting:
            self.waits_for = None
            return
        try:
            async with self._alone():
                self.waits_for = None
                await self._work()
        except DatabaseBusy:
            self.waits_for = "Otro proceso del robot trabaja ahora; los casos quedan en su cola."
            await self.queue_client.enqueue(waiting)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Context in which nobody else works on cases, in this process or, with SQLite, another."""
        async with self._turn:
            with only_worker(self.settings.database):
                yield

    async def _work(self) -> None:
        opened = await self._with_browser()
        services = opened.services
        services.run.closing = None
        ended = EndTracker(self.live_status)
        services.run.observer = ended
        try:
            async with (
                start_engine(opened) as runtime,
                telling_changes(self.settings, runtime.services),
            ):
                self.is_working = True
                try:
                    await serve(runtime, ended, self.stopping, drain=True)
                finally:
                    self.is_working = False
            await opened.pool.leave_remedy()
        finally:
            services.run.observer = self.live_status
            self._used = time.monotonic()

    async def _with_browser(self) -> OpenServices:
        async with self._opening:
            if self._opened is None:
                self._opened = await self._open.enter_async_context(
                    open_services(
                        self.settings,
                        self.ledger,
                        seats=self.settings.seats,
                        observer=self.live_status,
                        confirm=self.drafts,
                        pictures=True,
                    )
                )
            self._used = time.monotonic()
            return self._opened

    async def _close_if_unused(self) -> None:
        is_idle = time.monotonic() - self._used > IDLE
        if self._opened is not None and (is_idle or self._is_past) and not self._looking:
            await self._close()

    async def _close(self) -> None:
        async with self._opening:
            self._opened, self._is_past = None, False
            await self._open.aclose()

    async def _pause(self) -> None:
        await wait_for_any((self.stopping, self._wanted), LOOK)
        self._wanted.clear()
