"""`cargofijo reconcile` after a real run: a clean one agrees, every seeded disagreement is found.

One run, looked at again and again: each test tampers with what the portals or the mailbox hold, by
the mock's control port, and the robot finds it through pages and mailbox alone. What each field may
come to is in `test_reconcile_compare.py`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Done, Robot

#: a case for each system, one that waits for evidence, one that does not proceed, a bad row
CONFIGURATION, MISALIGNED, OFFERED, EVIDENCE, FOREIGN, INVALID = map(str, range(1, 7))

pytestmark = pytest.mark.full


@dataclass
class Night:
    """A run that is over, and what was there after it."""

    robot: Robot
    done: Done
    state: dict[str, Any]

    @property
    def run(self) -> str:
        return str(self.done.summary["run"])

    def reconcile(self, *arguments: str, **settings: str) -> Done:
        robot = Robot(self.robot.mock, self.robot.folder, **{**self.robot.settings, **settings})
        return robot.call("reconcile", self.run, "--json", *arguments)

    def told(self, **settings: str) -> list[tuple[str, str, str]]:
        """What the sheet says: the list's ID, where, and what."""
        done = self.reconcile(**settings)
        found = [(row["ID"], row["Dónde"], row["Diferencia"]) for row in lines(done)]
        assert done.code == bool(found)
        return found

    def record(self, place: str, id: str) -> dict[str, Any]:
        """A copy of what is held of a row's case."""
        system, _, kind = place.partition(".")
        reference = self.done.rows[id]["Referencia"]
        (found,) = (r for r in self.state[system][kind] if r["reference"] == reference)
        return copy.deepcopy(found)

    def tamper(self, place: str, *records: dict[str, Any]) -> None:
        system, _, kind = place.partition(".")
        self.robot.mock.patch(**{system: {kind: list(records)}})


def lines(done: Done) -> list[dict[str, Any]]:
    sheet = load_workbook(done.summary["report"])["Diferencias"]
    headers, *rows = sheet.iter_rows(values_only=True)
    return [
        dict(zip(headers, row, strict=True))
        for row in rows
        if row[headers.index("Dónde")] is not None
    ]


