"""Running again, as the contract has it: what is final stays, what is not goes on, nothing twice.

A story of a few nights, told once; each test reads its own part of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support.lists import PLACE, make_list
from tests.support.machine import wait_for
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Done, Robot

ATENDIDO = ("Atendido", None)
PENDIENTE = ("Pendiente de aprobación", None)
FILED, NO_EVIDENCE, APPROVED, REJECTED, CHANGED, FOREIGN, ADDED = map(str, range(1, 8))
HOSTILE = '=HYPERLINK("http://malo.example") <b>&amp;</b> 📞 _x001B_'
LONG = "ñ" * 32_767

#: a story of many runs: minutes
pytestmark = pytest.mark.full


@dataclass
class Story:
    """What each night came to, and what the portals held after it."""

    first: Done
    second: Done
    finals: Done
    copied: Done
    anew: Done
    held: list[dict[str, Any]]


@pytest.fixture(scope="module")
def story(mock_process: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("nights")
    mini = MiniWorld()
    mini.configuration()
    mini.sale()
    mini.with_evidence(folder)
    mini.with_evidence(folder)
    mini.sale(evidencia="otra.eml", origen_evidencia="CAE")
    mini.sale(contacto_dni="00000001", observaciones=LONG)
    mini.sale(contacto_dni="00000002")
    shutil.copy(folder / "oferta.eml", folder / "otra.eml")
    mock_process.reset(mini.world)
    robot = Robot(
        mock_process,
        folder / "robot",
        CARGOFIJO_POLICY__APPROVALS='["VENTAS_SIN_OFERTA"]',
        CARGOFIJO_SEATS="2",
    )
    rows = dict(zip(map(str, range(1, 8)), mini.rows, strict=True))
    held = [mock_process.state()]

    def night(done: Done) -> Done:
        held.append(mock_process.state())
        return done

    listed = [rows[name] for name in (FILED, NO_EVIDENCE, APPROVED, REJECTED, CHANGED, FOREIGN)]
    first = night(robot.run(as_text(make_list(folder / "noviembre.xlsx", *listed), HOSTILE)))

    references = {name: row["Referencia"] for name, row in first.rows.items()}
    for name, answer in ((APPROVED, "approve"), (REJECTED, "reject"), (CHANGED, "approve")):
        answered = robot.call(answer, references[name], "--as", "supervisora")
        assert answered.code == 0, answered.err
    (folder / "otra.eml").write_bytes((folder / "oferta.eml").read_bytes() + b"Otra carta\r\n")
    rows[NO_EVIDENCE] |= {
        "evidencia": "oferta.eml",
        "origen_evidencia": "CAE",
        "aprobado_por": "Carmen Salas",
    }
    listed = [rows[name] for name in (ADDED, CHANGED, REJECTED, APPROVED, NO_EVIDENCE, FILED)]
    second = night(robot.run(make_list(folder / "diciembre.xlsx", *listed)))

    listed = [rows[name] | {"id": f"f{name}"} for name in (FOREIGN, FILED, REJECTED, APPROVED)]
    finals = night(robot.run(make_list(folder / "finales.xlsx", *listed)))
    copied = night(robot.run(Path(shutil.copy(folder / "finales.xlsx", folder / "copia.xlsx"))))
    anew = night(robot.run(folder / "finales.xlsx", "--again", f"f{FILED}"))
    yield Story(first, second, finals, copied, anew, held)
    mock_process.reset()


def as_text(path: Path, observaciones: str) -> Path:
    """The list with this in its first row, typed as text even where it looks like a formula."""
    workbook = load_workbook(path)
    cell = workbook["Casos"].cell(2, PLACE["observaciones"], observaciones)
    cell.data_type = "s"
    workbook.save(path)
    return path


def requests(held: dict[str, Any]) -> int:
    return sum(request["count"] for request in held["requests"])


def records(held: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands in the portals under a reference."""
    kinds = (held["siac"]["cases"], *held["nintex"].values(), held["remedy"]["incidents"])
    return [record for kind in kinds for record in kind if record["reference"]]


def test_the_first_night(story: Story) -> None:
    assert story.first.states() == {
        FILED: ATENDIDO,
        NO_EVIDENCE: ("Pendiente de evidencia", "FALTA_EVIDENCIA"),
        APPROVED: PENDIENTE,
        REJECTED: PENDIENTE,
        CHANGED: PENDIENTE,
        FOREIGN: ("No procede", "TITULARIDAD_NO_VALIDADA"),
    }
    assert story.first.code == 0


def test_what_is_pending_goes_on_in_another_list_of_another_name(story: Story) -> None:
    assert story.second.states() == {
        ADDED: ("No procede", "TITULARIDAD_NO_VALIDADA"),
        CHANGED: PENDIENTE,
        REJECTED: ("Requiere asesor", "APROBACION_RECHAZADA"),
        APPROVED: ATENDIDO,
        NO_EVIDENCE: ATENDIDO,
        FILED: ATENDIDO,
    }
    assert list(story.second.rows) == [ADDED, CHANGED, REJECTED, APPROVED, NO_EVIDENCE, FILED]
    assert story.second.rows[NO_EVIDENCE]["Escenario determinado"] == "VENTAS_CON_OFERTA"


