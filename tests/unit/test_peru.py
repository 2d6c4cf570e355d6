from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rules import peru
from flows.rules.typed_text import fold, tidy

ALL_PARSERS = [
    peru.parse_ruc,
    peru.parse_dni,
    peru.parse_sec,
    peru.parse_mobile,
    peru.parse_lines,
    peru.parse_money,
    peru.parse_date,
]
DIGITS = st.text("0123456789", min_size=1, max_size=12)


def check_digit_holds(ruc: str) -> bool:
    """The same law said another way: with what its digit stands for, at weight 1, the sum is a
    multiple of 11."""
    total = sum(int(d) * w for d, w in zip(ruc[:10], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2], strict=True))
    stands_for = {"0": (10,), "1": (1, 11)}.get(ruc[10], (int(ruc[10]),))
    return any((total + digit) % 11 == 0 for digit in stands_for)


@pytest.mark.parametrize("ruc", ["20100017491", "20131312955", "20467534026", " 20100017491\u00a0"])
def test_known_rucs(ruc: str) -> None:
    assert peru.parse_ruc(ruc) == ruc.strip()


@given(
    st.sampled_from(["10", "15", "16", "17", "20"]), st.text("0123456789", min_size=8, max_size=8)
)
def test_each_ruc_body_has_one_check_digit(prefix: str, body: str) -> None:
    valid = []
    for digit in "0123456789":
        try:
            valid.append(peru.parse_ruc(prefix + body + digit))
        except ValueError:
            continue
    assert len(valid) == 1
    assert check_digit_holds(valid[0])


@pytest.mark.parametrize(
    "text",
    ["", "2010001749", "201000174911", "20100017492", "30100017490", "2.01E+10", "٢٠١٠٠٠١٧٤٩١"],
)
def test_ruc_refused(text: str) -> None:
    with pytest.raises(ValueError, match="RUC de 11 dígitos"):
        peru.parse_ruc(text)


@given(st.text("0123456789", min_size=8, max_size=8))
def test_dni_keeps_leading_zeros(dni: str) -> None:
    assert peru.parse_dni(f" {dni} ") == dni


@given(DIGITS.filter(lambda d: len(d) != 8))
def test_dni_of_another_length_is_refused(dni: str) -> None:
    with pytest.raises(ValueError, match="8 dígitos"):
        peru.parse_dni(dni)


@given(st.text("0123456789", min_size=1, max_size=20))
def test_sec_keeps_leading_zeros(sec: str) -> None:
    assert peru.parse_sec(sec) == sec


@given(
    st.lists(
        st.text("0123456789", min_size=8, max_size=8).map("9".__add__), min_size=1, unique=True
    ),
    st.sampled_from([",", ";", " ", "\n", "\r\n", ", ", " ; ", "\u00a0", ",\n"]),
)
def test_lines_in_their_order(lines: list[str], separator: str) -> None:
    assert peru.parse_lines(separator.join(lines) + separator) == tuple(lines)


def test_a_line_named_twice_counts_once() -> None:
    assert peru.parse_lines("987654321, 912345678; 987654321") == ("987654321", "912345678")


@pytest.mark.parametrize(
    "text", ["", ",", "887654321", "98765432", "987 654 321", "987654321/912345678", "9.87E+08"]
)
def test_lines_refused(text: str) -> None:
    with pytest.raises(ValueError, match="números móviles"):
        peru.parse_lines(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("S/ 1,039.90", "1039.90"),
        ("S/.1,039.90", "1039.90"),
        ("S/\u00a01,039.90", "1039.90"),
        ("s/39.9", "39.90"),
        ("1039.9", "1039.90"),
        ("1,039", "1039.00"),
        ("1,234,567.80", "1234567.80"),
        ("PEN 39.90", "39.90"),
        ("39.90 soles", "39.90"),
        ("39,90", "39.90"),
        ("39", "39.00"),
        ("0.01", "0.01"),
    ],
)
def test_money(text: str, amount: str) -> None:
    read = peru.parse_money(text)
    assert str(read) == amount


@pytest.mark.parametrize(
    "text",
    [
        *("", "S/", "0", "S/ 0.00", "-39.90", "S/ -39.90", "1.039", "1.039,90", "39.905"),
        *("12,3456", "1e3", "39.90 39.90", "US$ 39.90", "39.90 + IGV", "9" * 40, "treinta"),
    ],
)
def test_money_refused(text: str) -> None:
    with pytest.raises(ValueError, match="importe en soles"):
        peru.parse_money(text)


AMOUNTS = st.decimals(min_value="0.01", max_value="9999999.99", places=2)


@given(AMOUNTS)
def test_money_written_is_money_read(amount: Decimal) -> None:
    assert peru.parse_money(peru.format_money(amount)) == amount


def test_money_is_rounded_half_up() -> None:
    assert peru.format_money(Decimal("39.905")) == "S/ 39.91"
    assert peru.format_money(Decimal("39.915")) == "S/ 39.92"
    assert peru.format_money(Decimal("1039.9")) == "S/ 1,039.90"


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_date_written_is_date_read(day: date) -> None:
    assert peru.parse_date(peru.format_date(day)) == day
    assert peru.parse_date(f"{day.day}/{day.month}/{day.year}") == day


@pytest.mark.parametrize(
    "text",
    ["", "31/02/2026", "12/13/2026", "2026-11-20", "20/11/26", "20-11-2026", "46000", "1/1/0206"],
)
def test_date_refused(text: str) -> None:
    with pytest.raises(ValueError, match="DD/MM/AAAA"):
        peru.parse_date(text)


@given(st.text(max_size=30))
def test_an_error_is_spanish_and_the_same_for_every_value(text: str) -> None:
    """A sentence that does not change with the value cannot repeat it."""
    for parse in ALL_PARSERS:
        told = set()
        for value in (text, f"{text}?{text}", "zzz"):
            try:
                parse(value)
            except ValueError as error:
                assert str(error).startswith(("se espera ", "se esperan "))
                assert error.__cause__ is None
                told.add(str(error))
        assert len(told) == 1


def test_the_value_is_not_in_the_error() -> None:
    for parse in ALL_PARSERS:
        with pytest.raises(ValueError, match=r"^se espera") as caught:
            parse("dato-4071-privado")
        assert "4071" not in str(caught.value)


@given(st.text())
def test_clean_and_fold_settle(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert fold(fold(text)) == fold(text)


def test_fold_says_the_same_of_the_same() -> None:
    assert fold("  RENOVACIÓN\u00a0de\u200b  plan ") == fold("renovacion de plan")
