"""A form's field is one line: what follows from it, without a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest

from flows.procedure.filing import draft_of
from flows.rules.requests import Request
from flows.rules.scenarios import Escenario, Sistema, subclase_of
from pages.contract.errors import FormAltered
from pages.contract.nintex import NintexDraft
from pages.contract.records import Record
from pages.contract.remedy import Incident, IncidentDraft
from pages.contract.request_records import Attachment
from pages.contract.siac import CaseDraft, Executive
from pages.core.codecs import AMOUNT, CHOICE, DAY, FILES, LINES, TEXT, Lines, Text
from pages.core.elements import Bound, Element, by_css
from pages.core.form import Form, by_hand, entries, filled, typed, values_of
from pages.core.inspection import elements_of
from pages.core.portal_map import PortalMap
from pages.drafts import FORMS, described
from pages.siac.case_page import CaseData

T = TypeVar("T")

LINEAS = ("987654321", "912345678")
REQUEST = Request(
    reference="CF-46000001-20261118-0a1b2c",
    sistema=Sistema.NINTEX_OPERADOR,
    tipo=Escenario.VENTAS_CON_OFERTA.tipo_solicitud,
    escenario=Escenario.VENTAS_CON_OFERTA,
    siac_case="70000001",
    sec="46000001",
    ruc="20100047218",
    razon_social="Minera Ñandú S.A.C.",
    campana="Año Nuevo",
    lineas=LINEAS,
    cargo=Decimal("1039.90"),
    cargo_lista=Decimal("1259.90"),
    fecha_solicitud=date(2026, 11, 18),
    oferta_vigente_hasta=date(2026, 12, 31),
    aprobado_por="Luis Peña",
    ejecutivo="Rosa Díaz",
    detalle="La SEC registra la oferta.",
    evidencia=(),
    with_picture=True,
)
CASE = CaseDraft(
    referencia=REQUEST.reference,
    sec=REQUEST.sec,
    ruc=REQUEST.ruc,
    lineas=LINEAS,
    subclase=subclase_of(Escenario.VENTAS_CON_OFERTA),
    canal="Correo",
    contacto="José Pérez",
    contacto_dni="01234567",
    campana=REQUEST.campana,
    cargo=REQUEST.cargo,
    detalle=REQUEST.detalle,
)
FILE = (Path("/expediente/descripcion.png"),)
DRAFTS: list[Any] = [
    CASE,
    draft_of(REQUEST, FILE),
    draft_of(REQUEST.model_copy(update={"sistema": Sistema.REMEDY}), FILE),
]
drafts = pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: type(draft).__name__)


def kept_of(draft: Record) -> dict[str, str]:
    """What a portal shows that keeps all of it."""
    form = FORMS[type(draft)]
    kept = {n: entry.codec.typed(entry.value(n, draft)) for n, entry in entries(form).items()}
    if "producto" in kept:  # of nested menus, each field shows an entry
        kept["producto"] = "Servicios móviles"
    return kept | {f"Cargo fijo de {linea}": "S/ 1,039.90" for linea in LINEAS}


@drafts
def test_each_field_of_a_draft_is_declared_once_and_has_a_label_of_its_own(draft: Record) -> None:
    declared = entries(FORMS[type(draft)])
    assert {n for n, entry in declared.items() if entry.always is None} == set(
        type(draft).model_fields
    )
    assert len({entry.label for entry in declared.values()}) == len(declared)


@drafts
def test_what_a_portal_keeps_otherwise_is_named_field_by_field(draft: Record) -> None:
    form, kept = FORMS[type(draft)], kept_of(draft)
    assert form.altered(draft, kept) == []
    for name, entry in entries(form).items():
        assert form.altered(draft, kept | {name: "Otra cosa"}) == [entry.label]
        assert form.altered(draft, {n: text for n, text in kept.items() if n != name}) == [
            entry.label
        ]


def test_each_line_of_a_request_has_its_charge() -> None:
    draft = DRAFTS[1]
    name = f"Cargo fijo de {LINEAS[1]}"
    form = FORMS[NintexDraft]
    assert form.altered(draft, kept_of(draft) | {name: "S/ 1,039.91"}) == [name]


@drafts
def test_people_are_shown_every_field_as_it_is_typed(draft: Record) -> None:
    shown = described(draft)
    for name in type(draft).model_fields:
        label, value = entries(FORMS[type(draft)])[name].label, getattr(draft, name)
        match value:
            case Decimal():
                assert shown[label] == f"S/ {value:,.2f}"
            case date():
                assert shown[label] == f"{value:%d/%m/%Y}"
            case tuple():
                assert shown[label] == ", ".join(
                    one.name if isinstance(one, Attachment) else one for one in value
                )
            case Executive():
                assert shown[label] == value.nombre
            case _:
                assert shown[label] == value


def test_people_are_shown_what_is_chosen_for_every_draft_too() -> None:
    assert described(CASE)["Cola de derivación"] == "Variaciones Corporativas"
    shown = described(DRAFTS[2])
    assert shown["Categoría de producto"] == "Servicios móviles › Facturación › Cargo fijo"
    assert "Categoría de producto N2" not in shown


def test_the_nintex_types_rules_have_run_before_what_they_move_is_typed() -> None:
    assert list(entries(FORMS[NintexDraft]))[:2] == ["tipo_solicitud", "escenario"]


def test_a_siac_case_shows_each_field_of_its_template_under_the_same_name() -> None:
    assert set(entries(FORMS[CaseDraft])) <= set(elements_of(CaseData))


def test_a_record_is_read_by_the_same_declarations() -> None:
    draft = DRAFTS[2]
    read = values_of(FORMS[IncidentDraft], Incident, kept_of(draft))
    assert read["lineas"] == LINEAS and read["cargo"] == Decimal("1039.90")
    assert read["adjuntos"] == ("descripcion.png",) and read["resumen"] == draft.resumen


# a form of one's own


class Draft(Record):
    ruc: str
    tope: Decimal
    archivos: tuple[Path, ...]


class Typing(Bound):
    async def fill(self, value: str) -> None:
        self.page.typed.append((self.name, value))  # type: ignore[attr-defined]


class Portal:
    name, names = "Portal", PortalMap()

    async def now(self, look: Callable[[], Awaitable[T]], *_: str) -> T:
        return await look()


class Page(Form[Draft]):
    """A form of two fields, a choice and what follows from it."""

    title = "Formulario"

    tope = typed(Element(Typing, "TopeMensual", by_css("*")), "Tope mensual", AMOUNT)
    ruc = typed(Element(Typing, "RUC", by_css("*")))
    clase = typed(Element(Typing, "Clase", by_css("*")), always="Cargo fijo")
    grupo = filled(Element(Bound, "Grupo", by_css("*")), "Corporativo")
    archivos = by_hand(Element(Bound, "Archivos", by_css("*")), "Archivos", FILES)

    def __init__(self, **held: str) -> None:
        super().__init__(portal=Portal(), scope=None)
        self.typed: list[tuple[str, str]] = []
        self.shown = held

    async def held(self) -> dict[str, str]:
        return self.shown

    async def ask(self, *_: object, patience: int = 0) -> None:
        """Nothing is asked for that is not declared."""


DRAFT = Draft(ruc="20100047218", tope=Decimal(1500), archivos=FILE)
HELD = {
    "tope": "1,500.00",
    "ruc": "20100047218",
    "clase": "Cargo fijo",
    "grupo": "Corporativo",
    "archivos": "descripcion.png",
}


def test_a_form_is_typed_in_the_order_of_its_declarations() -> None:
    page = Page()
    asyncio.run(page.fill(DRAFT))
    assert page.typed == [
        ("TopeMensual", "1,500.00"),
        ("RUC", "20100047218"),
        ("Clase", "Cargo fijo"),
    ]


def test_a_form_is_read_back_and_says_by_label_what_it_does_not_hold() -> None:
    asyncio.run(Page(**HELD).expect(DRAFT))
    for name, label in (("tope", "Tope mensual"), ("grupo", "Grupo"), ("archivos", "Archivos")):
        with pytest.raises(FormAltered) as raised:
            asyncio.run(Page(**HELD | {name: "7"}).expect(DRAFT))
        assert raised.value.what == f"no conserva lo escrito en: {label}"
    assert "Portal, Formulario" in str(raised.value)


# codecs


@pytest.mark.parametrize(
    ("codec", "value", "text", "in_form", "kept"),
    [
        (TEXT, "Ñandú  S.A.C.\n2", "Ñandú S.A.C. 2", True, True),
        (TEXT, "Ñandú", "ñandú", False, False),
        (CHOICE, "Cargo fijo", "CARGO FIJO", True, False),
        (CHOICE, "Cargo fijo", "Cargo", False, False),
        (AMOUNT, Decimal("1039.9"), "1,039.90", True, True),
        (AMOUNT, Decimal("1039.9"), "S/ 1,039.90", False, True),
        (AMOUNT, Decimal("1039.9"), "1,039.91", False, False),
        (AMOUNT, Decimal("1039.9"), "", False, False),
        (AMOUNT, None, "", True, True),
        (AMOUNT, None, "0.00", False, False),
        (DAY, date(2026, 12, 31), "31/12/2026", True, True),
        (DAY, date(2026, 12, 31), "12/31/2026", False, False),
        (DAY, None, "", True, True),
        (LINES, LINEAS, "987654321, 912345678", True, True),
        (LINES, LINEAS, "912345678; 987654321", False, True),
        (LINES, LINEAS, "987654321", False, False),
        (Lines("\n"), LINEAS, "987654321 912345678", True, True),
        (FILES, (Path("b.pdf"), Path("a.png")), "a.png\nb.pdf", True, True),
        (FILES, (Path("b.pdf"),), "a.png\nb.pdf", False, False),
        (FILES, (), "", True, True),
    ],
)
def test_what_stands_for_a_value(
    codec: Text, value: Any, text: str, in_form: bool, kept: bool
) -> None:
    assert codec.is_in_form(value, text) is in_form
    assert codec.is_kept(value, text) is kept


def test_what_is_not_there_is_told_where_a_person_decides_by_it() -> None:
    assert (AMOUNT.told(None), DAY.told(None)) == ("", "(no se indicó)")
    assert (AMOUNT.typed(None), DAY.typed(None)) == ("", "")
