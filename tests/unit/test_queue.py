"""The queue of SIAC Único as a list, on fakes: which cases are its rows, and what is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.procedure.siac_queue import Queue, read_queue
from flows.rules.case import Case, Estado, Motivo
from flows.runtime.looks import Unread
from inputs.made_list import write_rows
from inputs.reader import read_list
from inputs.rows import CaseList
from pages.contract.nintex import Site
from pages.contract.ports import Sending
from robots.run.queue_list import QueueList
from tests.support.fake_portals import FakePortals, Trouble
from tests.support.mini_world import DNI, RUC, MiniWorld
from tests.support.procedure import Robot, finish, hurried, quick_ledger

TODAY = date(2026, 11, 29)
OURS = {
    "Tipo": "Reclamo/Variaciones",
    "Clase": "Cargo fijo",
    "Canal de atención": "135",
    "Contacto": "Rosa Quispe Mamani",
    "DNI del contacto": DNI,
    "Cargo ofrecido": "39.90",
}


def waiting(mini: MiniWorld, serial: int, **update: Any) -> dict[str, Any]:
    """A case that an advisor has registered for a row's sale."""
    fields = OURS | update.pop("fields", {})
    case = {
        "number": f"7000000{serial}",
        "created": "2026-11-18",
        **mini.held_of(serial),
        "fields": fields,
        **update,
    }
    mini.world.setdefault("siac", {"cases": []})["cases"].append(case)
    return case


def taken_by(user: str) -> dict[str, Any]:
    entry = {"date": "19/11/2026", "user": user, "text": "Caso tomado de la bandeja."}
    return {"status": "En atención", "history": [entry]}


class Workplace:
    def __init__(self, folder: Path, mini: MiniWorld) -> None:
        self.folder, self.portals = folder, FakePortals(mini.world)
        self.robot = Robot(self.portals, quick_ledger(folder), folder / "evidence", hurried())

    def read(self, user: str = "robot") -> Queue:
        return finish(read_queue(self.robot.services(), user, seats=3))

    def listed(self, user: str = "robot") -> CaseList:
        """The list that is written, read back."""
        path = self.folder / "cola.xlsx"
        path.unlink(missing_ok=True)
        write_rows(path, self.read(user).rows)
        return read_list(path, today=TODAY)


def cases(found: CaseList) -> list[Case]:
    return [row.case for row in found.rows if row.case]


def test_an_empty_queue(tmp_path: Path) -> None:
    assert Workplace(tmp_path, MiniWorld()).read() == Queue()


