"""People of one name in NINTEX's directory: told apart by what it shows, or left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from flows.procedure.filing import Filed
from flows.rules.case import Estado, Motivo
from flows.rules.requests import Request
from pages.contract.siac import Executive
from pages.nintex.people import Suggestion, the_one
from tests.support.fake_portals import FakePortals, Trouble
from tests.support.mini_world import MiniWorld
from tests.support.procedure import Robot, finish, quick_ledger
from tests.unit.test_forms import REQUEST

ROSA = Executive(nombre="Rosa Díaz", canal="CAE", correo="rdiaz@claro.example")


@pytest.mark.parametrize(
    ("shown", "place"),
    [
        (["Rosa Díaz|Jefa de tienda"], 0),
        (["Rosa Diaz Ñahui|Ejecutivo CAE", "ROSA DIAZ|"], 1),
        (["Rosa Díaz|Ejecutivo DACE", "Rosa Díaz|Ejecutivo CAE"], 1),
        (["Rosa Díaz|Ejecutivo CAE", "Rosa Díaz|Ejecutivo CAE RDIAZ@claro.example"], 1),
        (["Rosa Díaz|CAE CLARO\\rdiaz", "Rosa Díaz|CAE CLARO\\rdiaz2"], 0),
        (["Rosa Díaz|CAE CLARO\\rosad", "Rosa Díaz|DACE CLARO\\rosad2"], 0),
        (["Rosa Díaz|CAE otra@claro.example", "Rosa Díaz|Ejecutivo CAE"], 1),
        (["Rosa Díaz|x rdiaz@claro.example", "Rosa Díaz|Ejecutivo CAE"], 0),
        (["Rosa Díaz|Ejecutivo CAE", "Rosa Díaz|Ejecutivo CAE"], None),
        (["Rosa Díaz|Jefa de tienda", "Rosa Díaz|"], None),
        (["Rosa Díaz|otra@claro.example", "Rosa Díaz|Jefa de tienda"], None),
        (["Rosa Díaz|Ejecutivo DACE", "Rosa Díaz|Jefa de tienda"], None),
        (["Rosa Díaz|DACE CLARO\\a", "Rosa Díaz|DACE CLARO\\b"], None),
        (["Rosa Díaz Ñahui|Ejecutivo CAE rdiaz@claro.example"], None),
        ([], None),
    ],
)
def test_the_one_who_is_meant(shown: list[str], place: int | None) -> None:
    assert the_one(ROSA, [Suggestion(*one.split("|")) for one in shown]) == place


def test_what_siac_does_not_say_tells_nobody_apart() -> None:
    bare = Executive(nombre="Rosa Díaz", canal="", correo="")
    shown = [Suggestion("Rosa Díaz", "Ejecutivo CAE"), Suggestion("Rosa Díaz", "x@claro.example")]
    assert the_one(bare, shown) is None
    assert the_one(bare, shown[:1]) == 0


def test_who_of_that_name_it_is_makes_no_other_request_of_it() -> None:
    """What a supervisor has approved before stays approved."""
    told = REQUEST.model_copy(update={"ejecutivo_canal": "CAE", "ejecutivo_correo": "a@b.example"})
    assert told.digest == REQUEST.digest
    other = REQUEST.model_copy(update={"ejecutivo": "Otra"})
    assert other.digest != REQUEST.digest
    assert Request.model_validate(REQUEST.model_dump(exclude={"ejecutivo_canal"})) == REQUEST


class Workplace:
    """A robot with one case whose executive shares the name with people of these titles."""

    def __init__(self, folder: Path, *titles: str) -> None:
        mini = MiniWorld()
        mini.configuration()
        name = mini.world["customers"][0]["executive"]["name"]
        mini.world["directory"] = [{"name": name, "title": title} for title in titles]
        self.portals = FakePortals(mini.world)
        self.robot = Robot(self.portals, quick_ledger(folder), folder / "evidence")
        self.case = self.robot.case(mini.rows[0], folder)

    @property
    def executives(self) -> list[str | None]:
        filed = self.portals.state()["nintex"]["activaciones"]
        return [request["fields"].get("Ejecutivo") for request in filed]


def test_an_executive_who_can_be_told_is_in_the_request(tmp_path: Path) -> None:
    workplace = Workplace(tmp_path, "Ejecutivo DACE")
    outcome = finish(workplace.robot.attempt(workplace.case))
    assert outcome.estado is Estado.ATENDIDO
    assert workplace.executives == ["Carmen Salas Rivas"]
    assert "ejecutivo" not in outcome.detail


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_executive_in_doubt_is_left_out_and_the_detail_says_so(
    tmp_path: Path, dry_run: bool
) -> None:
    workplace = Workplace(tmp_path, "Ejecutivo CAE")
    outcome = finish(workplace.robot.attempt(workplace.case, dry_run=dry_run))
    assert outcome.estado is (Estado.SIMULADO if dry_run else Estado.ATENDIDO), outcome.detail
    assert workplace.executives == ([] if dry_run else [None])
    assert "El ejecutivo quedó vacío en la solicitud" in outcome.detail


def test_it_is_said_by_the_one_who_finds_the_request_too(tmp_path: Path) -> None:
    """Filed by a process that died before it could say so."""
    workplace = Workplace(tmp_path, "Ejecutivo CAE")
    none, dies = Trouble.NONE, Trouble.DIES_DONE
    workplace.portals.writes = iter([none, none, dies])
    outcome = finish(workplace.robot.attempt(workplace.case))
    assert workplace.robot.deaths == 1 and workplace.executives == [None]
    assert "El ejecutivo quedó vacío en la solicitud" in outcome.detail
    assert outcome.adjuntos == ("descripcion.png",)


def test_the_checkpoint_of_a_robot_of_before_is_read() -> None:
    """It is the number alone."""
    assert TypeAdapter(Filed).validate_python("7001") == Filed(numero="7001")


def test_an_executive_in_doubt_where_there_must_be_one_is_for_a_person(tmp_path: Path) -> None:
    workplace = Workplace(tmp_path, "Ejecutivo CAE")
    workplace.portals.needs_executive = True
    outcome = finish(workplace.robot.attempt(workplace.case))
    assert outcome.estado is Estado.REQUIERE_ASESOR
    assert outcome.motivo is Motivo.FORMULARIO_RECHAZADO
    assert "registre la solicitud a mano y elija ahí a la persona" in outcome.detail
    assert not workplace.executives
