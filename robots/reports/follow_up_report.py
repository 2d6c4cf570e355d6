"""Report of the next bills: the cases that are due, and what of the promised reached a bill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from statistics import fmean

from flows.rules.case import Model, Outcome
from flows.rules.follow_up import FollowUp, Resultado
from flows.rules.scenarios import Escenario
from flows.store.follow_ups import FollowUps
from flows.store.ledger import Ledger


class Follower(Model):
    """A case that was made of a misaligned bill; ``outcome`` is None while it has not ended."""

    reference: str
    lineas: tuple[str, ...]
    outcome: Outcome | None

    @property
    def told(self) -> str:
        outcome = self.outcome
        if outcome is None:
            return f"Su caso es el {self.reference}, en curso."
        number = f", incidencia {outcome.request_number}" if outcome.request_number else ""
        motivo = f" ({outcome.motivo})" if outcome.motivo else ""
        return f"Su caso es el {self.reference}{number}: {outcome.estado}{motivo}."


class FollowUpRow(Model):
    """One case with what its bills say; ``followers`` are the cases that came of them."""

    found: FollowUp
    followers: tuple[Follower, ...] = ()

    @property
    def detail(self) -> str:
        return " ".join(filter(None, (self.found.detail, *(f.told for f in self.followers))))


class Promise(Model):
    """What became of what was promised, over some cases, in soles a month: ``requested`` of it in
    requests, and of that ``confirmed`` on a bill or still ``owed``; ``days`` from the request to
    the first right bill, on average, None where none is right."""

    name: str
    cases: int
    promised: Decimal
    requested: Decimal
    confirmed: Decimal
    owed: Decimal
    days: float | None


class FollowUpReport(Model):
    """The cases that are due on a day, by reference; ``unread`` tells that something could not be
    read."""

    today: date
    rows: tuple[FollowUpRow, ...]
    unread: bool = False

    @property
    def by_result(self) -> dict[str, int]:
        """In the order of the results; those that no case has are left out."""
        counts = Counter(row.found.resultado for row in self.rows)
        return {resultado.value: counts[resultado] for resultado in Resultado if counts[resultado]}

    @property
    def could_not_read(self) -> bool:
        return self.unread or any(
            row.found.unread or row.found.resultado is Resultado.SIN_LEER for row in self.rows
        )

    @cached_property
    def total(self) -> Promise:
        return self._promise("Total", self.rows)

    @cached_property
    def by_escenario(self) -> tuple[Promise, ...]:
        rows = {
            escenario: [row for row in self.rows if row.found.escenario is escenario]
            for escenario in Escenario
        }
        return tuple(self._promise(e.nombre, own) for e, own in rows.items() if own)

    def _promise(self, name: str, rows: Iterable[FollowUpRow]) -> Promise:
        """A line that has a case of its own by now is counted there, and not twice."""
        rows = list(rows)
        followed = {row.found.reference for row in self.rows}
        promised = requested = confirmed = Decimal("0.00")
        for row in rows:
            handed_on = {
                linea for f in row.followers if f.reference in followed for linea in f.lineas
            }
            lines = row.found.lineas
            own = [line for line in lines if line.linea not in handed_on]
            gone = sum((line.importe for line in lines if line.linea in handed_on), Decimal(0))
            promised += row.found.prometido - gone
            requested += sum((line.importe for line in own), Decimal(0))
            confirmed += sum(
                (line.importe for line in own if line.resultado is Resultado.CONFIRMADO),
                Decimal(0),
            )
        days = [row.found.days(self.today) for row in rows if row.found.confirmado]
        return Promise(
            name=name,
            cases=len(rows),
            promised=promised,
            requested=requested,
            confirmed=confirmed,
            owed=requested - confirmed,
            days=fmean(days) if days else None,
        )


def compose_follow_up(
    ledger: Ledger, today: date, references: Iterable[str] | None = None, *, unread: bool = False
) -> FollowUpReport:
    """Compose it as the record stands now, of these cases or of all that were looked at."""
    store = FollowUps(ledger.engine)
    known = store.all() if references is None else store.of(references).values()
    followers = _followers(ledger)
    rows = [
        FollowUpRow(found=found, followers=followers.get(found.reference, ()))
        for found in known
        if found.is_due(today)
    ]
    rows.sort(key=lambda row: row.found.reference)
    return FollowUpReport(today=today, rows=tuple(rows), unread=unread)


def _followers(ledger: Ledger) -> Mapping[str, tuple[Follower, ...]]:
    found: dict[str, tuple[Follower, ...]] = {}
    for attempt in sorted(ledger.newest_that_follow(), key=lambda a: a.reference):
        case = attempt.case
        one = Follower(reference=attempt.reference, lineas=case.lineas, outcome=attempt.outcome)
        found[case.seguimiento_de] = (*found.get(case.seguimiento_de, ()), one)
    return found
