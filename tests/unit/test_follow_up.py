"""What the next bill says of a request, line by line; and what a decision knew, read back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rules.case import Case, Decision
from flows.rules.decision import decide
from flows.rules.follow_up import FollowUp, Resultado, first_of_next, follow_up, misaligned_case
from flows.rules.follow_up import unread as not_read
from flows.rules.known import known_of
from flows.rules.line import Line
from pages.contract.siac import HistoryEntry, Invoice, LineRecord
from tests.unit.test_decision import (
    EVIDENCE,
    LISTED,
    OFFERED,
    REGULARIZED,
    SEC_DATE,
    A,
    B,
    case,
    client,
    line,
    sec,
)

ATTENDED = date(2026, 11, 20)
TODAY = date(2027, 2, 3)
#: the regularisation that the request came to
DONE = (date(2026, 11, 25), REGULARIZED)
C, S, N, D, U = Resultado

Bills = list[tuple[str, str]]


def events(*entries: tuple[date, str]) -> tuple[HistoryEntry, ...]:
    return tuple(HistoryEntry(fecha=day, tipo=kind, detalle="") for day, kind in entries)


def bills(*invoices: tuple[str, str]) -> tuple[Invoice, ...]:
    return tuple(Invoice(periodo=month, cargo=Decimal(charge)) for month, charge in invoices)


def look(
    *records: LineRecord,
    at_first: tuple[LineRecord, ...] = (),
    asked: Case | None = None,
    today: date = TODAY,
    before: FollowUp | None = None,
) -> FollowUp:
    """Of a case with line A, or with ``at_first`` as they were when it was decided."""
    at_first = at_first or (line(A),)
    asked = asked or case(lineas=tuple(r.numero for r in at_first))
    decision = decide(asked, sec(), client(lineas=at_first))
    assert decision.proceeds
    known = {record.numero: record for record in records}
    return follow_up(asked, decision, "77", ATTENDED, known, today, before)


@pytest.mark.parametrize(
    ("entries", "invoices", "charge", "expected"),
    [
        ([], [], LISTED, N),
        ([], [("2026-12", "59.90")], LISTED, N),
        # the bill is right, whoever saw to it
        ([], [("2026-12", "39.90")], OFFERED, C),
        ([], [("2026-12", "39.90"), ("2027-01", "59.90")], OFFERED, N),
        # of the month in which it was attended: not the next bill
        ([], [("2026-11", "39.90")], LISTED, N),
        ([DONE], [], OFFERED, S),
        ([DONE], [("2026-11", "59.90")], OFFERED, S),
        ([DONE], [("2026-12", "39.90")], OFFERED, C),
        ([DONE], [("2026-12", "39.9")], LISTED, C),
        # late: nothing in the first month
        ([DONE], [("2027-01", "39.90")], OFFERED, C),
        # above and below
        ([DONE], [("2026-12", "59.90")], OFFERED, D),
        ([DONE], [("2026-12", "39.89")], OFFERED, D),
        ([DONE], [("2026-12", "59.90")], LISTED, D),
        # in two invoices
        ([DONE], [("2026-12", "20.00"), ("2026-12", "19.90")], OFFERED, C),
        ([DONE], [("2026-12", "39.90"), ("2026-12", "39.90")], OFFERED, C),
        ([DONE], [("2026-12", "20.00"), ("2026-12", "20.00")], OFFERED, D),
        ([DONE], [("2026-12", "39.90"), ("2026-12", "59.90")], OFFERED, D),
        # right again, and right no more
        ([DONE], [("2026-12", "59.90"), ("2027-01", "39.90")], OFFERED, C),
        ([DONE], [("2026-12", "59.90"), ("2027-01", "39.90")], LISTED, D),
        ([DONE], [("2026-12", "39.90"), ("2027-01", "59.90")], OFFERED, D),
        # regularised anew: only what comes after counts
        ([DONE, (date(2027, 1, 5), REGULARIZED)], [("2026-12", "59.90")], OFFERED, S),
        # entered for an earlier month
        ([(date(2026, 10, 2), REGULARIZED)], [("2026-11", "39.90")], OFFERED, C),
        ([(date(2026, 11, 25), "regularizacion  de cargo fijo")], [], OFFERED, S),
        ([(date(2026, 11, 25), "Cambio de plan")], [], LISTED, N),
    ],
)
def test_a_line_is_told_by_its_bills(
    entries: list[tuple[date, str]], invoices: Bills, charge: Decimal, expected: Resultado
) -> None:
    now = line(A, cargo=charge, historial=events(*entries), facturas=bills(*invoices))
    assert look(now).resultado is expected


def test_a_month_that_only_another_invoice_makes_wrong_is_told_by_all_of_them() -> None:
    wrong = bills(("2026-12", "39.90"), ("2026-12", "20.00"))
    (told,) = look(line(A, historial=events(DONE), facturas=wrong)).lineas
    assert (told.resultado, told.facturado) == (D, Decimal("59.90"))
    # the line's charge and the dearer of the two are as offered, which the decision table takes
    (told,) = look(line(A, cargo=OFFERED, historial=events(DONE), facturas=wrong)).lineas
    assert (told.resultado, told.facturado) == (C, OFFERED)
    dearer = bills(("2026-12", "39.90"), ("2026-12", "49.90"))
    (told,) = look(line(A, historial=events(DONE), facturas=dearer)).lineas
    assert (told.resultado, told.facturado) == (D, Decimal("49.90"))


def test_a_regularisation_that_the_decision_knew_is_not_the_requests() -> None:
    """The line was misaligned already, which is why there is a request."""
    before = events((date(2026, 8, 5), REGULARIZED))
    wrong = bills(("2026-09", "59.90"))
    first = (line(A, historial=before, facturas=wrong),)
    later = bills(("2026-09", "59.90"), ("2026-12", "59.90"))
    assert look(line(A, historial=before, facturas=later), at_first=first).resultado is N
    # a second one of the same day is another
    twice = line(A, historial=before * 2, facturas=later)
    assert look(twice, at_first=first).resultado is D


def test_the_worst_line_is_the_cases() -> None:
    first = (line(A), line(B))
    right = line(A, cargo=OFFERED, historial=events(DONE), facturas=bills(("2026-12", "39.90")))
    early = line(B, cargo=OFFERED, historial=events(DONE))
    wrong = line(B, cargo=OFFERED, historial=events(DONE), facturas=bills(("2026-12", "59.90")))
    assert look(right, early, at_first=first).resultado is S
    assert look(right, line(B), at_first=first).resultado is N
    assert look(right, wrong, at_first=first).resultado is D
    gone = look(right, at_first=first)
    assert gone.resultado is U
    assert f"Línea {B}: SIAC Único ya no la muestra" in gone.detail
    assert [one.resultado for one in gone.lineas] == [C, U]


def test_what_was_promised_counts_lines_that_were_right_already() -> None:
    at_offered = line(B, cargo=OFFERED)
    found = look(line(A), at_first=(line(A, cargo=Decimal("65.90")), at_offered))
    assert [one.linea for one in found.lineas] == [A]
    assert found.solicitado == Decimal("26.00")
    assert found.prometido == Decimal("26.00") + LISTED - OFFERED


@pytest.mark.parametrize(
    ("entry", "due"),
    [
        (None, date(2026, 12, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2026, 10, 2), date(2026, 11, 1)),
    ],
)
def test_a_case_is_due_with_the_month_after(entry: date | None, due: date) -> None:
    entries = events((entry, REGULARIZED)) if entry else ()
    found = look(line(A, historial=entries), today=date(2026, 10, 3))
    assert found.due_from == due
    assert found.is_due(due)
    assert not found.is_due(due - timedelta(days=1))
    assert look(line(A, historial=entries), today=due).is_due(date(2026, 10, 3))
    assert found.look_from == due


def test_a_right_bill_is_looked_at_again_with_the_next_one() -> None:
    now = line(A, cargo=OFFERED, historial=events(DONE), facturas=bills(("2026-12", "39.90")))
    found = look(now)
    assert found.look_from == date(2027, 1, 1)
    assert (found.confirmado, found.days(date(2027, 5, 1))) == (TODAY, (TODAY - ATTENDED).days)
    later = look(now, today=date(2027, 3, 1), before=found)
    assert later.confirmado == TODAY


def test_what_cannot_be_read_is_told_due_or_not_and_looked_at_at_once() -> None:
    asked, today = case(), ATTENDED
    decision = decide(asked, sec(), client())
    seen = look(
        line(A, cargo=OFFERED, historial=events(DONE), facturas=bills(("2026-12", "39.90")))
    )
    found = not_read(asked, decision, "77", ATTENDED, "SIAC Único no responde.", today, seen)
    assert (found.resultado, found.detail) == (U, "SIAC Único no responde.")
    assert found.is_due(today)
    assert found.look_from == today
    assert found.confirmado == TODAY


def test_a_misaligned_line_set_is_a_case_of_its_own() -> None:
    asked = case(
        lineas=(A, B), id="7", siac_case="70000001", evidencia=EVIDENCE, observaciones="hola"
    )
    wrong = bills(("2026-12", "39.90"), ("2027-01", "59.90"), ("2027-02", "59.90"))
    right = bills(("2027-01", "39.90"))
    found = look(
        line(A, cargo=OFFERED, historial=events(DONE), facturas=right),
        line(B, cargo=OFFERED, historial=events(DONE), facturas=wrong),
        at_first=(line(A), line(B)),
        asked=asked,
    )
    made = misaligned_case(asked, found, covered=())
    assert made is not None
    assert (made.fecha_solicitud, made.lineas) == (date(2027, 1, 1), (B,))
    assert (made.id, made.siac_case, made.escenario) == ("", "", None)
    assert made.seguimiento_de == asked.reference
    kept = ("canal", "contacto", "contacto_dni", "cargo_fijo_ofrecido", "evidencia")
    assert all(getattr(made, name) == getattr(asked, name) for name in kept)
    assert misaligned_case(asked, found, covered=(B,)) is None


def test_of_lines_that_are_all_right_no_case_is_made() -> None:
    found = look(line(A, historial=events(DONE)))
    assert misaligned_case(case(), found, covered=()) is None


# at random

DAYS = st.dates(SEC_DATE - timedelta(days=60), date(2027, 6, 1))
KINDS = st.sampled_from([REGULARIZED, "Cambio de plan", "Alta", "Reposición"])
CHARGES = st.sampled_from(["39.90", "59.90", "20.00", "19.90", "0.00", "1039.90"]).map(Decimal)
HISTORY = st.lists(st.tuples(DAYS, KINDS), max_size=5).map(lambda found: events(*found))
INVOICES = st.lists(
    st.builds(
        Invoice,
        periodo=DAYS.map(lambda day: f"{day:%Y-%m}"),
        cargo=CHARGES,
    ),
    max_size=5,
).map(tuple)
LINES = st.builds(
    lambda charge, history, invoices: line(A, cargo=charge, historial=history, facturas=invoices),
    CHARGES,
    HISTORY,
    INVOICES,
)


@given(LINES)
def test_a_decisions_facts_tell_all_that_counted(record: LineRecord) -> None:
    asked = case(evidencia=EVIDENCE)
    known = known_of(asked, decide(asked, sec(), client(lineas=(record,))))
    read_back = Line(known.lineas[A], known.sec_date, known.offered)
    told = Line(record, SEC_DATE, OFFERED)
    assert (known.sec_date, known.listed, known.offered) == (SEC_DATE, LISTED, OFFERED)
    assert read_back.facts() == told.facts()
    assert (read_back.excess, read_back.regularized and read_back.regularized.fecha) == (
        told.excess,
        told.regularized and told.regularized.fecha,
    )
    assert known.excess(A) == told.excess


@given(LINES, LINES, DAYS)
def test_each_line_has_one_answer_that_its_bills_bear_out(
    first: LineRecord, now: LineRecord, today: date
) -> None:
    asked = case(evidencia=EVIDENCE)
    decision: Decision = decide(asked, sec(), client(lineas=(first,)))
    if not decision.proceeds:
        return
    now = now.model_copy(update={"historial": (*first.historial, *now.historial)})
    found = follow_up(asked, decision, "7", ATTENDED, {A: now}, today)
    (one,) = found.lineas
    new = [e for e in now.historial if e not in first.historial and e.fecha >= SEC_DATE]
    charges = {i.periodo: i.cargo for i in now.facturas}
    if one.resultado is C:
        assert charges[one.factura] == OFFERED or one.facturado == OFFERED
        assert one.factura > f"{one.regularizada or ATTENDED:%Y-%m}"
    if one.resultado is D:
        assert one.regularizada is not None
        assert one.desde <= one.factura
        assert one.factura > f"{one.regularizada:%Y-%m}"
        assert one.facturado != OFFERED
    if one.resultado is S:
        assert one.regularizada is not None
        assert not one.factura
    if not any(e.tipo == REGULARIZED for e in new):
        assert one.resultado in (N, C) or len(now.historial) > len(set(now.historial))
    assert FollowUp.model_validate_json(found.model_dump_json()) == found
    assert first_of_next(found.atendido) > found.atendido
