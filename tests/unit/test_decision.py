from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rules.case import Canal, Case, Decision, Estado, EvidenceFile, Motivo, OrigenEvidencia
from flows.rules.decision import decide, decide_on_sec
from flows.rules.scenarios import Escenario
from pages.contract.siac import ClientRecord, Contact, HistoryEntry, Invoice, LineRecord
from pages.contract.sisact import SecRecord

A, B = "987654321", "912345678"
DNI = "01234567"
RUC = "20100017491"
OFFERED, LISTED = Decimal("39.90"), Decimal("59.90")
SEC_DATE = date(2026, 7, 15)
OFFER_TEXT = "CF especial S/ 39.90 (antes S/ 59.90)"
EVIDENCE = (EvidenceFile(path="oferta.pdf", sha256="0" * 64),)
REGULARIZED = "Regularización de cargo fijo"

Update = dict[str, Any]


def case(**update: Any) -> Case:
    fields: Update = {
        "fecha_solicitud": date(2026, 11, 20),
        "canal": Canal.CORREO,
        "sec": "00123456",
        "ruc": RUC,
        "lineas": (A,),
        "cargo_fijo_ofrecido": OFFERED,
        "contacto": "Rosa Quispe",
        "contacto_dni": DNI,
        "contacto_correo": "rosa@example.pe",
    }
    if update.get("evidencia"):
        fields["origen_evidencia"] = OrigenEvidencia.CAE
    return Case(**fields | update)


def sec(**update: Any) -> SecRecord:
    fields: Update = {
        "numero": "00123456",
        "ruc": RUC,
        "razon_social": "Andina SAC",
        "operacion": "Portabilidad",
        "fecha": SEC_DATE,
        "estado": "Aprobada",
        "segmento": "Corporativo",
        "plan": "Max Negocios",
        "cargo_lista": LISTED,
        "campana": "Invierno",
        "descripcion": OFFER_TEXT,
        "lineas": (A, B),
    }
    return SecRecord(**fields | update)


def entry(day: str, kind: str) -> HistoryEntry:
    return HistoryEntry(fecha=date.fromisoformat(day), tipo=kind, detalle="")


def line(
    numero: str = A,
    *,
    charge: str = "59.90",
    history: tuple[tuple[str, str], ...] = (),
    invoices: tuple[tuple[str, str], ...] = (),
    **update: Any,
) -> LineRecord:
    fields: Update = {
        "numero": numero,
        "plan": "Max Negocios",
        "cargo": Decimal(charge),
        "estado": "Activa",
        "historial": tuple(entry(*e) for e in history),
        "facturas": tuple(Invoice(periodo=p, cargo=Decimal(c)) for p, c in invoices),
    }
    return LineRecord(**fields | update)


def client(*lines: LineRecord, **update: Any) -> ClientRecord:
    fields: Update = {
        "ruc": RUC,
        "razon_social": "Andina SAC",
        "segmento": "Corporativo",
        "en_cartera": True,
        "ejecutivo": None,
        "contactos": (Contact(dni=DNI, nombre="Rosa Quispe", correo="rosa@example.pe"),),
        "lineas": lines or (line(),),
    }
    return ClientRecord(**fields | update)


def decided(*lines: LineRecord, text: str = OFFER_TEXT, **update: Any) -> Decision:
    """The decision for these lines, all of them asked for."""
    asked = case(lineas=tuple(record.numero for record in lines), **update)
    return decide(asked, sec(descripcion=text), client(*lines))


# --- Checks 1 to 11. ------------------------------------------------------------------------------

UNDER_WAY = line(history=(("2026-09-10", REGULARIZED),))

