"""Lists of cases: whose they are, what is found, and what a supervisor's answer sets going."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from flows.rules.case import Canal, Case, Estado, Motivo, Outcome
from flows.rules.lima import in_lima
from flows.store.approvals import Approval, Approvals
from flows.store.database import connect
from flows.store.ledger import Ledger
from robots.console import console_tables
from robots.console.case_progress import StepsKnown, number_of
from robots.console.case_store import CaseStore, Filter
from robots.console.user_store import Role, User

ANA, BETO = (User(name=name, role=Role.ASESOR) for name in ("ana", "beto"))
SONIA = User(name="sonia", role=Role.SUPERVISOR)


class Record:
    def __init__(self) -> None:
        self.engine = connect("sqlite://")
        self.ledger, self.store = Ledger(self.engine), CaseStore(self.engine)
        self.ledger.prepare()
        console_tables.prepare(self.engine)

    def case(self, serial: int, user: User, **outcome: object) -> str:
        case = Case(
            fecha_solicitud=date(2026, 11, 18),
            canal=Canal.CORREO,
            sec=f"46{serial:06}",
            ruc="20990009016",
            lineas=(f"987{serial:06}",),
            cargo_fijo_ofrecido=Decimal("39.90"),
            contacto="Rosa",
            contacto_dni="07654321",
            contacto_correo="rosa@textiles.example",
        )
        reference = case.reference
        number = len(self.ledger.attempts([reference]).get(reference, ())) + 1
        self.ledger.begin_attempts(
            [(reference, number, case)], requested_by=user.name, dry_run=False
        )
        if outcome:
            self.ledger.start_attempt(reference, number)
            ended = Outcome.model_validate({"reference": reference, **outcome})
            self.ledger.end_attempt(reference, number, ended)
        return reference

    def found(self, user: User, **wanted: str) -> list[str]:
        page, count = self.store.page(Filter.model_validate(wanted), user)
        assert len(page) == count
        return sorted(found.reference for found in page)


@pytest.fixture
def record() -> Iterator[Record]:
    opened = Record()
    yield opened
    opened.engine.dispose()


def test_an_advisor_sees_own_cases_and_those_handed_over(record: Record) -> None:
    hers, his = record.case(1, ANA), record.case(2, BETO)
    assert record.found(ANA) == [hers]
    assert record.found(SONIA) == [hers, his]
    assert record.store.find(his, ANA) is None
    record.store.hand_to(his, "ana")
    assert record.found(ANA) == [hers, his]
    assert record.store.find(his, ANA) is not None


def test_a_case_is_found_by_any_of_its_numbers_and_by_nothing_else(record: Record) -> None:
    first = record.case(
        1, ANA, estado=Estado.ATENDIDO, siac_case="70001234", request_number="INC0042"
    )
    record.case(2, ANA)
    for text in ("46000001", "987000001", "70001234", "INC0042", "inc0042", first):
        assert record.found(ANA, text=text) == [first]
    assert len(record.found(ANA, text="20990009016")) == 2
    for text in ("%", "9870_0001", "' or 1=1 --", "<b>"):
        assert record.found(ANA, text=text) == []


def test_a_filter_is_about_the_newest_attempt(record: Record) -> None:
    reference = record.case(1, ANA, estado=Estado.FALLA_TECNICA, motivo=Motivo.PAGINA_CAMBIADA)
    assert record.found(ANA, motivo="PAGINA_CAMBIADA") == [reference]
    record.case(1, ANA, estado=Estado.ATENDIDO)
    assert record.found(ANA, estado="Falla técnica") == []
    assert record.found(ANA, estado="Atendido") == [reference]
    queued = record.case(2, ANA)
    assert record.found(ANA, estado="En cola") == [queued]


def test_pages_follow_each_other(record: Record) -> None:
    for serial in range(7):
        record.case(serial, ANA, estado=Estado.ATENDIDO)
    seen = []
    for start in (0, 3, 6):
        page, count = record.store.page(Filter(), ANA, start=start, size=3)
        assert count == 7
        seen += [found.reference for found in page]
    assert len(set(seen)) == 7


def test_an_answer_sets_a_waiting_case_going_once(record: Record) -> None:
    reference = record.case(1, ANA, estado=Estado.PENDIENTE_DE_APROBACION)
    asked = Approval(
        reference=reference,
        digest="a" * 64,
        request={"escenario": "VENTAS_SIN_OFERTA"},
        requested_by="ana",
        requested=datetime.now(UTC),
    )
    Approvals(record.ledger.engine).ask(asked)
    assert record.store.answered() == []
    assert Approvals(record.ledger.engine).approved(reference) is None
    Approvals(record.ledger.engine).answer(reference, "approved", "sonia", "", digest="a" * 64)
    assert [found.reference for found in record.store.answered()] == [reference]
    approved = Approvals(record.ledger.engine).approved(reference)
    assert approved and approved.answered
    assert number_of("ask_approval", StepsKnown({"ask_approval": True}, approved)) == (
        f"aprobada por sonia, {in_lima(approved.answered):%d/%m/%Y %H:%M}"
    )
    record.case(1, ANA)
    assert record.store.answered() == [], "it is going on"
    record.case(1, ANA, estado=Estado.PENDIENTE_DE_APROBACION)
    Approvals(record.ledger.engine).ask(asked.model_copy(update={"digest": "b" * 64}))
    assert record.store.answered() == [], "the request has changed: it waits again"
