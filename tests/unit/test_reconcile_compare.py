"""The comparison of one case, field by field: each alteration is found, and only where it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from flows.procedure.correspondence import UNKNOWN, mark
from flows.rules.case import Canal, Case, Decision, Estado, EvidenceFile, Fact, Motivo, Outcome
from flows.rules.scenarios import Escenario, Sistema
from flows.rules.seen import DESCRIPCION
from pages.contract.nintex import NintexRequest
from pages.contract.siac import SiacCase
from robots.reconcile.compare import compare
from robots.reconcile.difference import Actual, Expected, Mismatch
from robots.reconcile.sent_mail import Mailbox, SentMail

LINE = "987000001"
CASE = Case(
    id="7",
    fecha_solicitud=date(2026, 11, 18),
    canal=Canal.CORREO,
    sec="46000001",
    ruc="20100047218",
    lineas=(LINE,),
    cargo_fijo_ofrecido=Decimal("39.90"),
    contacto="Rosa Quispe",
    contacto_dni="07654321",
    contacto_correo="rosa@textiles.example",
    evidencia=(EvidenceFile(path="casos/oferta.eml", sha256=""),),
)
REF = CASE.reference
DECIDED = Decision(
    escenario=Escenario.ACTIVACIONES_CONFIGURACION,
    lineas=(LINE,),
    cargo=Decimal("39.90"),
    facts=(Fact(name="Descuento u oferta especial", value="CF S/ 39.90", source=DESCRIPCION),),
)
ATTENDED = Outcome(
    reference=REF,
    estado=Estado.ATENDIDO,
    decision=DECIDED,
    siac_case="70000001",
    request_number="12",
    mail_sent_to=("rosa@textiles.example",),
)
SIAC_CASE = SiacCase(
    numero="70000001",
    referencia=REF,
    sec=CASE.sec,
    ruc=CASE.ruc,
    lineas=(LINE,),
    cola="Variaciones Corporativas",
    estado="Cerrado",
    escenario="ACTIVACIONES_CONFIGURACION",
    resolucion=f"Solicitud 12 registrada en NINTEX Activaciones. {REF}",
    creado=date(2026, 11, 20),
    creado_por="robot",
    notas=(f"Correo de respuesta enviado. {mark(REF, 'respuesta')}",),
)
REQUEST = NintexRequest(
    numero="12",
    referencia=REF,
    caso_siac="70000001",
    tipo_solicitud=Escenario.ACTIVACIONES_CONFIGURACION.tipo_solicitud,
    escenario="ACTIVACIONES_CONFIGURACION",
    sec=CASE.sec,
    ruc=CASE.ruc,
    lineas=(LINE,),
    cargo=Decimal("39.90"),
    estado="Pendiente",
    creado=date(2026, 11, 20),
    creado_por="robot",
    adjuntos=("descripcion.png", "oferta.eml"),
)
REPLY = SentMail(
    kind="respuesta", to=("rosa@textiles.example",), text="Caso SIAC: 70000001, solicitud: 12"
)
HERE, ELSEWHERE = Sistema.NINTEX_ACTIVACIONES, Sistema.REMEDY


def known(**changes: Any) -> Expected:
    return Expected(case=CASE, user="robot", worked_on=CASE, outcome=ATTENDED).model_copy(
        update=changes
    )


def held(**changes: Any) -> Actual:
    return Actual(
        cases=(SIAC_CASE,),
        requests={system: (REQUEST,) if system is HERE else () for system in Sistema},
        mails=(REPLY,),
    ).model_copy(update=changes)


def told(known: Expected, held: Actual) -> list[tuple[str, Mismatch]]:
    return [(found.where, found.what) for found in compare(known, held)]


def test_what_agrees() -> None:
    assert compare(known(), held()) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"caso_siac": "70000002"},
        {"tipo_solicitud": ""},
        {"escenario": "POSTVENTA"},
        {"sec": "46000002"},
        {"ruc": "20100000001"},
        {"lineas": (LINE, "987000002")},
        {"cargo": Decimal("39.91")},
        {"adjuntos": ("oferta.eml",)},
        {"adjuntos": ("descripcion.png",)},
        {"referencia": ""},
        {"referencia": "CF-46000001-20261118-ffffff"},
    ],
    ids=str,
)
def test_a_request_altered(change: dict[str, Any]) -> None:
    altered = REQUEST.model_copy(update=change)
    assert told(known(), held(requests={HERE: (altered,)})) == [(HERE, Mismatch.DISTINTO)]


@pytest.mark.parametrize(
    ("requests", "expected"),
    [
        ({HERE: ()}, [(HERE, Mismatch.FALTA)]),
        (
            {HERE: (REQUEST, REQUEST.model_copy(update={"numero": "13"}))},
            [(HERE, Mismatch.DUPLICADO)],
        ),
        ({HERE: (REQUEST,), ELSEWHERE: (REQUEST,)}, [(HERE, Mismatch.DUPLICADO)]),
        ({ELSEWHERE: (REQUEST,)}, [(ELSEWHERE, Mismatch.DISTINTO)]),
        ({HERE: (REQUEST.model_copy(update={"numero": "13"}),)}, [(HERE, Mismatch.DISTINTO)]),
    ],
    ids=["deleted", "doubled", "in two systems", "in another system", "under another number"],
)
def test_a_request_deleted_doubled_moved(requests: Any, expected: Any) -> None:
    assert told(known(), held(requests=requests)) == expected


@pytest.mark.parametrize(
    ("change", "is_told"),
    [
        ({}, True),
        ({"estado": "Atendido"}, True),
        ({"estado": "Atendido", "creado": date(2026, 11, 19)}, False),
        ({"estado": "Pendiente", "creado": date(2026, 11, 19)}, True),
        ({"lineas": ("987000002",)}, False),
        ({"sec": "46000002"}, False),
    ],
    ids=str,
)
@pytest.mark.parametrize("system", Sistema)
def test_a_request_by_hand_beside_ours(
    system: Sistema, change: dict[str, Any], is_told: bool
) -> None:
    by_hand = REQUEST.model_copy(update={"numero": "13", "referencia": "", **change})
    there = held().requests
    requests = {**there, system: (*there[system], by_hand)}
    assert told(known(), held(requests=requests)) == [(system, Mismatch.DUPLICADO)] * is_told


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"estado": "En atención"}, Mismatch.REABIERTO),
        ({"estado": "Registrado"}, Mismatch.REABIERTO),
        ({"sec": "46000002"}, Mismatch.DISTINTO),
        ({"ruc": "20100000001"}, Mismatch.DISTINTO),
        ({"lineas": ()}, Mismatch.DISTINTO),
        ({"escenario": "POSTVENTA"}, Mismatch.DISTINTO),
        ({"resolucion": "Cerrado"}, Mismatch.DISTINTO),
    ],
    ids=str,
)
def test_a_siac_case_altered(change: dict[str, Any], what: Mismatch) -> None:
    altered = SIAC_CASE.model_copy(update=change)
    assert told(known(), held(cases=(altered,))) == [("SIAC Único", what)]


def test_a_siac_case_without_its_reference_says_which_one_it_carries() -> None:
    (found,) = compare(known(), held(cases=(SIAC_CASE.model_copy(update={"referencia": "CF-9"}),)))
    assert (found.what, found.found) == (Mismatch.DISTINTO, "Referencia: CF-9")


def test_a_siac_case_that_is_gone_and_one_that_is_there_twice() -> None:
    assert told(known(), held(cases=())) == [("SIAC Único", Mismatch.FALTA)]
    twin = SIAC_CASE.model_copy(update={"numero": "70000009"})
    assert told(known(), held(cases=(SIAC_CASE, twin))) == [("SIAC Único", Mismatch.DUPLICADO)]
    assert told(known(), held(cases=(twin,))) == [("SIAC Único", Mismatch.DISTINTO)]


def test_what_an_advisor_registered_has_the_advisors_classification() -> None:
    theirs = SIAC_CASE.model_copy(update={"escenario": "POSTVENTA", "creado_por": "asesor1"})
    assert compare(known(), held(cases=(theirs,))) == ()


WAITING = Outcome(
    reference=REF,
    estado=Estado.PENDIENTE_DE_EVIDENCIA,
    motivo=Motivo.FALTA_EVIDENCIA,
    decision=Decision(motivo=Motivo.FALTA_EVIDENCIA, lineas=(LINE,), cargo=Decimal("39.90")),
    siac_case="70000001",
    mail_sent_to=("carmen@claro.example", "rosa@textiles.example"),
)
ASKED = tuple(
    SentMail(kind=kind, to=(to,), text="Caso SIAC: 70000001")
    for kind, to in zip(
        ("evidencia-ejecutivo", "evidencia-cliente"), WAITING.mail_sent_to, strict=True
    )
)
NOTED = tuple(f"Correo enviado. {mark(REF, mail.kind)}" for mail in ASKED)
IN_QUEUE = SIAC_CASE.model_copy(
    update={"estado": "Registrado", "escenario": "", "resolucion": "", "notas": NOTED}
)


def test_a_case_that_waits_for_evidence() -> None:
    waits = known(outcome=WAITING)
    there = held(cases=(IN_QUEUE,), requests={}, mails=ASKED)
    assert compare(waits, there) == ()
    for change in ({"estado": "Cerrado"}, {"cola": "Otra"}, {"escenario": "POSTVENTA"}):
        moved = there.model_copy(update={"cases": (IN_QUEUE.model_copy(update=change),)})
        assert told(waits, moved) == [("SIAC Único", Mismatch.DISTINTO)]
    for mail in ASKED:
        left = there.model_copy(update={"mails": (mail,)})
        assert told(waits, left) == [("Correo", Mismatch.FALTA)]
    filed = there.model_copy(update={"requests": {HERE: (REQUEST,)}})
    assert told(waits, filed) == [(HERE, Mismatch.SOBRA)]


def test_a_case_that_went_on_keeps_what_it_sent_before() -> None:
    done = known(earlier=(WAITING,))
    registered = SIAC_CASE.model_copy(update={"escenario": "", "notas": (*NOTED, *SIAC_CASE.notas)})
    there = held(cases=(registered,), mails=(*ASKED, REPLY))
    assert compare(done, there) == ()
    assert (
        told(done, there.model_copy(update={"mails": (REPLY,)})) == [("Correo", Mismatch.FALTA)] * 2
    )


def test_the_only_address_of_a_request_for_evidence_is_the_executives_if_that_one_is_noted() -> (
    None
):
    waits = known(outcome=WAITING.model_copy(update={"mail_sent_to": WAITING.mail_sent_to[:1]}))
    noted = IN_QUEUE.model_copy(update={"notas": NOTED[:1]})
    assert compare(waits, held(cases=(noted,), requests={}, mails=ASKED[:1])) == ()


@pytest.mark.parametrize(
    ("mails", "what"),
    [
        ((), Mismatch.FALTA),
        ((REPLY, REPLY), Mismatch.DUPLICADO),
        ((REPLY.model_copy(update={"to": ("otra@x.example",)}),), Mismatch.DISTINTO),
        ((REPLY.model_copy(update={"text": "Caso SIAC: 70000001"}),), Mismatch.DISTINTO),
        ((REPLY, ASKED[1]), Mismatch.SOBRA),
    ],
    ids=["missing", "twice", "to another", "without its number", "one too many"],
)
def test_the_reply(mails: tuple[SentMail, ...], what: Mismatch) -> None:
    assert told(known(), held(mails=mails)) == [("Correo", what)]


def test_without_a_mailbox_the_note_stands_for_the_mail() -> None:
    assert compare(known(), held(mails=None)) == ()
    silent = SIAC_CASE.model_copy(update={"notas": ()})
    assert told(known(), held(mails=None, cases=(silent,))) == [("SIAC Único", Mismatch.FALTA)]


def test_a_mail_of_which_nobody_knows_may_be_there_or_not() -> None:
    note = f"Correo de respuesta enviado. {UNKNOWN} {mark(REF, 'respuesta')}"
    doubtful = SIAC_CASE.model_copy(update={"notas": (note,)})
    for mails in ((), (REPLY,)):
        assert compare(known(), held(cases=(doubtful,), mails=mails)) == ()


def test_a_mail_that_the_server_refused_is_not_expected() -> None:
    refused = known(outcome=ATTENDED.model_copy(update={"mail_sent_to": (), "call_back": True}))
    silent = SIAC_CASE.model_copy(update={"notas": ()})
    assert compare(refused, held(cases=(silent,), mails=())) == ()


@pytest.mark.parametrize("estado", [Estado.NO_PROCEDE, Estado.REQUIERE_ASESOR])
def test_what_the_robot_did_not_do_must_not_be_there(estado: Estado) -> None:
    nothing = known(outcome=Outcome(reference=REF, estado=estado))
    assert compare(nothing, Actual(mails=())) == ()
    assert told(nothing, held()) == [
        ("SIAC Único", Mismatch.SOBRA),
        (HERE, Mismatch.SOBRA),
    ]


@pytest.mark.parametrize("estado", [Estado.FALLA_TECNICA, Estado.NO_INICIADO])
def test_what_is_not_finished_may_be_there_in_part(estado: Estado) -> None:
    cut_short = known(outcome=Outcome(reference=REF, estado=estado))
    assert compare(cut_short, held()) == ()
    doubled = {HERE: (REQUEST, REQUEST.model_copy(update={"numero": "13"}))}
    assert told(cut_short, held(requests=doubled)) == [(HERE, Mismatch.DUPLICADO)]


def test_a_row_that_says_something_else_than_what_was_worked_on() -> None:
    other = CASE.model_copy(update={"cargo_fijo_ofrecido": Decimal("45.90")})
    (found,) = compare(known(case=other), held())
    assert (found.where, found.what) == ("Registro del robot", Mismatch.DISTINTO)
    assert "45.90" in found.expected and "39.90" in found.found


def test_what_was_not_read_is_told_and_not_guessed() -> None:
    unread = {"SIAC Único": "no responde", HERE.value: "no responde", "Correo": "no responde"}
    blind = Actual(unread=unread)
    assert told(known(), blind) == [(where, Mismatch.SIN_LEER) for where in unread]


def test_a_sent_message_that_is_deleted_as_it_is_read_is_not_there() -> None:
    """As Dovecot tells of it; see `robots.inbox.mail_folder`."""
    server: Any = SimpleNamespace(
        select_folder=lambda folder, readonly: {},
        search=lambda criteria: [7],
        fetch=lambda numbers, items: {7: {b"BODY[]": None}},
    )
    assert Mailbox(server, ["Sent"]).sent_about(CASE.reference) == ()
