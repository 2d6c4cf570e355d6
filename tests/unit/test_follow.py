"""The next bill on fakes: which cases are looked at, what is read for them, and what is filed."""

from __future__ import annotations

import copy
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.procedure.next_bill import attended_cases, cases_to_file, look_at_bills, may_have_changed
from flows.rules.case import Case, Estado, Outcome
from flows.rules.follow_up import Resultado
from flows.store import tables
from flows.store.database import change
from flows.store.follow_ups import FollowUps
from pages.contract.ports import NINTEX, REMEDY, SIAC, SISACT
from robots.reports.follow_up_report import FollowUpReport, compose_follow_up
from tests.support.fake_portals import FakePortals, Trouble
from tests.support.mini_world import RUC, MiniWorld
from tests.support.procedure import Robot, finish, hurried, quick_ledger

C, S, N, D, U = Resultado
ATTENDED = datetime(2026, 11, 20, 15, tzinfo=UTC)
TODAY = date(2027, 2, 3)
REGULARIZED = "Regularización de cargo fijo"


class Months:
    """Cases that were attended in November, and what comes after."""

    def __init__(self, folder: Path, mini: MiniWorld, **policy: Any) -> None:
        self.folder, self.mini = folder, mini
        self.portals = FakePortals(mini.world)
        ledger = quick_ledger(folder)
        self.robot = Robot(self.portals, ledger, folder / "evidence", hurried(**policy))
        self.ledger = ledger
        self.cases: list[Case] = []
        for row in mini.rows:
            case = self.robot.case(row, folder)
            assert finish(self.robot.attempt(case)).estado is Estado.ATENDIDO
            self.cases.append(case)
        change(ledger.engine, tables.attempts.update().values(ended=ATTENDED))
        ledger.engine.dispose()
        self.wrote, self.portals.asked = self.portals.wrote, dict.fromkeys(self.portals.asked, 0)

    def again(self, folder: Path) -> Months:
        """The same, in a folder of its own."""
        other = copy.copy(self)
        other.portals = copy.deepcopy(self.portals)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        other.ledger = quick_ledger(folder)
        other.robot = replace(
            self.robot,
            portals=other.portals,
            ledger=other.ledger,
            folder=folder / "evidence",
            mail=copy.deepcopy(self.robot.mail),
        )
        return other

    def bill(self, serial: int, *invoices: tuple[str, str], regularized: str = "") -> None:
        """What comes of the request of a row, whose line it is."""
        line = self.portals.lines[self.mini.rows[serial - 1]["lineas"]]
        if regularized:
            line["history"].append({"date": regularized, "kind": REGULARIZED, "detail": ""})
            line["charge"] = "39.90"
        line["invoices"] += [{"period": month, "charge": charge} for month, charge in invoices]

    def follow(self, today: date = TODAY) -> FollowUpReport:
        async def looked() -> None:
            cases = [one for one in attended_cases(self.ledger) if may_have_changed(one, today)]
            await look_at_bills(self.robot.services(), cases, today, seats=2)

        finish(looked())
        return compose_follow_up(self.ledger, today)

    def file(self, today: date = TODAY) -> list[Outcome]:
        """A night with policy.follow_up = "file"."""
        self.follow(today)
        cases, unread = finish(
            cases_to_file(self.robot.services(), attended_cases(self.ledger), today)
        )
        assert not unread
        return [finish(self.robot.attempt(case)) for case in cases]

    def results(self, today: date = TODAY) -> dict[str, Resultado]:
        """By the list's ID."""
        found = {row.found.reference: row.found.resultado for row in self.follow(today).rows}
        return {c.id: found[c.reference] for c in self.cases if c.reference in found}


def soles(*amounts: Decimal) -> str:
    return " ".join(map(str, amounts))


@pytest.fixture(scope="module")
def attended(tmp_path_factory: pytest.TempPathFactory) -> Months:
    """Five cases in NINTEX and one in Remedy."""
    mini = MiniWorld()
    for _ in range(5):
        mini.configuration()
    mini.misaligned()
    return Months(tmp_path_factory.mktemp("months"), mini)


