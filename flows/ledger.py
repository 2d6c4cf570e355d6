"""The robot's own record: runs, the attempts at each case, their steps, and approvals.

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

from flows.case import Case, Model, Outcome

_metadata = sa.MetaData()
_Moment = sa.DateTime(timezone=True)

_runs = sa.Table(
    "cf_runs",
    _metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("list_name", sa.String, nullable=False),
    sa.Column("headers", sa.Text, nullable=False),
    sa.Column("requested_by", sa.String, nullable=False),
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("started", _Moment, nullable=False),
    sa.Column("ended", _Moment),
)
_rows = sa.Table(
    "cf_run_rows",
    _metadata,
    sa.Column("run", sa.ForeignKey("cf_runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("reference", sa.String, index=True),
    sa.Column("content", sa.Text, nullable=False),
)
_attempts = sa.Table(
    "cf_attempts",
    _metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("requested_by", sa.String, nullable=False),
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("case", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("started", _Moment),
    sa.Column("ended", _Moment),
)
_steps = sa.Table(
    "cf_steps",
    _metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("started", _Moment, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
_approvals = sa.Table(
    "cf_approvals",
    _metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("digest", sa.String, primary_key=True),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("requested_by", sa.String, nullable=False),
    sa.Column("requested", _Moment, nullable=False),
    sa.Column("answer", sa.String),
    sa.Column("answered_by", sa.String),
    sa.Column("answered", _Moment),
    sa.Column("reason", sa.Text),
)


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


class Approval(Model):
    """What a supervisor is asked. ``answer`` is ``approved``, ``rejected`` or None."""

    reference: str
    digest: str
    request: dict[str, Any]
    requested_by: str
    requested: AwareDatetime
    answer: str | None = None
    answered_by: str | None = None
    answered: AwareDatetime | None = None
    reason: str | None = None


class ApprovalRefused(Exception):
    """Why an answer cannot be taken, as one Spanish sentence."""


class Ledger:
    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def prepare(self) -> None:
        """Make the tables that are not there yet."""
        _metadata.create_all(self.engine)

    # runs

    def open_run(self, run: Run, rows: Iterable[RunRow]) -> None:
        with self.engine.begin() as db:
            db.execute(
                _runs.insert().values(
                    run.model_dump(exclude={"headers"}) | {"headers": json.dumps(run.headers)}
                )
            )
            values = [row.model_dump() | {"run": run.id} for row in rows]
            if values:
                db.execute(_rows.insert(), values)

    def end_run(self, run_id: str) -> None:
        with self.engine.begin() as db:
            db.execute(_runs.update().where(_runs.c.id == run_id).values(ended=datetime.now(UTC)))

    def runs(self, limit: int = 50) -> list[Run]:
        """Newest first."""
        query = _runs.select().order_by(_runs.c.started.desc()).limit(limit)
        with self.engine.connect() as db:
            return [_run(found) for found in db.execute(query)]

    def run(self, run_id: str) -> Run | None:
        with self.engine.connect() as db:
            found = db.execute(_runs.select().where(_runs.c.id == run_id)).one_or_none()
            return _run(found) if found else None

    def rows(self, run_id: str) -> list[RunRow]:
        query = _rows.select().where(_rows.c.run == run_id).order_by(_rows.c.position)
        with self.engine.connect() as db:
            return [
                RunRow(position=r.position, reference=r.reference, content=r.content)
                for r in db.execute(query)
            ]

    # attempts

    def begin_attempts(
        self, attempts: Sequence[tuple[str, int, Case]], *, requested_by: str, dry_run: bool
    ) -> None:
        if not attempts:
            return
        with self.engine.begin() as db:
            db.execute(
                _attempts.insert(),
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

    def attempt(self, reference: str, attempt: int) -> Attempt:
        query = _attempts.select().where(
            _attempts.c.reference == reference, _attempts.c.attempt == attempt
        )
        with self.engine.connect() as db:
            return _attempt(db.execute(query).one())

    def latest(self, references: Iterable[str]) -> dict[str, Attempt]:
        """The newest attempt at each of these cases, where there is one."""
        wanted = list(references)
        found: dict[str, Attempt] = {}
        newest = (
            sa.select(_attempts.c.reference, sa.func.max(_attempts.c.attempt).label("attempt"))
            .group_by(_attempts.c.reference)
            .subquery()
        )
        query = sa.select(_attempts).join(
            newest,
            (_attempts.c.reference == newest.c.reference)
            & (_attempts.c.attempt == newest.c.attempt),
        )
        with self.engine.connect() as db:
            for start in range(0, len(wanted), 500):
                part = query.where(_attempts.c.reference.in_(wanted[start : start + 500]))
                for row in db.execute(part):
                    found[row.reference] = _attempt(row)
        return found

    def start_attempt(self, reference: str, attempt: int) -> None:
        """Note when work began; a second start of the same attempt keeps the first."""
        with self.engine.begin() as db:
            db.execute(
                _attempts.update()
                .where(
                    _attempts.c.reference == reference,
                    _attempts.c.attempt == attempt,
                    _attempts.c.started.is_(None),
                )
                .values(started=datetime.now(UTC))
            )

    def end_attempt(self, reference: str, attempt: int, outcome: Outcome) -> None:
        with self.engine.begin() as db:
            db.execute(
                _attempts.update()
                .where(_attempts.c.reference == reference, _attempts.c.attempt == attempt)
                .values(outcome=outcome.model_dump_json(), ended=datetime.now(UTC))
            )

    # steps

    def record_step(self, step: StepRecord) -> None:
        """A step that ran again after a crash replaces what it had noted before."""
        key = {"reference": step.reference, "attempt": step.attempt, "number": step.number}
        with self.engine.begin() as db:
            db.execute(_steps.delete().filter_by(**key))
            db.execute(_steps.insert().values(step.model_dump()))

    def steps(self, references: Iterable[str]) -> dict[str, list[StepRecord]]:
        """The steps of all attempts at each case, in order."""
        wanted = list(references)
        found: dict[str, list[StepRecord]] = {}
        query = _steps.select().order_by(_steps.c.attempt, _steps.c.number)
        with self.engine.connect() as db:
            for start in range(0, len(wanted), 500):
                part = query.where(_steps.c.reference.in_(wanted[start : start + 500]))
                for row in db.execute(part):
                    values = row._asdict() | {"started": _aware(row.started)}
                    found.setdefault(row.reference, []).append(StepRecord.model_validate(values))
        return found

    # approvals

    def approval(self, reference: str, digest: str) -> Approval | None:
        with self.engine.connect() as db:
            query = _approvals.select().filter_by(reference=reference, digest=digest)
            found = db.execute(query).one_or_none()
            return _approval(found) if found else None

    def ask_approval(self, approval: Approval) -> None:
        """Ask for this request; an earlier question about another request is void."""
        with self.engine.begin() as db:
            db.execute(
                _approvals.delete().where(
                    _approvals.c.reference == approval.reference, _approvals.c.answer.is_(None)
                )
            )
            values = approval.model_dump(exclude={"request"})
            db.execute(
                _approvals.insert().values(
                    values | {"request": json.dumps(approval.request, ensure_ascii=False)}
                )
            )

    def waiting_approvals(self) -> list[Approval]:
        query = _approvals.select().where(_approvals.c.answer.is_(None))
        with self.engine.connect() as db:
            return [_approval(row) for row in db.execute(query.order_by(_approvals.c.requested))]

    def answer_approval(self, reference: str, answer: str, user: str, reason: str) -> Approval:
        """A supervisor's answer to what is asked now; raises `ApprovalRefused`."""
        with self.engine.begin() as db:
            query = _approvals.select().where(
                _approvals.c.reference == reference, _approvals.c.answer.is_(None)
            )
            found = db.execute(query).one_or_none()
            if found is None:
                raise ApprovalRefused(f"El caso {reference} no espera ninguna aprobación.")
            if found.requested_by.casefold() == user.casefold():
                raise ApprovalRefused(
                    f"{user} pidió la solicitud del caso {reference}: debe responder otra persona."
                )
            db.execute(
                _approvals.update()
                .filter_by(reference=reference, digest=found.digest)
                .values(answer=answer, answered_by=user, answered=datetime.now(UTC), reason=reason)
            )
            return _approval(found)


def _aware(moment: datetime | None) -> datetime | None:
    """SQLite forgets the zone; every moment is stored in UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _run(row: Any) -> Run:
    return Run(
        id=row.id,
        list_name=row.list_name,
        headers=tuple(json.loads(row.headers)),
        requested_by=row.requested_by,
        dry_run=row.dry_run,
        started=_aware(row.started),
        ended=_aware(row.ended),
    )


def _attempt(row: Any) -> Attempt:
    return Attempt(
        reference=row.reference,
        attempt=row.attempt,
        requested_by=row.requested_by,
        dry_run=row.dry_run,
        case=Case.model_validate_json(row.case),
        outcome=Outcome.model_validate_json(row.outcome) if row.outcome else None,
        started=_aware(row.started),
        ended=_aware(row.ended),
    )


def _approval(row: Any) -> Approval:
    values = row._asdict()
    values["request"] = json.loads(row.request)
    values["requested"] = _aware(row.requested)
    values["answered"] = _aware(row.answered)
    return Approval.model_validate(values)
