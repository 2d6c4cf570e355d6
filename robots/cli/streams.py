"""Standard streams of a command whose listener may go away, or stop listening, at any moment.

Guarded below Python's text layer, so that it holds for whoever prints: rich, which would end the
process; typer, loguru and the libraries' logging; the interpreter, which ends with 120 where it
cannot write what is left.
"""

from __future__ import annotations

import atexit
import errno
import io
import os
import queue
import select
import stat
import sys
import threading
from typing import Any, cast

#: seconds that work waits for who takes its output; from then on, for nobody
PATIENCE = 5.0

_output: Outlet | None = None


class Outlet(io.RawIOBase):
    """The system's file below a stream: what that does not take is dropped, and nothing is raised.

    A thread of its own writes to it: a pipe that nobody empties, a terminal stopped by Ctrl-S, a
    Windows console in which somebody selects text keep a write waiting for as long as they like.
    """

    def __init__(self, file: io.RawIOBase) -> None:
        #: None waits for ever
        self.patience: float | None = PATIENCE
        #: whether a file lost something: somebody meant to read it, and its disk has no room
        self.lost = False
        self._file = file
        self._is_disk = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
        self._given: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._taken = threading.Semaphore(0)
        self._stuck = False
        self._thread: threading.Thread | None = None
        self._ending = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._file.fileno()

    def isatty(self) -> bool:
        return self._file.isatty()

    def write(self, data: object, /) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        if self._stuck and not self._taken.acquire(blocking=False):
            return len(piece)
        self._stuck = False
        if self._ending:  # threads no longer run
            self._put(piece)
            return len(piece)
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, daemon=True)
            self._thread.start()
        self._given.put(piece)
        self._stuck = not self._taken.acquire(timeout=self.patience)
        return len(piece)

    def end(self) -> None:
        self._ending = True

    def _serve(self) -> None:
        while True:
            self._put(self._given.get())
            self._taken.release()

    def _put(self, piece: bytes) -> None:
        left = memoryview(piece)
        try:
            while left:
                written = self._file.write(left)
                if written is None:  # whoever has it too made it non-blocking
                    select.select((), (self._file,), ())
                left = left[written or 0 :]
        except OSError as error:
            self.lost |= self._is_disk or error.errno == errno.ENOSPC


def guard_streams() -> Outlet:
    """Guard standard output and standard error for the rest of the process; gives the former's
    outlet. Those that are closed get a place to go: what is opened next would take their numbers,
    and whatever is printed by a program in C would land in it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 (it is for good)
    global _output
    _output = _guard("stdout")
    _guard("stderr")
    return _output


def only_tells() -> None:
    """For a command whose output is all that comes of it: it waits for its reader however long, and
    does not end with 0 where a disk has no room for it."""
    if _output is not None:
        _output.patience = None


def _guard(name: str) -> Outlet:
    stream: io.TextIOWrapper | None = getattr(sys, name)
    if stream is None:
        stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    encoding, errors, by_line = stream.encoding, stream.errors, stream.line_buffering
    below: Any = stream.detach()
    buffered = isinstance(below, io.BufferedWriter)  # not with PYTHONUNBUFFERED
    outlet = Outlet(below.detach() if buffered else below)
    guarded = io.TextIOWrapper(
        cast(io.BufferedWriter, io.BufferedWriter(outlet) if buffered else outlet),
        encoding=encoding,
        # what a code page cannot say is no reason to end either
        errors="backslashreplace" if errors == "strict" else errors,
        line_buffering=by_line,
        write_through=not buffered,
    )
    setattr(sys, name, guarded)
    atexit.register(outlet.end)
    atexit.register(guarded.flush)  # comes before it: the last is called first
    return outlet
