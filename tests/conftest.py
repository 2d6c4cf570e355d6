"""What tests share: one browser on one loop, and mock portals as a process of their own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Coroutine, Generator, Iterator
from typing import Any, TypeVar

import pytest
from hypothesis import settings

from pages.core.browser import Browser
from tests.support.debian import install
from tests.support.loop import LoopThread
from tests.support.marks import held_to_its_marks, mark, needs
from tests.support.mock import MockPortals
from tests.support.modes import Browsers, Mode
from tests.support.order import by_length, left_out
from tests.support.postgres import Server, server

T = TypeVar("T")

# Two cores shared with a browser: how long one example takes says nothing about the code.
settings.register_profile("cargofijo", deadline=None)
settings.load_profile("cargofijo")


@pytest.hookimpl(tryfirst=True)  # pytest's -m chooses by the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        mark(item)
    out = left_out(items)
    config.hook.pytest_deselected(items=[item for item in items if item in out])
    items[:] = sorted((item for item in items if item not in out), key=by_length)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    with held_to_its_marks(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    with held_to_its_marks(item):
        return (yield)


@pytest.fixture(scope="session")
def loop() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.stop()


@pytest.fixture(scope="session")
def run(loop: LoopThread) -> Callable[[Coroutine[Any, Any, T]], T]:
    """Runs a coroutine on the tests' loop: ``run(portal.read_sec(...))``."""
    return loop.run


@pytest.fixture(scope="session")
@needs("browser")
def browsers(loop: LoopThread) -> Iterator[Browsers]:
    kept = Browsers(loop)
    yield kept
    kept.stop()


@pytest.fixture(scope="session")
def mode() -> Mode:
    """Which Chromium the tests' browser is; a folder may have its tests run in others too."""
    return Mode.ANY


@pytest.fixture(scope="session")
def browser(browsers: Browsers, mode: Mode) -> Browser:
    return browsers.of(mode)


@pytest.fixture(scope="session")
@needs("postgres")
def postgres() -> Iterator[Server]:
    """A test takes a database of its own in it."""
    with server() as started:
        yield started


@pytest.fixture(scope="session")
@needs("libreoffice")
def libreoffice() -> None:
    if not shutil.which("soffice"):
        pytest.skip("needs LibreOffice")


@pytest.fixture(scope="session")
@needs("process")
def certutil() -> None:
    """What an authority of one's own is told to a browser by."""
    if not shutil.which("certutil"):
        install("libnss3-tools")
    if not shutil.which("certutil"):
        pytest.skip("needs certutil: as root on Debian, apt-get install libnss3-tools")


@pytest.fixture(scope="session")
@needs("process")
def mock_process() -> Iterator[MockPortals]:
    portals = MockPortals("--seed", os.environ.get("MOCK_SEED", "1"))
    yield portals
    portals.stop()


@pytest.fixture
def mock(mock_process: MockPortals) -> Iterator[MockPortals]:
    """The mock portals with the demo world, as new; a test may reset them to a world of its own."""
    mock_process.reset()
    yield mock_process
    mock_process.call("DELETE", "/faults")
