"""What a test needs of its machine: told by its fixtures, and held to it.

A fixture that starts something says so with `needs`; each test that comes to use it has its marks.
What a test starts without the mark fails it, so no mark can be forgotten or go stale.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

F = TypeVar("F", bound=Callable[..., Any])

#: which programs each stands for; `process` for all others, `server` for a port in this process
PROGRAMS = {
    "browser": {"node"},  # Playwright's driver, which starts the browser
    "postgres": {"initdb", "pg_ctl", "pgbouncer"},
    "libreoffice": {"soffice"},
    "webforms": {"fastcgi-mono-server4", "mcs", "nginx"},
}
NEEDS = (*PROGRAMS, "process", "server")
_STARTS = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn")

_marks: set[str] | None = None


def needs(*marks: str) -> Callable[[F], F]:
    """For a fixture, below its `pytest.fixture`."""

    def told(fixture: F) -> F:
        fixture.needs = marks  # type: ignore[attr-defined]
        return fixture

    return told


def mark(item: pytest.Item) -> None:
    """By its fixtures, and theirs."""
    for definitions in item._fixtureinfo.name2fixturedefs.values():  # type: ignore[attr-defined]
        for name in getattr(definitions[-1].func, "needs", ()):
            item.add_marker(name)
    if any(item.get_closest_marker(name) for name in PROGRAMS):
        item.add_marker("process")
    if item.get_closest_marker("process"):
        item.add_marker("server")


@contextmanager
def held_to_its_marks(item: pytest.Item) -> Iterator[None]:
    global _marks
    _marks = {marker.name for marker in item.iter_markers()}
    try:
        yield
    finally:
        _marks = None


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if _marks is None or event not in (*_STARTS, "socket.bind"):
        return
    needed = "server" if event == "socket.bind" else "process"
    if event == "subprocess.Popen":
        words = {Path(str(word)).name for word in (args[0], *args[1])}
        needed = next((name for name, those in PROGRAMS.items() if those & words), needed)
    if needed not in _marks:
        raise AssertionError(
            f"a test that needs {needed!r} is marked so, or uses a fixture that is"
        )


sys.addaudithook(_audit)
