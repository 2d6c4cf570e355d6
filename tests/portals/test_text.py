"""What portals show is normalised once, in one place: `pages.contract.text`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.async_api import Page

from pages.contract import text
from pages.core.asking import ask
from pages.core.engines import exactly
from pages.core.scripts import LABELLED
from tests.support.machine import ROOT

ODD = {
    "non-breaking": "Cargo\u00a0fijo",
    "narrow non-breaking": "Cargo\u202ffijo",
    "thin": "Cargo\u2009fijo",
    "tab and line break": "Cargo\t\r\n fijo ",
    "zero-width space": "Car\u200bgo fijo",
    "zero-width joiner": "Cargo \u200dfijo",
    "direction mark": "\u200eCargo fijo\u200f",
    "embedded direction": "\u202aCargo fijo\u202c",
    "isolated direction": "\u2068Cargo fijo\u2069",
    "word joiner": "Cargo\u2060 fijo",
    "byte order mark": "\ufeffCargo fijo",
    "soft hyphen": "Car\u00adgo fijo",
}


@pytest.mark.parametrize("shown", ODD.values(), ids=ODD.keys())
def test_what_is_not_seen_is_not_there(shown: str) -> None:
    assert text.clean(shown) == "Cargo fijo"
    assert exactly("Cargo fijo").match(shown)


def test_accents_are_kept_where_it_is_read_and_fold_where_it_is_compared() -> None:
    decomposed = "Min\u0303era A\u0301ndu"
    assert text.clean(decomposed) == "Miñera Ándu"
    assert text.folded("  RAZÓN\u00a0Social (*) : ".replace(" (*)", "")) == "razon social"
    assert text.same("Sí", "si\u200b") and not text.same("Sí", "Si no")


def test_a_label_ends_before_its_colon_or_mark() -> None:
    for label in ("RUC", "RUC:", "RUC :", "RUC\u00a0:", "RUC *", "ruc:\u200b"):
        assert text.folded(label) == "ruc"


#: what stands at the edge of what is folded, and any letters and spaces
_EDGES = "°ºªNn:* \u00a0\u202f\t\u200b\u00ad\ufeff\u2066\ufe0f\u0303\u0301ñÑáÜİßçﬁ½Ⅳ+_()-/.,"
_SHOWN = st.text(st.one_of(st.sampled_from(_EDGES), st.characters(exclude_categories=["C", "M"])))


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(_SHOWN, min_size=200, max_size=200))
def test_a_page_folds_as_we_do(
    page: Page, run: Callable[[Awaitable[Any]], Any], shown: list[str]
) -> None:
    both = "({ plain }, _, shown) => shown.map((text) => [plain.clean(text), plain.folded(text)])"
    told = run(ask(page, both, shown))
    assert [[unicodedata.normalize("NFC", clean), folded] for clean, folded in told] == [
        [text.clean(one), text.folded(one)] for one in shown
    ]


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ("S/ 1,234.50", "1234.50"),
        ("S/.1,234.50", "1234.50"),
        ("s/\u00a01,039.9", "1039.90"),
        ("S/ 1,234,567.00", "1234567.00"),
        ("\u200b59.90 ", "59.90"),
        ("0", "0.00"),
    ],
)
def test_amounts(shown: str, value: str) -> None:
    assert text.amount(shown) == Decimal(value)


@pytest.mark.parametrize(
    "shown",
    ["", "S/", "1.234,50", "12,34.50", "59,9O", "-5.00", "S/ 1 234.50", "1.234", "US$ 5", "٥٩"],
)
def test_what_is_no_amount_is_not_guessed_at(shown: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        text.amount(shown)


def test_days() -> None:
    assert text.day("03/08/2026") == date(2026, 8, 3), "the day comes first"
    assert text.day(" 13/08/2026\u00a009:00:00") == date(2026, 8, 13)
    for shown in ("", "2026-08-03", "08/13/2026", "3 de agosto"):
        with pytest.raises(ValueError, match="does not match"):
            text.day(shown)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_amounts_are_read_as_they_are_typed(value: Decimal) -> None:
    assert text.amount(text.as_amount(value)) == value


@given(st.dates(min_value=date(1900, 1, 1)))
def test_days_are_read_as_they_are_typed(value: date) -> None:
    assert text.day(text.as_day(value)) == value


def places_of(pattern: str, folder: str = "pages") -> set[str]:
    found: Callable[[str], object] = re.compile(pattern).search
    return {
        path.relative_to(ROOT).as_posix()
        for kind in ("py", "js")
        for path in (ROOT / folder).rglob(f"*.{kind}")
        if found(path.read_text(encoding="utf-8"))
    }


def test_the_invisible_characters_stand_in_one_place() -> None:
    assert places_of(r"(?i)\\u(200b|00ad|feff|2060)") == {"pages/contract/text.py"}
    assert text.INVISIBLE in LABELLED
