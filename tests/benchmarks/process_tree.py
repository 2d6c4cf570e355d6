"""What a process and all that it starts cost: processor seconds by kind, and memory at its peak."""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_LOOK = 0.05
_MEMORY = 0.5
#: by the beginning of a process's name
KINDS = {"python": "Python", "node": "Playwright", "chrom": "Chromium", "headless": "Chromium"}


@dataclass
class Cost:
    """``processor`` is in seconds, ``memory`` the most that all had together, in MB of
    their own and their share of what they share (PSS)."""

    seconds: float = 0.0
    processor: dict[str, float] = field(default_factory=dict)
    memory: float = 0.0
    code: int = 0
    err: str = ""

    @property
    def processors(self) -> float:
        return sum(self.processor.values())


def run(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], log: Path, limit: float
) -> Cost:
    """Run a command to its end, looking at it and its children all the while."""
    cost, used = Cost(), {}
    began = time.monotonic()
    looked = 0.0
    with log.open("wb") as told:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
        while process.poll() is None:
            alive = _family(process.pid)
            used |= alive
            if time.monotonic() - looked > _MEMORY:
                looked = time.monotonic()
                cost.memory = max(cost.memory, sum(map(_memory, alive)))
            if time.monotonic() - began > limit:
                process.kill()
            time.sleep(_LOOK)
    cost.seconds, cost.code = time.monotonic() - began, process.returncode
    by_kind: Counter[str] = Counter()
    for kind, seconds in used.values():
        by_kind[kind] += seconds
    cost.processor = dict(by_kind)
    cost.err = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    return cost


def _family(root: int) -> dict[int, tuple[str, float]]:
    """Each process below this one and itself: its kind, and what it has used up to now."""
    found: dict[int, tuple[str, float]] = {}
    stats = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            name, _, rest = (process / "stat").read_text().partition("(")[2].rpartition(")")
            fields = rest.split()
            stats[int(process.name)] = (name, int(fields[1]), int(fields[11]) + int(fields[12]))
    wanted = {root}
    for _ in range(6):  # a browser's renderer is five below
        wanted |= {pid for pid, (_, parent, _) in stats.items() if parent in wanted}
    for pid in wanted & stats.keys():
        name, _, ticks = stats[pid]
        kind = next((kind for start, kind in KINDS.items() if name.startswith(start)), "otros")
        found[pid] = (kind, ticks / _TICKS)
    return found


def _memory(pid: int) -> float:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        line = next(line for line in lines if line.startswith("Pss:"))
        return int(line.split()[1]) / 1024
    return 0.0