# Each breaks one check, as changes to the case, the SEC, the client and the line.
BROKEN: list[tuple[Motivo, Estado, Update]] = [
    (Motivo.SEC_NO_EXISTE, Estado.NO_PROCEDE, {"no_sec": True}),
    (Motivo.SEC_DE_OTRO_CLIENTE, Estado.NO_PROCEDE, {"sec": {"ruc": "20131312955"}}),
    (Motivo.OPERACION_NO_APLICA, Estado.NO_PROCEDE, {"sec": {"operacion": "Migración"}}),
    (Motivo.CLIENTE_NO_APLICA, Estado.NO_PROCEDE, {"client": {"en_cartera": False}}),
    (Motivo.TITULARIDAD_NO_VALIDADA, Estado.NO_PROCEDE, {"case": {"contacto_dni": "76543210"}}),
    (Motivo.LINEA_NO_APLICA, Estado.NO_PROCEDE, {"line": {"estado": "Suspendida"}}),
    (Motivo.PLAN_DISTINTO, Estado.REQUIERE_ASESOR, {"line": {"plan": "Max Libre"}}),
    (Motivo.OFERTA_ILEGIBLE, Estado.REQUIERE_ASESOR, {"sec": {"descripcion": "Oferta especial"}}),
    (
        Motivo.OFERTA_NO_COINCIDE,
        Estado.REQUIERE_ASESOR,
        {"case": {"cargo_fijo_ofrecido": Decimal("39.91")}},
    ),
    (Motivo.YA_APLICADO, Estado.NO_PROCEDE, {"line": {"cargo": OFFERED}}),
    (
        Motivo.REGULARIZACION_EN_CURSO,
        Estado.NO_PROCEDE,
        {"line": {"historial": (entry("2026-09-10", REGULARIZED),)}},
    ),
]


def broken(*changes: Update) -> tuple[Case, SecRecord | None, ClientRecord]:
    merged: dict[str, Update] = {"case": {}, "sec": {}, "client": {}, "line": {}}
    no_sec = False
    for change in reversed(changes):  # the earlier check's own change is the one that stays
        for part, update in change.items():
            if part == "no_sec":
                no_sec = True
            else:
                merged[part] |= update
    record = line().model_copy(update=merged["line"])
    found = None if no_sec else sec(**merged["sec"])
    return case(**merged["case"]), found, client(record, **merged["client"])


def test_nothing_broken_proceeds() -> None:
    decision = decide(*broken())
    assert decision.proceeds
    assert decision.escenario is Escenario.ACTIVACIONES_CONFIGURACION
    assert decide_on_sec(case(), sec()) is None


@pytest.mark.parametrize(("motivo", "estado", "change"), BROKEN, ids=lambda v: str(v)[:30])
def test_each_check_ends_the_case(motivo: Motivo, estado: Estado, change: Update) -> None:
    decision = decide(*broken(change))
    assert (decision.motivo, decision.estado) == (motivo, estado)
    assert not decision.proceeds
    assert decision.escenario is None
    assert decision.lineas == ()
    assert decision.cargo is None
    assert decision.importe_mensual == 0
    assert decision.reasons[0].endswith(".")


@pytest.mark.parametrize(("first", "second"), list(pairwise(BROKEN)), ids=lambda v: v[0].value)
def test_of_two_broken_checks_the_first_wins(
    first: tuple[Motivo, Estado, Update], second: tuple[Motivo, Estado, Update]
) -> None:
    assert decide(*broken(second[2])).motivo is second[0]
    expected = first[0]
    changes = [first[2], second[2]]
    if first[0] is Motivo.YA_APLICADO:  # a regularised line already at the charge is left out
        changes = [{"line": {"cargo": OFFERED, "historial": UNDER_WAY.historial}}]
    assert decide(*broken(*changes)).motivo is expected


def test_everything_broken_ends_at_the_first() -> None:
    changes = [change for _, _, change in BROKEN]
    for number, (motivo, _, _) in enumerate(BROKEN[:-1]):
        assert decide(*broken(*changes[number:])).motivo is motivo


@pytest.mark.parametrize("number", range(3))
def test_checks_one_to_three_need_no_client(number: int) -> None:
    asked, found, _ = broken(BROKEN[number][2])
    ended = decide_on_sec(asked, found)
    assert ended is not None
    assert ended.motivo is BROKEN[number][0]
    assert decide(asked, found, None) == ended


