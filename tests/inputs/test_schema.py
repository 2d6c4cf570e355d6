"""Headers as people write them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rules.case import Case
from inputs.schema import BY_FIELD, BY_KEY, COLUMNS, REQUIRED, ListColumn, header_key


def test_columns_are_the_fields_of_a_case() -> None:
    # whose next bill a case comes of, and the queue that it was taken from, the robot says itself
    assert [*BY_FIELD, "seguimiento_de", "cola_de"] == list(Case.model_fields)


def test_required_columns_are_those_of_the_contract() -> None:
    assert {column.header for column in REQUIRED} == {
        "Fecha de solicitud",
        "Canal",
        "N° SEC",
        "RUC",
        "Líneas",
        "Cargo fijo ofrecido",
        "Contacto",
        "DNI del contacto",
        "Correo del cliente",
    }


def test_no_two_headers_can_be_taken_for_one() -> None:
    assert len(BY_KEY) == len(COLUMNS)


@pytest.mark.parametrize(
    "written",
    [
        "N° SEC", "Nº SEC", "Nro. SEC", "NRO SEC", "nro.sec", "N.º SEC", "N.° Sec", "N SEC",
        "No. SEC", "  n°\N{NO-BREAK SPACE}sec ", "N°\nSEC", "N° SEC*", "N°\N{ZERO WIDTH SPACE}SEC:",
    ],
)  # fmt: skip
def test_the_sign_of_a_number_may_be_any(written: str) -> None:
    assert BY_KEY[header_key(written)].field == "sec"


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@given(
    column=st.sampled_from(COLUMNS),
    spelling=st.sampled_from([str, str.upper, str.lower, str.title, str.swapcase]),
    form=st.sampled_from(["NFC", "NFD", "bare"]),
    space=st.sampled_from([" ", "  ", "\N{NO-BREAK SPACE}", "\n", "", " \N{ZERO WIDTH SPACE}"]),
    edge=st.sampled_from(["", " ", "\N{NO-BREAK SPACE}", "*", ":"]),
)
def test_case_accents_and_spaces_do_not_matter(
    column: ListColumn, spelling: object, form: str, space: str, edge: str
) -> None:
    assert callable(spelling)
    header = column.header
    header = without_accents(header) if form == "bare" else unicodedata.normalize(form, header)
    written = edge + spelling(header).replace(" ", space) + edge
    assert BY_KEY.get(header_key(written)) is column


@given(st.text(max_size=30))
def test_any_text_has_a_key_that_is_stable(text: str) -> None:
    key = header_key(text)
    assert header_key(f" {text} ") == key
    assert all(c.isalnum() for c in key)
