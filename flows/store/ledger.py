"""The robot's own record: runs, the attempts at each case, and their steps.

The portals are the witness of what was filed; this is what the robot knows of its own work, so that
a finished case is reported again without a visit, and people can see what was done when.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import AwareDatetime

from flows.rules.case import Case, Estado, Outcome
from flows.rules.scenarios import Escenario
from flows.store import tables
from flows.store.database import (
    change,
    fetch,
    fetch_among,
    fetch_one,
    insert_if_absent,
    lasting,
    making_tables,
)
from flows.store.tables import Stored


class Run(Stored):
    id: str
    list_name: str
    headers: tuple[str, ...]
    requested_by: str
    dry_run: bool
    started: AwareDatetime
    ended: AwareDatetime | None


class RunRow(Stored):
    """``content`` is the row as the list's reader keeps it; opaque here."""

    position: int
    reference: str | None
    content: str


class Attempt(Stored):
    """One attempt at a case; ``outcome`` is None while it has not ended."""

    reference: str
    attempt: int
    requested_by: str
    dry_run: bool
    case: Case
    outcome: Outcome | None = None
    started: AwareDatetime | None = None
    ended: AwareDatetime | None = None

    @property
    def is_over(self) -> bool:
        """Nothing is left to do, unless the case is to be decided anew."""
        return self.outcome is not None and self.outcome.estado.is_final


class StepRecord(Stored):
    """``name`` is the step's, as in the flow; ``note`` what went otherwise than planned."""

    reference: str
    attempt: int
    number: int
    name: str
    started: AwareDatetime
    seconds: float
    note: str


#: the attempts that have not ended, dry runs apart
_OPEN = sa.select(tables.attempts.c.reference, tables.attempts.c.attempt).where(
    tables.attempts.c.outcome.is_(None), tables.attempts.c.dry_run.is_(False)
)


