"""Builds the demo's world: customers, sales, lines with their past, and what people filed by hand.

The shape is the one that the mock portals take: amounts as decimal strings, dates ISO.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flows.rules.peru import RUC_WEIGHTS

TODAY = "2026-11-20"
LAST_PERIOD = "2026-10"
QUEUE = "Variaciones Corporativas"

Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """A plan and its list charge, in soles."""

    name: str
    charge: str


@dataclass(frozen=True)
class Sale:
    """What a line's past is measured against: the SEC's day, the list and the offered charge."""

    day: str
    listed: str
    offered: str

    @property
    def first_period(self) -> str:
        return next_period(self.day[:7])


@dataclass(frozen=True)
class Past:
    """What became of a line after its sale."""

    charge: str
    invoices: list[Json]
    history: list[Json] = field(default_factory=list)
    status: str = "Activa"
    plan: str = ""


#: A kind of past: given the sale, what became of the line.
Story = Callable[[Sale], Past]


def never_applied(*, status: str = "Activa", plan: str = "") -> Story:
    """Billed at the list charge from the start."""
    return lambda sale: Past(
        sale.listed, months(sale.first_period, LAST_PERIOD, sale.listed), status=status, plan=plan
    )


def applied(sale: Sale) -> Past:
    """Billed at the offered charge from the start."""
    return Past(sale.offered, months(sale.first_period, LAST_PERIOD, sale.offered))


def regularised(*days: str, listed: bool = False) -> Story:
    """Put right on ``days``, and each later invoice at the list charge all the same.

    ``listed`` says that the line itself is back at the list charge too.
    """

    def past(sale: Sale) -> Past:
        now = sale.listed if listed else sale.offered
        fixes = [
            entry(day, "Regularización de cargo fijo", "Ajuste del cargo fijo") for day in days
        ]
        return Past(now, months(sale.first_period, LAST_PERIOD, sale.listed), fixes)

    return past


def lost(*operations: tuple[str, str, str]) -> Story:
    """Billed at the offered charge until the last of the operations (day, kind, detail)."""

    def past(sale: Sale) -> Past:
        end = operations[-1][0][:7]
        before = months(sale.first_period, previous_period(end), sale.offered)
        after = months(end, LAST_PERIOD, sale.listed)
        return Past(sale.listed, before + after, [entry(*operation) for operation in operations])

    return past


class DemoWorld:
    """Gathers the world; numbers are handed out in order, so the same calls give the same world."""

    def __init__(self) -> None:
        self.customers: list[Json] = []
        self.secs: list[Json] = []
        self.lines: list[Json] = []
        self.cases: list[Json] = []
        self.activaciones: list[Json] = []
        self.operador: list[Json] = []
        self.incidents: list[Json] = []
        self._line_numbers = (f"9{(n * 7_368_787 + 40_513_276) % 10**8:08}" for n in count())

    def customer(
        self,
        serial: int,
        name: str,
        segment: str,
        executive: Json | None,
        contacts: Sequence[tuple[str, str, str]],
        *,
        portfolio: bool = True,
    ) -> Json:
        customer = {
            "ruc": demo_ruc(serial),
            "business_name": name,
            "segment": segment,
            "portfolio": portfolio,
            "executive": executive,
            "contacts": [{"dni": d, "name": n, "email": e} for d, n, e in contacts],
        }
        self.customers.append(customer)
        return customer

    def line(self, ruc: str, plan: str, sale: Sale, story: Story, origin: Json) -> str:
        """One line with its past; ``origin`` is the history entry of the sale itself."""
        past = story(sale)
        number = next(self._line_numbers)
        history = sorted([origin, *past.history], key=lambda item: item["date"])
        self.lines.append(
            {
                "number": number,
                "ruc": ruc,
                "plan": past.plan or plan,
                "charge": past.charge,
                "status": past.status,
                "history": history,
                "invoices": past.invoices,
            }
        )
        return number

    def number_without_line(self) -> str:
        """A mobile number that no client of this world has."""
        return next(self._line_numbers)

    def sec(self, number: str, ruc: str, operation: str, day: str, plan: Plan, **more: Any) -> None:
        """A SEC; ``more`` are its campaign, description and lines."""
        self.secs.append(
            {
                "number": number,
                "ruc": ruc,
                "operation": operation,
                "date": day,
                "status": "Aprobada",
                "plan": plan.name,
                "list_charge": plan.charge,
                **more,
            }
        )

    def siac_case(self, sec: str, ruc: str, lines: Sequence[str], day: str, **more: Any) -> str:
        """A case registered by an advisor; waits in the queue unless ``more`` says otherwise."""
        number = str(70_001_200 + 7 * len(self.cases))
        self.cases.append(
            {
                "number": number,
                "reference": "",
                "sec": sec,
                "ruc": ruc,
                "lines": list(lines),
                "queue": QUEUE,
                "status": "Registrado",
                "scenario": "",
                "resolution": "",
                "created": day,
                "created_by": "asesor1",
                "history": [
                    {"date": day, "user": "asesor1", "text": f"Caso registrado en la cola {QUEUE}"}
                ],
                **more,
            }
        )
        return number

    def nintex(
        self, library: list[Json], sec: str, ruc: str, lines: Sequence[str], day: str, **more: Any
    ) -> None:
        """A request filed by hand in one of the two libraries."""
        library.append(
            {
                "id": str(101 + 3 * len(library)),
                "reference": "",
                "siac_case": "",
                "scenario": "",
                "sec": sec,
                "ruc": ruc,
                "lines": list(lines),
                "status": "Pendiente",
                "created": day,
                "created_by": "asesor1",
                "attachments": [],
                **more,
            }
        )

    def incident(self, sec: str, ruc: str, lines: Sequence[str], day: str, **more: Any) -> None:
        """A Remedy ticket raised by hand."""
        self.incidents.append(
            {
                "number": f"INC{120 + 3 * len(self.incidents):012}",
                "reference": "",
                "siac_case": "",
                "scenario": "",
                "sec": sec,
                "ruc": ruc,
                "summary": "Desalineación de cargo fijo",
                "lines": list(lines),
                "status": "Asignado",
                "created": day,
                "created_by": "asesor1",
                "attachments": [],
                **more,
            }
        )

    def to_json(self) -> Json:
        return {
            "today": TODAY,
            "customers": self.customers,
            "secs": self.secs,
            "lines": self.lines,
            "siac": {"cases": self.cases},
            "nintex": {"activaciones": self.activaciones, "operador": self.operador},
            "remedy": {"incidents": self.incidents},
        }


def entry(day: str, kind: str, detail: str = "") -> Json:
    return {"date": day, "kind": kind, "detail": detail}


def months(first: str, last: str, charge: str) -> list[Json]:
    """One invoice a month, from and to ``YYYY-MM``, both included."""
    periods: list[Json] = []
    while first <= last:
        periods.append({"period": first, "charge": charge})
        first = next_period(first)
    return periods


def next_period(period: str) -> str:
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // 12}-{month % 12 + 1:02}"


def previous_period(period: str) -> str:
    year, month = int(period[:4]), int(period[5:])
    return f"{year - (month == 1)}-{(month - 2) % 12 + 1:02}"


def demo_ruc(serial: int, prefix: str = "20") -> str:
    """A valid RUC in a range that is given to nobody."""
    head = f"{prefix}99{serial:06}"
    total = sum(weight * int(digit) for weight, digit in zip(RUC_WEIGHTS, head, strict=True))
    return f"{head}{(11 - total % 11) % 10}"
