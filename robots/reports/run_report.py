"""Composition of a run's report from the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from flows.procedure.overdue import days_between, waiting_since
from flows.rules.case import Estado, Motivo, Outcome
from flows.rules.endings import not_begun
from flows.runtime.history import STEP_NAMES
from flows.runtime.radar import Radar
from flows.store.ledger import Attempt, Ledger, StepRecord
from inputs.rows import Row
from robots.reports.model import HistoryStep, ReportRow, RunReport


def compose_report(ledger: Ledger, run_id: str, evidence_dir: Path) -> RunReport | None:
    """Compose the report of a run as its cases stand now; None where there is no such run."""
    run = ledger.run(run_id)
    if run is None:
        return None
    rows = ledger.rows(run_id)
    chased = ledger.chased(run_id)
    references = [row.reference for row in rows if row.reference] + chased
    latest = ledger.latest(references)
    steps = ledger.steps(references)
    since = _waiting_since(ledger, latest)
    found = _Found(latest, steps, since, evidence_dir)
    return RunReport(
        run_id=run.id,
        list_name=run.list_name,
        headers=run.headers,
        rows=tuple(_row(Row.model_validate_json(row.content), found) for row in rows),
        others=tuple(
            _row(Row(number=0, cells=(), case=latest[reference].case), found)
            for reference in chased
            if reference in latest
        ),
        started=run.started,
        ended=run.ended,
        dry_run=run.dry_run,
        news=tuple(one.sentence for one in Radar(ledger.engine).told_in(run_id)),
    )


def _waiting_since(ledger: Ledger, latest: Mapping[str, Attempt]) -> dict[str, datetime]:
    waiting = [
        reference
        for reference, attempt in latest.items()
        if attempt.outcome is not None and attempt.outcome.estado.is_waiting
    ]
    found = {ref: waiting_since(attempts) for ref, attempts in ledger.attempts(waiting).items()}
    return {reference: since for reference, since in found.items() if since is not None}


class _Found(NamedTuple):
    """What the record holds of the cases of a run, by reference."""

    latest: Mapping[str, Attempt]
    steps: Mapping[str, list[StepRecord]]
    since: Mapping[str, datetime]
    evidence_dir: Path


def _row(row: Row, found: _Found) -> ReportRow:
    if row.case is None:
        invalid = Outcome(
            reference="",
            estado=Estado.DATO_INVALIDO,
            detail="; ".join(str(error) for error in row.errors),
        )
        return ReportRow(number=row.number, cells=row.cells, case=None, outcome=invalid)
    reference = row.case.reference
    folder = found.evidence_dir / reference
    attempt, since = found.latest.get(reference), found.since.get(reference)
    outcome = attempt.outcome if attempt else None
    return ReportRow(
        number=row.number,
        cells=row.cells,
        case=row.case,
        outcome=outcome or not_begun(reference, Motivo.DETENIDO),
        attempts=attempt.attempt if attempt else 0,
        started=attempt.started if attempt else None,
        ended=attempt.ended if attempt else None,
        folder=str(folder) if folder.is_dir() else "",
        history=tuple(
            HistoryStep(
                name=STEP_NAMES.get(step.name, step.name),
                started=step.started,
                seconds=step.seconds,
                note=step.note,
            )
            for step in found.steps.get(reference, [])
        ),
        waiting_since=since,
        waiting_days=days_between(since, datetime.now(UTC)) if since else None,
    )