@pytest.fixture(scope="module")
def worked(mock_process: MockPortals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    folder = tmp_path_factory.mktemp("night")
    mini = MiniWorld()
    mini.configuration()
    mini.misaligned()
    mini.with_evidence(folder, aprobado_por="Carmen Salas")
    mini.sale()
    mini.sale(contacto_dni="00000001")
    mini.sale(ruc="20100000000")
    mock_process.reset(mini.world)
    robot = Robot(
        mock_process,
        folder / "robot",
        CARGOFIJO_SEATS="2",
        CARGOFIJO_IMAP__HOST="127.0.0.1",
        CARGOFIJO_IMAP__PORT=str(mock_process.imap_port),
        CARGOFIJO_IMAP__SECURITY="none",
        CARGOFIJO_IMAP__USERNAME="robot",
        CARGOFIJO_IMAP__PASSWORD="robot",
    )
    done = robot.run(mini.list_at(folder / "noviembre.xlsx"))
    assert done.code == 0
    yield Night(robot, done, mock_process.state())
    mock_process.reset()


@pytest.fixture
def night(worked: Night) -> Iterator[Night]:
    yield worked
    mock, state = worked.robot.mock, worked.state
    for system, kind in PLACES:
        known = {r.get("number", r.get("id")) for r in state[system][kind]}
        key = "id" if system == "nintex" else "number"
        strangers = [
            {key: r[key], "deleted": True}
            for r in mock.state()[system][kind]
            if r[key] not in known
        ]
        mock.patch(**{system: {kind: [*strangers, *state[system][kind]]}})
    mock.patch(mail=state["mail"])


PLACES = [
    ("siac", "cases"),
    ("nintex", "activaciones"),
    ("nintex", "operador"),
    ("remedy", "incidents"),
]
ACTIVACIONES = ("nintex.activaciones", CONFIGURATION, "NINTEX Activaciones")
OPERADOR = ("nintex.operador", OFFERED, "NINTEX operador")
REMEDY = ("remedy.incidents", MISALIGNED, "Remedy")
REQUESTS = (ACTIVACIONES, OPERADOR, REMEDY)
CASES = (CONFIGURATION, MISALIGNED, OFFERED, EVIDENCE)
SIAC = "SIAC Único"


def another(record: dict[str, Any]) -> dict[str, Any]:
    """The record under a number of its own."""
    if "id" in record:
        return {**record, "id": "9999"}
    return {**record, "number": "INC000000009999" if "summary" in record else "79999999"}


def test_a_clean_run_agrees_in_everything(night: Night) -> None:
    portals = ("sisact", "siac", "nintex", "remedy")
    before = {portal: night.robot.mock.requests(portal) for portal in portals}
    writes = night.robot.mock.state()["writes"]
    done = night.reconcile()
    assert (done.code, lines(done)) == (0, []), done.err
    assert done.summary["by_status"] == {"Concuerda": 5, "Sin caso": 1}
    assert done.summary["cases"] == 6
    # It did look, and it wrote nothing.
    asked = {p: night.robot.mock.requests(p) - before[p] for p in portals}
    assert asked["siac"] and asked["nintex"] and asked["remedy"] and not asked["sisact"]
    assert night.robot.mock.state()["writes"] == writes


def test_what_was_deleted(night: Night) -> None:
    for place, id, _ in REQUESTS:
        night.tamper(place, {**night.record(place, id), "deleted": True})
    night.tamper("siac.cases", {**night.record("siac.cases", EVIDENCE), "deleted": True})
    assert night.told() == [
        *((id, where, "Falta") for _, id, where in sorted(REQUESTS, key=lambda r: r[1])),
        (EVIDENCE, SIAC, "Falta"),
    ]


def test_what_is_there_twice(night: Night) -> None:
    """In the systems of the requests, and the case of the one that has none yet."""
    numbers = {}
    for place, id, _ in REQUESTS:
        record = night.record(place, id)
        night.tamper(place, another(record))
        numbers[id] = (record.get("id", record.get("number")), *another(record).values())
    night.tamper("siac.cases", another(night.record("siac.cases", EVIDENCE)))
    found = lines(night.reconcile())
    assert [(line["ID"], line["Diferencia"]) for line in found] == [
        (id, "Duplicado") for id in CASES
    ]
    for line in found[:3]:
        first = night.done.rows[line["ID"]]["N° solicitud"]
        assert first in line["Se encontró"] and "9999" in line["Se encontró"]


def test_what_a_person_filed_afterwards(night: Night) -> None:
    for place, id, _ in REQUESTS:
        record = another(night.record(place, id))
        night.tamper(place, {**record, "reference": "", "created_by": "asesor1"})
    assert [(id, what) for id, _, what in night.told()] == [
        (id, "Duplicado") for id in (CONFIGURATION, MISALIGNED, OFFERED)
    ]


def test_what_was_altered(night: Night) -> None:
    changes: tuple[dict[str, Any], ...] = (
        {"charge": "49.90"},
        {"lines": ["987999999"]},
        {"attachments": []},
    )
    for (place, id, _), change in zip(REQUESTS, changes, strict=True):
        night.tamper(place, {**night.record(place, id), **change})
    record = night.record("siac.cases", EVIDENCE)
    night.tamper("siac.cases", {**record, "status": "Cerrado"})
    assert night.told() == [
        (CONFIGURATION, "NINTEX Activaciones", "Distinto"),
        (MISALIGNED, "Remedy", "Distinto"),
        (OFFERED, "NINTEX operador", "Distinto"),
        (EVIDENCE, SIAC, "Distinto"),
    ]


def test_a_case_reopened_a_reference_gone_a_request_elsewhere_and_one_of_nobody(
    night: Night,
) -> None:
    record = night.record("siac.cases", CONFIGURATION)
    night.tamper("siac.cases", {**record, "status": "En atención"})
    record = night.record("remedy.incidents", MISALIGNED)
    night.tamper("remedy.incidents", {**record, "reference": ""})
    record = night.record("nintex.operador", OFFERED)
    night.tamper("nintex.operador", {**record, "deleted": True})
    night.tamper("nintex.activaciones", another(record))
    foreign = night.done.rows[FOREIGN]
    incident = another(night.record("remedy.incidents", MISALIGNED))
    mine = {"reference": foreign["Referencia"], "sec": foreign["N° SEC"]}
    night.tamper("remedy.incidents", {**incident, **mine})
    assert night.told() == [
        (CONFIGURATION, SIAC, "Reabierto"),
        (MISALIGNED, "Remedy", "Distinto"),
        (OFFERED, "NINTEX Activaciones", "Distinto"),
        (FOREIGN, "Remedy", "Sobra"),
    ]


def test_emails_missing_doubled_readdressed_and_a_note_that_is_gone(night: Night) -> None:
    def about(kind: str, id: str) -> str:
        return f"<{kind}.{night.done.rows[id]['Referencia']}@"

    mails = []
    for mail in night.state["mail"]:
        name = mail["message_id"]
        if about("evidencia-ejecutivo", EVIDENCE) in name:  # a long header begins on a new line
            mail = {**mail, "to": ["otro@x.example"]}
        if about("respuesta", CONFIGURATION) not in name:
            mails.append(mail)
        if about("respuesta", MISALIGNED) in name:
            mails.append(mail)
    night.robot.mock.patch(mail=mails)
    record = night.record("siac.cases", OFFERED)
    history = [entry for entry in record["history"] if "Correo" not in entry["text"]]
    night.tamper("siac.cases", {**record, "history": history})
    assert night.told() == [
        (CONFIGURATION, "Correo", "Falta"),
        (MISALIGNED, "Correo", "Duplicado"),
        (OFFERED, SIAC, "Falta"),
        (EVIDENCE, "Correo", "Distinto"),
    ]


def test_without_a_mailbox_the_notes_stand_for_the_mails_and_the_summary_says_so(
    night: Night,
) -> None:
    night.robot.mock.patch(mail=[])
    done = night.reconcile(CARGOFIJO_IMAP__HOST="")
    assert (done.code, lines(done)) == (0, [])
    summary = load_workbook(done.summary["report"])["Resumen"]
    text = " ".join(str(row[0]) for row in summary.iter_rows(values_only=True))
    assert "solo con las notas" in text and "[imap]" in text


def test_a_portal_that_is_down_is_no_agreement(night: Night, tmp_path: Path) -> None:
    night.robot.mock.fault({"portal": "remedy", "kind": "maintenance", "times": 1000})
    wanted = tmp_path / "conciliación.xlsx"
    done = night.reconcile("--report", str(wanted))
    night.robot.mock.call("DELETE", "/faults")
    assert (done.code, done.summary["report"]) == (1, str(wanted))
    assert done.summary["by_status"] == {"Sin leer": 5, "Sin caso": 1}
    assert {(line["Dónde"], line["Diferencia"]) for line in lines(done)} == {("Remedy", "Sin leer")}


def test_a_mailbox_that_refuses_the_password(night: Night) -> None:
    done = night.reconcile(CARGOFIJO_IMAP__PASSWORD="otra")
    assert done.code == 3
    assert done.err.strip().splitlines()[-1] == (
        "No se puede leer el buzón de enviados: el servidor rechazó el usuario o la contraseña."
    )


def test_a_run_that_is_not_known(night: Night) -> None:
    done = night.robot.call("reconcile", "20200101-000000-abcd")
    assert done.code == 2 and "20200101-000000-abcd" in done.err