@pytest.fixture
def months(attended: Months, tmp_path: Path) -> Months:
    return attended.again(tmp_path)


def test_the_five_answers(months: Months) -> None:
    months.bill(1, ("2026-12", "39.90"), regularized="2026-11-25")
    months.bill(2, regularized="2027-01-05")
    months.bill(4, ("2026-12", "49.90"), regularized="2026-11-25")
    del months.portals.lines[months.mini.rows[4]["lineas"]]
    assert months.results() == {"1": C, "2": S, "3": N, "4": D, "5": U, "6": N}
    assert months.portals.wrote == months.wrote


def test_only_for_what_is_not_regularised_its_own_portal_is_asked(months: Months) -> None:
    for serial in (1, 2, 3, 4, 5, 6):
        months.bill(serial, ("2026-12", "39.90"), regularized="2026-11-25")
    months.follow()
    # one client: one visit shows the lines of all
    assert months.portals.asked == {SISACT: 0, SIAC: 1, NINTEX: 0, REMEDY: 0}


def test_the_request_is_told_with_its_age_and_state(months: Months) -> None:
    months.portals.incidents[0]["status"] = "Cerrado"
    found = {row.found.reference: row.found for row in months.follow().rows}
    first, last = found[months.cases[0].reference], found[months.cases[5].reference]
    assert "La solicitud 1, de hace 75 días, está Pendiente en NINTEX Activaciones." in first.remark
    assert last.remark.endswith("de hace 75 días, está Cerrado en Remedy.")
    months.portals.incidents.clear()
    (row,) = (r for r in months.follow().rows if r.found.reference == last.reference)
    assert row.found.remark == f"Remedy ya no muestra la solicitud {last.numero}."
    assert not row.found.unread


def test_a_request_that_cannot_be_read_is_said(months: Months) -> None:
    for serial in (2, 3, 4, 5, 6):
        months.bill(serial, ("2026-12", "39.90"), regularized="2026-11-25")
    months.portals.readings = iter([Trouble.NONE, *[Trouble.DOWN] * 9])
    report = months.follow()
    (row,) = (r for r in report.rows if r.found.resultado is N)
    assert "No se pudo leer la solicitud 1" in row.detail
    assert report.could_not_read


def test_a_client_that_cannot_be_read_is_told_and_read_the_next_night(months: Months) -> None:
    months.bill(1, ("2026-12", "39.90"), regularized="2026-11-25")
    months.portals.readings = iter([Trouble.DOWN] * 9)
    report = months.follow()
    assert report.by_result == {"No se pudo leer": 6}
    assert report.could_not_read
    assert "respondió con error 500" in report.rows[0].detail
    months.portals.readings = iter(())
    with months.ledger.engine.begin() as db:  # its breaker, which closes with time
        db.execute(tables.breakers.delete())
    assert months.results()["1"] is C


def test_a_session_that_ends_is_opened_again(months: Months) -> None:
    months.bill(1, ("2026-12", "39.90"), regularized="2026-11-25")
    months.portals.readings = iter([Trouble.SESSION_ENDS])
    assert months.results()["1"] is C


def test_before_the_next_month_nothing_is_due_and_nobody_is_asked_twice(months: Months) -> None:
    in_november = date(2026, 11, 28)
    months.bill(1, regularized="2026-11-25")
    assert months.results(in_november) == {}
    months.portals.asked[SIAC] = 0
    assert months.results(in_november) == {}
    assert months.portals.asked[SIAC] == 0
    assert set(months.results(date(2026, 12, 1)).values()) == {S, N}


def test_a_regularisation_for_an_earlier_month_makes_it_due_at_once(months: Months) -> None:
    months.bill(1, ("2026-11", "39.90"), regularized="2026-10-02")
    assert months.results(date(2026, 11, 28)) == {"1": C}


def test_a_right_bill_is_not_read_again_until_the_next_one(months: Months) -> None:
    for serial in range(1, 7):
        months.bill(serial, ("2027-02", "39.90"), regularized="2027-01-05")
    assert set(months.results().values()) == {C}
    months.portals.asked[SIAC] = 0
    assert set(months.results(date(2027, 2, 27)).values()) == {C}
    assert months.portals.asked[SIAC] == 0
    months.bill(1, ("2027-03", "59.90"))
    assert months.results(date(2027, 3, 2))["1"] is D


