"""The robot's own record: runs, the attempts at each case, and their steps.

The portals are the witness of what was filed; this is what the robot knows of its own work, so that
a finished case is reported again without a visit, and people can see what was done when.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import AwareDatetime

from flows.rules.case import Case, Estado, Model, Outcome
from flows.store import tables
from flows.store.database import aware, in_parts, lasting, making_tables


class Run(Model):
    id: str
    list_name: str
    headers: tuple[str, ...]
    requested_by: str
    dry_run: bool
    started: AwareDatetime
    ended: AwareDatetime | None


class RunRow(Model):
    """``content`` is the row as the list's reader keeps it; opaque here."""

    position: int
    reference: str | None
    content: str


class Attempt(Model):
    """One attempt at a case; ``outcome`` is None while it has not ended."""

    reference: str
    attempt: int
    requested_by: str
    dry_run: bool
    case: Case
    outcome: Outcome | None
    started: AwareDatetime | None
    ended: AwareDatetime | None


class StepRecord(Model):
    """``name`` is the step's, as in the flow; ``note`` what went otherwise than planned."""

    reference: str
    attempt: int
    number: int
    name: str
    started: AwareDatetime
    seconds: float
    note: str


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
            db.execute(
                tables.runs.insert().values(
                    run.model_dump(exclude={"headers"}) | {"headers": json.dumps(run.headers)}
                )
            )
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
        query = sa.select(tables.chased.c.reference).where(tables.chased.c.run == run_id)
        with self.engine.connect() as db:
            return list(db.scalars(query.order_by(tables.chased.c.reference)))

    @lasting
    def end_run(self, run_id: str) -> None:
        with self.engine.begin() as db:
            db.execute(
                tables.runs.update()
                .where(tables.runs.c.id == run_id)
                .values(ended=datetime.now(UTC))
            )

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
        with self.engine.begin() as db:
            db.execute(
                tables.runs.update()
                .where(tables.runs.c.ended.is_(None), tables.runs.c.id.not_in(left))
                .values(ended=datetime.now(UTC))
            )

    def runs(self, limit: int = 50) -> list[Run]:
        """Newest first."""
        query = tables.runs.select().order_by(tables.runs.c.started.desc()).limit(limit)
        with self.engine.connect() as db:
            return [_run(found) for found in db.execute(query)]

    def run(self, run_id: str) -> Run | None:
        with self.engine.connect() as db:
            found = db.execute(tables.runs.select().where(tables.runs.c.id == run_id)).one_or_none()
            return _run(found) if found else None

    def rows(self, run_id: str) -> list[RunRow]:
        columns = tables.rows.c
        query = (
            sa.select(columns.position, columns.reference, columns.content)
            .where(columns.run == run_id)
            .order_by(columns.position)
        )
        with self.engine.connect() as db:
            return [RunRow.model_validate(row._asdict()) for row in db.execute(query)]

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
                        "case": case.model_dump_json(),
                    }
                    for reference, attempt, case in attempts
                ],
            )

    @lasting
    def attempt(self, reference: str, attempt: int) -> Attempt:
        query = tables.attempts.select().where(
            tables.attempts.c.reference == reference, tables.attempts.c.attempt == attempt
        )
        with self.engine.connect() as db:
            return attempt_of(db.execute(query).one())

    def latest(self, references: Iterable[str]) -> dict[str, Attempt]:
        """The newest attempt at each of these cases, where there is one."""
        found: dict[str, Attempt] = {}
        newest = (
            sa.select(
                tables.attempts.c.reference, sa.func.max(tables.attempts.c.attempt).label("attempt")
            )
            .group_by(tables.attempts.c.reference)
            .subquery()
        )
        query = sa.select(tables.attempts).join(
            newest,
            (tables.attempts.c.reference == newest.c.reference)
            & (tables.attempts.c.attempt == newest.c.attempt),
        )
        with self.engine.connect() as db:
            for part in in_parts(references):
                for row in db.execute(query.where(tables.attempts.c.reference.in_(part))):
                    found[row.reference] = attempt_of(row)
        return found

    def newest_that_ended(self, estado: Estado) -> list[Attempt]:
        """The newest attempt at each case whose newest attempt ended so."""
        # The word stands in the text of the outcome; what only looks like it falls out below.
        named = tables.attempts.c.outcome.contains(estado.value, autoescape=True)
        query = sa.select(tables.attempts.c.reference).where(named).distinct()
        with self.engine.connect() as db:
            references = list(db.scalars(query))
        newest = self.latest(references).values()
        return [a for a in newest if a.outcome is not None and a.outcome.estado is estado]

    def attempts(self, references: Iterable[str]) -> dict[str, list[Attempt]]:
        """All attempts at each case, in order."""
        found: dict[str, list[Attempt]] = {}
        query = tables.attempts.select().order_by(tables.attempts.c.attempt)
        with self.engine.connect() as db:
            for part in in_parts(references):
                for row in db.execute(query.where(tables.attempts.c.reference.in_(part))):
                    found.setdefault(row.reference, []).append(attempt_of(row))
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
        with self.engine.connect() as db:
            ended = map(attempt_of, db.execute(query))
            return next(
                ((a, a.outcome.siac_case) for a in ended if a.outcome and a.outcome.siac_case), None
            )

    @lasting
    def open_attempts(self) -> list[tuple[str, int]]:
        """Those that have not ended, dry runs apart."""
        columns = tables.attempts.c
        query = sa.select(columns.reference, columns.attempt).where(
            columns.outcome.is_(None), columns.dry_run.is_(False)
        )
        with self.engine.connect() as db:
            return [(row.reference, row.attempt) for row in db.execute(query)]

    @lasting
    def has_open_attempts(self) -> bool:
        """As `open_attempts`, without naming them."""
        columns = tables.attempts.c
        query = sa.select(columns.attempt).where(
            columns.outcome.is_(None), columns.dry_run.is_(False)
        )
        with self.engine.connect() as db:
            return db.execute(query.limit(1)).first() is not None

    @lasting
    def start_attempt(self, reference: str, attempt: int) -> bool:
        """Note when work began; whether it begins now: a second start keeps the first."""
        with self.engine.begin() as db:
            begun = db.execute(
                tables.attempts.update()
                .where(
                    tables.attempts.c.reference == reference,
                    tables.attempts.c.attempt == attempt,
                    tables.attempts.c.started.is_(None),
                )
                .values(started=datetime.now(UTC))
            )
            return begun.rowcount == 1

    @lasting
    def end_attempt(self, reference: str, attempt: int, outcome: Outcome) -> None:
        with self.engine.begin() as db:
            db.execute(
                tables.attempts.update()
                .where(
                    tables.attempts.c.reference == reference, tables.attempts.c.attempt == attempt
                )
                .values(outcome=outcome.model_dump_json(), ended=datetime.now(UTC))
            )

    # steps

    @lasting
    def record_step(self, step: StepRecord) -> None:
        """A step that ran again after a crash replaces what it had noted before."""
        key = {"reference": step.reference, "attempt": step.attempt, "number": step.number}
        with self.engine.begin() as db:
            db.execute(tables.steps.delete().filter_by(**key))
            db.execute(tables.steps.insert().values(step.model_dump()))

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
        with self.engine.connect() as db:
            for part in in_parts(references):
                for row in db.execute(query.where(tables.steps.c.reference.in_(part))):
                    values = row._asdict() | {"started": aware(row.started)}
                    found.setdefault(row.reference, []).append(StepRecord.model_validate(values))
        return found


def _run(row: Any) -> Run:
    moments = {"started": aware(row.started), "ended": aware(row.ended)}
    return Run.model_validate(row._asdict() | moments | {"headers": json.loads(row.headers)})


def attempt_of(row: Any) -> Attempt:
    """From a row of the table of attempts."""
    moments = {"started": aware(row.started), "ended": aware(row.ended)}
    outcome = Outcome.model_validate_json(row.outcome) if row.outcome else None
    read = {"case": Case.model_validate_json(row.case), "outcome": outcome}
    return Attempt.model_validate(row._asdict() | moments | read)