@pytest.mark.parametrize("operation", ["Alta", "PORTABILIDAD", " renovacion ", "Renovación"])
def test_operations_that_apply(operation: str) -> None:
    assert decide_on_sec(case(), sec(operacion=operation)) is None


@pytest.mark.parametrize(
    ("segment", "applies"),
    [("Corporativo", True), ("NEGOCIOS", True), ("Masivo", False), ("", False)],
)
def test_segments(segment: str, applies: bool) -> None:
    decision = decide(case(), sec(), client(segmento=segment))
    assert (decision.motivo is Motivo.CLIENTE_NO_APLICA) is not applies


def ended(update: Update) -> Decision:
    """The decision where something of the SEC, the client or the line is as given."""
    record = line(**update.get("line", {}))
    return decide(case(), sec(**update.get("sec", {})), client(record, **update.get("client", {})))


@pytest.mark.parametrize(
    ("update", "advice"),
    [
        (
            {"sec": {"operacion": "Venta  nueva"}},
            "si «Venta nueva» es solo otra palabra de SISACT para Alta (words.operacion_alta), "
            "Portabilidad (words.operacion_portabilidad) o Renovación (words.operacion_renovacion)",
        ),
        (
            {"client": {"segmento": "Empresas"}},
            "si «Empresas» es solo otra palabra de SIAC Único para Corporativo "
            "(words.segmento_corporativo) o Negocios (words.segmento_negocios)",
        ),
        (
            {"line": {"estado": "Habilitada"}},
            "si «Habilitada» es solo otra palabra de SIAC Único para Activa (words.linea_activa)",
        ),
    ],
)
def test_a_word_that_nobody_knows_is_told_as_one_that_a_map_may_name(
    update: Update, advice: str
) -> None:
    """Its outcome is the same: nobody tells the client before a person has looked at the word."""
    decision = ended(update)
    assert decision.estado is Estado.NO_PROCEDE
    (reason,) = decision.reasons
    told = f"Antes de informarlo: {advice}, anótela en su mapa y use --again."
    assert reason.endswith(f". {told}")


@pytest.mark.parametrize(
    "update",
    [
        {"sec": {"operacion": "Migración"}},
        {"client": {"segmento": "Masivo"}},
        {"client": {"segmento": ""}},
        {"client": {"en_cartera": False}},
        {"line": {"estado": "suspendida"}},
    ],
)
def test_a_word_that_is_known_for_another_is_told_to_the_client_as_it_is(update: Update) -> None:
    (reason,) = ended(update).reasons
    assert "mapa" not in reason


def test_unknown_client() -> None:
    decision = decide(case(), sec(), None)
    assert decision.motivo is Motivo.CLIENTE_NO_APLICA
    assert decision.reasons == ("SIAC Único no conoce al cliente.",)


def test_a_line_of_someone_else_is_titularidad_even_if_off_the_sec() -> None:
    decision = decide(case(lineas=(A, "955555555")), sec(), client(line()))
    assert decision.motivo is Motivo.TITULARIDAD_NO_VALIDADA
    assert "955555555" in decision.reasons[0]


def test_a_line_off_the_sec() -> None:
    decision = decide(case(), sec(lineas=(B,)), client(line()))
    assert decision.motivo is Motivo.LINEA_NO_APLICA
    assert A in decision.reasons[0]


def test_words_are_compared_without_case_accents_and_spaces() -> None:
    record = line(estado="ACTIVA ", plan=" MÁX  negocios")
    assert decide(case(), sec(), client(record)).proceeds


def test_the_plan_s_own_name_is_no_reading() -> None:
    found = sec(plan="Max Negocios 59", descripcion="25% dscto Plan Max Negocios 59")
    asked = case(cargo_fijo_ofrecido=Decimal("44.93"))
    decision = decide(asked, found, client(line(plan="Max Negocios 59")))
    assert decision.escenario is Escenario.ACTIVACIONES_CONFIGURACION