def test_what_the_soles_came_to(months: Months) -> None:
    months.bill(1, ("2026-12", "39.90"), regularized="2026-11-25")
    months.bill(4, ("2026-12", "49.90"), regularized="2026-11-25")
    report = months.follow()
    told = {p.name: soles(p.requested, p.confirmed, p.owed) for p in report.by_escenario}
    assert told == {
        "Activaciones: error de configuración": "100.00 20.00 80.00",
        "Activaciones: desalineación de la línea": "20.00 0.00 20.00",
    }
    assert [p.cases for p in report.by_escenario] == [5, 1]
    total = report.total
    assert soles(total.promised, total.confirmed, total.owed) == "120.00 20.00 100.00"
    assert total.days == (TODAY - ATTENDED.date()).days


def test_many_lines_of_a_client_are_read_in_parts(tmp_path: Path) -> None:
    mini = MiniWorld()
    for serial in (1, 2):
        mini.configuration()
        numbers = [f"98{serial}0000{n:02}" for n in range(25)]
        first = mini.line(serial)
        mini.world["secs"][serial - 1]["lines"] = numbers
        mini.world["lines"] += [{**first, "number": number} for number in numbers]
        mini.rows[serial - 1]["lineas"] = ", ".join(numbers)
    months = Months(tmp_path, mini)
    assert set(months.results().values()) == {N}
    assert months.portals.asked[SIAC] == 2


# filing


def incidents(months: Months) -> list[dict[str, Any]]:
    return [record for record in months.portals.incidents if record["created_by"] == "robot"]


@pytest.fixture
def one(tmp_path: Path) -> Months:
    """A case of three lines, in NINTEX."""
    mini = MiniWorld()
    for _ in range(3):
        mini.configuration()
    numbers = [line["number"] for line in mini.world["lines"]]
    mini.world["secs"][0]["lines"] = numbers
    mini.rows[0]["lineas"] = ", ".join(numbers)
    months_rows, mini.rows = mini.rows, mini.rows[:1]
    months = Months(tmp_path, mini)
    mini.rows = [
        {**row, "lineas": number} for row, number in zip(months_rows, numbers, strict=True)
    ]
    return months


def test_a_misaligned_line_set_is_filed_once_and_found_again(one: Months) -> None:
    one.bill(1, ("2026-12", "39.90"), regularized="2026-11-25")
    one.bill(2, ("2026-12", "59.90"), regularized="2026-11-25")
    one.bill(3, ("2026-12", "29.90"), regularized="2026-11-25")
    (outcome,) = one.file()
    assert (outcome.estado, outcome.sistema) == (Estado.ATENDIDO, "Remedy")
    (incident,) = incidents(one)
    wrong = [row["lineas"] for row in one.mini.rows[1:]]
    assert (incident["lines"], incident["reference"]) == (wrong, outcome.reference)
    assert "-20261201-" in outcome.reference
    assert len(one.portals.cases) == 2
    # the same night again, the next one, and a later wrong month
    assert one.file() == []
    one.bill(2, ("2027-01", "59.90"))
    assert one.file(date(2027, 2, 4)) == []
    assert len(incidents(one)) == 1


def test_a_line_that_is_gone_keeps_no_other_from_being_filed(one: Months) -> None:
    one.bill(1, ("2026-12", "59.90"), regularized="2026-11-25")
    one.bill(2, ("2026-12", "39.90"), regularized="2026-11-25")
    del one.portals.lines[one.mini.rows[2]["lineas"]]
    (outcome,) = one.file()
    assert outcome.estado is Estado.ATENDIDO
    assert incidents(one)[0]["lines"] == [one.mini.rows[0]["lineas"]]


