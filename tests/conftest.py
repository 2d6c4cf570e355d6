"""What tests share: one browser on one loop, and mock portals as a process of their own."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from hypothesis import settings

from pages.core.browser import Browser
from tests.support.loop import LoopThread
from tests.support.machine import FULL
from tests.support.mock import MockPortals

T = TypeVar("T")

# Two cores shared with a browser: how long one example takes says nothing about the code.
settings.register_profile("cargofijo", deadline=None)
settings.load_profile("cargofijo")

SAMPLE_SEED = os.environ.get("CARGOFIJO_TEST_SEED", "1")
LONGEST = "test_main_job.py"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of ``@pytest.mark.sample(n)`` so many cases are taken, of ``@pytest.mark.full`` none."""
    # The longest file first: at the end, everything else would be waiting for it.
    items.sort(key=lambda item: item.path.name != LONGEST)
    if FULL:
        return
    matrices: dict[str, list[pytest.Item]] = {}
    left_out = {item.nodeid for item in items if item.get_closest_marker("full")}
    for item in items:
        if item.get_closest_marker("sample"):
            matrices.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for name, cases in matrices.items():
        marker = cases[0].get_closest_marker("sample")
        assert marker is not None
        taken = random.Random(f"{SAMPLE_SEED} {name}").sample(
            cases, min(marker.args[0], len(cases))
        )
        left_out |= {case.nodeid for case in cases} - {case.nodeid for case in taken}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
    items[:] = [item for item in items if item.nodeid not in left_out]


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
def browser(loop: LoopThread) -> Iterator[Browser]:
    started = Browser()
    loop.run(started.start())
    yield started
    loop.run(started.stop())


@pytest.fixture(scope="session")
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
