"""What a process and all that it starts cost: processor seconds by kind, and memory at its peak."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_LOOK = 0.1
#: reading what a process holds costs more than what it has used
_MEMORY = 0.5
#: by the beginning of a process's name
KINDS = {"python": "Python", "node": "Playwright", "chrom": "Chromium", "headless": "Chromium"}


@dataclass
class Cost:
    """``processor`` is in seconds, ``memory`` the most that all had together, in MB of
    their own and their share of what they share (PSS)."""

    seconds: float
    processor: Mapping[str, float]
    memory: float
    code: int
    err: str

    @property
    def processors(self) -> float:
        return sum(self.processor.values())


@dataclass
class _Seen:
    """What was seen of some processes: of each its kind, and what it had used at the last look."""

    used: dict[psutil.Process, tuple[str, float]] = field(default_factory=dict)
    memory: float = 0.0

    def look(self, family: Sequence[psutil.Process]) -> None:
        for process in family:
            with suppress(psutil.Error):
                name, times = process.name(), process.cpu_times()
                kind = next((kind for start, kind in KINDS.items() if name.startswith(start)), name)
                self.used[process] = (kind, times.user + times.system)

    def weigh(self, family: Sequence[psutil.Process]) -> None:
        held = 0
        for process in family:
            with suppress(psutil.Error):
                held += process.memory_full_info().pss
        self.memory = max(self.memory, held / 2**20)


def run(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], log: Path, limit: float
) -> Cost:
    """Run a command to its end, looking at it and its children all the while (Linux). What it says
    is in ``log``; after ``limit`` seconds it is killed."""
    seen, weighed = _Seen(), 0.0
    began = time.monotonic()
    with log.open("wb") as told:
        process = psutil.Popen(
            command,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
        family: list[psutil.Process] = []
        try:
            while process.poll() is None and time.monotonic() - began < limit:
                family = [process, *process.children(recursive=True)]
                seen.look(family)
                if time.monotonic() - weighed > _MEMORY:
                    weighed = time.monotonic()
                    seen.weigh(family)
                time.sleep(_LOOK)
        finally:
            for one in family:
                with suppress(psutil.Error):
                    one.kill()
        code = process.wait()
    by_kind: Counter[str] = Counter()
    for kind, seconds in seen.used.values():
        by_kind[kind] += seconds
    err = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    return Cost(time.monotonic() - began, by_kind, seen.memory, code, err)
