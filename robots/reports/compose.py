"""From the robot's record to a run's report."""

from __future__ import annotations

from pathlib import Path

from flows.case import Estado, Motivo, Outcome
from flows.errors import not_begun
from flows.ledger import Attempt, Ledger, StepRecord
from flows.regularize import STEP_NAMES
from inputs.rows import Row
from robots.reports.model import ReportRow, RunReport, Step


def compose(ledger: Ledger, run_id: str, evidence_dir: Path) -> RunReport | None:
    """The report of a run as its cases stand now; None where there is no such run."""
    run = ledger.run(run_id)
    if run is None:
        return None
    rows = ledger.rows(run_id)
    references = [row.reference for row in rows if row.reference]
    latest = ledger.latest(references)
    steps = ledger.steps(references)
    return RunReport(
        run_id=run.id,
        list_name=run.list_name,
        headers=run.headers,
        rows=tuple(
            _row(
                Row.model_validate_json(row.content),
                latest.get(row.reference or ""),
                steps.get(row.reference or "", []),
                evidence_dir,
            )
            for row in rows
        ),
        started=run.started,
        ended=run.ended,
        dry_run=run.dry_run,
    )


def _row(
    row: Row, attempt: Attempt | None, steps: list[StepRecord], evidence_dir: Path
) -> ReportRow:
    if row.case is None:
        invalid = Outcome(
            reference="",
            estado=Estado.DATO_INVALIDO,
            detail="; ".join(str(error) for error in row.errors),
        )
        return ReportRow(number=row.number, cells=row.cells, case=None, outcome=invalid)
    reference = row.case.reference
    folder = evidence_dir / reference
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
        timeline=tuple(
            Step(
                name=STEP_NAMES.get(step.name, step.name),
                started=step.started,
                seconds=step.seconds,
                note=step.note,
            )
            for step in steps
        ),
    )
