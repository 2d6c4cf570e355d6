"""How long two robots without a common database could meet inside one write.

``python -m tests.benchmarks.write_window`` works on a few cases of each system, and tells for each
write the seconds from the end of the robot's last look to its click: whatever another robot files
within them, this one does not see. With ``--latency-ms`` the portals answer late, as real ones do.
"""

# ruff: noqa: T201
from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import flows.procedure.filing
import flows.procedure.siac_case
from flows.runtime.idempotent_write import find_or_create
from pages.core.base_portal import Portal
from tests.support.due import the_list
from tests.support.mock import MockPortals
from tests.support.robot import Robot

#: one for each system that a request goes to
KINDS = ("configuration", "misaligned", "offered")
#: how the robot under the watch says it
_SAYS = re.compile(r"^WINDOW (?P<what>.+) (?P<seconds>[\d.]+)$", re.MULTILINE)
WATCHED = [sys.executable, "-m", "tests.benchmarks.write_window", "--watched"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--latency-ms", type=int, default=0)
    options = parser.parse_args()
    mock = MockPortals("--seed", "1", "--latency-ms", str(options.latency_ms))
    found: defaultdict[str, list[float]] = defaultdict(list)
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            mini, _ = the_list(folder, KINDS * options.times)
            mock.reset(mini.world)
            path = mini.list_at(folder / "lista.xlsx")
            done = Robot(mock, folder / "robot").call("run", str(path), command=WATCHED)
    finally:
        mock.stop()
    for said in _SAYS.finditer(done.err):
        found[said["what"]].append(float(said["seconds"]))
    for what, seconds in sorted(found.items()):
        print(
            f"{what:55} {len(seconds):3} times, median {statistics.median(seconds):5.2f} s, "
            f"longest {max(seconds):5.2f} s"
        )
    return done.code or int(not found)


def watch() -> None:
    """The robot, which says how old its last look is when it presses (one case at a time)."""
    looked = 0.0
    submit = Portal.submit

    async def looking(runner: Any, what: str, find: Any, *given: Any, **named: Any) -> Any:
        nonlocal looked
        looked = 0.0  # not every write looks first

        async def timed() -> Any:
            nonlocal looked
            record = await find()
            looked = time.monotonic()
            return record

        return await find_or_create(runner, what, timed, *given, **named)

    async def submitted(
        portal: Portal, what: str, fields: Any, window: Any, press: Any, confirmed: Any, *draft: Any
    ) -> Any:
        async def pressing() -> None:
            nonlocal looked
            if looked:
                sys.stderr.write(f"WINDOW {portal.name}: {what} {time.monotonic() - looked:.2f}\n")
            looked = 0.0
            await press()

        return await submit(portal, what, fields, window, pressing, confirmed, *draft)

    for module in (flows.procedure.filing, flows.procedure.siac_case):
        module.find_or_create = looking  # type: ignore[attr-defined]
    Portal.submit = submitted  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--watched"]:
        from robots.cli.app import main as cargofijo

        sys.argv = ["cargofijo", *sys.argv[2:]]
        watch()
        cargofijo()
    raise SystemExit(main())
