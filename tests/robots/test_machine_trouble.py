"""What happens to the robot's own machine: a clear word, nothing lost, the next run completes."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.chaos.chain import the_list
from tests.chaos.compare import Due, compare
from tests.conftest import MockPortals
from tests.robots.harness import Robot, processes_of
from tests.robots.test_run import wait_for

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX"),
]

KINDS = ("configuration", "misaligned", "evidence")


@pytest.fixture
def dues(mock: MockPortals, tmp_path: Path) -> list[Due]:
    """A list of three cases in a world of their own."""
    small, dues = the_list(tmp_path, KINDS)
    mock.reset(small.world)
    small.list_at(tmp_path / "lista.xlsx")
    return dues


def assert_next_run_completes(robot: Robot, dues: list[Due], *, told: int = 0) -> None:
    """Of no more than ``told`` e-mails nobody knows whether they left."""
    done = robot.run(robot.folder.parent / "lista.xlsx")
    assert done.code == 0, done.err
    finding = compare(dues, robot.mock.state())
    assert finding.wrong == [] and finding.told <= told


def assert_told(err: str, *words: str) -> None:
    """The last line is one sentence for people, and there is no traceback."""
    assert "Traceback" not in err, err
    sentence = err.strip().splitlines()[-1]
    assert sentence.endswith(".") and all(word in sentence for word in words), err


# the database


def database(robot: Robot) -> Path:
    return robot.folder / "var" / "cargofijo.sqlite"


def test_a_database_that_another_program_locks_during_the_work(
    mock: MockPortals, tmp_path: Path, dues: list[Due]
) -> None:
    robot = Robot(mock, tmp_path / "robot")
    process = robot.start("run", str(tmp_path / "lista.xlsx"))
    wait_for(lambda: mock.state()["siac"]["cases"])
    with closing(sqlite3.connect(database(robot), timeout=60, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        _, err = process.communicate(timeout=400)
        assert process.returncode == 1
        assert_told(err, "bloqueada")
        assert processes_of(robot) == []

        begun = robot.run(tmp_path / "lista.xlsx")
        assert begun.code == 3
        assert_told(begun.err, "bloqueada", "No se tocó nada")
    assert_next_run_completes(robot, dues, told=1)
