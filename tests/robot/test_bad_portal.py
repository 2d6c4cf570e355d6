"""One bad portal does not sink the night: who waits, who goes on, and until when."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Robot

full = pytest.mark.full

ATENDIDO = ("Atendido", None)
WAITS_LONG = {"CARGOFIJO_POLICY__PORTAL_PATIENCE": "900"}


@full
def test_who_needs_it_waits_while_the_others_go_on_and_is_done_when_it_is_back(
    mock: MockPortals, tmp_path: Path
) -> None:
    """With one seat, so that a case that kept it while it waits would hold up all others."""
    mini = MiniWorld()
    mini.misaligned()
    mini.misaligned()
    mini.configuration()
    mock.reset(mini.world)
    mock.fault({"portal": "remedy", "kind": "error", "status": 503, "times": 12})
    robot = Robot(mock, tmp_path, **WAITS_LONG)
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.code == 0, done.err
    assert done.states() == {"1": ATENDIDO, "2": ATENDIDO, "3": ATENDIDO}
    assert "[1/3] " + done.rows["3"]["Referencia"] in done.err
    assert {row["Intentos"] for row in done.rows.values()} == {1}
    state = mock.state()
    assert len(state["remedy"]["incidents"]) == 2 and len(state["siac"]["cases"]) == 3
    assert len(state["mail"]) == 3


@full
def test_a_refused_password_is_typed_once_and_not_for_every_case(
    mock: MockPortals, tmp_path: Path
) -> None:
    mini = MiniWorld()
    for _ in range(3):
        mini.misaligned()
    mock.reset(mini.world)
    robot = Robot(mock, tmp_path, CARGOFIJO_PORTALS__REMEDY__PASSWORD="wrong", **WAITS_LONG)
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    assert set(done.states().values()) == {("Falla técnica", "ACCESO_RECHAZADO")}
    logins = [r for r in mock.state()["requests"] if r["path"] == "/arsys/servlet/LoginServlet"]
    assert [login["count"] for login in logins] == [1]