@pytest.mark.parametrize(
    ("charge", "invoices", "applied"),
    [
        ("39.90", (), True),
        ("39.9", (("2026-08", "39.900"),), True),
        ("39.90", (("2026-08", "59.90"), ("2026-09", "39.90")), True),
        ("39.90", (("2026-06", "59.90"),), True),  # before the sale: does not count
        ("39.90", (("2026-07", "59.90"),), False),  # the sale's own month does
        ("39.90", (("2026-09", "39.90"), ("2026-10", "39.91")), False),
        ("39.91", (("2026-09", "39.90"),), False),
        ("59.90", (), False),
    ],
)
def test_already_applied(charge: str, invoices: tuple[tuple[str, str], ...], applied: bool) -> None:
    decision = decided(line(charge=charge, invoices=invoices))
    assert (decision.motivo is Motivo.YA_APLICADO) is applied


@pytest.mark.parametrize(
    ("entries", "invoices", "under_way"),
    [
        ((("2026-09-10", REGULARIZED),), (), True),
        ((("2026-09-10", "REGULARIZACION  de cargo FIJO"),), (), True),
        ((("2026-09-01", REGULARIZED),), (("2026-09", "59.90"),), True),  # its own month's
        ((("2026-09-30", REGULARIZED),), (("2026-10", "59.90"),), False),
        ((("2026-07-15", REGULARIZED),), (("2026-07", "59.90"),), True),  # the SEC's own date
        ((("2026-07-14", REGULARIZED),), (), False),  # before the sale
        ((("2026-08-10", REGULARIZED), ("2026-10-02", REGULARIZED)), (("2026-09", "59.90"),), True),
        ((("2026-10-02", REGULARIZED), ("2026-08-10", REGULARIZED)), (("2026-09", "59.90"),), True),
    ],
)
def test_under_way(
    entries: tuple[tuple[str, str], ...], invoices: tuple[tuple[str, str], ...], under_way: bool
) -> None:
    decision = decided(line(history=entries, invoices=invoices))
    assert (decision.motivo is Motivo.REGULARIZACION_EN_CURSO) is under_way


# --- The scenarios. -------------------------------------------------------------------------------

MISALIGNED: Update = {
    "history": (("2026-08-20", REGULARIZED),),
    "invoices": (("2026-09", "59.90"),),
}
POSTSALE: Update = {
    "history": (("2026-10-05", "Cambio de plan"),),
    "invoices": (("2026-09", "39.90"),),
}
NO_TEXT: Update = {"text": ""}
WITH_EVIDENCE: Update = {"text": " \u00a0", "evidencia": EVIDENCE}

