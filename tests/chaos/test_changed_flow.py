"""A robot that was changed while cases were in flight: they are finished, or parked with a word."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.chaos import other_flow
from tests.chaos.saboteur import MAIL, Plan, as_variable
from tests.support.due import compare, the_list
from tests.support.mock import MockPortals
from tests.support.robot import Done, Robot

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX"),
]

FORMER = [sys.executable, "-m", "tests.chaos.other_flow"]
KINDS = ("configuration", "misaligned", "evidence")


def left_by(what: str, plan: Plan, mock: MockPortals, folder: Path) -> Path:
    """The list that the former robot was killed over, with one case begun and two in its queue."""
    mini, _ = the_list(folder, KINDS)
    mock.reset(mini.world)
    path = mini.list_at(folder / "lista.xlsx")
    mark = folder / "mark"
    variables = {other_flow.VARIABLE: what, **as_variable([plan], mark)}
    Robot(mock, folder / "robot", **variables).call("run", str(path), command=FORMER)
    assert mark.exists(), "the former robot was not killed"
    return path


def assert_done_once(done: Done, mock: MockPortals, folder: Path) -> None:
    assert done.code == 0
    assert compare(the_list(folder, KINDS)[1], mock.state()).wrong == []


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(Plan("recorded", "process", nth=5), id="between two steps"),
        pytest.param(Plan("pressed", "process", nth=3), id="in the middle of a write"),
        pytest.param(Plan("confirmed", "process", place=MAIL), id="an e-mail sent and not noted"),
    ],
)
def test_cases_in_flight_are_finished_by_the_new_version(
    plan: Plan, mock: MockPortals, tmp_path: Path
) -> None:
    path = left_by(other_flow.VERSION, plan, mock, tmp_path)
    done = Robot(mock, tmp_path / "robot").run(path)
    assert_done_once(done, mock, tmp_path)
    assert {row["Intentos"] for row in done.rows.values()} == {1}


def test_cases_of_another_list_are_finished_too(mock: MockPortals, tmp_path: Path) -> None:
    """Nobody runs yesterday's list again: who works next has them all."""
    left_by(other_flow.VERSION, Plan("recorded", "process", nth=5), mock, tmp_path)
    done = Robot(mock, tmp_path / "robot").call("worker", "--drain")
    assert_done_once(done, mock, tmp_path)


def test_a_case_alone_takes_up_what_another_version_left(mock: MockPortals, tmp_path: Path) -> None:
    left_by(other_flow.VERSION, Plan("recorded", "process", nth=5), mock, tmp_path)
    mini, dues = the_list(tmp_path, KINDS)
    done = Robot(mock, tmp_path / "robot").call("case", *mini.case_at(1), "--json")
    assert done.summary["by_status"] == {"Atendido": 1}, done.err
    assert compare(dues[:1], mock.state(), alone=False).wrong == []


def test_other_steps_under_the_same_version_are_told_and_the_next_run_completes(
    mock: MockPortals, tmp_path: Path
) -> None:
    path = left_by(other_flow.STEPS, Plan("recorded", "process", nth=5), mock, tmp_path)
    robot = Robot(mock, tmp_path / "robot")
    done = robot.run(path)
    assert done.code == 1
    (row,) = (row for row in done.rows.values() if row["Motivo"] == "ERROR_INTERNO")
    assert row["Estado"] == "Falla técnica"
    assert "El robot cambió mientras el caso estaba en curso" in row["Detalle"]
    assert_done_once(robot.run(path), mock, tmp_path)


def test_a_case_in_flight_goes_on_though_a_supervisor_is_asked_from_now_on(
    mock: MockPortals, tmp_path: Path
) -> None:
    """That a setting changed is no change of the robot."""
    mini, dues = the_list(tmp_path, KINDS[:1])
    mock.reset(mini.world)
    path, mark = mini.list_at(tmp_path / "lista.xlsx"), tmp_path / "mark"
    plan = Plan("recorded", "process", place="file_request")
    killed = Robot(mock, tmp_path / "robot", **as_variable([plan], mark))
    killed.call("run", str(path), command=[sys.executable, "-m", "tests.chaos.saboteur"])
    assert mark.exists(), "the robot was not killed"
    asks = {"CARGOFIJO_POLICY__APPROVALS": '["ACTIVACIONES_CONFIGURACION"]'}
    done = Robot(mock, tmp_path / "robot", **asks).run(path)
    assert done.code == 0, done.err
    ((_, row),) = done.rows.items()
    assert row["Estado"] == "Atendido" and row["N° solicitud"]
    assert compare(dues, mock.state()).wrong == []
