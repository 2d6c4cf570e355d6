"""Figures for charts, worked out from the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

from flows.rules.case import Estado, Model
from flows.rules.lima import in_lima
from flows.runtime.history import STEP_NAMES
from flows.store.ledger import Attempt, Ledger, StepRecord
from robots.reports.display_names import IN_PROGRESS, MOTIVO_NAMES, QUEUED, current_status


class ChartData(Model):
    """Data of the charts, each by name, in the order in which it is shown."""

    estados: dict[str, int]
    escenarios: dict[str, int]
    motivos: dict[str, int]
    #: soles a month that clients stop paying too much
    importes: dict[str, Decimal]
    #: mean seconds of a step
    pasos: dict[str, float]
    #: by day, attended and all that ended
    dias: dict[str, tuple[int, int]]


def run_counts(ledger: Ledger, run_id: str) -> dict[str, int]:
    """Count of a run's rows by their status, those without an end first."""
    rows = ledger.rows(run_id)
    latest = ledger.latest([row.reference for row in rows if row.reference])
    counts: Counter[str] = Counter()
    for row in rows:
        if row.reference is None:
            counts[Estado.DATO_INVALIDO.value] += 1
        else:
            counts[current_status(latest.get(row.reference))] += 1
    order = [IN_PROGRESS, QUEUED, *(estado.value for estado in Estado)]
    return {name: counts[name] for name in order if counts[name]}


def chart_data(cases: Iterable[Attempt], steps: Iterable[StepRecord]) -> ChartData:
    estados: Counter[str] = Counter()
    escenarios: Counter[str] = Counter()
    motivos: Counter[str] = Counter()
    importes: defaultdict[str, Decimal] = defaultdict(Decimal)
    days: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for found in cases:
        outcome = found.outcome
        estados[current_status(found)] += 1
        if outcome is None:
            continue
        if outcome.escenario:
            escenarios[outcome.escenario.nombre] += 1
        if outcome.motivo:
            motivos[MOTIVO_NAMES[outcome.motivo]] += 1
        attended = outcome.estado is Estado.ATENDIDO
        if attended and outcome.decision and outcome.escenario:
            importes[outcome.escenario.nombre] += outcome.decision.importe_mensual
        if found.ended:
            day = days[f"{in_lima(found.ended):%Y-%m-%d}"]
            day[0] += attended
            day[1] += 1
    spent: defaultdict[str, list[float]] = defaultdict(list)
    for step in steps:
        spent[step.name].append(step.seconds)
    return ChartData(
        estados=dict(estados.most_common()),
        escenarios=dict(escenarios.most_common()),
        motivos=dict(motivos.most_common(12)),
        importes=dict(importes),
        pasos={
            name: round(sum(spent[key]) / len(spent[key]), 1)
            for key, name in STEP_NAMES.items()
            if key in spent
        },
        dias={day: (counts[0], counts[1]) for day, counts in sorted(days.items())},
    )
