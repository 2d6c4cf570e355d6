"""`map`: shown, suggested and accepted, on portals that call things otherwise than the map says."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Robot

#: what the robot looks for; the portals have the names of before
OTHERWISE = {
    "sisact": """
        [MenuFrame]
        consulta_de_sec = "Consultar SEC"
        [ConsultaPage]
        numero = "Nro. SEC"
        """,
    "siac": """
        [QueuePage]
        filtrar = "Filtrar casos"     # por confirmar
        bandeja = { columns = { numero = "Nro. caso" } }
        [TemplatePage]
        cargo = "Cargo ofrecido"
        """,
    "nintex": """
        RequestForm.razon_social = "NombreRazonSocial"
        """,
    "remedy": """
        IncidentPage.ruc = { name = "R.U.C.", arid = "999999999" }
        """,
}
RIGHT = {
    "sisact": {"MenuFrame.consulta_de_sec": "Consulta de SEC"},
    "siac": {
        "QueuePage.filtrar": "Filtrar",
        "QueuePage.bandeja.numero": "N° caso",
        "TemplatePage.cargo": "Cargo fijo ofrecido",
    },
    "nintex": {"RequestForm.razon_social": "RazonSocial"},
    "remedy": {"IncidentPage.ruc": "RUC (536871013)"},
}


@pytest.mark.sample(1)
@pytest.mark.parametrize("portal", OTHERWISE)
def test_what_is_missing_is_suggested_and_once_accepted_is_found(
    portal: str, mock: MockPortals, robot: Robot, mini: MiniWorld
) -> None:
    mini.configuration()
    mock.reset(mini.world)
    file = robot.folder / "mapas" / f"{portal}.toml"
    file.parent.mkdir(parents=True)
    file.write_text(OTHERWISE[portal], encoding="utf-8")
    before = mock.state()

    checked = robot.call("check", "--portal", portal, "--json")
    assert checked.code == 3
    told = {f"{one['page']}.{one['element']}" for one in checked.summary["missing"]}
    assert {one["portal"] for one in checked.summary["missing"]} == {portal}

    elements = suggested(robot, portal, code=1)
    missing = {key: one for key, one in elements.items() if one["found"] is False}
    right = RIGHT[portal]
    assert {*right} <= {*missing} == told
    assert checked.summary["elements"] > 0
    for key, name in right.items():
        assert missing[key]["candidates"][0]["name"] == name, missing[key]
        done = robot.call("map", "accept", portal, key, name)
        assert done.code == 0, done.out + done.err

    elements = suggested(robot, portal, code=None)
    assert all(elements[key]["found"] for key in right)
    assert ("por confirmar" in file.read_text(encoding="utf-8")) is (portal == "siac")
    after = mock.state()
    for kept in ("writes", "siac", "nintex", "remedy", "mail"):
        assert after[kept] == before[kept]


def suggested(robot: Robot, portal: str, code: int | None) -> dict[str, Any]:
    done = robot.call("map", "suggest", portal, "--json")
    assert code is None or done.code == code, done.out + done.err
    assert done.summary["portal"] == portal
    return {f"{one['page']}.{one['element']}": one for one in done.summary["elements"]}


def test_a_name_says_that_nobody_has_looked_for_it_and_is_taken_back(robot: Robot) -> None:
    done = robot.call("map", "accept", "siac", "QueuePage.filtrar", "Filtrar casos")
    assert done.code == 0
    named, advice = done.out.splitlines()
    assert named.startswith("QueuePage.filtrar = «Filtrar casos», en ")
    assert advice.startswith("Aún no se ha comprobado: ")
    command = "cargofijo map accept siac QueuePage.filtrar --default"
    assert f"«{command}»" in advice
    assert "«cargofijo map suggest siac»" in advice
    word = robot.call("map", "accept", "siac", "words.cola", "Variaciones Corp.").out
    assert (
        "Aún no se ha comprobado: se ve en el recorrido siguiente, o al simular un caso; " in word
    )
    assert robot.call(*command.split()[1:]).code == 0
    assert 'filtrar = "Filtrar"' in robot.call("map", "show", "siac").out
    assert robot.call(*command.split()[1:]).code == 2
    assert robot.call(*command.split()[1:], "--best", "0.9").code == 2


def test_the_version_of_a_map_is_noted_with_each_step_it_was_used_for(
    mock: MockPortals, robot: Robot, mini: MiniWorld
) -> None:
    mini.configuration()
    mock.reset(mini.world)
    file = robot.folder / "mapas" / "sisact.toml"
    file.parent.mkdir(parents=True)
    file.write_text('SecPage.campana = "Campaña"\n', encoding="utf-8")
    version = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    done = robot.run(mini.list_at(robot.folder / "lista.xlsx"), "--dry-run")
    assert done.states() == {"1": ("Simulado", None)}
    log = robot.folder / "var" / "logs" / "cargofijo.log"
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    ended = [line for line in lines if line["event"] == "step_ended"]
    by_step = {line["step"]: line.get("map") for line in ended}
    assert by_step.pop("consult_sec") == version
    assert by_step and set(by_step.values()) == {None}
