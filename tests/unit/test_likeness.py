"""How like what is looked for something is: renamed is found, a look-alike of what is gone is not
taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.contract.text import amount, day
from pages.core.likeness import SeenElement, Wanted, candidates, label_likeness, sure

BEFORE, AFTER = SeenElement("value", "Segmento", 3), SeenElement("value", "Estado", 9)


def seen(*names: str, value: str | None = None) -> list[SeenElement]:
    return [SeenElement("value", name, 4 + at, value) for at, name in enumerate(names)]


@pytest.mark.parametrize(
    ("name", "now"),
    [
        ("N° de SEC", "Número de SEC"),
        ("N° de SEC", "Nro. SEC"),
        ("Líneas", "Línea"),
        ("RUC", "R.U.C."),
        ("Fecha de evaluación", "Fec. evaluación"),
        ("Fecha de evaluación", "FECHA EVALUACION"),
        ("Cargo fijo de lista", "Cargo fijo lista"),
        ("RazonSocial", "Razón social"),
    ],
)
def test_another_spelling_of_the_same_words_is_taken(name: str, now: str) -> None:
    others = seen("Campaña", now, "Plan tarifario")
    found = candidates(Wanted(name, BEFORE, AFTER), others)
    first = sure(found, 0.9)
    assert first is not None and first.name == now


@pytest.mark.parametrize(
    ("name", "now"),
    [
        ("Tipo de operación", "Operación"),
        ("Campaña", "Campaña comercial"),
        ("Cargo fijo de lista", "Cargo fijo (S/)"),
        ("Plan tarifario", "Plan contratado"),
        ("Guardar", "Grabar"),
        ("Buscar un elemento", "Consultar un elemento"),
    ],
)
def test_other_words_come_first_and_are_left_to_a_person(name: str, now: str) -> None:
    found = candidates(Wanted(name, BEFORE, AFTER), seen("Vendedor", now, "Observaciones"))
    assert found[0].name == now
    assert sure(found, 0.9) is None


@pytest.mark.parametrize(
    ("gone", "beside"),
    [
        ("Creado por", "Creado el"),
        ("Creado por", "Creado"),
        ("Creado (por)", "Creado (el)"),
        ("Cargo fijo de lista", "Cargo fijo promocional"),
        ("Cargo fijo de lista", "Cargo fijo"),
        ("RUC", "RUC del vendedor"),
        ("N° de caso", "N° de SEC"),
        ("Fecha de evaluación", "Fecha de activación"),
        ("Estado del caso", "Estado de la línea"),
        ("Categoría de producto N2", "Categoría de producto N3"),
    ],
)
def test_a_look_alike_of_what_is_gone_is_never_taken(gone: str, beside: str) -> None:
    assert sure(candidates(Wanted(gone, BEFORE, AFTER), seen(beside)), 0.9) is None


def test_a_value_that_cannot_be_read_makes_it_another_thing() -> None:
    for reads, right, wrong in ((amount, "S/ 39.90", "Postpago"), (day, "03/11/2026", "39.90")):
        wanted = Wanted("Importe", BEFORE, AFTER, reads=reads)
        (one,) = candidates(wanted, seen("Importes", value=right))
        (other,) = candidates(wanted, seen("Importes", value=wrong))
        assert one.score > 0.9 > 0.5 > other.score
        assert "muestra un valor" in one.why and "no es de esa clase" in other.why


def test_two_that_are_alike_are_left_to_a_person() -> None:
    found = candidates(Wanted("Fecha", BEFORE, AFTER), seen("Fechas", "FECHA:"))
    assert found[0].score > 0.9 and sure(found, 0.9) is None


def test_the_place_between_its_neighbours_counts_and_is_told() -> None:
    here, there = SeenElement("value", "Importe", 5), SeenElement("value", "Importe", 12)
    found = candidates(Wanted("Importe", BEFORE, AFTER), [there, here])
    assert found[0].score > found[1].score
    assert found[0].why == "comparte «importe»; está entre «Segmento» y «Estado»"
    assert "está en otro lugar" in found[1].why


def test_a_table_is_known_by_its_columns_too() -> None:
    wanted = Wanted("Casos encontrados", columns=("N° caso", "Referencia", "SEC"))
    right = SeenElement("table", "Resultados", 8, columns=("N° CASO", "Referencia", "SEC", "Cola"))
    wrong = SeenElement("table", "Casos encontrados antes", 2, columns=("Usuario",))
    found = candidates(wanted, [wrong, right])
    assert found[0].name == "Resultados" and "tiene 3 de sus 3 columnas" in found[0].why


words = st.text(alphabet="abcdeñáó nº.:", min_size=1, max_size=20)


@given(words, words)
def test_likeness_is_between_nothing_and_all(one: str, other: str) -> None:
    score, _ = label_likeness(one, other)
    assert 0 <= score <= 1
    assert label_likeness(one, one)[0] in (0.0, 1.0)
    assert label_likeness(one, one.upper())[0] == label_likeness(one, one)[0]
