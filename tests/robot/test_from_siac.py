"""`cargofijo run --from-siac` from the front door: the mock portals' queue worked as a list."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.lists import read
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import ATENDIDO, Robot
from tests.unit.test_queue import OURS, taken_by, waiting


def lists(robot: Robot) -> list[Path]:
    return sorted((robot.folder / "var" / "lists").glob("*.xlsx"))


def test_a_queue_is_worked_and_nothing_is_repeated(
    mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    for serial in range(1, 6):
        mini.configuration()
        waiting(mini, serial)
    held = mini.world["siac"]["cases"]
    held[1] |= taken_by("asesor1")
    held[2] |= {"fields": {**OURS, "Clase": "Plan tarifario"}}
    held[3] |= {"fields": {**OURS, "Contacto": ""}}
    held[4] |= taken_by("robot")
    mock.reset(mini.world)
    done = robot.call("run", "--from-siac", "--json")
    assert done.code == 0, done.err
    assert "Esperan 5" in done.err
    assert "1 de otros asuntos, 1 que atiende otra persona" in done.err
    assert done.states() == {
        "70000001": ATENDIDO,
        "70000004": ("Dato inválido", None),
        "70000005": ATENDIDO,
    }
    assert "Contacto" in done.rows["70000004"]["Detalle"]
    state = mock.state()
    now = {case["number"]: case for case in state["siac"]["cases"]}
    assert len(now) == 5
    assert [now[f"7000000{n}"]["status"] for n in (1, 5)] == ["Cerrado"] * 2
    # the others are as they were
    assert all(now[held[n]["number"]]["history"] == held[n].get("history", []) for n in (1, 2, 3))
    assert len(state["nintex"]["activaciones"]) == 2

    (list_,) = lists(robot)
    back = read(list_)
    assert [row.case.siac_case for row in back.rows if row.case] == ["70000001", "70000005"]
    assert load_workbook(list_).sheetnames == ["Casos"]

    # again, with one that came meanwhile: what was worked is gone from the queue and stays as it
    # is, and what lacks something is told again
    mock.patch(siac={"cases": [{**held[0], "number": "70000009", **mini.held_of(2)}]})
    again = robot.call("run", "--from-siac", "--json")
    assert again.states() == {"70000004": ("Dato inválido", None), "70000009": ATENDIDO}
    after = mock.state()
    cases = {case["number"]: case for case in after["siac"]["cases"]}
    assert [cases[number] for number in now] == [*now.values()]
    assert len(cases) == 6 and len(after["nintex"]["activaciones"]) == 3
    assert len(lists(robot)) == 2


def test_an_empty_queue_and_a_list_beside_it(
    mock: MockPortals, robot: Robot, mini: MiniWorld, tmp_path: Path
) -> None:
    mini.configuration()
    mock.reset(mini.world)
    done = robot.call("run", "--from-siac", "--json")
    assert (done.code, done.summary["cases"], done.rows) == (0, 0, {}), done.err
    assert "no espera ningún caso" in done.err
    assert lists(robot) == []
    asked = mock.requests("siac")
    both = robot.call("run", str(mini.list_at(tmp_path / "lista.xlsx")), "--from-siac")
    neither = robot.call("run")
    assert (both.code, neither.code) == (2, 2)
    assert "--from-siac" in both.err and "LISTA.xlsx" in neither.err
    assert mock.requests("siac") == asked
    mock.fault({"portal": "siac", "kind": "error", "status": 503, "times": 999})
    assert robot.call("run", "--from-siac").code == 3


@pytest.mark.full
def test_a_queue_of_2000(mock: MockPortals, robot: Robot, mini: MiniWorld) -> None:
    """Of every hundred one is ours and whole, one is another's, and one lacks its contact; one of
    those that are whole is in SISACT."""
    for serial in range(1, 2001):
        mini.configuration()
        waiting(mini, serial)
    for serial, case in enumerate(mini.world["siac"]["cases"]):
        if serial % 100 == 1:
            case |= taken_by("asesor1")
        elif serial % 100 == 2:
            case |= {"fields": {**OURS, "Contacto": ""}}
        elif serial % 100:
            case |= {"fields": {**OURS, "Clase": "Plan tarifario"}}
    mini.world["secs"] = mini.world["secs"][:1]
    mock.reset(mini.world)
    done = robot.call("run", "--from-siac", "--json", "--seats", "2")
    assert done.code == 0, done.err
    assert "1940 de otros asuntos, 20 que atiende otra persona" in done.err
    ended = [estado for estado, _ in done.states().values()]
    assert {estado: ended.count(estado) for estado in ended} == {
        "Atendido": 1,
        "No procede": 19,
        "Dato inválido": 20,
    }
    state = mock.state()
    assert len(state["siac"]["cases"]) == 2000
    assert len(state["nintex"]["activaciones"]) == 1
