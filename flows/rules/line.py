"""One line against the charge that was offered: the questions that the decision table asks. Pure.

Only what came with or after the sale counts: history dated on or after the SEC's date, invoices of
its month or later.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property

from flows.rules.peru import format_date, format_money, round_cents
from flows.rules.typed_text import fold, tidy
from pages.contract.siac import HistoryEntry, Invoice, LineRecord

REGULARIZACION = "Regularización de cargo fijo"
OPERACIONES_POSTVENTA = (
    "Cambio de plan",
    "Renovación",
    "Migración",
    "Cambio de titularidad",
    "Reposición",
    "Suspensión",
)


def place_of(part: str, numero: str) -> str:
    """Where a fact about a line was read: its *datos*, *facturas* or *historial*."""
    return f"SIAC Único, {part} de la línea {numero}"


class Line:
    """``offered`` is in soles, to the céntimo; ``sec_date`` is the sale's."""

    def __init__(self, record: LineRecord, sec_date: date, offered: Decimal) -> None:
        self.numero = record.numero
        self.cargo = round_cents(record.cargo)
        self.offered = offered
        self._record = record
        self._sec_date = sec_date

    @cached_property
    def history(self) -> tuple[HistoryEntry, ...]:
        """What counts of it, oldest first."""
        counted = (e for e in self._record.historial if e.fecha >= self._sec_date)
        return tuple(sorted(counted, key=lambda e: (e.fecha, fold(e.tipo))))

    @cached_property
    def invoices(self) -> tuple[Invoice, ...]:
        """What counts of them, oldest first."""
        counted = (i for i in self._record.facturas if i.periodo >= period_of(self._sec_date))
        return tuple(sorted(counted, key=lambda i: (i.periodo, i.cargo)))

    @property
    def newest_invoice(self) -> Invoice | None:
        """Of two in one month, the dearer."""
        return self.invoices[-1] if self.invoices else None

    @property
    def is_at_offered(self) -> bool:
        newest = self.newest_invoice
        return self.cargo == self.offered and (newest is None or self.pays_offered(newest))

    @cached_property
    def regularized(self) -> HistoryEntry | None:
        """The newest regularisation."""
        entries = [e for e in self.history if fold(e.tipo) == fold(REGULARIZACION)]
        return entries[-1] if entries else None

    @cached_property
    def later_invoices(self) -> tuple[Invoice, ...]:
        """Those of a month after the regularisation's."""
        if self.regularized is None:
            return ()
        month = period_of(self.regularized.fecha)
        return tuple(invoice for invoice in self.invoices if invoice.periodo > month)

    @property
    def is_under_way(self) -> bool:
        """Regularised, and the next bill will tell."""
        return self.regularized is not None and not self.later_invoices

    @property
    def misaligned_invoices(self) -> tuple[Invoice, ...]:
        return tuple(i for i in self.later_invoices if not self.pays_offered(i))

    @property
    def shows_offered(self) -> bool:
        """The current charge or an invoice is the offered one."""
        return self.cargo == self.offered or any(map(self.pays_offered, self.invoices))

    @cached_property
    def lost_benefit(self) -> tuple[Invoice, HistoryEntry] | None:
        """An invoice at the offered charge and a post-sale operation from that month on; of
        several, the newest operation and the last such invoice before it."""
        kinds = {fold(tipo) for tipo in OPERACIONES_POSTVENTA}
        for entry in reversed(self.history):
            if fold(entry.tipo) in kinds and entry.fecha > self._sec_date:
                for invoice in reversed(self.invoices):
                    if self.pays_offered(invoice) and invoice.periodo <= period_of(entry.fecha):
                        return invoice, entry
        return None

    @property
    def excess(self) -> Decimal:
        """Soles a month paid over the offer: by the newest invoice where that one is above it, by
        the current charge otherwise; never under zero."""
        newest = self.newest_invoice
        billed = round_cents(newest.cargo) if newest else Decimal(0)
        paid = billed if billed > self.offered else self.cargo
        return max(paid - self.offered, Decimal("0.00"))

    def tell_charge(self) -> str:
        newest = self.newest_invoice
        billed = f" y su última factura ({told_invoice(newest)})" if newest else ""
        return (
            f"Línea {self.numero}: su cargo actual es {format_money(self.cargo)}{billed}, frente a "
            f"{format_money(self.offered)} ofrecido."
        )

    def tell_at_offered(self) -> str:
        newest = self.newest_invoice
        billed = f" y su última factura ({told_invoice(newest)}) también" if newest else ""
        return (
            f"Línea {self.numero}: su cargo actual ya es el ofrecido, "
            f"{format_money(self.offered)}{billed}."
        )

    def tell_under_way(self) -> str:
        return (
            f"Línea {self.numero}: se regularizó el {self._regularized_on()} y aún no tiene "
            "factura de un periodo posterior; la próxima factura lo dirá."
        )

    def tell_misaligned(self) -> str:
        billed = ", ".join(map(told_invoice, self.misaligned_invoices))
        return (
            f"Línea {self.numero}: se regularizó el {self._regularized_on()} y después se facturó "
            f"{billed}, frente a {format_money(self.offered)} ofrecido."
        )

    def tell_lost_benefit(self) -> str:
        assert self.lost_benefit is not None
        invoice, entry = self.lost_benefit
        return (
            f"Línea {self.numero}: se facturó al cargo ofrecido ({told_invoice(invoice)}) y lo "
            f"perdió con la operación de postventa «{tidy(entry.tipo)}» del "
            f"{format_date(entry.fecha)}."
        )

    def facts(self) -> list[tuple[str, str, str]]:
        """Name, value and source of what is known of the line."""
        data, bills, events = (
            place_of(part, self.numero) for part in ("datos", "facturas", "historial")
        )
        facts = [
            (f"Estado de la línea {self.numero}", tidy(self._record.estado), data),
            (f"Plan de la línea {self.numero}", tidy(self._record.plan), data),
            (f"Cargo actual de la línea {self.numero}", format_money(self.cargo), data),
        ]
        facts += [(f"Factura {i.periodo}", format_money(i.cargo), bills) for i in self.invoices]
        facts += [(tidy(e.tipo), format_date(e.fecha), events) for e in self.history]
        return facts

    def pays_offered(self, invoice: Invoice) -> bool:
        return round_cents(invoice.cargo) == self.offered

    def _regularized_on(self) -> str:
        assert self.regularized is not None
        return format_date(self.regularized.fecha)


def period_of(day: date) -> str:
    """The month as invoices have it."""
    return f"{day.year:04}-{day.month:02}"


def told_invoice(invoice: Invoice) -> str:
    """Its month and charge, for people."""
    year, _, month = invoice.periodo.partition("-")
    return f"{month}/{year}, {format_money(invoice.cargo)}"
