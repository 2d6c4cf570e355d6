"""What a decision knew, read back from the facts that it lists. Pure.

The facts are all that is kept of what the portals showed when a case was decided, whichever version
of the robot decided it; `flows.rules.seen` and `flows.rules.line` write them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.rules.case import Case, Decision, Fact
from flows.rules.line import Line, place_of
from flows.rules.peru import parse_date, round_cents, to_amount
from flows.rules.seen import SISACT
from pages.contract.siac import HistoryEntry, Invoice, LineRecord

_INVOICE = "Factura "


@dataclass(frozen=True)
class Known:
    """``lineas`` are those of the client's that the case named, as far as a decision lists them:
    what counted of their history and invoices."""

    sec_date: date
    listed: Decimal
    offered: Decimal
    lineas: dict[str, LineRecord]

    def excess(self, linea: str) -> Decimal:
        """Soles a month that the line paid over the offer."""
        return Line(self.lineas[linea], self.sec_date, self.offered).excess

    @property
    def discount(self) -> Decimal:
        """Soles a month that the offer takes off the list charge; never under zero."""
        return max(self.listed - self.offered, Decimal("0.00"))


def known_of(case: Case, decision: Decision) -> Known:
    """What this decision about this case knew; it must have come as far as SIAC Único."""
    facts = decision.facts
    return Known(
        sec_date=parse_date(_value(facts, "Fecha de la SEC", SISACT)),
        listed=_amount(_value(facts, "Cargo de lista", SISACT)),
        offered=round_cents(case.cargo_fijo_ofrecido),
        lineas={linea: _line(facts, linea) for linea in case.lineas},
    )


def _line(facts: tuple[Fact, ...], numero: str) -> LineRecord:
    data, bills, events = (place_of(part, numero) for part in ("datos", "facturas", "historial"))
    return LineRecord(
        numero=numero,
        plan=_value(facts, f"Plan de la línea {numero}", data),
        cargo=_amount(_value(facts, f"Cargo actual de la línea {numero}", data)),
        estado=_value(facts, f"Estado de la línea {numero}", data),
        historial=tuple(
            HistoryEntry(fecha=parse_date(fact.value), tipo=fact.name)
            for fact in _read_at(facts, events)
        ),
        facturas=tuple(
            Invoice(periodo=fact.name.removeprefix(_INVOICE), cargo=_amount(fact.value))
            for fact in _read_at(facts, bills)
        ),
    )


def _read_at(facts: tuple[Fact, ...], source: str) -> Iterator[Fact]:
    return (fact for fact in facts if fact.source == source)


def _value(facts: tuple[Fact, ...], name: str, source: str) -> str:
    return next(fact.value for fact in _read_at(facts, source) if fact.name == name)


def _amount(text: str) -> Decimal:
    """As `format_money` writes it, zero too."""
    return to_amount(text.removeprefix("S/ "))
