"""A picture of history and invoices goes with each request whose ground is what was billed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from flows.rules.case import Estado
from flows.rules.scenarios import Escenario
from pages.contract.ports import SIAC, Sending
from tests.support.fake_portals import FakePortals
from tests.support.mini_world import MiniWorld
from tests.support.procedure import Robot, finish, quick_ledger


def shown_by_the_line_alone(mini: MiniWorld) -> int:
    """Misaligned, with an empty Descripción and no evidence: an invoice shows the charge."""
    serial = mini.sale()
    mini.happened(serial, "2026-08-20", "Regularización de cargo fijo")
    mini.line(serial)["invoices"][0]["charge"] = "39.90"
    return serial


def lost(mini: MiniWorld) -> int:
    serial = mini.sale()
    mini.line(serial)["invoices"][0]["charge"] = "39.90"
    mini.happened(serial, "2026-09-20", "Cambio de plan")
    return serial


def held(robot: Robot) -> list[dict[str, Any]]:
    state = robot.portals.state()
    requests = [*state["nintex"]["activaciones"], *state["nintex"]["operador"]]
    return [*requests, *state["remedy"]["incidents"]]


def robot_of(mini: MiniWorld, folder: Path) -> Robot:
    return Robot(FakePortals(mini.world), quick_ledger(folder), folder / "evidence")


@pytest.mark.parametrize(
    ("build", "escenario", "names"),
    [
        (shown_by_the_line_alone, Escenario.ACTIVACIONES_DESALINEACION, ["linea-1.png"]),
        (
            MiniWorld.misaligned,
            Escenario.ACTIVACIONES_DESALINEACION,
            ["descripcion.png", "linea-1.png"],
        ),
        (lost, Escenario.POSTVENTA, ["linea-1.png"]),
        (MiniWorld.configuration, Escenario.ACTIVACIONES_CONFIGURACION, ["descripcion.png"]),
    ],
)
def test_what_goes_with_each_request(
    build: Any, escenario: Escenario, names: list[str], tmp_path: Path
) -> None:
    mini = MiniWorld()
    build(mini)
    robot = robot_of(mini, tmp_path)
    case = robot.case(mini.rows[0], tmp_path)
    outcome = finish(robot.attempt(case))
    assert (outcome.estado, outcome.escenario) == (Estado.ATENDIDO, escenario), outcome.detail
    (filed,) = held(robot)
    assert [file["name"] for file in filed["attachments"]] == names == list(outcome.adjuntos or ())
    kept = robot.folder / case.reference / "linea-1.png"
    assert kept.exists() == ("linea-1.png" in names), "none is taken where none may be needed"
    if "linea-1.png" in names:
        line = mini.line(1)
        shown = json.dumps([line["history"], line["invoices"]]).encode()
        assert filed["attachments"][-1]["sha256"] == hashlib.sha256(shown).hexdigest()


def test_of_several_lines_those_of_the_request_by_their_places_in_the_row(tmp_path: Path) -> None:
    mini = MiniWorld()
    for _ in range(3):
        shown_by_the_line_alone(mini)
    lines = [mini.rows[n]["lineas"] for n in range(3)]
    mini.world["secs"][0]["lines"] = lines
    mini.rows[0]["lineas"] = ", ".join(lines)
    mini.line(2).update(charge="39.90", invoices=[])  # at the offered charge already
    robot = robot_of(mini, tmp_path)
    finish(robot.attempt(robot.case(mini.rows[0], tmp_path)))
    (filed,) = held(robot)
    assert filed["lines"] == [lines[0], lines[2]]
    names = [file["name"] for file in filed["attachments"]]
    assert names == ["linea-1.png", "linea-3.png"]
    assert not any(line in name for line in lines for name in names)


def test_a_picture_that_another_machine_took_is_taken_again(tmp_path: Path) -> None:
    """As of a case that was consulted elsewhere, or by a version that took none."""
    mini = MiniWorld()
    shown_by_the_line_alone(mini)
    robot = robot_of(mini, tmp_path)
    case = robot.case(mini.rows[0], tmp_path)

    async def forget(sending: Sending) -> bool:
        if sending.portal == SIAC:
            (robot.folder / case.reference / "linea-1.png").unlink(missing_ok=True)
        return True

    robot.confirm = forget
    assert finish(robot.attempt(case)).estado is Estado.ATENDIDO
    (filed,) = held(robot)
    assert [file["name"] for file in filed["attachments"]] == ["linea-1.png"]
