"""How people write amounts and days into the portals' forms, and how these show them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

NBSP = "\u00a0"
_AMOUNT = re.compile(r"(?:S/\.?\s*)?(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?")


def amount(text: str) -> str | None:
    """``S/ 1,039.9`` as ``1039.90``; None where it is no amount."""
    found = _AMOUNT.fullmatch(text)
    return None if found is None else f"{Decimal(found[1].replace(',', '') + (found[2] or '')):.2f}"


def soles(text: str, space: str = " ") -> str:
    """An amount as it is shown; what is none stays as it is."""
    held = amount(text)
    return text if held is None else f"S/{space}{Decimal(held):,.2f}"


def day(text: str) -> date | None:
    """``DD/MM/YYYY``; None where it is no day."""
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007
    except ValueError:
        return None
