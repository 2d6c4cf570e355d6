"""`submit`, `worker` and `report`: the job handed in by one process, done and told by others."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.support.machine import wait_for
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.postgres import server
from tests.support.robot import Done, Robot, processes_of, report_rows

#: a story of many runs: minutes
pytestmark = pytest.mark.full


@dataclass
class Story:
    """A night's run of one case; two more handed in, twice; then `case` for the last of them, and a
    worker for what is left."""

    submitted: Done
    again: Done
    untouched: bool
    status_before: Done
    case: Done
    after_case: dict[str, int]
    worked: Done
    after_worker: dict[str, int]
    status_after: Done
    rows: dict[str, dict[str, Any]]
    finished: Done
    nothing_left: Done
    without_browser: Done


@pytest.fixture(scope="module")
def story(mock_process: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("submit")
    mock = mock_process
    mini = MiniWorld()
    mini.configuration()
    first = mini.list_at(folder / "primera.xlsx")
    mini.configuration()
    mini.misaligned()
    mock.reset(mini.world)
    path = mini.list_at(folder / "lista.xlsx")
    robot = Robot(mock, folder / "robot")
    assert robot.run(first).code == 0
    visited = mock.state()["requests"]
    submitted = robot.call("submit", str(path), "--json")
    again = robot.call("submit", str(path), "--json")
    untouched = mock.state()["requests"] == visited
    status_before = robot.call("status", submitted.summary["run"])
    case = robot.call("case", *mini.case_at(3), "--json")
    after_case = mock.counts()
    worked = robot.call("worker", "--drain", "--seats", "2")
    after_worker = mock.counts()
    status_after = robot.call("status")
    out = folder / "informe.xlsx"
    assert robot.call("report", submitted.summary["run"], "--report", str(out)).code == 0
    robot.settings["CARGOFIJO_BROWSER__EXECUTABLE"] = "/no/such/browser"
    yield Story(
        submitted,
        again,
        untouched,
        status_before,
        case,
        after_case,
        worked,
        after_worker,
        status_after,
        report_rows(out),
        robot.call("submit", str(path), "--json"),
        robot.call("worker", "--drain"),
        robot.run(path),
    )
    mock.reset()


def test_handing_in_touches_no_portal(story: Story) -> None:
    assert story.submitted.code == 0
    assert story.submitted.summary.keys() >= {"run", "cases"}
    assert (story.submitted.summary["cases"], story.submitted.summary["queued"]) == (3, 2)
    assert story.untouched
    assert story.status_before.out.count("En cola") == 3  # two rows, and the tally's
    # What is copied into the next command stands whole, in a pipe of 80 columns too.
    assert (
        len(re.findall(r"^ CF-[0-9]{8}-[0-9]{8}-[0-9a-f]{6} ", story.status_before.out, re.M)) == 3
    )


def test_handed_in_twice_it_is_queued_once(story: Story) -> None:
    assert story.again.code == 0 and story.again.summary["queued"] == 2
    assert story.again.summary["run"] != story.submitted.summary["run"]
    assert story.after_worker["siac"] == 3
    assert {row["Intentos"] for row in story.rows.values()} == {1}


def test_a_single_case_leaves_the_rest_of_the_queue_alone(story: Story) -> None:
    assert story.case.states() == {"3": ("Atendido", None)}
    assert story.after_case == {"siac": 2, "activaciones": 1, "operador": 0, "remedy": 1, "mail": 2}


def test_a_worker_does_what_is_queued_and_ends(story: Story) -> None:
    assert story.worked.code == 0, story.worked.err
    assert story.after_worker == {
        "siac": 3,
        "activaciones": 2,
        "operador": 0,
        "remedy": 1,
        "mail": 3,
    }
    assert story.worked.err.count("Atendido") == 1


def test_the_report_is_of_the_run_that_was_handed_in(story: Story) -> None:
    assert {row["Estado"] for row in story.rows.values()} == {"Atendido"}
    assert all(row["N° solicitud"] for row in story.rows.values())
    assert "en curso" not in story.status_after.out
    assert f" {story.submitted.summary['run']} " in story.status_after.out


def test_where_nothing_is_left_no_browser_is_started(story: Story) -> None:
    assert story.finished.code == 0 and story.finished.summary["queued"] == 0
    assert story.nothing_left.code == 0
    assert story.without_browser.code == 0
    assert set(story.without_browser.states().values()) == {("Atendido", None)}


def test_one_worker_at_a_time(mock: MockPortals, tmp_path: Path) -> None:
    robot = Robot(mock, tmp_path / "robot")
    (robot.folder / "var").mkdir(parents=True)
    with FileLock(robot.folder / "var" / "cargofijo.lock"):
        done = robot.call("worker", "--drain")
    assert done.code == 4
    assert len(done.err.strip().splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_a_worker_that_ends_leaves_the_queue_to_the_next(
    end: signal.Signals, mock: MockPortals, tmp_path: Path
) -> None:
    """It takes what comes while it works; stopped, it ends the case at work; killed, none."""
    mini = MiniWorld()
    for _ in range(3):
        mini.configuration()
    mock.reset(mini.world)
    robot = Robot(mock, tmp_path / "robot")
    first = robot.start("worker")
    lock = robot.folder / "var" / "cargofijo.lock"
    wait_for(lambda: lock.exists() or first.poll() is not None)
    assert first.poll() is None, first.communicate()
    submitted = robot.call("submit", str(mini.list_at(tmp_path / "lista.xlsx")), "--json")
    wait_for(lambda: mock.state()["writes"] > 0)
    os.killpg(first.pid, end)
    _, err = first.communicate(timeout=120)
    wait_for(lambda: not processes_of(robot))
    if end is signal.SIGINT:
        assert first.returncode == 0, err
        assert mock.counts()["mail"] == mock.counts()["siac"] == 1
    assert robot.call("worker", "--drain").code == 0
    expected = {"siac": 3, "activaciones": 3, "operador": 0, "remedy": 0, "mail": 3}
    assert mock.counts() == expected
    out = tmp_path / "informe.xlsx"
    assert robot.call("report", submitted.summary["run"], "--report", str(out)).code == 0
    assert {row["Estado"] for row in report_rows(out).values()} == {"Atendido"}


@pytest.mark.postgres
def test_on_postgresql_workers_share_the_queue_and_one_that_dies_costs_nothing(
    mock: MockPortals, tmp_path: Path
) -> None:
    mini = MiniWorld()
    for _ in range(4):
        mini.configuration()
    mock.reset(mini.world)
    with server() as database:
        machines = [
            Robot(mock, tmp_path / name, CARGOFIJO_DATABASE_URL=database.address)
            for name in ("one", "two", "three")
        ]
        path = mini.list_at(tmp_path / "lista.xlsx")
        run = machines[0].call("submit", str(path), "--json").summary["run"]
        first, second = (machine.start("worker") for machine in machines[:2])
        wait_for(lambda: mock.state()["sessions"]["sisact"]["logins"] == 2)
        wait_for(lambda: mock.state()["writes"] > 0)
        os.killpg(first.pid, signal.SIGKILL)
        first.communicate()
        second.send_signal(signal.SIGINT)  # it ends the case at work, and leaves the rest
        _, err = second.communicate(timeout=180)
        assert second.returncode == 0, err
        assert mock.counts()["mail"] < 4
        done = machines[2].call("worker", "--drain")
        assert done.code == 0, done.err
        expected = {"siac": 4, "activaciones": 4, "operador": 0, "remedy": 0, "mail": 4}
        assert mock.counts() == expected
        out = tmp_path / "informe.xlsx"
        assert machines[1].call("report", run, "--report", str(out)).code == 0
        assert {row["Estado"] for row in report_rows(out).values()} == {"Atendido"}
