"""The main job, end to end: the demo list, and what the mock portals hold after it.

`make test-full` takes the whole list; `make test` a case of each state, an attended one of each
scenario, and one whose request somebody has filed. Every row of it goes through the procedure on
fakes in tests/unit/test_procedure.py.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from inputs.schema import SHEET
from tests.demo import write
from tests.support.machine import FULL, ROOT
from tests.support.marks import needs
from tests.support.mock import MockPortals, requests_of
from tests.support.order import SAMPLE_SEED
from tests.support.robot import Done, Robot

ALL = json.loads((ROOT / write.EXPECTED).read_text(encoding="utf-8"))
WORLD = json.loads((ROOT / write.WORLD).read_text(encoding="utf-8"))
SEATS = 2


#: what ends a case whose request somebody has filed by hand
BY_HAND = "YA_SOLICITADO"


def chosen() -> dict[str, Any]:
    """How each case of the list is to end, by its ID."""
    if FULL:
        return ALL
    alike: dict[tuple[str, str | bool], list[str]] = {}
    for id, ends in ALL.items():
        kind = ends["escenario"] if ends["estado"] == "Atendido" else ends["motivo"] == BY_HAND
        alike.setdefault((ends["estado"], kind), []).append(id)
    chance = random.Random(SAMPLE_SEED)
    of_each = {chance.choice(ids) for ids in alike.values()}
    to_approve = {id for id, ends in ALL.items() if ends["estado"] == "Pendiente de aprobación"}
    return {id: ends for id, ends in ALL.items() if id in of_each | to_approve}


EXPECTED = chosen()


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo list with these cases in it, and all its evidence."""
    if FULL:
        return ROOT / write.LIST
    folder = tmp_path_factory.mktemp("list") / "demo"
    shutil.copytree((ROOT / write.LIST).parent, folder)
    path = folder / write.LIST.name
    workbook = load_workbook(path)
    sheet = workbook[SHEET]
    for row in reversed(range(1, sheet.max_row + 1)):
        ids = {str(cell.value) for cell in sheet[row]} & ALL.keys()
        if ids and not ids & EXPECTED.keys():
            sheet.delete_rows(row)
    workbook.save(path)
    return path


