"""Two robots with one list: one wins each case, or the second finds what the first has done."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path

import pytest

from flows.runtime.submit_journal import JournalState, SubmitJournal
from flows.store.database import connect
from tests.chaos.chain import SabotagedRobot
from tests.chaos.saboteur import Plan, as_variable
from tests.support.due import compare, the_list
from tests.support.mock import MockPortals, requests_of
from tests.support.robot import Robot, report_rows


@pytest.mark.full
def test_on_one_database_the_second_is_sent_away(mock: MockPortals, tmp_path: Path) -> None:
    mini, dues = the_list(tmp_path, ("configuration",))
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    robot = Robot(mock, tmp_path / "robot")
    processes = [robot.start("run", str(path), "--json") for _ in range(2)]
    codes = []
    for process in processes:
        process.communicate(timeout=600)
        codes.append(process.returncode)
    assert sorted(codes) == [0, 4]
    assert compare(dues, mock.state()).wrong == []


@pytest.mark.full
@pytest.mark.parametrize("kind", ["configuration", "waiting"])
def test_a_case_that_a_robot_elsewhere_took_is_a_reason_to_look_again(
    kind: str, mock: MockPortals, tmp_path: Path
) -> None:
    """It may be filing the request this moment: the first look that shows none is not believed.
    SIAC Único lets one take a case, also one that both have found in the queue."""
    mini, dues = the_list(tmp_path, (kind,))
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    there = Plan("recorded", "process", place="take_case")
    known = {}
    for name in ("first", "second"):
        mark = tmp_path / f"{name}.mark"
        mark.touch()
        robot = SabotagedRobot(mock, tmp_path / name, **as_variable([there], mark))
        robot.run(path)
        assert mark.read_text("utf-8")
        engine = connect(f"sqlite:///{tmp_path / name / 'var' / 'cargofijo.sqlite'}")
        (case,) = mock.state()["siac"]["cases"]
        known[name] = SubmitJournal(engine).state(case["reference"], "file_request")
    assert known == {"first": JournalState.NONE, "second": JournalState.BEGUN}
    for name in ("second", "first"):
        Robot(mock, tmp_path / name).run(path)
    assert compare(dues, mock.state()).wrong == []


@pytest.mark.full
def test_on_two_databases_no_request_is_filed_twice(mock: MockPortals, tmp_path: Path) -> None:
    """They may register a case in SIAC Único at the same moment, before either sees the other's:
    whoever then finds two goes no further and names both."""
    mini, dues = the_list(tmp_path, ("configuration", "evidence"))
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    users = {
        f"CARGOFIJO_PORTALS__{portal}__{name}": value
        for portal, user in {
            "SISACT": "robot2",
            "SIAC": "robot2",
            "REMEDY": "robot2",
        }.items()
        for name, value in {"USERNAME": user, "PASSWORD": user}.items()
    }
    robots = [Robot(mock, tmp_path / "one"), Robot(mock, tmp_path / "two", **users)]
    processes = [robot.start("run", str(path), "--json") for robot in robots]
    reports = []
    for process in processes:
        out, _ = process.communicate(timeout=600)
        reports.append(report_rows(Path(json.loads(out.strip().splitlines()[-1])["report"])))
    state = mock.state()
    requests = [*chain.from_iterable(requests_of(state).values())]
    for due in dues:
        assert len([record for record in requests if record["sec"] == due.sec]) <= 1
        cases = [case["number"] for case in state["siac"]["cases"] if case["sec"] == due.sec]
        if len(cases) == 1:
            assert compare([due], state, alone=False).wrong == []
            continue
        told = [
            row
            for rows in reports
            for row in rows.values()
            if row["N° SEC"] == due.sec and row["Motivo"] == "DUPLICADO_EN_PORTAL"
        ]
        assert told
        assert all(number in row["Detalle"] for row in told for number in cases)
