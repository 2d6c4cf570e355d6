"""What tests share: one browser on one loop, and mock portals as a process of their own."""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings

from pages.core.browser import Browser

T = TypeVar("T")

# Two cores shared with a browser: how long one example takes says nothing about the code.
settings.register_profile("cargofijo", deadline=None)
settings.load_profile("cargofijo")

ROOT = Path(__file__).parent.parent
#: `make test-full`; otherwise the big matrices are sampled, the same for each seed
FULL = bool(os.environ.get("CARGOFIJO_TEST_FULL"))
SAMPLE_SEED = os.environ.get("CARGOFIJO_TEST_SEED", "1")
#: of layouts, besides the one that all other tests have
SEEDS = range(2, 22)
LONGEST = "test_main_job.py"
PORTAL_OFFSETS = {"sisact": 1, "siac": 2, "nintex": 3, "remedy": 4}


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


class LoopThread:
    """An event loop in a thread of its own: pytest-playwright marks the main one as running."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, work: Coroutine[Any, Any, T], timeout: float = 300) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


def forget_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the caller of the tests has in the environment is no setting, nor are our own names."""
    for name in list(os.environ):
        if name.upper().startswith("CARGOFIJO_"):
            monkeypatch.delenv(name)


def free_port_base(count: int = 7) -> int:
    """The first of ``count`` neighbouring ports that were free a moment ago."""
    while True:
        base = random.randrange(20000, 32000)  # below what the system lends to outgoing connections
        taken: list[socket.socket] = []
        try:
            for port in range(base, base + count):
                taken.append(socket.socket())
                taken[-1].bind(("127.0.0.1", port))
        except OSError:
            continue
        else:
            return base
        finally:
            for held in taken:
                held.close()


class MockPortals:
    """A running ``python -m mock_portals`` and its control port."""

    def __init__(self, *options: str, world: Path | None = None) -> None:
        self.base = free_port_base()
        command = [sys.executable, "-m", "mock_portals", "--imap", "--port-base", str(self.base)]
        command += options
        if world is not None:
            command += ["--world", str(world)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.strip() == b"ready", f"the mock portals did not start: {line!r}"

    def url(self, portal: str) -> str:
        return f"http://127.0.0.1:{self.base + PORTAL_OFFSETS[portal]}"

    @property
    def smtp_port(self) -> int:
        return self.base + 5

    @property
    def imap_port(self) -> int:
        return self.base + 6

    def call(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.base}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)

    def state(self) -> Any:
        return self.call("GET", "/state")

    def patch(self, **records: Any) -> Any:
        return self.call("PATCH", "/state", records)

    def reset(self, world: Any = None) -> None:
        self.call("POST", "/reset", world)

    def fault(self, *faults: dict[str, Any]) -> None:
        self.call("POST", "/faults", list(faults))

    def requests(self, portal: str) -> int:
        return sum(r["count"] for r in self.state()["requests"] if r["portal"] == portal)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


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