@pytest.fixture(scope="module")
@needs("process")
def portals() -> Iterator[MockPortals]:
    started = MockPortals("--seed", "11", "--session-idle", "3600")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def robot(portals: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Robot:
    return Robot(
        portals,
        tmp_path_factory.mktemp("robot"),
        CARGOFIJO_POLICY__APPROVALS='["VENTAS_SIN_OFERTA"]',
    )


@pytest.fixture(scope="module")
def before(portals: MockPortals) -> Any:
    """What the portals hold before anything was done."""
    return portals.state()


@pytest.fixture(scope="module")
def done(robot: Robot, before: Any, listed: Path) -> Done:
    return robot.run(listed, "--seats", str(SEATS))


@pytest.fixture(scope="module")
def state(done: Done, portals: MockPortals) -> Any:
    """What the portals hold after the first run."""
    return portals.state()


@dataclass(frozen=True)
class Later:
    """The same list again, with one request approved and one rejected in between."""

    done: Done
    state: Any
    approved: str
    rejected: str


@pytest.fixture(scope="module")
def later(done: Done, state: Any, robot: Robot, listed: Path, portals: MockPortals) -> Later:
    waiting = (
        row["Referencia"]
        for row in done.rows.values()
        if row["Estado"] == "Pendiente de aprobación"
    )
    yes, no, *_ = waiting
    assert robot.call("approve", yes, "--as", "supervisora").code == 0
    assert robot.call("reject", no, "--as", "supervisora", "--reason", "Sin sustento").code == 0
    again = robot.run(listed, "--seats", str(SEATS))
    return Later(again, portals.state(), yes, no)


def filed_under(state: Any) -> dict[str, list[tuple[str, Any]]]:
    """By reference: the system, and the record."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for system, records in requests_of(state).items():
        for record in records:
            if record["reference"]:
                found.setdefault(record["reference"], []).append((system, record))
    return found


def filed_in() -> set[str]:
    return {ends["sistema"] for ends in EXPECTED.values() if ends["estado"] == "Atendido"}


def pictures(row: dict[str, Any]) -> list[str]:
    """The Descripción tab is evidence where SISACT's world has a text in it."""
    number = "".join(filter(str.isdigit, str(row["N° SEC"])))
    (description,) = [sec["description"] for sec in WORLD["secs"] if sec["number"] == number]
    return ["descripcion.png"] if description else []


def billed(row: dict[str, Any], lines: list[str]) -> list[str]:
    """History and invoices of the request's lines are, where what was billed is the ground."""
    if row["Escenario determinado"] not in ("ACTIVACIONES_DESALINEACION", "POSTVENTA"):
        return []
    named = re.findall(r"\d{9}", str(row["Líneas"]))
    return [f"linea-{named.index(line) + 1}.png" for line in lines]


def evidence(row: dict[str, Any]) -> list[str]:
    named = re.split(r"[;\n]", str(row["Evidencia"] or ""))
    return [Path(name.strip()).name for name in named if name.strip()]


def test_every_case_ends_as_the_procedure_says(done: Done) -> None:
    ended = {
        id: {
            "estado": row["Estado"],
            "motivo": row["Motivo"],
            "escenario": row["Escenario determinado"],
            "sistema": row["Sistema"],
        }
        for id, row in done.rows.items()
    }
    assert ended == EXPECTED
    assert done.code == 0
    assert done.summary["by_status"] == Counter(e["estado"] for e in EXPECTED.values())


def test_each_attended_case_has_one_request_with_what_was_decided(done: Done, state: Any) -> None:
    filed = filed_under(state)
    attended = [row for row in done.rows.values() if row["Estado"] == "Atendido"]
    assert {row["Sistema"] for row in attended} == filed_in()
    for row in attended:
        ((system, record),) = filed[row["Referencia"]]
        assert system == row["Sistema"]
        assert row["N° solicitud"] == record.get("number", record.get("id"))
        assert record["scenario"] == row["Escenario determinado"]
        assert record["siac_case"] == row["Caso SIAC"]
        assert record["ruc"] == "".join(filter(str.isdigit, str(row["RUC"])))
        assert record["created_by"] == "robot"
        names = [attached["name"] for attached in record["attachments"]]
        assert names == [*pictures(row), *billed(row, record["lines"]), *evidence(row)]
    not_attended = [row["Referencia"] for row in done.rows.values() if row["Estado"] != "Atendido"]
    assert not set(not_attended) & set(filed)


def test_its_siac_case_is_closed_with_the_number(done: Done, state: Any) -> None:
    cases = {case["number"]: case for case in state["siac"]["cases"]}
    for row in done.rows.values():
        if row["Estado"] == "Atendido":
            case = cases[row["Caso SIAC"]]
            assert case["status"] == "Cerrado"
            assert case["reference"] == row["Referencia"]
            assert row["N° solicitud"] in case["resolution"]
    references = Counter(case["reference"] for case in cases.values() if case["reference"])
    assert set(references.values()) == {1}


def test_an_advisors_case_is_taken_up_and_no_second_one_registered(
    before: Any, done: Done, state: Any
) -> None:
    by_hand = {c["number"] for c in before["siac"]["cases"] if c["status"] == "Registrado"}
    taken = {row["Caso SIAC"] for row in done.rows.values() if row["Caso SIAC"]} & by_hand
    assert len(taken) >= (3 if FULL else 1)
    keys = Counter(
        (c["sec"], tuple(sorted(c["lines"]))) for c in state["siac"]["cases"] if c["reference"]
    )
    assert max(keys.values()) == 1


def test_no_case_is_registered_where_nothing_is_to_be_done(done: Done, state: Any) -> None:
    references = {case["reference"] for case in state["siac"]["cases"]}
    for row in done.rows.values():
        if row["Estado"] in ("No procede", "Requiere asesor", "Dato inválido"):
            assert not row["Caso SIAC"]
            assert row["Referencia"] not in references or not row["Referencia"]


def test_mails_go_to_the_clients_and_for_evidence(done: Done, state: Any) -> None:
    mails = [(mail["to"], mail["subject"], mail["text"]) for mail in state["mail"]]
    for row in done.rows.values():
        about = [m for m in mails if row["Caso SIAC"] and row["Caso SIAC"] in m[2]]
        if row["Estado"] == "Atendido":
            ((to, _, text),) = about
            assert row["N° solicitud"] in text
            assert to == [row["Correo enviado"]]
        elif row["Estado"] == "Pendiente de evidencia":
            assert len(about) == 2
            assert all("atencioncorpoartiva@claro.com.pe" in text for _, _, text in about)
        else:
            assert about == []
    assert all(mail["html"] for mail in state["mail"])


def test_callers_of_135_are_on_the_call_back_list(done: Done) -> None:
    sheet = load_workbook(done.summary["report"])["Por contactar"]
    listed = {str(value) for row in sheet.iter_rows(values_only=True) for value in row if value}
    for row in done.rows.values():
        if row["Estado"] == "Atendido":
            assert (row["Referencia"] in listed) == (str(row["Canal"]) == "135")


def test_a_seat_logs_in_once_per_portal_and_all_are_logged_out(done: Done, state: Any) -> None:
    for portal, counts in state["sessions"].items():
        limit = 1 if portal == "remedy" else SEATS
        assert 1 <= counts["logins"] <= limit, portal
        assert counts["logouts"] == counts["logins"], portal


def of_others(state: Any, row: dict[str, Any]) -> dict[str, list[Any]]:
    """What the portals and the mailbox hold that is not of this case."""
    records = [*state["siac"]["cases"], *chain.from_iterable(requests_of(state).values())]
    return {
        "records": [one for one in records if one["reference"] != row["Referencia"]],
        "mail": [mail for mail in state["mail"] if row["Caso SIAC"] not in mail["text"]],
    }


def test_running_again_touches_no_portal_for_what_is_finished(
    state: Any, later: Later, done: Done
) -> None:
    (approved,) = (r for r in later.done.rows.values() if r["Referencia"] == later.approved)
    assert of_others(later.state, approved) == of_others(state, approved)
    waiting = sum(e["estado"].startswith("Pendiente") for e in EXPECTED.values())
    searched = [
        r for r in later.state["requests"] if r["portal"] == "sisact" and r["method"] == "POST"
    ]
    first = {(r["portal"], r["method"], r["path"]): r["count"] for r in state["requests"]}
    for request in searched:
        grown = request["count"] - first.get((request["portal"], "POST", request["path"]), 0)
        assert grown <= 8 * waiting, "only the waiting cases are looked at again"
    for id, row in done.rows.items():
        if row["Referencia"] not in (later.approved, later.rejected):
            assert later.done.rows[id]["Estado"] == row["Estado"]
        if row["Estado"] in ("Atendido", "No procede", "Requiere asesor"):
            assert later.done.rows[id]["Intentos"] == row["Intentos"] == 1


def test_an_approved_request_goes_on_and_a_rejected_one_goes_to_an_advisor(later: Later) -> None:
    ended = {row["Referencia"]: row for row in later.done.rows.values()}
    yes, no = later.approved, later.rejected
    assert ended[yes]["Estado"] == "Atendido"
    assert (ended[no]["Estado"], ended[no]["Motivo"]) == (
        "Requiere asesor",
        "APROBACION_RECHAZADA",
    )
    assert "Sin sustento" in ended[no]["Detalle"]
    filed = filed_under(later.state)
    assert len(filed[yes]) == 1 and no not in filed


def test_the_input_is_not_touched(done: Done, listed: Path) -> None:
    assert Path(done.summary["report"]) != listed