SCENARIOS: list[tuple[str, LineRecord, Update, Escenario | None]] = [
    ("misaligned", line(**MISALIGNED), {}, Escenario.ACTIVACIONES_DESALINEACION),
    (
        "misaligned, an earlier invoice was, the newest is right",
        line(history=MISALIGNED["history"], invoices=(("2026-09", "59.90"), ("2026-10", "39.90"))),
        {},
        Escenario.ACTIVACIONES_DESALINEACION,
    ),
    (
        "misaligned without text: shown by the current charge",
        line(charge="39.90", **MISALIGNED),
        NO_TEXT,
        Escenario.ACTIVACIONES_DESALINEACION,
    ),
    (
        "misaligned without text: shown by an invoice",
        line(history=MISALIGNED["history"], invoices=(("2026-08", "39.90"), ("2026-09", "59.90"))),
        NO_TEXT,
        Escenario.ACTIVACIONES_DESALINEACION,
    ),
    (
        "misaligned without text: shown by evidence",
        line(**MISALIGNED),
        WITH_EVIDENCE,
        Escenario.ACTIVACIONES_DESALINEACION,
    ),
    ("misaligned without text: shown by nothing", line(**MISALIGNED), NO_TEXT, None),
    (
        "misaligned without text: an invoice before the sale shows nothing",
        line(history=MISALIGNED["history"], invoices=(("2026-06", "39.90"), ("2026-09", "59.90"))),
        NO_TEXT,
        None,
    ),
    (
        "misaligned goes before post-sale",
        line(
            history=(("2026-08-20", REGULARIZED), ("2026-10-05", "Cambio de plan")),
            invoices=(("2026-09", "39.90"), ("2026-10", "59.90")),
        ),
        {},
        Escenario.ACTIVACIONES_DESALINEACION,
    ),
    ("post-sale", line(**POSTSALE), {}, Escenario.POSTVENTA),
    ("post-sale without text", line(**POSTSALE), NO_TEXT, Escenario.POSTVENTA),
    (
        "regularised, later invoices right, then post-sale",
        line(
            history=(("2026-08-20", REGULARIZED), ("2026-10-05", "Reposición")),
            invoices=(("2026-09", "39.90"),),
        ),
        {},
        Escenario.POSTVENTA,
    ),
    ("the text states the offer", line(), {}, Escenario.ACTIVACIONES_CONFIGURACION),
    (
        "the text goes before evidence",
        line(),
        {"evidencia": EVIDENCE, "aprobado_por": "Gerencia"},
        Escenario.ACTIVACIONES_CONFIGURACION,
    ),
    (
        "evidence, in force on the SEC's own date",
        line(),
        WITH_EVIDENCE | {"oferta_vigente_hasta": SEC_DATE},
        Escenario.VENTAS_CON_OFERTA,
    ),
    (
        "evidence, approved though out of force",
        line(),
        WITH_EVIDENCE
        | {"oferta_vigente_hasta": SEC_DATE - timedelta(days=1), "aprobado_por": "Gerencia"},
        Escenario.VENTAS_CON_OFERTA,
    ),
    (
        "evidence, out of force the day before",
        line(),
        WITH_EVIDENCE | {"oferta_vigente_hasta": SEC_DATE - timedelta(days=1)},
        Escenario.VENTAS_SIN_OFERTA,
    ),
    (
        "evidence and a blank approver",
        line(),
        WITH_EVIDENCE | {"aprobado_por": " \u00a0"},
        Escenario.VENTAS_SIN_OFERTA,
    ),
    ("no evidence", line(), NO_TEXT, None),
    ("no evidence, though in force", line(), NO_TEXT | {"oferta_vigente_hasta": SEC_DATE}, None),
]


@pytest.mark.parametrize(
    ("record", "update", "escenario"), [s[1:] for s in SCENARIOS], ids=[s[0] for s in SCENARIOS]
)
def test_each_row_of_the_scenarios(
    record: LineRecord, update: Update, escenario: Escenario | None
) -> None:
    decision = decided(record, **update)
    assert decision.escenario is escenario
    assert decision.proceeds is (escenario is not None)
    assert decision.needs_evidence is (escenario is None)
    assert decision.estado is (None if escenario else Estado.PENDIENTE_DE_EVIDENCIA)
    assert decision.lineas == (A,)
    assert decision.cargo == OFFERED
    assert decision.mala_practica is (escenario is Escenario.VENTAS_SIN_OFERTA)


@pytest.mark.parametrize(
    ("day", "kind", "invoice", "lost"),
    [
        ("2026-10-05", "Renovación", "2026-09", True),
        ("2026-10-05", "MIGRACION", "2026-09", True),
        ("2026-10-05", "Cambio de titularidad", "2026-09", True),
        ("2026-10-05", "Suspensión", "2026-09", True),
        ("2026-10-05", "Consulta de saldo", "2026-09", False),
        ("2026-09-01", "Cambio de plan", "2026-09", True),  # the first day of the invoice's month
        ("2026-08-31", "Cambio de plan", "2026-09", False),
        ("2026-07-15", "Renovación", "2026-07", False),  # the sale's own
        ("2026-07-16", "Renovación", "2026-07", True),
        ("2026-10-05", "Cambio de plan", "2026-06", False),  # an invoice before the sale
    ],
)
def test_post_sale_operations(day: str, kind: str, invoice: str, lost: bool) -> None:
    record = line(history=((day, kind),), invoices=((invoice, "39.90"),))
    expected = Escenario.POSTVENTA if lost else Escenario.ACTIVACIONES_CONFIGURACION
    assert decided(record).escenario is expected


