"""The ways in which Chromium works: with a window, without one, and as the headless shell."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp

import pytest

from pages.core.browser import Browser, BrowserChoice, find_browser
from tests.support.loop import LoopThread
from tests.support.screen import has_screen, screen


class Mode(StrEnum):
    """``ANY`` is whatever the robot finds by itself, on most machines the shell."""

    ANY = "any"
    #: full Chromium without a window, as Edge and Chrome are
    NEW = "new"
    HEADED = "headed"


#: those that a test is run in besides; `make test` takes some tests of each
OTHERS = [
    pytest.param(mode, id=mode, marks=pytest.mark.sample(3, of=f"Chromium: {mode}"))
    for mode in (Mode.NEW, Mode.HEADED)
]


def choice(mode: Mode) -> BrowserChoice:
    """The browser of a mode; skips where this machine has not got it."""
    if mode is Mode.ANY:
        return BrowserChoice()
    program = find_browser(headless=False)
    if program is None:
        pytest.skip("needs Chromium, Chrome or Edge itself, not the headless shell alone")
    if mode is Mode.HEADED and not has_screen():
        pytest.skip("needs Xvfb")
    return BrowserChoice(executable=program, headless=mode is Mode.NEW)


class Browsers:
    """One browser of each mode, and each file of authorities, that is asked for, kept until the
    end."""

    def __init__(self, loop: LoopThread) -> None:
        self._loop = loop
        self._started: dict[tuple[Mode, Path | None], Browser] = {}
        self._stack = ExitStack()

    def of(self, mode: Mode, ca: Path | None = None) -> Browser:
        if (mode, ca) not in self._started:
            started = Browser(replace(choice(mode), ca=ca))
            with pytest.MonkeyPatch.context() as patch:
                if mode is Mode.HEADED:
                    patch.setenv("DISPLAY", self.display())
                self._loop.run(started.start())
            self._stack.callback(lambda: self._loop.run(started.stop()))
            self._started[mode, ca] = started
        return self._started[mode, ca]

    def display(self) -> str:
        """A new one's name, as ``DISPLAY`` has it."""
        folder = Path(mkdtemp(prefix="screen-"))
        self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
        return self._stack.enter_context(screen(folder))[0]

    def stop(self) -> None:
        self._stack.close()