def test_a_case_is_the_row_that_its_template_makes(tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    waiting(mini, 1)
    workplace = Workplace(tmp_path, mini)
    (case,) = cases(workplace.listed())
    row = mini.rows[0]
    assert (case.id, case.siac_case) == ("70000001", "70000001")
    assert (case.sec, case.ruc, case.lineas) == (row["sec"], RUC, (row["lineas"],))
    assert (case.canal, f"{case.cargo_fijo_ofrecido}") == ("135", "39.90")
    assert (case.contacto, case.contacto_dni) == ("Rosa Quispe Mamani", DNI)
    # as SIAC Único has it; and the day on which it was registered
    assert case.contacto_correo == "rosa@textiles.example"
    assert case.fecha_solicitud == date(2026, 11, 18)
    assert workplace.portals.wrote == 0
    assert finish(workplace.robot.attempt(case)).estado is Estado.ATENDIDO
    assert [c["number"] for c in workplace.portals.cases] == ["70000001"]
    # it is closed, and waits no more
    assert workplace.read() == Queue()


def test_what_is_anothers_is_left_alone_and_counted(tmp_path: Path) -> None:
    mini = MiniWorld()
    for serial in range(1, 8):
        mini.configuration()
        waiting(mini, serial)
    held = mini.world["siac"]["cases"]
    held[1] |= taken_by("robot")
    held[2] |= taken_by("asesor1")
    held[3] |= {"status": "En atención"}  # nobody knows by whom
    held[4] |= {"fields": {**OURS, "Clase": "Plan tarifario"}}
    held[5] |= {"fields": {}}
    held[6] |= {"queue": "Retenciones Corporativas"}
    found = Workplace(tmp_path, mini).read()
    assert [row["siac_case"] for row in found.rows] == ["70000001", "70000002"]
    assert (found.others, found.taken, found.unread) == (2, 2, {})
    assert Workplace(tmp_path / "b", mini).read("ASESOR1").rows[1]["siac_case"] == "70000003"


def test_a_case_that_carries_a_reference_keeps_it_with_its_date(tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration(fecha_solicitud="15/11/2026")
    mini.configuration()
    case = Workplace(tmp_path, mini).robot.case(mini.rows[0], tmp_path)
    waiting(mini, 1, reference=case.reference)
    waiting(mini, 2, reference="una nota del asesor")
    first, second = cases(Workplace(tmp_path / "b", mini).listed())
    assert first.reference == case.reference
    assert second.fecha_solicitud == date(2026, 11, 18)


@pytest.mark.parametrize(
    ("field", "value", "column"),
    [
        ("Cargo ofrecido", "", "Cargo fijo ofrecido"),
        ("Canal de atención", "Tienda", "Canal"),
        ("Contacto", "", "Contacto"),
        ("DNI del contacto", "123", "DNI del contacto"),
        # not among the client's contacts: SIAC Único has no address
        ("DNI del contacto", "00000001", "Correo del cliente"),
        ("Contacto", "=1+1", ""),
    ],
)
def test_what_lacks_something_is_a_row_that_says_so(
    tmp_path: Path, field: str, value: str, column: str
) -> None:
    mini = MiniWorld()
    mini.configuration()
    waiting(mini, 1, fields={field: value})
    workplace = Workplace(tmp_path, mini)
    (row,) = workplace.listed().rows
    assert column in [error.column for error in row.errors] or not column
    if not column:
        assert row.case is None or row.case.contacto == value
    assert workplace.portals.wrote == 0


def test_a_case_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    mini = MiniWorld()
    for serial in (1, 2):
        mini.configuration()
        waiting(mini, serial)
    workplace = Workplace(tmp_path, mini)
    workplace.portals.readings = iter([Trouble.NONE, *[Trouble.SESSION_ENDS] * 3])
    found = finish(read_queue(workplace.robot.services(), "robot"))
    assert [row["siac_case"] for row in found.rows] == ["70000002"]
    assert "la sesión expiró" in found.unread["70000001"]


def test_a_queue_that_cannot_be_read_is_no_empty_one(tmp_path: Path) -> None:
    workplace = Workplace(tmp_path, MiniWorld())
    workplace.portals.readings = iter([Trouble.DOWN] * 9)
    with pytest.raises(Unread):
        workplace.read()


def test_a_state_that_nobody_knows_is_told_as_one_that_a_map_may_name(tmp_path: Path) -> None:
    mini = MiniWorld()
    for serial in (1, 2):
        mini.configuration()
        waiting(mini, serial, status="Nuevo" if serial == 1 else "Cerrado")
    found = Workplace(tmp_path, mini).read()
    assert not found.rows
    assert QueueList(None, found).left == (
        "Hay casos «Nuevo»: si «Nuevo» es solo otra palabra de SIAC Único para Registrado "
        "(words.registrado) o En atención (words.en_atencion), anótela en su mapa y repita."
    )


def test_a_list_is_never_written_over(tmp_path: Path) -> None:
    write_rows(tmp_path / "cola.xlsx", [])
    with pytest.raises(FileExistsError):
        write_rows(tmp_path / "cola.xlsx", [])


def of_queue_case(workplace: Workplace) -> Case:
    (case,) = cases(workplace.listed())
    return case.model_copy(update={"cola_de": "robot"})


@pytest.mark.parametrize("reference", [False, True], ids=["bare", "with our reference"])
def test_one_that_a_person_takes_meanwhile_is_left_alone(tmp_path: Path, reference: bool) -> None:
    mini = MiniWorld()
    mini.configuration()
    waiting(mini, 1)
    workplace = Workplace(tmp_path, mini)
    case = of_queue_case(workplace)
    (held,) = workplace.portals.cases
    held |= taken_by("asesor1") | ({"reference": case.reference} if reference else {})
    before = workplace.portals.state()
    outcome = finish(workplace.robot.attempt(case))
    assert outcome.estado is Estado.REQUIERE_ASESOR
    assert outcome.motivo is Motivo.REFERENCIA_EN_CONFLICTO
    assert "lo tomó otra persona" in outcome.detail
    assert workplace.portals.state() == before


def test_a_state_that_nobody_knows_is_no_other_person(tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    waiting(mini, 1)
    workplace = Workplace(tmp_path, mini)
    case = of_queue_case(workplace)
    workplace.portals.cases[0] |= {"status": "Nuevo"}
    outcome = finish(workplace.robot.attempt(case))
    assert outcome.motivo is Motivo.REFERENCIA_EN_CONFLICTO
    assert "está «Nuevo» en la cola" in outcome.detail
    assert "lo tomó otra persona" not in outcome.detail and "words.registrado" in outcome.detail


def test_one_that_is_taken_at_the_last_moment_gets_no_request(tmp_path: Path) -> None:
    """Between the reference and the queue: whoever SIAC Único gives it to has it."""
    mini = MiniWorld()
    mini.configuration()
    waiting(mini, 1)
    workplace = Workplace(tmp_path, mini)
    case = of_queue_case(workplace)
    (held,) = workplace.portals.cases

    async def confirm(sending: Sending) -> bool:
        if sending.what == "referencia externa":
            held.update(taken_by("robot2"))
        return True

    workplace.robot.confirm = confirm
    outcome = finish(workplace.robot.attempt(case))
    assert outcome.motivo is Motivo.REFERENCIA_EN_CONFLICTO
    assert workplace.portals.requests[Site.ACTIVACIONES] == []


def test_one_that_this_user_has_taken_is_gone_on_with(tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    waiting(mini, 1, **taken_by("robot"))
    workplace = Workplace(tmp_path, mini)
    assert finish(workplace.robot.attempt(of_queue_case(workplace))).estado is Estado.ATENDIDO


def test_two_robots_on_one_queue(tmp_path: Path) -> None:
    """Each with its user and its own record: a case is the one's whose turn came first."""
    mini = MiniWorld()
    for serial in (1, 2):
        mini.configuration()
        waiting(mini, serial)
    workplace = Workplace(tmp_path, mini)
    first, second = cases(workplace.listed())
    other = Robot(workplace.portals, quick_ledger(tmp_path / "otro"), tmp_path / "otra")
    ended = [
        finish(robot.attempt(case.model_copy(update={"cola_de": user})))
        for robot, user, case in (
            (workplace.robot, "robot", first),
            (other, "robot2", first),
            (workplace.robot, "robot", second),
        )
    ]
    assert [one.estado for one in ended] == [
        Estado.ATENDIDO,
        Estado.REQUIERE_ASESOR,
        Estado.ATENDIDO,
    ]
    assert len(workplace.portals.requests[Site.ACTIVACIONES]) == 2


@pytest.mark.full
def test_a_queue_of_2000(tmp_path: Path) -> None:
    """Some of each kind; what is ours reads back as an ordinary list, and is worked as one."""
    mini = MiniWorld()
    kinds = ({}, taken_by("asesor1"), {"fields": {"Clase": "Plan tarifario"}}, taken_by("robot"))
    for serial in range(1, 2001):
        mini.configuration()
        waiting(mini, serial, **kinds[serial % 4])
    workplace = Workplace(tmp_path, mini)
    queue = workplace.read()
    assert (len(queue.rows), queue.taken, queue.others) == (1000, 500, 500)
    found = cases(workplace.listed())
    assert len({case.reference for case in found}) == len(found) == 1000
    assert workplace.portals.wrote == 0