class Ledger:
    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def prepare(self) -> None:
        """Make the tables that are not there yet."""
        with making_tables(self.engine):
            tables.metadata.create_all(self.engine)

    # runs

    def open_run(self, run: Run, rows: Iterable[RunRow]) -> None:
        with self.engine.begin() as db:
            db.execute(tables.runs.insert().values(run.model_dump()))
            values = [row.model_dump() | {"run": run.id} for row in rows]
            if values:
                db.execute(tables.rows.insert(), values)

    def chase(self, run_id: str, references: Iterable[str]) -> None:
        """Note which cases of other lists a run takes up because they have waited long."""
        values = [{"run": run_id, "reference": reference} for reference in references]
        if values:
            with self.engine.begin() as db:
                db.execute(tables.chased.insert(), values)

    def chased(self, run_id: str) -> list[str]:
        query = tables.chased.select().filter_by(run=run_id).order_by(tables.chased.c.reference)
        return [row.reference for row in fetch(self.engine, query)]

    @lasting
    def end_run(self, run_id: str) -> None:
        ended = tables.runs.update().filter_by(id=run_id).values(ended=datetime.now(UTC))
        change(self.engine, ended)

    @lasting
    def end_finished_runs(self) -> None:
        """End every run that has no case left whose attempt has not ended."""
        left = sa.union(
            *(
                sa.select(of.c.run)
                .join(tables.attempts, tables.attempts.c.reference == of.c.reference)
                .where(tables.attempts.c.outcome.is_(None))
                for of in (tables.rows, tables.chased)
            )
        )
        finished = tables.runs.c.ended.is_(None) & tables.runs.c.id.not_in(left)
        change(self.engine, tables.runs.update().where(finished).values(ended=datetime.now(UTC)))

    def runs(self, limit: int = 50) -> list[Run]:
        """Newest first."""
        query = tables.runs.select().order_by(tables.runs.c.started.desc()).limit(limit)
        return [Run.model_validate(row) for row in fetch(self.engine, query)]

    def run(self, run_id: str) -> Run | None:
        found = fetch_one(self.engine, tables.runs.select().filter_by(id=run_id))
        return Run.model_validate(found) if found else None

    def rows(self, run_id: str) -> list[RunRow]:
        query = tables.rows.select().filter_by(run=run_id).order_by(tables.rows.c.position)
        return [RunRow.model_validate(row) for row in fetch(self.engine, query)]

    # attempts

    def begin_attempts(
        self, attempts: Sequence[tuple[str, int, Case]], *, requested_by: str, dry_run: bool
    ) -> None:
        if not attempts:
            return
        with self.engine.begin() as db:
            db.execute(
                tables.attempts.insert(),
                [
                    {
                        "reference": reference,
                        "attempt": attempt,
                        "requested_by": requested_by,
                        "dry_run": dry_run,
                        "case": case,
                    }
                    for reference, attempt, case in attempts
                ],
            )

    @lasting
    def attempt(self, reference: str, attempt: int) -> Attempt:
        query = tables.attempts.select().filter_by(reference=reference, attempt=attempt)
        return Attempt.model_validate(fetch_one(self.engine, query))

    def latest(self, references: Iterable[str]) -> dict[str, Attempt]:
        """The newest attempt at each of these cases, where there is one."""
        found = fetch_among(self.engine, newest_attempts(), tables.attempts.c.reference, references)
        return {row.reference: Attempt.model_validate(row) for row in found}

    def newest_that_ended(self, estado: Estado) -> list[Attempt]:
        """The newest attempt at each case whose newest attempt ended so."""
        # The word stands in the text of the outcome; what only looks like it falls out below.
        named = tables.attempts.c.outcome.contains(estado.value, autoescape=True)
        query = sa.select(tables.attempts.c.reference).where(named).distinct()
        references = [row.reference for row in fetch(self.engine, query)]
        newest = self.latest(references).values()
        return [a for a in newest if a.outcome is not None and a.outcome.estado is estado]

    def newest_that_follow(self) -> list[Attempt]:
        """The newest attempt at each case that came of another one's next bill."""
        marked = tables.attempts.c.case.contains('"seguimiento_de":"CF-', autoescape=True)
        query = sa.select(tables.attempts.c.reference).where(marked).distinct()
        newest = self.latest([row.reference for row in fetch(self.engine, query)]).values()
        return [attempt for attempt in newest if attempt.case.seguimiento_de]

    def attempts(self, references: Iterable[str]) -> dict[str, list[Attempt]]:
        """All attempts at each case, in order."""
        found: dict[str, list[Attempt]] = {}
        query = tables.attempts.select().order_by(tables.attempts.c.attempt)
        for row in fetch_among(self.engine, query, tables.attempts.c.reference, references):
            found.setdefault(row.reference, []).append(Attempt.model_validate(row))
        return found

    def newest_with_siac_case(self) -> tuple[Attempt, str] | None:
        """The attempt that ended last with a case in SIAC Único, and that case's number."""
        columns = tables.attempts.c
        query = (
            tables.attempts.select()
            .where(columns.outcome.is_not(None), columns.dry_run.is_(False))
            .order_by(columns.ended.desc())
            .limit(200)
        )
        ended = map(Attempt.model_validate, fetch(self.engine, query))
        return next(
            ((a, a.outcome.siac_case) for a in ended if a.outcome and a.outcome.siac_case), None
        )

    @lasting
    def open_attempts(self) -> list[tuple[str, int]]:
        """Those that have not ended, dry runs apart."""
        return [(row.reference, row.attempt) for row in fetch(self.engine, _OPEN)]

    @lasting
    def has_open_attempts(self) -> bool:
        """As `open_attempts`, without naming them."""
        return bool(fetch(self.engine, _OPEN.limit(1)))

    @lasting
    def start_attempt(self, reference: str, attempt: int) -> bool:
        """Note when work began; whether it begins now: a second start keeps the first."""
        first = tables.attempts.update().filter_by(
            reference=reference, attempt=attempt, started=None
        )
        return change(self.engine, first.values(started=datetime.now(UTC))) == 1

    @lasting
    def keep_approvals(
        self, reference: str, attempt: int, approvals: tuple[Escenario, ...]
    ) -> tuple[Escenario, ...]:
        """Keep which scenarios need a supervisor's yes in this attempt; gives those that were kept
        first. A record of a version that kept none goes by these from now on."""
        key, kept = {"reference": reference, "attempt": attempt}, tables.attempt_policies
        with self.engine.begin() as db:
            insert_if_absent(db, kept, **key, approvals=approvals)
            first = db.scalars(sa.select(kept.c.approvals).filter_by(**key)).one()
        return tuple(first)

    @lasting
    def end_attempt(self, reference: str, attempt: int, outcome: Outcome) -> None:
        ended = tables.attempts.update().filter_by(reference=reference, attempt=attempt)
        change(self.engine, ended.values(outcome=outcome, ended=datetime.now(UTC)))

    @lasting
    def amend(self, reference: str, attempt: int, outcome: Outcome) -> None:
        """What is known of an attempt only after it has ended."""
        ended = tables.attempts.update().filter_by(reference=reference, attempt=attempt)
        change(
            self.engine, ended.where(tables.attempts.c.ended.is_not(None)).values(outcome=outcome)
        )

    # steps

    @lasting
    def record_step(self, step: StepRecord) -> None:
        """A step that ran again after a crash replaces what it had noted before."""
        key = {"reference": step.reference, "attempt": step.attempt, "number": step.number}
        change(
            self.engine,
            tables.steps.delete().filter_by(**key),
            tables.steps.insert().values(step.model_dump()),
        )

    def steps(
        self, references: Iterable[str], *, dry_runs: bool = True
    ) -> dict[str, list[StepRecord]]:
        """The steps of all attempts at each case, in order."""
        found: dict[str, list[StepRecord]] = {}
        query = tables.steps.select().order_by(tables.steps.c.attempt, tables.steps.c.number)
        if not dry_runs:
            columns = tables.attempts.c
            query = query.join(
                tables.attempts,
                (columns.reference == tables.steps.c.reference)
                & (columns.attempt == tables.steps.c.attempt)
                & columns.dry_run.is_(False),
            )
        for row in fetch_among(self.engine, query, tables.steps.c.reference, references):
            found.setdefault(row.reference, []).append(StepRecord.model_validate(row))
        return found


def newest_attempts() -> sa.Select[Any]:
    """The newest attempt at each case."""
    attempts, other = tables.attempts, tables.attempts.alias()
    newest = sa.select(sa.func.max(other.c.attempt)).where(
        other.c.reference == attempts.c.reference
    )
    return attempts.select().where(attempts.c.attempt == newest.scalar_subquery())
