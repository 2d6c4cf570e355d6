"""Text as portals show it, normalised once: spaces, invisible characters, amounts, dates."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

#: what has no width: joiners, marks of direction, the byte order mark, the soft hyphen; for ``[…]``
INVISIBLE = "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_AMOUNT = re.compile(
    r"(?:S/\.?\s*)?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]{1,2})?", re.IGNORECASE
)


def clean(text: str | None) -> str:
    """Without zero-width characters, every run of spaces (non-breaking too) as one space, and a
    letter with its accent as one character."""
    return unicodedata.normalize("NFC", " ".join(_INVISIBLE.sub("", text or "").split()))


def folded(text: str | None) -> str:
    """For comparing: `clean`, without accents, case, or a colon or asterisk at the end. The sign of
    degrees is read as that of an ordinal number: ``N°`` is ``Nº``."""
    plain = unicodedata.normalize("NFKD", clean(text).replace("°", "º"))
    bare = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    return bare.rstrip(" :*").lower()


def same(one: str | None, other: str | None) -> bool:
    """Whether both say the same to a reader."""
    return folded(one) == folded(other)


def amount(text: str | None) -> Decimal:
    """``S/ 1,234.50`` as Decimal; raises ValueError for anything else."""
    found = _AMOUNT.fullmatch(clean(text))
    if found is None:
        raise ValueError("not an amount")
    return Decimal(found[1].replace(",", "") + (found[2] or "")).quantize(Decimal("0.01"))


def numbers(text: str | None) -> tuple[str, ...]:
    """``987654321, 912345678``, however they are set apart."""
    return tuple(re.findall(r"[^\s,;]+", clean(text)))


def as_amount(value: Decimal) -> str:
    """``1234.5`` as ``1,234.50``, the way amounts are typed into the portals' forms."""
    return f"{value:,.2f}"


def day(text: str | None) -> date:
    """``DD/MM/YYYY``, with or without a time behind it; raises ValueError for anything else."""
    return datetime.strptime(clean(text).split(" ")[0], "%d/%m/%Y").date()  # noqa: DTZ007


def as_day(value: date) -> str:
    return value.strftime("%d/%m/%Y")
