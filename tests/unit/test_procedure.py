"""The demo list through the whole procedure on fakes: every row of both of the guide's tables.

The same list goes through the mock portals in a browser in `make demo`; here each case takes
milliseconds, and what the portals hold afterwards is looked at record by record.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.rules.case import Case, Estado, Motivo, Outcome
from flows.rules.decision import _CLIENT_CHECKS, _SCENARIOS, _SEC_CHECKS
from flows.rules.scenarios import Escenario, Sistema
from inputs.reader import read_list
from tests.demo import write
from tests.support.fake_portals import FakePortals, Trouble
from tests.support.machine import ROOT
from tests.support.procedure import TODAY, Robot, finish, hurried, quick_ledger

WORLD = json.loads((ROOT / write.WORLD).read_text(encoding="utf-8"))
EXPECTED = json.loads((ROOT / write.EXPECTED).read_text("utf-8"))
ROWS = [row for row in read_list(ROOT / write.LIST, today=TODAY).rows if row.case]
BY_ID: dict[str, Case] = {row.case.id: row.case for row in ROWS if row.case}
LIBRARIES = {Sistema.NINTEX_ACTIVACIONES: "activaciones", Sistema.NINTEX_OPERADOR: "operador"}


@pytest.fixture
def run() -> Callable[..., Any]:
    return finish


@pytest.fixture
def robot(tmp_path: Path) -> Robot:
    policy = hurried(approvals=(Escenario.VENTAS_SIN_OFERTA,))
    return Robot(FakePortals(WORLD), quick_ledger(tmp_path), tmp_path / "evidence", policy)


def told(outcome: Outcome) -> dict[str, str | None]:
    return {
        "estado": outcome.estado,
        "motivo": outcome.motivo,
        "escenario": outcome.escenario,
        "sistema": outcome.sistema,
    }


def filed(state: dict[str, Any], sistema: Sistema, reference: str) -> list[dict[str, Any]]:
    found = (
        state["remedy"]["incidents"]
        if sistema is Sistema.REMEDY
        else state["nintex"][LIBRARIES[sistema]]
    )
    return [record for record in found if record["reference"] == reference]


def test_the_list_has_every_row_of_both_tables() -> None:
    ends = {(row["motivo"] or row["escenario"]) for row in EXPECTED.values()}
    checks = {check.motivo.value for check in (*_SEC_CHECKS, *_CLIENT_CHECKS)}
    rows = {row.result.value for row in _SCENARIOS}
    assert checks <= ends
    assert rows <= ends


@pytest.mark.parametrize("label", BY_ID)
def test_each_case_ends_as_its_row_says_and_the_portals_hold_it(
    robot: Robot, label: str, run: Any
) -> None:
    case, expected = BY_ID[label], EXPECTED[label]
    outcome = run(robot.attempt(case))
    assert told(outcome) == expected
    state, reference = robot.portals.state(), case.reference
    cases = [c for c in state["siac"]["cases"] if c["reference"] == reference]
    requests = [r for s in Sistema for r in filed(state, s, reference)]
    if outcome.estado in (Estado.NO_PROCEDE, Estado.REQUIERE_ASESOR):
        assert not cases and not requests and not robot.mail.sent
        assert state["writes"] == 0
        return
    (siac_case,) = cases
    assert siac_case["number"] == outcome.siac_case
    assert sorted(siac_case["lines"]) == sorted(case.lineas)
    if outcome.estado is not Estado.ATENDIDO:
        assert siac_case["status"] == "Registrado"
        assert not requests
        return
    (request,) = requests
    assert outcome.sistema is not None
    assert filed(state, outcome.sistema, reference) == [request]
    assert request["siac_case"] == siac_case["number"]
    assert request["scenario"] == outcome.escenario
    assert set(request["lines"]) <= set(case.lineas)
    assert request["charge"] == f"{case.cargo_fijo_ofrecido:.2f}"
    assert siac_case["status"] == "Cerrado"
    assert outcome.request_number in siac_case["resolution"]
    (mail,) = robot.mail.sent
    text = mail.get_body(("plain",)).get_content()
    assert siac_case["number"] in text and outcome.request_number in text


def test_a_dry_run_changes_nothing_and_the_real_one_after_it_does(robot: Robot, run: Any) -> None:
    case = BY_ID["VC-001"]
    outcome = run(robot.attempt(case, dry_run=True))
    assert outcome.estado is Estado.SIMULADO
    assert robot.portals.state()["writes"] == 0 and not robot.mail.sent
    assert run(robot.attempt(case)).estado is Estado.ATENDIDO


@pytest.mark.sample(1)
@pytest.mark.parametrize("trouble", [Trouble.SESSION_ENDS, Trouble.DOWN, Trouble.DIES_BEFORE])
def test_sessions_that_end_and_portals_that_fail_once_cost_no_case(
    robot: Robot, run: Any, trouble: Trouble
) -> None:
    """At each reading of the case in turn, each with portals of its own."""
    case = BY_ID["VC-001"]
    run(robot.attempt(case))
    readings = sum(robot.portals.asked.values())
    for place in range(readings):
        portals = FakePortals(WORLD, readings=[*[Trouble.NONE] * place, trouble])
        folder = robot.folder / str(place)
        again = Robot(portals, quick_ledger(folder), folder)
        assert run(again.until_over(case)).estado is Estado.ATENDIDO
        held = Counter(r["reference"] for r in portals.state()["nintex"]["activaciones"])
        assert held[case.reference] == 1


def test_evidence_that_comes_later_goes_on_from_there(robot: Robot, run: Any) -> None:
    label = next(k for k, e in EXPECTED.items() if e["motivo"] == Motivo.FALTA_EVIDENCIA)
    case = BY_ID[label]
    first = run(robot.attempt(case))
    asked = [mail["To"] for mail in robot.mail.sent]
    assert len(asked) == 2
    donor = next(c for c in BY_ID.values() if c.evidencia)
    update = {
        "evidencia": donor.evidencia,
        "aprobado_por": "Gerencia",
        "origen_evidencia": donor.origen_evidencia,
    }
    second = run(robot.attempt(case.model_copy(update=update)))
    assert second.estado is Estado.ATENDIDO, second.detail
    assert second.siac_case == first.siac_case
    assert len(robot.mail.sent) == 3


@pytest.mark.parametrize("label", ["VC-001", "VC-002", "VC-008"])
@pytest.mark.parametrize(
    ("field", "kept"), [("lines", ["987654321"]), ("charge", "0.01"), ("siac_case", "7")]
)
def test_what_the_portal_keeps_otherwise_goes_to_a_person(
    robot: Robot, label: str, field: str, kept: Any, run: Any
) -> None:
    def spoil(record: dict[str, Any]) -> None:
        if "siac_case" in record:  # a request, and not the case in SIAC Único
            record[field] = kept

    robot.portals.spoil = spoil
    outcome = run(robot.attempt(BY_ID[label]))
    assert outcome.estado is Estado.REQUIERE_ASESOR
    wrong = Motivo.REFERENCIA_EN_CONFLICTO if field == "lines" else Motivo.REGISTRO_ALTERADO
    assert outcome.motivo is wrong
    assert not robot.mail.sent


@pytest.mark.parametrize("place", [0, 1, 2, 3], ids=["case", "take", "request", "close"])
def test_a_form_that_refuses_what_is_typed_goes_to_a_person(
    robot: Robot, place: int, run: Any
) -> None:
    """Twice, as it may have been an accident; the second time its words are the answer."""
    robot.portals.writes = iter([*[Trouble.NONE] * place, *[Trouble.FORM_REFUSES] * 9])
    outcome = run(robot.attempt(BY_ID["VC-001"]))
    assert outcome.estado is Estado.REQUIERE_ASESOR
    assert outcome.motivo is Motivo.FORMULARIO_RECHAZADO
    assert "el formulario no aceptó: falta la clase. No quedó nada registrado" in outcome.detail
    assert robot.portals.wrote == place
    assert len(list(robot.portals.writes)) == 7


def _spoil_case(record: dict[str, Any]) -> None:
    if "siac_case" not in record:
        record["fields"]["Detalle"] = "Otro"


@pytest.mark.parametrize(("is_asked_for", "status"), [(False, "En atención"), (True, "Registrado")])
def test_a_case_that_is_kept_otherwise_is_told_before_anything_is_filed(
    robot: Robot, is_asked_for: bool, status: str, run: Any
) -> None:
    """Where a supervisor is asked first, before that."""
    robot.portals.spoil = _spoil_case
    approvals = (Escenario.ACTIVACIONES_CONFIGURACION,) if is_asked_for else ()
    robot.policy = hurried(approvals=approvals)
    outcome = run(robot.attempt(BY_ID["VC-001"]))
    assert (outcome.motivo, outcome.estado) == (Motivo.REGISTRO_ALTERADO, Estado.REQUIERE_ASESOR)
    assert "Detalle" in outcome.detail
    state = robot.portals.state()
    assert [c["status"] for c in state["siac"]["cases"] if c["fields"]] == [status]
    assert not filed(state, Sistema.NINTEX_ACTIVACIONES, outcome.reference)


def test_what_a_robot_registered_that_died_is_compared_by_the_next(robot: Robot, run: Any) -> None:
    robot.portals.spoil = _spoil_case
    robot.portals.writes = iter([Trouble.NONE, Trouble.DIES_BEFORE])  # the case, and taking it
    outcome = run(robot.until_over(BY_ID["VC-001"]))
    assert robot.deaths == 1
    assert outcome.motivo is Motivo.REGISTRO_ALTERADO
