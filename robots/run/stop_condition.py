"""Stop condition: when no case begins any more, and why: a signal, `cargofijo stop`, or the
hour."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from rich.console import Console

from flows.rules.case import Motivo
from flows.runtime.services import Services
from flows.runtime.stop_flag import StopFlag
from flows.store.duration_estimate import seconds_per_case


class StopCondition:
    """Stop condition, asked again and again while work goes on. Work that begins later than a
    `cargofijo stop` is not meant by it."""

    def __init__(self, services: Services, stop: asyncio.Event) -> None:
        self._services = services
        self._stop = stop
        self._stop_flag = StopFlag(services.ledger.engine)
        self._since: datetime | None = None

    async def reason(self) -> Motivo | None:
        """Why no case may begin now; None while one may."""
        if self._since is None:
            self._since = await asyncio.to_thread(self._stop_flag.now)
        if self._stop.is_set() or await asyncio.to_thread(self._stop_flag.is_off, self._since):
            return Motivo.DETENIDO
        until = self._services.run.until
        if until is not None:
            needed = await asyncio.to_thread(seconds_per_case, self._services.ledger.engine)
            if datetime.now(UTC) + timedelta(seconds=needed) > until:
                return Motivo.FUERA_DE_HORARIO
        return None


def stop_on_signals(stop: asyncio.Event, console: Console) -> None:
    """Handle signals: the first Ctrl-C or SIGTERM sets ``stop``; a second one ends the process."""
    outlive_terminal()
    loop = asyncio.get_running_loop()

    def heard() -> None:
        if stop.is_set():
            with suppress(BaseException):  # it ends, whether anybody reads that or not
                console.print("Detenido en el acto: lo que quedó a medias sigue la próxima vez.")
            os._exit(1)
        stop.set()
        if console.is_terminal:
            console.print()  # after the ^C
        console.print("Deteniendo: terminan los casos en curso y no empieza ninguno más.")

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, heard)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(heard))


def outlive_terminal() -> None:
    """A terminal that is closed, or a connection to one that is lost, ends no work."""
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
