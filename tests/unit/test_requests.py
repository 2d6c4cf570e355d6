"""Which request is equal to a case's, to the day and the line (procedure, step 4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from flows.rules.case import Canal, Case, Motivo
from flows.rules.endings import CaseEnds
from flows.rules.requests import newest_events, own_request, refuse_equal
from pages.contract.nintex import NintexRequest
from pages.contract.siac import ClientRecord, HistoryEntry, LineRecord
from pages.contract.sisact import SecRecord

LINE, OTHER = "987000001", "987000002"
SALE, EVENT = date(2026, 8, 10), date(2026, 9, 5)
BEFORE, AFTER = date(2026, 9, 4), date(2026, 9, 6)
CASE = Case(
    fecha_solicitud=date(2026, 11, 18),
    canal=Canal.CORREO,
    sec="46000001",
    ruc="20100047218",
    lineas=(LINE, OTHER),
    cargo_fijo_ofrecido=Decimal("39.90"),
    contacto="Rosa Quispe",
    contacto_dni="07654321",
    contacto_correo="rosa@textiles.example",
)
BY_HAND = NintexRequest(
    numero="77",
    referencia="",
    caso_siac="",
    escenario="",
    sec=CASE.sec,
    ruc=CASE.ruc,
    lineas=(LINE,),
    cargo=Decimal("39.90"),
    estado="Atendido",
    creado=AFTER,
    creado_por="asesor1",
)


def is_equal(asked: tuple[str, ...], newest: dict[str, date], **changes: Any) -> bool:
    found = (BY_HAND.model_copy(update=changes),)
    try:
        refuse_equal(CASE, asked, newest, found)
    except CaseEnds as end:
        assert end.ending.motivo is Motivo.YA_SOLICITADO and "77" in end.ending.detail
        return True
    return False


@pytest.mark.parametrize(
    ("changes", "equal"),
    [
        ({}, True),
        ({"creado": EVENT}, False),
        ({"creado": BEFORE}, False),
        ({"creado": BEFORE, "estado": "Pendiente"}, True),
        ({"lineas": (OTHER,)}, False),
        ({"sec": "460000017"}, False),
        ({"referencia": CASE.reference}, False),
        ({"referencia": "CF-46000001-20261001-abcdef"}, True),
    ],
    ids=str,
)
def test_an_equal_request(changes: dict[str, Any], equal: bool) -> None:
    assert is_equal((LINE,), {LINE: EVENT}, **changes) == equal


@pytest.mark.parametrize("newest", [{}, {OTHER: EVENT}], ids=str)
def test_of_a_line_to_which_nothing_happened_any_request_counts(newest: dict[str, date]) -> None:
    assert is_equal((LINE,), newest, creado=BEFORE)


def test_each_line_has_its_own_past() -> None:
    newest = {LINE: AFTER, OTHER: BEFORE}
    assert not is_equal((LINE,), newest, lineas=(LINE, OTHER), creado=EVENT)
    assert is_equal((LINE, OTHER), newest, lineas=(LINE, OTHER), creado=EVENT)


def client(*entries: tuple[date, str]) -> ClientRecord:
    history = tuple(HistoryEntry(fecha=day, tipo=kind, detalle="") for day, kind in entries)
    line = LineRecord(
        numero=LINE, plan="", cargo=Decimal("59.90"), estado="Activa", historial=history
    )
    return ClientRecord(
        ruc=CASE.ruc,
        razon_social="",
        segmento="Corporativo",
        en_cartera=True,
        ejecutivo=None,
        contactos=(),
        lineas=(line,),
    )


@pytest.mark.parametrize(
    ("entries", "newest"),
    [
        ([(EVENT, "Regularización de cargo fijo")], EVENT),
        ([(EVENT, "REGULARIZACION DE CARGO FIJO")], EVENT),
        ([(BEFORE, "Regularización de cargo fijo"), (EVENT, "Reposición")], EVENT),
        ([(EVENT, "Regularización de cargo fijo"), (BEFORE, "Suspensión")], EVENT),
        ([(SALE, "Renovación")], None),
        ([(SALE, "Regularización de cargo fijo")], SALE),
        ([(date(2026, 8, 9), "Regularización de cargo fijo")], None),
        ([(EVENT, "Consulta")], None),
    ],
    ids=str,
)
def test_what_happened_to_a_line_last(entries: list[tuple[date, str]], newest: date | None) -> None:
    sec = SecRecord.model_construct(fecha=SALE)  # type: ignore[call-arg]
    assert newest_events(sec, client(*entries)).get(LINE) == newest


def test_the_cases_own_request_is_found_and_one_that_only_claims_to_be_is_told() -> None:
    own = BY_HAND.model_copy(update={"referencia": CASE.reference})
    assert own_request(CASE, (BY_HAND, own)) == own
    assert own_request(CASE, (BY_HAND,)) is None
    for change in ({"sec": "46000002"}, {"ruc": "20100000001"}, {"lineas": ("987000009",)}):
        with pytest.raises(CaseEnds) as raised:
            own_request(CASE, (own.model_copy(update=change),))
        assert raised.value.ending.motivo is Motivo.REFERENCIA_EN_CONFLICTO
    with pytest.raises(CaseEnds) as raised:
        own_request(CASE, (own, own.model_copy(update={"numero": "78"})))
    assert raised.value.ending.motivo is Motivo.DUPLICADO_EN_PORTAL
    assert "77 y 78" in raised.value.ending.detail
