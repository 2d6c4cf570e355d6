"""What a look at the next bills asks of the portals, and how long it takes.

``python -m tests.benchmarks.follow_cost --cases 1000 [--lines L] [--seats K]`` has that many cases
attended on fakes, each of a client of its own, starts the mock portals with their next bills, and
runs `cargofijo follow` on them. It fails where SIAC Único is asked more than four times a case of
one line, or where anything is written anywhere.
"""

# ruff: noqa: T201
from __future__ import annotations

import argparse
import copy
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from loguru import logger

from flows.rules.case import Estado
from flows.store import tables
from flows.store.database import change, connect
from flows.store.ledger import Ledger
from tests.demo.world import demo_ruc
from tests.support.fake_portals import FakePortals
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.procedure import Robot as Faked
from tests.support.procedure import finish
from tests.support.robot import Robot

#: requests a case in SIAC Único; those of entering and leaving are not a case's
MOST = 4
ATTENDED = datetime(2026, 9, 15, 15, tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=1)
    parser.add_argument("--seats", type=int, default=1)
    given = parser.parse_args()
    logger.disable("flows")
    with tempfile.TemporaryDirectory() as folder, MockPortals("--seed", "1") as mock:
        mock.reset(_attended(Path(folder), given.cases, given.lines))
        robot = Robot(mock, Path(folder))
        before, began = mock.state(), time.monotonic()
        done = robot.call("follow", "--json", "--seats", str(given.seats), timeout=6 * 3600)
        seconds, after = time.monotonic() - began, mock.state()
    print(done.err.strip().splitlines()[-1] if done.err else "", done.summary)
    asked = {
        portal: sum(r["count"] for r in after["requests"] if r["portal"] == portal)
        for portal in ("sisact", "siac", "nintex", "remedy")
    }
    each = asked["siac"] / given.cases
    print(f"{given.cases} cases in {seconds:.0f} s, {seconds / given.cases:.2f} s a case")
    print(f"requests by portal: {asked}; in SIAC Único {each:.2f} a case")
    is_read_only = after["writes"] == before["writes"] and len(after["mail"]) <= 1
    is_dear = given.lines == 1 and each > MOST + 20 / given.cases
    return int(done.code != 0 or is_dear or not is_read_only)


def _attended(folder: Path, cases: int, lines: int) -> dict[str, object]:
    """The world a month later; the record of the cases is in the robot's folder."""
    mini = MiniWorld()
    (client,) = mini.world.pop("customers")
    mini.world["customers"] = []
    for serial in range(1, cases + 1):
        mini.configuration()
        ruc = demo_ruc(2000 + serial)
        mini.world["customers"].append(copy.deepcopy(client) | {"ruc": ruc})
        row, sec, line = mini.rows[-1], mini.world["secs"][-1], mini.line(serial)
        row["ruc"] = sec["ruc"] = line["ruc"] = ruc
        mini.with_lines(serial, lines)
    address = f"sqlite:///{folder / 'var' / 'cargofijo.sqlite'}"
    ledger = Ledger(connect(address))
    ledger.prepare()
    portals = FakePortals(mini.world)
    faked = Faked(portals, ledger, folder / "var" / "evidence")
    for row in mini.rows:
        outcome = finish(faked.attempt(faked.case(row, folder)))
        assert outcome.estado is Estado.ATENDIDO, outcome.detail
    change(ledger.engine, tables.attempts.update().values(ended=ATTENDED))
    ledger.engine.dispose()
    for line in mini.world["lines"]:
        entry = {"date": "2026-09-20", "kind": "Regularización de cargo fijo", "detail": ""}
        line["history"].append(entry)
        line["charge"] = line["invoices"][-1]["charge"] = "39.90"
    return mini.world


if __name__ == "__main__":
    sys.exit(main())
