"""One case with a person beside it: its steps line by line, and a question before each submit."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.rules.case import Outcome
from flows.rules.lima import LIMA
from flows.rules.typed_text import fold
from flows.runtime.history import STEP_NAMES
from flows.runtime.services import Confirm, Observer
from pages.contract.ports import Sending


@dataclass(frozen=True)
class Attended:
    """Person beside a run of one case: told what happens, and asked before anything is sent."""

    observer: Observer
    confirm: Confirm | None = None


class StepLines:
    """Observer that prints a line for each step as it begins."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        if seconds is None:
            self._console.print(
                f"{datetime.now(LIMA):%H:%M:%S}  {STEP_NAMES.get(name, name)}…", highlight=False
            )

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        pass  # it is shown whole once the run is over


class ConfirmPrompt:
    """Prompt before a submit: shows what would be sent and asks for a yes or a no."""

    def __init__(self, console: Console) -> None:
        self._console = console

    async def __call__(self, sending: Sending) -> bool:
        self._console.print()
        self._console.print(_shown(sending))
        while True:
            self._console.print("¿Enviar? [s/n]: ", end="", markup=False, highlight=False)
            line = await _read_line()
            if line is None:
                return False
            answer = yes_or_no(line)
            if answer is not None:
                return answer


def yes_or_no(line: str) -> bool | None:
    """What somebody typed; None where it is neither."""
    return {"s": True, "si": True, "n": False, "no": False}.get(fold(line))


def until_stopped(stop: asyncio.Event, confirm: Confirm) -> Confirm:
    """A stop is a no: to what is asked now, and to whatever would be asked after it."""

    async def asked(sending: Sending) -> bool:
        if stop.is_set():
            return False
        question = asyncio.ensure_future(confirm(sending))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait((question, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if question.done():
            return question.result()
        question.cancel()
        return False

    return asked


def _shown(sending: Sending) -> Table:
    title = Text(f"{sending.portal}: {sending.what}")
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in sending.fields.items():
        if value:
            table.add_row(Text(label), Text(value))
    return table


async def _read_line() -> str | None:
    """What the person types; None at the end of input.

    A thread of `asyncio.to_thread` is waited for at the end of the loop, and so would make Ctrl-C
    wait for Enter; reading by `sys.stdin` holds a lock that the interpreter wants as it ends.
    """
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[bytes] = loop.create_future()

    def deliver(line: bytes) -> None:
        if not typed.done():
            typed.set_result(line)

    def read() -> None:
        line = b""
        with suppress(OSError):
            line = os.read(sys.stdin.fileno(), 4096)
        with suppress(RuntimeError):  # the loop may have ended meanwhile
            loop.call_soon_threadsafe(deliver, line)

    threading.Thread(target=read, daemon=True).start()
    line = await typed
    return line.decode(errors="replace") if line else None