def test_what_goes_on_keeps_its_case_and_files_once(story: Story) -> None:
    for name in (NO_EVIDENCE, APPROVED):
        before, after = story.first.rows[name], story.second.rows[name]
        assert before["Caso SIAC"] == after["Caso SIAC"]
        assert after["N° solicitud"]
        mine = [r for r in records(story.held[2]) if r["reference"] == after["Referencia"]]
        assert [r.get("id", r.get("number")) for r in mine] == [
            after["Caso SIAC"],
            after["N° solicitud"],
        ]


def test_an_approval_is_for_the_evidence_that_was_shown(story: Story) -> None:
    reference = story.second.rows[CHANGED]["Referencia"]
    assert story.second.rows[CHANGED]["Intentos"] == 2
    mine = [r for r in records(story.held[2]) if r["reference"] == reference]
    assert [record["number"] for record in mine] == [story.first.rows[CHANGED]["Caso SIAC"]]


def test_what_is_rejected_is_not_filed_and_names_who(story: Story) -> None:
    row = story.second.rows[REJECTED]
    assert row["N° solicitud"] is None
    assert "supervisora" in row["Detalle"]


def test_a_final_case_is_reported_as_it_is(story: Story) -> None:
    before = story.first.rows[FILED]
    for done, name in ((story.second, FILED), (story.finals, f"f{FILED}")):
        after = done.rows[name]
        for header in ("Referencia", "Caso SIAC", "N° solicitud", "Detalle", "Inicio", "Fin"):
            assert after[header] == before[header]
        assert after["Intentos"] == 1


def test_a_row_that_was_removed_is_as_it_was_when_it_comes_back(story: Story) -> None:
    before, after = story.first.rows[FOREIGN], story.finals.rows[f"f{FOREIGN}"]
    assert {**after, "ID": FOREIGN} == before


def test_final_cases_cost_no_visit_to_any_portal(story: Story) -> None:
    _, _, second, finals, copied, anew = story.held
    assert requests(second) == requests(finals) == requests(copied) < requests(anew)
    assert story.copied.states() == story.finals.states()
    assert story.copied.summary["run"] != story.finals.summary["run"]
    assert story.finals.summary["by_status"] == {
        "No procede": 1,
        "Atendido": 2,
        "Requiere asesor": 1,
    }


def test_again_decides_one_anew_and_finds_what_was_filed(story: Story) -> None:
    *_, before, after = story.held
    row, known = story.anew.rows[f"f{FILED}"], story.first.rows[FILED]
    assert story.anew.states() == story.finals.states()
    assert (row["Caso SIAC"], row["N° solicitud"]) == (known["Caso SIAC"], known["N° solicitud"])
    assert row["Intentos"] == 2 and row["Inicio"] > known["Inicio"]
    assert story.anew.rows[f"f{APPROVED}"] == story.finals.rows[f"f{APPROVED}"]
    assert (after["writes"], after["mail"]) == (before["writes"], before["mail"])


def test_nothing_was_filed_twice(story: Story) -> None:
    last = story.held[-1]
    for kind in (last["siac"]["cases"], *last["nintex"].values(), last["remedy"]["incidents"]):
        references = [record["reference"] for record in kind if record["reference"]]
        assert len(references) == len(set(references))
    assert len(last["siac"]["cases"]) == 5


def test_texts_of_the_list_come_back_as_texts(story: Story) -> None:
    assert story.first.rows[FILED]["Observaciones"] == HOSTILE.replace("_x001B_", "␛")
    assert story.first.rows[FOREIGN]["Observaciones"] == LONG


def test_again_for_an_id_that_the_list_does_not_have(robot: Robot, tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"), "--again", "1", "--again", "11")
    assert done.code == 2
    assert "«11»" in done.err and "«1»" not in done.err


def test_a_report_whose_folder_is_gone_after_the_work_goes_to_its_usual_place(
    robot: Robot, tmp_path: Path
) -> None:
    mini = MiniWorld()
    mini.sale(contacto_dni="00000001")
    robot.mock.reset(mini.world)
    (tmp_path / "informes").mkdir()
    path, wanted = mini.list_at(tmp_path / "lista.xlsx"), tmp_path / "informes" / "informe.xlsx"
    process = robot.start("run", str(path), "--report", str(wanted))
    wait_for(lambda: robot.mock.state()["requests"])
    (tmp_path / "informes").rmdir()
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "informes/informe.xlsx: no existe la carpeta" in err
    (report,) = (robot.folder / "var" / "reports").glob("*.xlsx")
    assert str(report) in out
