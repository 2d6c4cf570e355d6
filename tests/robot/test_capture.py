"""`capture`: a portal's pages as files that hold nobody's data, and are enough for its map."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pages.core.captured import INDEX, VERSION
from tests.support.captured import People, found_in
from tests.support.mock import MockPortals
from tests.support.robot import Robot

PEOPLE = People("Zarzamora", 3)


@pytest.mark.sample(1)
@pytest.mark.parametrize("portal", ["sisact", "siac", "nintex", "remedy"])
def test_a_capture_holds_nobodys_data_and_is_enough_for_the_map(
    portal: str, mock: MockPortals, robot: Robot
) -> None:
    mock.reset(PEOPLE.world())
    before = mock.state()
    folder = robot.folder / "captura"
    done = robot.call("capture", portal, "--out", str(folder), *PEOPLE.options)
    assert done.code == 0, done.out + done.err
    after = mock.state()
    for kept in ("writes", "siac", "nintex", "remedy", "mail"):
        assert after[kept] == before[kept]

    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert {Path(name).suffix for name in files} == {".html", ".json", ".png"}
    found = {name: leaks for name, kept in files.items() if (leaks := [*found_in(kept, PEOPLE)])}
    assert found == {}

    live = robot.call("map", "suggest", portal, "--json", *PEOPLE.options)
    kept_ = robot.call("map", "suggest", portal, "--json", "--from", str(folder))
    assert kept_.summary["elements"] == live.summary["elements"]
    assert kept_.summary["words"] == live.summary["words"]
    assert live.code == kept_.code == 0, live.err


def test_what_a_capture_ended_at_is_told_as_of_then(robot: Robot) -> None:
    folder = robot.folder / "captura"
    folder.mkdir(parents=True)
    told = {"where": "Consulta de SEC", "what": "mensaje inesperado: «Valide al titular.»"}
    steps = [{"windows": ["01.html"], "blocked": told}]
    index = {"version": VERSION, "portal": "SISACT", "steps": steps}
    (folder / INDEX).write_text(json.dumps(index), encoding="utf-8")
    (folder / "01.html").write_text("<p>Inicio</p>", encoding="utf-8")
    done = robot.call("map", "suggest", "sisact", "--from", str(folder))
    assert done.code == 1
    first = done.out.splitlines()[0]
    assert first.startswith("SISACT, Consulta de SEC: al capturar: mensaje inesperado: «Valide al")
    assert 'cargofijo map accept sisact messages.accept "Valide al titular."' in first


def test_a_folder_of_something_else_is_left_alone(robot: Robot) -> None:
    folder = robot.folder / "otra"
    folder.mkdir(parents=True)
    (folder / "fotos.txt").write_text("mías")
    done = robot.call("capture", "sisact", "--out", str(folder))
    assert done.code == 2 and "no está vacía" in done.err
    assert [file.name for file in folder.iterdir()] == ["fotos.txt"]
    done = robot.call("map", "suggest", "sisact", "--from", str(folder))
    assert done.code == 2 and "no contiene una captura" in done.err
