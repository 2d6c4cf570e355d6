"""Whose a message is, and whether its case may go on with it: pure rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.mail.addresses import addresses_in
from flows.rules.case import Decision, Estado, EvidenceFile, Motivo, OrigenEvidencia, Outcome
from flows.rules.mail_matching import (
    REASONS,
    Bounce,
    Reason,
    cases_of,
    lacks_backing,
    origin_of,
    own_ids,
    waits_for_evidence,
    with_bounces,
    with_evidence,
)
from flows.rules.scenarios import Escenario
from pages.contract.siac import Contact, Executive
from tests.unit.test_decision import DNI, case, client

ONE, TWO = "CF-46000001-20261118-ed6260", "CF-46000002-20261118-0a1b2c"
NUMBERS = {"CAS-2026001000": [ONE], "CAS-2026001001": [TWO], "20262": [ONE], "777777": [ONE, TWO]}


def whose(ids: str = "", text: str = "") -> tuple[str, ...]:
    return cases_of(ids, text, domain="claro.example", by_number=NUMBERS)


@pytest.mark.parametrize(
    ("ids", "text", "found"),
    [
        (f"<evidencia-cliente.{ONE}@claro.example>", "", (ONE,)),
        (f"<x@y> <evidencia-ejecutivo.{ONE}@CLARO.example>", "hola", (ONE,)),
        # an answer within a chain that names its own case
        (f"<evidencia-cliente.{ONE}@claro.example>", "caso CAS-2026001000", (ONE,)),
        ("", "Re: caso CAS-2026001000.", (ONE,)),
        ("", f"({ONE})", (ONE,)),
        ("", "caso 777777", (ONE, TWO)),
        ("", "casos CAS-2026001000/CAS-2026001001", (ONE, TWO)),
        (f"<evidencia-cliente.{ONE}@claro.example>", "y también CAS-2026001001", (ONE, TWO)),
        (
            f"<evidencia-cliente.{ONE}@claro.example> <respuesta.{TWO}@claro.example>",
            "",
            (ONE, TWO),
        ),
        # other people's Message-IDs, parts of numbers and of references
        (f"<evidencia-cliente.{ONE}@lejos.example>", "", ()),
        ("", "CAS-20260010000 XCAS-2026001000 2026001000", ()),
        ("", f"{ONE}0 X{ONE[1:]}", ()),
        ("", "20262", ()),  # a short number stands in texts by chance
        ("", "", ()),
    ],
)
def test_whose_a_message_is(ids: str, text: str, found: tuple[str, ...]) -> None:
    assert whose(ids, text) == found


@given(st.text(), st.text())
def test_a_named_case_is_found_in_any_text(before: str, after: str) -> None:
    assert {ONE, TWO} <= set(whose(f"{before} <respuesta.{ONE}@claro.example>", f"{after} {TWO}"))


def test_our_message_ids() -> None:
    text = f"<respuesta.{ONE}@claro.example>\r\n <recordatorio-cliente.{TWO}@claro.example>"
    assert own_ids(text, "claro.example") == [("respuesta", ONE), ("recordatorio-cliente", TWO)]
    assert own_ids(text, "otro.example") == []


CAE = Executive(nombre="Luis", canal="CAE", correo="luis@claro.example")


@pytest.mark.parametrize(
    ("sender", "found"),
    [
        ("rosa@cliente.example", OrigenEvidencia.CLIENTE),
        ("ROSA@Cliente.example", OrigenEvidencia.CLIENTE),
        ("otra@cliente.example", OrigenEvidencia.CLIENTE),
        ("luis@claro.example", OrigenEvidencia.CAE),
        ("rosá@cliente.example", Reason.DESCONOCIDO),
        ("x@lejos.example", Reason.DESCONOCIDO),
    ],
)
def test_who_the_sender_is(sender: str, found: object) -> None:
    known = Contact(
        dni=DNI, nombre="Rosa Quispe", correo="rosa@cliente.example; otra@cliente.example"
    )
    seen = client(contactos=(known,), ejecutivo=CAE)
    assert origin_of(sender, seen, addresses_in) == found


def test_a_sender_who_is_nobody_or_two() -> None:
    both = Contact(dni=DNI, nombre="Rosa Quispe", correo=CAE.correo)
    seen = client(contactos=(both,), ejecutivo=CAE)
    assert origin_of(CAE.correo, seen, addresses_in) is Reason.DOS_ORIGENES
    assert origin_of(CAE.correo, None, addresses_in) is Reason.DESCONOCIDO
    other = CAE.model_copy(update={"canal": "Tienda"})
    assert origin_of(CAE.correo, client(ejecutivo=other), addresses_in) is Reason.DESCONOCIDO
    dace = CAE.model_copy(update={"canal": "dace"})
    assert origin_of(CAE.correo, client(ejecutivo=dace), addresses_in) is OrigenEvidencia.DACE


def outcome(estado: Estado, **more: object) -> Outcome:
    return Outcome(reference=ONE, estado=estado, **more)


WAITS, FAILED = outcome(Estado.PENDIENTE_DE_EVIDENCIA), outcome(Estado.FALLA_TECNICA)


@pytest.mark.parametrize(
    ("outcomes", "waits"),
    [
        ([WAITS], True),
        ([WAITS, FAILED], True),  # a failure says nothing about the case
        ([WAITS, outcome(Estado.SIMULADO)], True),
        ([WAITS, None], False),  # at work
        ([WAITS, outcome(Estado.REQUIERE_ASESOR)], False),
        ([FAILED], False),
        ([], False),
    ],
)
def test_whether_a_case_waits(outcomes: list[Outcome | None], waits: bool) -> None:
    assert waits_for_evidence(outcomes) is waits


def test_a_file_that_the_case_has_is_not_taken_twice() -> None:
    one, two = (EvidenceFile(path=f"{n}.pdf", sha256=str(n) * 64) for n in (1, 2))
    again = one.model_copy(update={"path": "copia.pdf"})
    taken = with_evidence(case(), [one, two, again], OrigenEvidencia.DACE)
    assert [file.sha256 for file in taken.evidencia] == [one.sha256, two.sha256]
    assert taken.origen_evidencia is OrigenEvidencia.DACE
    assert with_evidence(taken, [again], OrigenEvidencia.CLIENTE) == taken
    assert taken.reference == case().reference


def test_only_a_bad_practice_needs_backing() -> None:
    for scenario in Escenario:
        decision = Decision(escenario=scenario, mala_practica=scenario.mala_practica)
        assert lacks_backing(decision) is (scenario is Escenario.VENTAS_SIN_OFERTA)
    assert not lacks_backing(Decision(motivo=Motivo.PLAN_DISTINTO))


def test_a_bounce_is_told_once() -> None:
    bounces = [Bounce(kind="evidencia-cliente", reference=ONE, status="5.1.1")]
    told = with_bounces(WAITS.model_copy(update={"detail": "Falta."}), bounces)
    assert told.detail == (
        "Falta. No se entregó el correo que pide la evidencia al cliente (5.1.1)."
    )
    assert told.call_back
    assert with_bounces(told, bounces) == told


def test_a_bounce_that_matters_no_longer() -> None:
    asked = Bounce(kind="evidencia-cliente", reference=ONE)
    answered = Bounce(kind="respuesta", reference=ONE, status="5.2.2")
    attended = outcome(Estado.ATENDIDO)
    assert with_bounces(attended, [asked]) == attended
    assert with_bounces(attended, [asked, answered]).call_back
    assert with_bounces(WAITS, [answered]) == WAITS
    simulated = outcome(Estado.SIMULADO)
    assert with_bounces(simulated, [asked]) == simulated


def test_each_reason_has_a_sentence() -> None:
    assert set(REASONS) == set(Reason)
