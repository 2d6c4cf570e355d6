"""The machine that the tests run on: where the sources are, its ports, its environment."""

from __future__ import annotations

import os
import random
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parent.parent.parent
#: `make test-full`; otherwise the big matrices are sampled, the same for each seed
FULL = bool(os.environ.get("CARGOFIJO_TEST_FULL"))


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


def wait_for(happened: Any, seconds: float = 90) -> None:
    """Until it is so; a test's only way to wait for another process."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
