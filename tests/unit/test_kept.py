"""Each file of a case has the sum that it had when it was made, and of what was sent nothing is
missing, whatever happens to the process in between."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from flows.procedure.preview import look
from flows.rules.case import Estado
from flows.store.case_files import CaseFiles
from tests.support.fake_portals import FakePortals, Trouble
from tests.support.mini_world import MiniWorld
from tests.support.procedure import Robot, finish, quick_ledger


def robot_of(mini: MiniWorld, folder: Path, **troubles: Any) -> Robot:
    return Robot(FakePortals(mini.world, **troubles), quick_ledger(folder), folder / "evidence")


def there(folder: Path) -> dict[str, str]:
    """What is in the case's folder, with the sums that it has now."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def sums(robot: Robot, reference: str) -> dict[str, str]:
    return {one.name: one.sha256 for one in CaseFiles(robot.ledger.engine).sums(reference)}


def record(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "registros" / name).read_text("utf-8"))
    return found


def test_of_an_attended_case(tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.misaligned()
    robot = robot_of(mini, tmp_path)
    case = robot.case(mini.rows[0], tmp_path)
    outcome = finish(robot.attempt(case))
    assert outcome.estado is Estado.ATENDIDO
    folder = robot.folder / case.reference
    held = there(folder)
    assert held == sums(robot, case.reference)
    assert {"descripcion.png", "linea-1.png", "correos/respuesta.eml"} <= held.keys()
    assert record(folder, "file_request-enviado.json")["campos"]["sec"] == case.sec
    kept = record(folder, "file_request-guardado.json")["campos"]
    assert kept["numero"] == outcome.request_number and kept["referencia"] == case.reference
    closed = record(folder, "siac-guardado.json")["campos"]
    assert closed["estado"] == "Cerrado"
    assert any("respuesta]" in note for note in closed["notas"])


def test_of_one_that_waits_for_evidence(tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.sale()
    robot = robot_of(mini, tmp_path)
    case = robot.case(mini.rows[0], tmp_path)
    finish(robot.attempt(case))
    held = there(robot.folder / case.reference)
    assert held == sums(robot, case.reference)
    assert {"correos/evidencia-cliente.eml", "correos/evidencia-ejecutivo.eml"} <= held.keys()


@pytest.mark.parametrize("trouble", [Trouble.DIES_AGREED, Trouble.DIES_DONE, Trouble.LOST])
def test_of_a_process_that_dies(tmp_path: Path, trouble: Trouble) -> None:
    """What was typed is kept before it is sent; what the portal keeps, by whoever finds it."""
    mini = MiniWorld()
    mini.configuration()
    robot = robot_of(mini, tmp_path, writes=[trouble] * 3)
    case = robot.case(mini.rows[0], tmp_path)
    finish(robot.until_over(case))
    folder = robot.folder / case.reference
    assert there(folder) == sums(robot, case.reference)
    assert (folder / "registros" / "file_request-guardado.json").exists()


def test_of_a_dry_run_only_the_pictures(tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    robot = robot_of(mini, tmp_path)
    case = robot.case(mini.rows[0], tmp_path)
    finish(robot.attempt(case, dry_run=True))
    held = there(robot.folder / case.reference)
    assert held == sums(robot, case.reference)
    assert any(name.startswith("simulado-") for name in held)
    assert not any("/" in name for name in held)


def test_what_a_failure_left_goes_with_its_sum(tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    robot = robot_of(mini, tmp_path, readings=[Trouble.DOWN] * 3)
    case = robot.case(mini.rows[0], tmp_path)
    assert finish(robot.attempt(case)).estado is Estado.FALLA_TECNICA
    folder = robot.folder / case.reference
    assert "falla/linea-de-tiempo.txt" in sums(robot, case.reference)
    assert there(folder) == sums(robot, case.reference)
    assert finish(robot.attempt(case)).estado is Estado.ATENDIDO
    assert there(folder) == sums(robot, case.reference)
    assert not any(name.startswith("falla/") for name in sums(robot, case.reference))


def test_a_look_changes_no_sum(tmp_path: Path) -> None:
    """*Validar* takes a picture of its own, of the page as it is now."""
    mini = MiniWorld()
    mini.configuration()
    robot = robot_of(mini, tmp_path)
    case = robot.case(mini.rows[0], tmp_path)
    finish(robot.attempt(case))
    before = sums(robot, case.reference)
    robot.portals.secs[case.sec]["description"] = "CF especial S/ 35.90"
    elsewhere = tmp_path / "mira"
    elsewhere.mkdir()
    finish(look(robot.services(), case, "ana", elsewhere, lambda _: None))
    assert sums(robot, case.reference) == before == there(robot.folder / case.reference)


def test_a_full_disk_keeps_no_record_and_ends_no_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(CaseFiles, "write", full)
    mini = MiniWorld()
    mini.configuration()
    robot = robot_of(mini, tmp_path)
    case = robot.case(mini.rows[0], tmp_path)
    assert finish(robot.attempt(case)).estado is Estado.ATENDIDO
