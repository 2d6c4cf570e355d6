"""Progress of a run: a bar on a terminal, plain lines elsewhere; and the tables of `status`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from flows.rules.case import Estado, Outcome
from flows.rules.lima import in_lima
from flows.runtime.history import STEP_NAMES
from flows.runtime.parked import ParkedCases
from flows.store.ledger import Ledger
from robots.reports.display_names import current_status, list_title
from robots.reports.model import RunReport

ESTADO_STYLES = {
    Estado.ATENDIDO: "green",
    Estado.PENDIENTE_DE_EVIDENCIA: "yellow",
    Estado.PENDIENTE_DE_APROBACION: "yellow",
    Estado.NO_PROCEDE: "cyan",
    Estado.REQUIERE_ASESOR: "magenta",
    Estado.DATO_INVALIDO: "bright_black",
    Estado.FALLA_TECNICA: "red",
    Estado.NO_INICIADO: "red",
    Estado.SIMULADO: "blue",
}


class ProgressBar:
    """Progress on a terminal: how many cases are done, the one at work with its step, and the time
    left."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=total, step="Preparando…")

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        if seconds is None:
            step = f"[bold]{reference}[/bold]  {STEP_NAMES.get(name, name)}"
            self._progress.update(self._task, step=step)

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        style = ESTADO_STYLES[outcome.estado]
        self._progress.console.print(
            f"{outcome.reference}  [{style}]{outcome.estado}[/{style}]"
            + (f"  [dim]{outcome.motivo}[/dim]" if outcome.motivo else "")
        )
        self._progress.advance(self._task)


class ProgressLines:
    """Progress elsewhere: a line for each case that ends."""

    def __init__(self, console: Console, total: int | None = None) -> None:
        self._console = console
        self._total = "" if total is None else f"/{total}"
        self._done = 0
        self._begun: dict[str, float] = {}

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        self._begun.setdefault(reference, time.monotonic())

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        self._done += 1
        seconds = time.monotonic() - self._begun.pop(outcome.reference, time.monotonic())
        motivo = f" {outcome.motivo}" if outcome.motivo else ""
        self._console.print(
            f"[{self._done}{self._total}] {outcome.reference} {outcome.estado}{motivo} "
            f"({seconds:.1f} s)",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


@contextmanager
def run_progress(console: Console, total: int) -> Iterator[ProgressBar | ProgressLines]:
    """An observer for a run of so many cases."""
    if not console.is_terminal:
        yield ProgressLines(console, total)
        return
    columns = (
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[step]}"),
        TextColumn("· quedan"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console) as progress:
        yield ProgressBar(progress, total)


def summary_table(report: RunReport) -> Table:
    """Table of the cases by Estado, and what they regularise."""
    title = f"{report.list_name} · {report.run_id}"
    table = Table(title=title, min_width=len(title))
    table.add_column("Estado")
    table.add_column("Casos", justify="right")
    table.add_column("S/ por mes", justify="right")
    summary = report.summary
    for tally in summary.by_estado:
        style = ESTADO_STYLES[Estado(tally.code)]
        amount = f"{tally.importe:,.2f}" if tally.importe else ""
        table.add_row(f"[{style}]{tally.name}[/{style}]", str(tally.cases), amount)
    table.add_section()
    table.add_row("Total", str(summary.cases), f"{summary.importe_mensual:,.2f}")
    return table


def status_tables(ledger: Ledger, run_id: str | None) -> Iterator[Table]:
    """Tables of the runs; or of a run's cases, and how many of them are in each state."""
    if run_id is None:
        yield _runs_table(ledger)
        return
    rows = ledger.rows(run_id)
    latest = ledger.latest([row.reference for row in rows if row.reference])
    waiting = {case.reference: case.portal for case in ParkedCases(ledger.engine).parked()}
    cases = _listing(
        f"Ejecución {run_id}",
        "Referencia",
        "Estado y motivo",
        copied=("SIAC y solicitud", "Intentos"),
    )
    counts: Counter[str] = Counter()
    for row in rows:
        attempt = latest.get(row.reference or "")
        outcome = attempt.outcome if attempt else None
        if row.reference is None:
            estado, style = Estado.DATO_INVALIDO.value, ESTADO_STYLES[Estado.DATO_INVALIDO]
        elif outcome is None and row.reference in waiting:
            estado, style = f"Espera a {waiting[row.reference]}", "bold"
        else:
            estado = current_status(attempt)
            style = ESTADO_STYLES[outcome.estado] if outcome else "bold"
        counts[estado] += 1
        motivo = f"\n{outcome.motivo}" if outcome and outcome.motivo else ""
        numbers = (outcome.siac_case, outcome.request_number) if outcome else ()
        cases.add_row(
            row.reference or "—",
            f"[{style}]{estado}[/{style}]{motivo}",
            "\n".join(number for number in numbers if number),
            str(attempt.attempt) if attempt else "",
        )
    yield cases
    totals = Table("Estado", "Casos")
    for estado, count in counts.most_common():
        totals.add_row(estado, str(count))
    yield totals


def _listing(title: str, key: str, *others: str, copied: tuple[str, ...] = ()) -> Table:
    """A table that says all on a terminal of 80 columns, or in a pipe: what is copied into another
    command or a portal stands whole on one line, and of the rest nothing is cut off."""
    table = Table(title=title, box=SIMPLE_HEAD, pad_edge=False, title_justify="left")
    table.add_column(key, no_wrap=True)
    for name in others:
        table.add_column(name, overflow="fold")
    for name in copied:
        table.add_column(name, no_wrap=True)
    return table


def _runs_table(ledger: Ledger) -> Table:
    table = _listing("Ejecuciones", "Ejecución", "Lista", "Inicio", "Fin", "Pedida por")
    for run in ledger.runs():
        started, ended = in_lima(run.started), in_lima(run.ended) if run.ended else None
        same_day = ended is not None and ended.date() == started.date()
        table.add_row(
            run.id,
            list_title(run),
            f"{started:%d/%m/%Y %H:%M}",
            f"{ended:{'%H:%M' if same_day else '%d/%m/%Y %H:%M'}}" if ended else "en curso",
            run.requested_by,
        )
    return table
