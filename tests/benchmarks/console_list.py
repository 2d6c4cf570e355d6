"""The console's list with 20,000 cases on record: a page of it, for one and for five at once.

``python -m tests.benchmarks.console_list`` tells clock and processor time in milliseconds: of the
query that fills a page, and of the whole page from the running console.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from flows.rules.case import Estado, Outcome
from flows.rules.decision import decide
from flows.store import tables
from flows.store.database import connect
from flows.store.ledger import Ledger
from robots.console.case_store import CaseStore, Filter
from robots.console.user_store import Role, User
from tests.support.console import Console, let_in
from tests.support.door import Door
from tests.support.mock import MockPortals
from tests.support.records import CASE, CLIENT, SEC
from tests.support.robot import Robot

ADVISORS = ("ana", "berta", "carla", "dora", "elsa")
OF_RUN = 200
ENDED = [e for e in Estado if e is not Estado.DATO_INVALIDO]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    cases: int = parser.parse_args().cases
    mock = MockPortals()
    try:
        with tempfile.TemporaryDirectory() as folder:
            robot = Robot(mock, Path(folder))
            let_in(robot, oscar=Role.OPERADOR, **dict.fromkeys(ADVISORS, Role.ASESOR))
            ledger = Ledger(connect(f"sqlite:///{folder}/var/cargofijo.sqlite"))
            fill(ledger, cases)
            _queries(CaseStore(ledger.engine), cases)
            ledger.engine.dispose()
            _pages(robot)
    finally:
        mock.stop()


def fill(ledger: Ledger, cases: int) -> None:
    """One a minute until now, so that none is old enough to be deleted. Every tenth was tried
    twice, every thousandth waits to begin; the advisors take turns."""
    decision, begun = decide(CASE, SEC, CLIENT), datetime.now(UTC) - timedelta(minutes=cases)
    attempts, rows = [], []
    for n in range(cases):
        case = CASE.model_copy(update={"sec": f"47{n:06}", "lineas": (f"987{n:06}",)})
        reference, when = case.reference, begun + timedelta(minutes=n)
        outcome = Outcome(
            reference=reference,
            estado=ENDED[n % len(ENDED)],
            decision=decision,
            siac_case=f"7{n:07}",
            request_number=str(n),
        )
        waits = n % 1000 == 7
        rows.append(
            {"run": f"r{n // OF_RUN}", "position": n % OF_RUN, "reference": reference,
             "content": "{}"}
        )  # fmt: skip
        attempts += [
            {
                "reference": reference,
                "attempt": number,
                "requested_by": ADVISORS[n % len(ADVISORS)],
                "dry_run": False,
                "case": case,
                "outcome": None if waits else outcome,
                "started": None if waits else when,
                "ended": None if waits else when + timedelta(minutes=1),
            }
            for number in ((1, 2) if n % 10 == 0 else (1,))
        ]
    runs = [
        {"id": f"r{n}", "list_name": "lista.xlsx", "headers": [], "requested_by": "oscar",
         "dry_run": False, "started": begun, "ended": begun}
        for n in range(cases // OF_RUN + 1)
    ]  # fmt: skip
    with ledger.engine.begin() as db:
        db.execute(tables.runs.insert(), runs)
        db.execute(tables.attempts.insert(), attempts)
        db.execute(tables.rows.insert(), rows)


def _queries(store: CaseStore, cases: int) -> None:
    oscar, ana = User(name="oscar", role=Role.OPERADOR), User(name="ana", role=Role.ASESOR)
    half = cases // 2
    for what, wanted, user, start in (
        ("all, first page", Filter(), oscar, 0),
        ("all, last page", Filter(), oscar, cases - 25),
        ("one Estado", Filter(estado="Atendido"), oscar, 0),
        ("a line searched for", Filter(text=f"987{half:06}"), oscar, 0),
        ("an advisor's own", Filter(), ana, 0),
        ("a run's", Filter(run="r7"), oscar, 0),
    ):
        spent = []
        for _ in range(5):
            clock, processor = time.perf_counter(), time.process_time()
            store.page(wanted, user, start=start)
            spent.append((time.perf_counter() - clock, time.process_time() - processor))
        _tell(what, [c for c, _ in spent], [p for _, p in spent])


def _pages(robot: Robot) -> None:
    console = Console(robot)
    process = psutil.Process(console.process.pid)
    try:
        doors = [Door(console.url) for _ in ADVISORS]
        for door, name in zip(doors, ADVISORS, strict=True):
            assert door.come_in(name)[0] == 303
        for count in (1, len(doors)):
            clocks, processors = [], []
            with ThreadPoolExecutor(count) as pool:
                for _ in range(5):
                    before = process.cpu_times()
                    clocks += pool.map(_one_page, doors[:count])
                    now = process.cpu_times()
                    used = now.user + now.system - before.user - before.system
                    processors.append(used / count)
            _tell(f"the page, {count} at once", clocks, processors)
    finally:
        console.stop()


def _one_page(door: Door) -> float:
    begun = time.perf_counter()
    status, _, page = door.ask("GET", "/casos")
    assert status == 200 and "1 a 25 de" in page
    return time.perf_counter() - begun


def _tell(what: str, clock: list[float], processor: list[float]) -> None:
    middle = [1000 * sorted(values)[len(values) // 2] for values in (clock, processor)]
    sys.stdout.write(f"{what:24}{middle[0]:8.0f} ms clock{middle[1]:8.0f} ms processor\n")


if __name__ == "__main__":
    main()
