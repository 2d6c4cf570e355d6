"""How long a case waits, and what that leads to: by days of the calendar in Lima."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.procedure.overdue import ASKED, REMINDED, OverdueStage, Wait, due_cases, waiting_since
from flows.rules.case import Estado, Outcome
from flows.store.database import connect
from flows.store.ledger import Attempt, Ledger, StepRecord
from tests.support.report_samples import sample_case

ASKED_ON = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)  # 23:30 of the 20th in Lima
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("asked", "reminded", "later", "stage"),
    [
        (False, False, 90 * DAY, OverdueStage.WAIT),
        (True, False, timedelta(0), OverdueStage.WAIT),
        (True, False, 4 * DAY, OverdueStage.WAIT),
        (True, False, 4 * DAY + timedelta(hours=1), OverdueStage.REMIND),  # the night began earlier
        (True, False, 30 * DAY, OverdueStage.REMIND),  # never ended without a reminder
        (True, True, 9 * DAY, OverdueStage.WAIT),
        (True, True, 10 * DAY, OverdueStage.END),
    ],
)
def test_the_stages(asked: bool, reminded: bool, later: timedelta, stage: OverdueStage) -> None:
    wait = Wait(ASKED_ON if asked else None, ASKED_ON if reminded else None)
    assert wait.stage(ASKED_ON + later, 5, 10) is stage


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(connect(f"sqlite:///{tmp_path / 'robot.sqlite'}"))
    made.prepare()
    return made


def attempt(
    ledger: Ledger, index: int, number: int, estado: Estado, *steps: str, dry: bool = False
) -> str:
    case = sample_case(index)
    reference = case.reference
    ledger.begin_attempts([(reference, number, case)], requested_by="ana", dry_run=dry)
    for position, name in enumerate(steps):
        ledger.record_step(
            StepRecord(
                reference=reference,
                attempt=number,
                number=position,
                name=name.rstrip("!"),
                started=ASKED_ON,
                seconds=1,
                note="PORTAL_NO_DISPONIBLE" if name.endswith("!") else "",
            )
        )
    ledger.end_attempt(reference, number, Outcome(reference=reference, estado=estado))
    return reference


def test_due_are_those_whose_newest_attempt_waits_for_evidence_long(ledger: Ledger) -> None:
    waits = Estado.PENDIENTE_DE_EVIDENCIA
    due = attempt(ledger, 0, 1, waits, ASKED)
    attempt(ledger, 1, 1, waits, ASKED)
    attempt(ledger, 1, 2, Estado.ATENDIDO)  # the evidence came
    attempt(ledger, 2, 1, waits, ASKED + "!")  # it was never asked
    attempt(ledger, 3, 1, waits, ASKED, dry=True)
    attempt(ledger, 4, 1, waits, ASKED, REMINDED)  # reminded, and waits for its end
    found = due_cases(ledger, ASKED_ON + 6 * DAY, 5, 10)
    assert [a.reference for a in found] == [due]
    assert len(due_cases(ledger, ASKED_ON + 11 * DAY, 5, 10)) == 2
    assert due_cases(ledger, ASKED_ON, 5, 10) == []


def test_since_when_it_waits_is_not_begun_anew_by_a_failure(ledger: Ledger) -> None:
    def tried(number: int, estado: Estado) -> Attempt:
        return Attempt(
            reference="CF",
            attempt=number,
            requested_by="",
            dry_run=False,
            case=sample_case(),
            outcome=Outcome(reference="CF", estado=estado),
            started=None,
            ended=ASKED_ON + number * DAY,
        )

    waits, evidence = Estado.PENDIENTE_DE_APROBACION, Estado.PENDIENTE_DE_EVIDENCIA
    tries = [tried(1, evidence), tried(2, waits), tried(3, Estado.FALLA_TECNICA), tried(4, waits)]
    assert waiting_since(tries) == ASKED_ON + 2 * DAY
    assert waiting_since([*tries, tried(5, Estado.ATENDIDO)]) is None
