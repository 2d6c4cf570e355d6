"""What every record read from a portal has in common."""

from collections.abc import Mapping
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from pages.contract.text import amount, clean


class Record(BaseModel):
    """A typed reading of a page: text normalised, amounts as Decimal, dates as date."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def altered(typed: Mapping[str, str | Decimal], kept: Mapping[str, str]) -> tuple[str, ...]:
    """The names of what a portal keeps otherwise than it was typed: another text, or another
    amount, however it writes it."""
    return tuple(name for name, value in typed.items() if not _same(value, kept.get(name, "")))


def _same(typed: str | Decimal, kept: str) -> bool:
    if isinstance(typed, str):
        return clean(typed) == clean(kept)
    try:
        return amount(kept) == typed
    except ValueError:
        return False
