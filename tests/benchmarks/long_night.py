"""A long night: so many cases in one run, and what it leaves in memory, on disk and in the process
list. `python -m tests.benchmarks.long_night --cases 2000` takes an hour or two; fewer say less.

It fails where the run or the check does, the check takes over a minute, a process is left over, a
sale has no request that should have one, or two, or the last quarter takes a tenth more memory than
the second."""

# ruff: noqa: T201
from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals, requests_of
from tests.support.robot import Robot

_ENDED = re.compile(r"^\[(\d+)/\d+\]")
#: of the cases that file nothing, so many: the first is decided on what both portals say, the rest
#: by a look at SISACT
_LOOKS = 6


@dataclass(frozen=True)
class Sample:
    """After so many cases: megabytes that no other process shares, and kilobytes on disk."""

    cases: int
    seconds: float
    robot: float
    browser: float
    processes: int
    database: int
    evidence: int

    @property
    def memory(self) -> float:
        return self.robot + self.browser


def night(cases: int, filing: int) -> tuple[MiniWorld, set[str]]:
    """The list, and the SECs of the cases that file a request, one in so many of them: to NINTEX
    and to Remedy in turn."""
    mini = MiniWorld()
    files: set[str] = set()
    for number in range(cases):
        turn, kind = divmod(number, filing)
        if kind == 0:
            serial = (mini.configuration if turn % 2 else mini.misaligned)()
            files.add(mini.rows[serial - 1]["sec"])
        elif (number - turn) % _LOOKS == 0:
            line = mini.line(mini.sale(description="CF especial S/ 39.90"))
            line["charge"] = "39.90"
            line["invoices"][-1]["charge"] = "39.90"
        else:
            serial = mini.sale()
            mini.rows[serial - 1]["sec"] = f"99{serial:06}"
    return mini, files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seats", type=int, default=1)
    parser.add_argument("--filing-every", type=int, default=20, help="one in so many files one")
    parser.add_argument("--every", type=int, default=10, help="cases between two samples")
    parser.add_argument("--renew-cases", type=int, default=250)
    parser.add_argument("--out", type=Path, help="every sample, as JSON")
    given = parser.parse_args()
    mini, files = night(given.cases, given.filing_every)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = folder / "world.json"
        world.write_text(json.dumps(mini.world), encoding="utf-8")
        portals = MockPortals(world=world)
        try:
            renew = {"CARGOFIJO_BROWSER__RENEW_CASES": str(given.renew_cases)}
            robot = Robot(portals, folder / "robot", **renew)
            samples, whole = measure(robot, mini, folder, given.seats, given.every)
            began = time.monotonic()
            checked = robot.call("check")
            took = time.monotonic() - began
            print(f"check: {took:.0f} s, exit code {checked.code}")
            print(checked.out + checked.err)
            filed = Counter(
                request["sec"]
                for requests in requests_of(portals.state()).values()
                for request in requests
            )
        finally:
            portals.stop()
        logs = sorted((robot.folder / "var" / "logs").iterdir())
        print("logs:", ", ".join(f"{log.name} {log.stat().st_size // 1024} KB" for log in logs))
    if given.out:
        given.out.write_text(json.dumps([vars(sample) for sample in samples]), encoding="utf-8")
    print(f"requests: {filed.total()} for {len(filed)} sales of {len(files)}")
    whole = whole and filed == dict.fromkeys(files, 1)
    growth = tell(samples, given.cases)
    return int(not whole or checked.code != 0 or took > 60 or growth > 0.1)


def measure(
    robot: Robot, mini: MiniWorld, folder: Path, seats: int, every: int
) -> tuple[list[Sample], bool]:
    """The samples, and whether the run ended well and left no process."""
    path = mini.list_at(folder / "lista.xlsx")
    began = time.monotonic()
    process = robot.start("run", str(path), "--json", "--seats", str(seats))
    assert process.stderr is not None and process.stdout is not None
    summary: list[str] = []
    out: IO[str] = process.stdout
    reader = threading.Thread(target=lambda: summary.append(out.read()))
    reader.start()
    seen: set[psutil.Process] = set()
    samples: list[Sample] = []
    for line in process.stderr:
        ended = _ENDED.match(line)
        if not ended:
            print(line, end="", file=sys.stderr)
        elif int(ended[1]) % every == 0:
            sample = look(psutil.Process(process.pid), robot, int(ended[1]), began, seen)
            samples.append(sample)
            print(sample, file=sys.stderr)
    reader.join()
    code = process.wait()
    left = [one for one in seen if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    print(f"exit code {code}, processes left over: {len(left)}")
    print(summary[0].strip().splitlines()[-1])
    return samples, code == 0 and not left


def look(
    robot: psutil.Process, of: Robot, cases: int, began: float, seen: set[psutil.Process]
) -> Sample:
    children = robot.children(recursive=True)
    seen.update(children)
    held = 0
    for child in children:
        try:
            held += child.memory_full_info().uss
        except psutil.Error:
            continue
    var = of.folder / "var"
    files = [file for file in (var / "evidence").rglob("*") if file.is_file()]
    return Sample(
        cases=cases,
        seconds=round(time.monotonic() - began, 1),
        robot=round(robot.memory_full_info().uss / 2**20, 1),
        browser=round(held / 2**20, 1),
        processes=len(children),
        database=sum(file.stat().st_size for file in var.glob("cargofijo.sqlite*")) // 1024,
        evidence=sum(file.stat().st_size for file in files) // 1024,
    )


def tell(samples: list[Sample], cases: int) -> float:
    """The second quarter of the night against the last: the first is the time of warming up. Gives
    by how much the memory has grown."""
    quarter = cases / 4
    second = [s.memory for s in samples if quarter < s.cases <= 2 * quarter]
    last = [s.memory for s in samples if s.cases > 3 * quarter]
    if not second or not last:
        return 0.0
    before, after = statistics.mean(second), statistics.mean(last)
    growth = after / before - 1
    print(
        f"memory: {before:.0f} MB in the second quarter, {after:.0f} MB in the last "
        f"({growth * 100:+.1f} %)"
    )
    first, end = samples[0], samples[-1]
    between = end.cases - first.cases
    print(
        f"per case: {(end.seconds - first.seconds) / between:.2f} s, "
        f"{(end.database - first.database) / between:.1f} KB of database, "
        f"{(end.evidence - first.evidence) / between:.1f} KB of evidence"
    )
    return growth


if __name__ == "__main__":
    sys.exit(main())