# --- The case as a whole. -------------------------------------------------------------------------


def test_lines_at_the_offered_charge_are_left_out() -> None:
    decision = decided(line(A, charge="39.90"), line(B))
    assert decision.proceeds
    assert decision.lineas == (B,)


@pytest.mark.parametrize(
    "other",
    [line(B, **MISALIGNED), line(B, **POSTSALE), UNDER_WAY.model_copy(update={"numero": B})],
    ids=["misaligned", "post-sale", "under way"],
)
def test_lines_in_different_rows(other: LineRecord) -> None:
    decision = decided(line(A), other)
    assert decision.estado is Estado.REQUIERE_ASESOR
    assert decision.motivo is Motivo.LINEAS_EN_DISTINTOS_ESCENARIOS
    assert decision.escenario is None
    assert A in decision.reasons[-1]
    assert B in decision.reasons[-1]


def test_different_rows_go_before_missing_evidence_and_the_opinion() -> None:
    decision = decided(line(A), line(B, **POSTSALE), text="", escenario=Escenario.POSTVENTA)
    assert decision.motivo is Motivo.LINEAS_EN_DISTINTOS_ESCENARIOS


def test_misaligned_and_unshown_is_the_last_row_like_no_evidence() -> None:
    decision = decided(line(A), line(B, **MISALIGNED), text="")
    assert decision.motivo is Motivo.FALTA_EVIDENCIA
    assert decision.lineas == (A, B)


def test_missing_evidence_goes_before_the_opinion() -> None:
    decision = decided(line(), text="", escenario=Escenario.VENTAS_CON_OFERTA)
    assert decision.motivo is Motivo.FALTA_EVIDENCIA


def test_the_advisor_s_opinion() -> None:
    agreed = decided(line(), escenario=Escenario.ACTIVACIONES_CONFIGURACION)
    assert agreed.proceeds
    other = decided(line(), escenario=Escenario.POSTVENTA)
    assert other.estado is Estado.REQUIERE_ASESOR
    assert other.motivo is Motivo.ESCENARIO_NO_COINCIDE
    assert "POSTVENTA" in other.reasons[-1]
    assert "ACTIVACIONES_CONFIGURACION" in other.reasons[-1]


@pytest.mark.parametrize(
    ("record", "monthly"),
    [
        (line(), "20.00"),
        (line(charge="49.90", invoices=(("2026-09", "59.90"),)), "20.00"),
        (line(charge="59.90", invoices=(("2026-09", "39.90"),)), "20.00"),
        (line(charge="39.90", invoices=(("2026-09", "59.90"),)), "20.00"),
        (line(charge="29.90"), "0.00"),
    ],
)
def test_the_monthly_amount(record: LineRecord, monthly: str) -> None:
    assert decided(record).importe_mensual == Decimal(monthly)


def test_the_monthly_amount_adds_the_lines() -> None:
    assert decided(line(A), line(B, charge="49.90")).importe_mensual == Decimal("30.00")


def test_facts_name_their_source_and_nobody_s_data_is_told() -> None:
    decision = decided(line(**POSTSALE), evidencia=EVIDENCE, aprobado_por="Luis Rojas")
    sources = {fact.source for fact in decision.facts}
    assert "SISACT, Datos de la evaluación, pestaña Descripción" in sources
    assert f"SIAC Único, facturas de la línea {A}" in sources
    assert "Lista de casos" in sources
    told = decision.model_dump_json()
    for private in (DNI, RUC, "Rosa", "Quispe", "example.pe", "Rojas", "Andina"):
        assert private not in told


def test_the_sentences_have_the_figures() -> None:
    assert decided(line(**MISALIGNED)).reasons == (
        "Descripción indica un cargo fijo de S/ 39.90.",
        f"Línea {A}: se regularizó el 20/08/2026 y después se facturó 09/2026, S/ 59.90, frente a "
        "S/ 39.90 ofrecido.",
    )


