"""Peruvian identifiers, money and dates, as text.

Every parser takes what a person typed and returns the one normal form, or raises ValueError with a
Spanish sentence that says what is expected and never repeats the value: it may be personal data.
Pure: standard library only.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from flows.rules.typed_text import tidy

CENT = Decimal("0.01")

RUC_EXPECTED = (
    "se espera un RUC de 11 dígitos que empiece con 10, 15, 16, 17 o 20 y tenga el dígito "
    "verificador correcto"
)
DNI_EXPECTED = "se espera un DNI de 8 dígitos"
SEC_EXPECTED = "se espera un número de SEC de solo dígitos (20 como máximo)"
MOBILE_EXPECTED = "se espera un número móvil de 9 dígitos que empiece con 9"
LINES_EXPECTED = (
    "se esperan uno o más números móviles de 9 dígitos que empiecen con 9, separados por coma, "
    "punto y coma, espacio o salto de línea"
)
MONEY_EXPECTED = (
    "se espera un importe en soles mayor que 0 y con dos decimales como máximo, por ejemplo "
    "S/ 1,039.90"
)
DATE_EXPECTED = "se espera una fecha que exista, escrita DD/MM/AAAA"

RUC_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)

# Comma for thousands and point for decimals, as Peru writes them. A comma before exactly two final
# digits can only be a decimal one ("39,90"); "1.039" or "1.039,90" is left to whoever typed it.
AMOUNT = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,9})(?:\.[0-9]{1,2})?|[0-9]{1,9},[0-9]{2}"

_RUC = re.compile(r"(?:10|15|16|17|20)[0-9]{9}")
_DNI = re.compile(r"[0-9]{8}")
_SEC = re.compile(r"[0-9]{1,20}")
_MOBILE = re.compile(r"9[0-9]{8}")
_MONEY = re.compile(rf"(?:(?:s/\.?|pen)\s*)?({AMOUNT})(?:\s*(?:soles|pen))?", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/((?:19|20)[0-9]{2})")


def parse_ruc(text: str) -> str:
    """The 11 digits, check digit included."""
    ruc = tidy(text)
    if not _RUC.fullmatch(ruc):
        raise ValueError(RUC_EXPECTED)
    total = sum(weight * int(digit) for weight, digit in zip(RUC_WEIGHTS, ruc[:10], strict=True))
    if (11 - total % 11) % 10 != int(ruc[10]):  # 10 stands for 0 and 11 for 1
        raise ValueError(RUC_EXPECTED)
    return ruc


def parse_dni(text: str) -> str:
    """The 8 digits, leading zeros kept. Padding a DNI that came as a number is the reader's."""
    return _whole(_DNI, text, DNI_EXPECTED)


def parse_sec(text: str) -> str:
    """The digits, leading zeros kept."""
    return _whole(_SEC, text, SEC_EXPECTED)


def parse_mobile(text: str) -> str:
    """The 9 digits."""
    return _whole(_MOBILE, text, MOBILE_EXPECTED)


def parse_lines(text: str) -> tuple[str, ...]:
    """One or more mobile numbers, in their order; one named twice counts once."""
    pieces = re.split(r"[,;\s]+", tidy(text).strip(",; "))
    if not all(_MOBILE.fullmatch(piece) for piece in pieces):
        raise ValueError(LINES_EXPECTED)
    return tuple(dict.fromkeys(pieces))


def parse_money(text: str) -> Decimal:
    """Soles over zero, with two decimals: ``S/ 1,039.90``, ``S/.39.9``, ``1039.90``, ``39,90``."""
    found = _MONEY.fullmatch(tidy(text))
    amount = to_amount(found[1]) if found else None
    if not amount:
        raise ValueError(MONEY_EXPECTED)
    return amount


def parse_date(text: str) -> date:
    """DD/MM/YYYY; a day or month of one digit is taken, a year of two is not."""
    found = _DATE.fullmatch(tidy(text))
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise ValueError(DATE_EXPECTED)


def format_money(amount: Decimal) -> str:
    """``S/ 1,039.90``; rounds half up to the céntimo."""
    return f"S/ {round_cents(amount):,}"


def format_date(day: date) -> str:
    """``DD/MM/YYYY``."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def round_cents(amount: Decimal) -> Decimal:
    """Half up to the céntimo: two charges are equal when they agree so rounded."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def to_amount(written: str) -> Decimal:
    """The number that a text of the form ``AMOUNT`` writes, with two decimals."""
    head, comma, tail = written.rpartition(",")
    decimal_comma = comma and len(tail) == 2
    return round_cents(Decimal(f"{head}.{tail}" if decimal_comma else written.replace(",", "")))


def _whole(pattern: re.Pattern[str], text: str, expected: str) -> str:
    value = tidy(text)
    if not pattern.fullmatch(value):
        raise ValueError(expected)
    return value