def test_another_line_later_is_another_set(one: Months) -> None:
    for serial in (1, 2, 3):
        one.bill(serial, ("2026-12", "39.90"), regularized="2026-11-25")
    one.portals.lines[one.mini.rows[0]["lineas"]]["invoices"][-1]["charge"] = "59.90"
    assert len(one.file(date(2026, 12, 20))) == 1
    one.bill(2, ("2027-01", "59.90"))
    (outcome,) = one.file()
    assert "-20270101-" in outcome.reference
    assert sorted(len(i["lines"]) for i in incidents(one)) == [1, 1]
    assert one.file() == []


def test_the_case_that_was_filed_is_followed_itself(one: Months) -> None:
    for serial in (1, 2, 3):
        one.bill(serial, ("2026-12", "59.90"), regularized="2026-11-25")
    (first,) = one.file(date(2026, 12, 20))
    newest = {"reference": first.reference}
    at = datetime(2026, 12, 20, 15, tzinfo=UTC)
    change(one.ledger.engine, tables.attempts.update().filter_by(**newest).values(ended=at))
    (incident,) = incidents(one)
    incident["created"] = "2026-12-20"
    # not put right yet: its lines are counted once
    report = one.follow(date(2027, 1, 10))
    assert [row.found.resultado for row in report.rows] == [D, N]
    assert soles(report.total.requested, report.total.owed) == "60.00 60.00"
    assert first.reference in report.rows[0].detail
    # regularised again, and wrong again, while the incident is open: the same case
    for serial in (1, 2, 3):
        one.bill(serial, ("2027-02", "59.90"), regularized="2027-01-05")
    assert one.file(date(2027, 2, 20)) == []
    # and once it is closed, a new one
    incident["status"] = "Cerrado"
    (second,) = one.file(date(2027, 2, 21))
    assert second.estado is Estado.ATENDIDO
    assert "-20270201-" in second.reference
    assert len(incidents(one)) == 2
    assert one.file(date(2027, 2, 22)) == []


def test_one_that_did_not_end_is_taken_up_again(one: Months) -> None:
    for serial in (1, 2, 3):
        one.bill(serial, ("2026-12", "59.90"), regularized="2026-11-25")
    one.portals.readings = iter([Trouble.NONE, *[Trouble.DOWN] * 9])
    (first,) = one.file()
    assert first.estado is Estado.FALLA_TECNICA
    one.portals.readings = iter(())
    with one.ledger.engine.begin() as db:
        db.execute(tables.breakers.delete())
    (second,) = one.file()
    assert (second.reference, second.estado) == (first.reference, Estado.ATENDIDO)
    assert len(incidents(one)) == 1


def test_approvals_hold_for_it(tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    months = Months(tmp_path, mini, approvals=("ACTIVACIONES_DESALINEACION",))
    months.bill(1, ("2026-12", "59.90"), regularized="2026-11-25")
    (outcome,) = months.file()
    assert outcome.estado is Estado.PENDIENTE_DE_APROBACION
    assert not incidents(months)
    assert RUC in months.portals.customers


def test_evidence_goes_with_it_as_far_as_it_is_there(tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.with_evidence(tmp_path, aprobado_por="Carmen Salas")
    months = Months(tmp_path, mini)
    months.bill(1, ("2026-12", "59.90"), regularized="2026-11-25")
    months.follow()
    given = attended_cases(months.ledger)
    (case,), _ = finish(cases_to_file(months.robot.services(), given, TODAY))
    assert case.evidencia == months.cases[0].evidencia
    (tmp_path / "oferta.eml").unlink()
    (case,), _ = finish(cases_to_file(months.robot.services(), given, TODAY))
    assert (case.evidencia, case.origen_evidencia) == ((), None)


def test_what_is_known_is_of_the_request_that_is_there(months: Months) -> None:
    months.bill(1, ("2026-12", "39.90"), regularized="2026-11-25")
    months.follow()
    known = FollowUps(months.ledger.engine).of([months.cases[0].reference])
    assert list(known) == [months.cases[0].reference]
    latest = months.ledger.latest(known)[months.cases[0].reference]
    assert latest.outcome is not None
    anew = latest.outcome.model_copy(update={"request_number": "99"})
    months.ledger.end_attempt(latest.reference, latest.attempt, anew)
    (first, *_) = attended_cases(months.ledger)
    assert first.before is None
