"""What several workers may do together, through the front door: each limit is the fleet's."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from flows.store import tables
from flows.store.database import connect
from flows.store.ledger import Ledger
from robots.logs import FILE
from tests.support.fleet import all_ended, places
from tests.support.machine import wait_for
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.postgres import server
from tests.support.robot import Robot, report_rows

#: whole stories of several processes
pytestmark = [
    pytest.mark.full,
    pytest.mark.postgres,
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

DOWN = ("Falla técnica", "PORTAL_NO_DISPONIBLE")
DONE = ("Atendido", None)


class Fleet:
    """Workers that wait for cases, each on a machine of its own, and an office that hands them
    in."""

    def __init__(self, mock: MockPortals, folder: Path, **settings: str) -> None:
        self.mock, self.folder, self.settings = mock, folder, settings
        self.services = self.machine("office")
        self.database = connect(settings["CARGOFIJO_DATABASE_URL"])
        Ledger(self.database).prepare()
        self.workers: dict[str, subprocess.Popen[str]] = {}

    def machine(self, name: str) -> Robot:
        return Robot(self.mock, self.folder / name, **self.settings)

    def start(self, *names: str) -> None:
        known = len(self.workers)
        self.workers |= {name: self.machine(name).start("worker") for name in names}
        wait_for(lambda: len(places(self.database)) == known + len(names), 180)

    def work_on(self, path: Path) -> Counter[tuple[str, str | None]]:
        """Hand a list in, wait for it, and report: how many rows ended how."""
        run = self.services.call("submit", str(path), "--json").summary["run"]
        wait_for(lambda: all_ended(self.database), 600)
        out = self.folder / "informe.xlsx"
        self.services.call("report", run, "--report", str(out))
        return Counter((row["Estado"], row["Motivo"]) for row in report_rows(out).values())

    def who(self, event: str, **fields: Any) -> set[str]:
        """The workers that have it in their log."""
        return {
            name
            for name in self.workers
            for line in (self.folder / name / "var" / "logs" / FILE).read_text().splitlines()
            if {"event": event, **fields}.items() <= json.loads(line).items()
        }

    def forget_logs(self) -> None:
        for name in self.workers:
            (self.folder / name / "var" / "logs" / FILE).write_text("")

    def most_at_once(self) -> int:
        with self.database.connect() as db:
            spans = list(db.execute(sa.select(tables.attempts.c["started", "ended"])))
        return max(sum(a.started <= b.started < a.ended for a in spans) for b in spans)

    def end(self) -> None:
        for worker in self.workers.values():
            worker.send_signal(signal.SIGTERM)
        for worker in self.workers.values():
            _, err = worker.communicate(timeout=120)
            assert worker.returncode == 0, err


@contextmanager
def fleet(mock: MockPortals, folder: Path, **settings: str) -> Iterator[Fleet]:
    with server() as postgres:
        made = Fleet(mock, folder, CARGOFIJO_DATABASE_URL=postgres.address, **settings)
        try:
            yield made
        finally:
            for worker in made.workers.values():
                worker.kill()
            made.database.dispose()


def test_writes_cases_and_the_one_session_are_counted_over_all_workers(
    mock: MockPortals, tmp_path: Path
) -> None:
    """Three workers, one user of Remedy between them, two cases at a time and eight submits a
    run."""
    mini = MiniWorld()
    for _ in range(3):
        mini.misaligned()
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    limits = {"CARGOFIJO_POLICY__MAX_WRITES": "8", "CARGOFIJO_FLEET_SEATS": "2"}
    with fleet(mock, tmp_path, **limits) as workers:
        workers.start("one", "two", "three")
        first = workers.work_on(path)
        assert mock.state()["writes"] == 8
        assert set(first) <= {DONE, ("No iniciado", "LIMITE_DE_ESCRITURAS")}
        assert first[DONE] < 3
        assert workers.work_on(path) == {DONE: 3}
        assert workers.most_at_once() == 2
        assert len(workers.who("submitting", portal="Remedy")) >= 2
        workers.end()
    state = mock.state()
    assert len(state["remedy"]["incidents"]) == len(state["siac"]["cases"]) == 3
    # One that another had ended would never log out.
    assert state["sessions"]["remedy"]["logins"] == state["sessions"]["remedy"]["logouts"]


def test_a_portal_that_one_leaves_alone_is_left_alone_by_all(
    mock: MockPortals, tmp_path: Path
) -> None:
    mini = MiniWorld()
    mini.configuration()
    first = mini.list_at(tmp_path / "una.xlsx")
    for _ in range(4):
        mini.configuration()
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    # Nobody tries it again before its hour, unless somebody finds that it is back.
    with fleet(mock, tmp_path, CARGOFIJO_POLICY__BREAKER_PAUSES="[3600]") as workers:
        workers.start("one", "two")
        mock.fault({"portal": "nintex", "kind": "error", "status": 503, "times": 10_000})
        assert workers.work_on(first) == {DOWN: 1}
        asked = mock.requests("nintex")
        workers.forget_logs()
        assert workers.work_on(path) == {DOWN: 5}
        assert workers.who("case_begun") == {"one", "two"}
        assert mock.requests("nintex") == asked
        mock.call("DELETE", "/faults")
        workers.start("three")
        workers.forget_logs()
        assert workers.work_on(path) == {DONE: 5}
        assert workers.who("submitting", portal="NINTEX") & {"one", "two"}
        workers.end()
