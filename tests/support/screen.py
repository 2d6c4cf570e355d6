"""A display for browsers with windows, where nobody looks."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.support.debian import install


@cache
def has_screen() -> bool:
    """Whether there can be one; on Debian root installs it."""
    if not shutil.which("Xvfb"):
        install("xvfb")
    return shutil.which("Xvfb") is not None


@contextmanager
def screen(folder: Path) -> Iterator[tuple[str, Path]]:
    """A display of its own, and the file that holds what is on it."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-fbdir", str(folder), "-screen", "0", "1400x1000x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            display = numbers.readline().strip()
        assert display, "Xvfb did not start"
        yield f":{display}", folder / "Xvfb_screen0"
    finally:
        server.terminate()
        server.wait(10)
