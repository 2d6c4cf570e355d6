"""Cases that a released robot left in flight are finished by this one: the former robot is taken
from git, killed in the middle, and its folder handed on."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.chaos.saboteur import MAIL, Plan, as_variable
from tests.support.due import compare, the_list
from tests.support.former import FormerRobot, unpack
from tests.support.machine import ROOT
from tests.support.mock import MockPortals
from tests.support.robot import Robot

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX"),
]

#: the last one before the flow got ports, and its checkpoints a name of their own
FORMER = "4e4cf7a"
KINDS = ("configuration", "misaligned", "evidence")


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The former robot's source; skips where the clone has no history."""
    known = subprocess.run(["git", "cat-file", "-e", FORMER], cwd=ROOT, capture_output=True)
    if known.returncode:
        pytest.skip(f"this clone does not have {FORMER}")
    folder = tmp_path_factory.mktemp("former")
    unpack(FORMER, folder, "robots", "flows", "pages", "inputs", "tests")
    return folder


def attempts_at(database: Path) -> tuple[dict[str, int], dict[str, str]]:
    """The number of each attempt that nobody has ended, and how each other one ended."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT reference, attempt, outcome FROM cf_attempts").fetchall()
    left = {reference: attempt for reference, attempt, outcome in rows if outcome is None}
    return left, {reference: outcome for reference, _, outcome in rows if outcome is not None}


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(Plan("recorded", "process", nth=2), id="before anything was written"),
        pytest.param(Plan("recorded", "process", nth=5), id="between two steps"),
        pytest.param(Plan("pressed", "process", nth=3), id="in the middle of a write"),
        pytest.param(Plan("confirmed", "process", place=MAIL), id="an e-mail sent and not noted"),
    ],
)
def test_cases_in_flight_go_on_from_where_they_were(
    plan: Plan, former: Path, mock: MockPortals, tmp_path: Path
) -> None:
    mini, dues = the_list(tmp_path, KINDS)
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    mark = tmp_path / "mark"
    variables = {"PYTHONPATH": str(former), **as_variable([plan], mark)}
    old = FormerRobot(mock, tmp_path / "robot", **variables)
    ended = old.call("run", str(path), command=[sys.executable, "-m", "tests.chaos.saboteur"])
    assert mark.exists(), f"the former robot was not killed: {ended.err}"
    left, ended_before = attempts_at(old.folder / "var" / "cargofijo.sqlite")
    assert left, ended_before
    done = Robot(mock, tmp_path / "robot").run(path)
    assert done.code == 0, done.err
    assert compare(dues, mock.state()).wrong == []
    # The same attempt, from its checkpoints: not begun anew. One that had ended before the kill,
    # as the case that waits for evidence may where the queue gave it out first, is looked at anew.
    tried = {row["Referencia"]: row["Intentos"] for row in done.rows.values()}
    assert {reference: tried[reference] for reference in left} == left, (ended_before, done.rows)
