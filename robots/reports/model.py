"""Model of a run's report, whatever it is written on: one row per input row, and the figures.

The figures are worked out here and once, so that the workbook and the page can never differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cached_property
from statistics import fmean
from typing import TypeVar

from pydantic import AwareDatetime

from flows.rules.case import Case, Decision, Estado, Model, Motivo, Outcome
from flows.rules.peru import format_money
from flows.rules.scenarios import Escenario, Sistema
from inputs.rows import Cell
from robots.reports.display_names import MOTIVO_NAMES

Word = TypeVar("Word", Estado, Escenario, Motivo, Sistema)


class HistoryStep(Model):
    """One step of a case's history; ``name`` and ``note`` are Spanish, for people."""

    name: str
    started: AwareDatetime
    seconds: float
    note: str = ""


class ReportRow(Model):
    """One row of the list and what became of it.

    ``number`` is the row's number in the list's own sheet. ``folder`` is the path of the case's
    evidence folder, or empty. ``case`` is None where the row was not valid.
    """

    number: int
    cells: tuple[Cell, ...]
    case: Case | None
    outcome: Outcome
    attempts: int = 0
    started: AwareDatetime | None = None
    ended: AwareDatetime | None = None
    folder: str = ""
    history: tuple[HistoryStep, ...] = ()
    waiting_since: AwareDatetime | None = None
    #: so many days, as the report is written
    waiting_days: int | None = None

    @property
    def decision(self) -> Decision | None:
        return self.outcome.decision

    @property
    def is_bad_practice(self) -> bool:
        """Whether the sale was closed with an offer that was not in force."""
        return self.decision is not None and self.decision.mala_practica

    @property
    def campaign(self) -> str:
        facts = self.decision.facts if self.decision else ()
        return next((fact.value for fact in facts if fact.name == "Campaña"), "")

    @property
    def importe_regularizado(self) -> Decimal:
        """Soles per month that the client stops paying too much; 0 until the case is attended."""
        if self.outcome.estado is not Estado.ATENDIDO or self.decision is None:
            return Decimal(0)
        return self.decision.importe_mensual

    @property
    def detail(self) -> str:
        """Detail of the outcome, with its age where somebody is waited for."""
        if self.waiting_days is None:
            return self.outcome.detail
        age = {0: "desde hoy", 1: "desde hace 1 día"}.get(
            self.waiting_days, f"desde hace {self.waiting_days} días"
        )
        return f"{self.outcome.detail} Espera {age}.".lstrip()

    @property
    def seconds(self) -> float | None:
        if self.started is None or self.ended is None:
            return None
        # the machine's clock may have been set back meanwhile
        return max((self.ended - self.started).total_seconds(), 0.0)

    @property
    def what_to_say(self) -> str:
        """Words for whoever calls the client back."""
        outcome = self.outcome
        if outcome.estado is not Estado.ATENDIDO:
            return outcome.detail
        says = f"Su solicitud ha sido atendida. Caso SIAC {outcome.siac_case}"
        says += f", solicitud {outcome.request_number}." if outcome.request_number else "."
        if self.decision and self.decision.cargo is not None:
            says += f" El cargo fijo solicitado es {format_money(self.decision.cargo)} por línea."
        return says


class Tally(Model):
    """Count of the cases of a state, scenario, cause or system, and what they regularise.

    ``code`` is the stable word, ``name`` the one for people, ``importe`` soles per month.
    """

    code: str
    name: str
    cases: int
    importe: Decimal


class StepFigure(Model):
    """Durations of a step over all the cases that went through it, in seconds."""

    name: str
    cases: int
    mean: float
    longest: float


class Summary(Model):
    """The figures of a run. Tallies leave out what no case has."""

    cases: int
    by_estado: tuple[Tally, ...]
    by_escenario: tuple[Tally, ...]
    by_motivo: tuple[Tally, ...]
    by_sistema: tuple[Tally, ...]
    importe_mensual: Decimal
    lineas_regularizadas: int
    mala_practica: int
    call_backs: tuple[ReportRow, ...]
    waiting: tuple[ReportRow, ...]
    seconds_per_case: float | None
    steps: tuple[StepFigure, ...]


class RunReport(Model):
    """Content of a run's report. ``ended`` is None while the run goes on."""

    run_id: str
    list_name: str
    headers: tuple[str, ...]
    rows: tuple[ReportRow, ...]
    started: AwareDatetime
    ended: AwareDatetime | None = None
    dry_run: bool = False
    #: cases of earlier lists that this run reminded of or ended
    others: tuple[ReportRow, ...] = ()
    #: what is new on the portals' pages, or gone from them, a sentence each
    news: tuple[str, ...] = ()

    @cached_property
    def summary(self) -> Summary:
        rows = self.rows
        attended = [r for r in rows if r.outcome.estado is Estado.ATENDIDO]
        times = [r.seconds for r in rows if r.seconds is not None]
        by_motivo = _tallies(rows, lambda o: o.motivo, {m: MOTIVO_NAMES[m] for m in Motivo})
        return Summary(
            cases=len(rows),
            by_estado=_tallies(rows, lambda o: o.estado, {e: e.value for e in Estado}),
            by_escenario=_tallies(rows, lambda o: o.escenario, {e: e.nombre for e in Escenario}),
            by_motivo=tuple(sorted(by_motivo, key=lambda tally: -tally.cases)),
            by_sistema=_tallies(rows, lambda o: o.sistema, {s: s.value for s in Sistema}),
            importe_mensual=sum((r.importe_regularizado for r in attended), Decimal(0)),
            lineas_regularizadas=sum(len(r.decision.lineas) for r in attended if r.decision),
            mala_practica=sum(1 for r in rows if r.is_bad_practice),
            call_backs=tuple(r for r in rows if r.outcome.call_back),
            waiting=tuple(
                sorted(
                    (r for r in (*rows, *self.others) if r.waiting_since is not None),
                    key=lambda r: r.waiting_since or self.started,
                )
            ),
            seconds_per_case=fmean(times) if times else None,
            steps=_step_figures(rows),
        )


def _tallies(
    rows: Iterable[ReportRow], word_of: Callable[[Outcome], Word | None], names: dict[Word, str]
) -> tuple[Tally, ...]:
    """In the order of ``names``."""
    cases: Counter[Word] = Counter()
    importe: dict[Word, Decimal] = {}
    for row in rows:
        if (word := word_of(row.outcome)) is not None:
            cases[word] += 1
            importe[word] = importe.get(word, Decimal(0)) + row.importe_regularizado
    return tuple(
        Tally(code=word.value, name=name, cases=cases[word], importe=importe[word])
        for word, name in names.items()
        if word in cases
    )


def _step_figures(rows: Iterable[ReportRow]) -> tuple[StepFigure, ...]:
    """In the order in which the steps first appear."""
    seconds: dict[str, list[float]] = {}
    for row in rows:
        of_case: dict[str, float] = {}
        for step in row.history:  # a step done twice in one case counts as one longer step
            of_case[step.name] = of_case.get(step.name, 0.0) + step.seconds
        for name, spent in of_case.items():
            seconds.setdefault(name, []).append(spent)
    return tuple(
        StepFigure(name=name, cases=len(spent), mean=fmean(spent), longest=max(spent))
        for name, spent in seconds.items()
    )