# --- What holds of every case. --------------------------------------------------------------------

DAYS = st.dates(date(2026, 7, 1), date(2026, 11, 19))
HISTORY = st.lists(
    st.builds(
        HistoryEntry,
        fecha=DAYS,
        tipo=st.sampled_from([REGULARIZED, "Cambio de plan", "Suspensión", "Consulta"]),
        detalle=st.just(""),
    ),
    max_size=3,
).map(tuple)
CHARGES = st.sampled_from([OFFERED, LISTED, Decimal("49.90")])
INVOICES = st.lists(
    st.builds(Invoice, periodo=st.integers(7, 11).map("2026-{:02}".format), cargo=CHARGES),
    max_size=4,
    unique_by=lambda invoice: invoice.periodo,
).map(tuple)


def line_of(numero: str) -> st.SearchStrategy[LineRecord]:
    return st.builds(
        LineRecord,
        numero=st.just(numero),
        plan=st.just("Max Negocios"),
        cargo=CHARGES,
        estado=st.sampled_from(["Activa"] * 5 + ["Suspendida"]),
        historial=HISTORY,
        facturas=INVOICES,
    )


CASES = st.builds(
    case,
    lineas=st.just((A, B)),
    evidencia=st.sampled_from([(), EVIDENCE]),
    aprobado_por=st.sampled_from(["", "Gerencia"]),
    escenario=st.sampled_from([None, None, None, *Escenario]),
)
TEXTS = st.sampled_from([OFFER_TEXT, OFFER_TEXT, "", "", "Oferta"])


@given(CASES, TEXTS, line_of(A), line_of(B))
def test_a_decision_is_whole(asked: Case, text: str, a: LineRecord, b: LineRecord) -> None:
    found = sec(descripcion=text)
    decision = decide(asked, found, client(a, b))
    assert decision == decide(asked, found, client(a, b))
    assert decision.proceeds is (decision.estado is None)
    assert (decision.estado is None) is (decision.motivo is None)
    assert decision.reasons
    assert decision.facts
    if decision.proceeds or decision.needs_evidence:
        assert decision.lineas
        assert set(decision.lineas) <= {A, B}
        assert decision.cargo == OFFERED
        assert decision.importe_mensual >= 0
    else:
        assert decision.escenario is None
        assert decision.lineas == ()


def essence(decision: Decision) -> tuple[object, ...]:
    return (
        decision.estado,
        decision.motivo,
        decision.escenario,
        sorted(decision.lineas),
        decision.cargo,
        decision.importe_mensual,
    )


@given(CASES, TEXTS, line_of(A), line_of(B), st.randoms(use_true_random=False))
def test_order_says_nothing(
    asked: Case, text: str, a: LineRecord, b: LineRecord, random: Any
) -> None:
    def shuffled(record: LineRecord) -> LineRecord:
        history, invoices = list(record.historial), list(record.facturas)
        random.shuffle(history)
        random.shuffle(invoices)
        update = {"historial": tuple(history), "facturas": tuple(invoices)}
        return record.model_copy(update=update)

    found = sec(descripcion=text)
    turned = asked.model_copy(update={"lineas": (B, A)})
    assert essence(decide(asked, found, client(a, b))) == essence(
        decide(turned, found, client(shuffled(b), shuffled(a)))
    )


@given(CASES, TEXTS, line_of(A), line_of(B), CHARGES)
def test_what_came_before_the_sale_says_nothing(
    asked: Case, text: str, a: LineRecord, b: LineRecord, charge: Decimal
) -> None:
    older = a.model_copy(
        update={
            "historial": (
                entry("2026-07-14", REGULARIZED),
                entry("2026-07-14", "Cambio de plan"),
                *a.historial,
            ),
            "facturas": (Invoice(periodo="2026-06", cargo=charge), *a.facturas),
        }
    )
    found = sec(descripcion=text)
    assert decide(asked, found, client(a, b)) == decide(asked, found, client(older, b))
