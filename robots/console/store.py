"""Cases as lists show them: filtered, searched and paged in the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import AwareDatetime

from flows import tables
from flows.case import Case, Estado, Model, Motivo, Outcome
from flows.database import aware
from robots.console.people import User
from robots.console.tables import handed_to


class Found(Model):
    """A case as it stands: its newest attempt."""

    reference: str
    attempt: int
    requested_by: str
    dry_run: bool
    case: Case
    outcome: Outcome | None
    started: AwareDatetime | None
    ended: AwareDatetime | None

    @property
    def estado(self) -> str:
        if self.outcome is not None:
            return self.outcome.estado.value
        return "En curso" if self.started else "En cola"


class Filter(Model):
    """``text`` is looked for in the reference, SEC, RUC, lines and every number of the case."""

    text: str = ""
    estado: str = ""
    motivo: str = ""
    run: str = ""


class CaseStore:
    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def page(
        self, wanted: Filter, user: User, *, start: int = 0, size: int = 25
    ) -> tuple[list[Found], int]:
        """A page of the newest first, and how many there are of all."""
        query = self._query(wanted, user)
        attempts = tables.attempts.c
        with self.engine.connect() as db:
            counted = query.with_only_columns(attempts.reference).subquery()
            count = db.scalar(sa.select(sa.func.count()).select_from(counted)) or 0
            order = (sa.func.coalesce(attempts.started, _FUTURE).desc(), attempts.reference)
            rows = db.execute(query.order_by(*order).limit(size).offset(start))
            return [_found(row) for row in rows], count

    def all(self, wanted: Filter, user: User) -> Iterable[Found]:
        with self.engine.connect() as db:
            return [_found(row) for row in db.execute(self._query(wanted, user))]

    def find(self, reference: str, user: User) -> Found | None:
        """None too where it is none of the user's business: the two look alike."""
        query = self._query(Filter(), user).where(tables.attempts.c.reference == reference)
        with self.engine.connect() as db:
            row = db.execute(query).one_or_none()
        return _found(row) if row else None

    def attempts(self, reference: str) -> list[Found]:
        """All attempts at it, the first one first."""
        query = tables.attempts.select().filter_by(reference=reference)
        with self.engine.connect() as db:
            return [_found(row) for row in db.execute(query.order_by(tables.attempts.c.attempt))]

    def answered(self) -> list[Found]:
        """Those that wait for an approval which has been answered by now."""
        approvals = tables.approvals.c
        answered, waiting = (
            sa.select(approvals.reference).where(which)
            for which in (approvals.answer.is_not(None), approvals.answer.is_(None))
        )
        reference = tables.attempts.c.reference
        query = self._newest().where(
            reference.in_(answered),
            reference.not_in(waiting),
            self._in_outcome("estado") == Estado.PENDIENTE_DE_APROBACION.value,
        )
        with self.engine.connect() as db:
            return [_found(row) for row in db.execute(query)]

    def hand_to(self, reference: str, user: str) -> None:
        with self.engine.begin() as db:
            db.execute(handed_to.delete().filter_by(reference=reference, user=user))
            db.execute(handed_to.insert().values(reference=reference, user=user))

    @staticmethod
    def _newest() -> sa.Select[Any]:
        attempts, later = tables.attempts.c, tables.attempts.alias()
        newest = (
            sa.select(sa.func.max(later.c.attempt))
            .where(later.c.reference == attempts.reference)
            .scalar_subquery()
        )
        return sa.select(tables.attempts).where(attempts.attempt == newest)

    def _query(self, wanted: Filter, user: User) -> sa.Select[Any]:
        attempts = tables.attempts.c
        later = tables.attempts.alias()
        query = self._newest()
        if not user.sees_all:
            handed = sa.select(handed_to.c.reference).where(handed_to.c.user == user.name)
            own = sa.select(later.c.reference).where(later.c.requested_by == user.name)
            query = query.where(attempts.reference.in_(own) | attempts.reference.in_(handed))
        if text := wanted.text.strip():
            columns = (attempts.reference, attempts.case, attempts.outcome)
            query = query.where(
                sa.or_(*(column.icontains(text, autoescape=True) for column in columns))
            )
        if wanted.estado in (_QUEUED, _AT_WORK):
            query = query.where(attempts.outcome.is_(None))
            begun = attempts.started.is_not(None)
            query = query.where(begun if wanted.estado == _AT_WORK else ~begun)
        elif wanted.estado:
            query = query.where(self._in_outcome("estado") == wanted.estado)
        if wanted.motivo:
            query = query.where(self._in_outcome("motivo") == wanted.motivo)
        if wanted.run:
            of_run = sa.select(tables.rows.c.reference).where(tables.rows.c.run == wanted.run)
            query = query.where(attempts.reference.in_(of_run))
        return query

    def _in_outcome(self, name: str) -> Any:
        outcome = tables.attempts.c.outcome
        if self.engine.dialect.name == "sqlite":
            return sa.func.json_extract(outcome, f"$.{name}")
        return sa.cast(outcome, sa.JSON)[name].as_string()


_QUEUED, _AT_WORK = "En cola", "En curso"
#: what has not begun stands before what has
_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)

ESTADOS = (_QUEUED, _AT_WORK, *(e.value for e in Estado if e is not Estado.DATO_INVALIDO))
MOTIVOS = tuple(m.value for m in Motivo)


def _found(row: Any) -> Found:
    return Found(
        reference=row.reference,
        attempt=row.attempt,
        requested_by=row.requested_by,
        dry_run=row.dry_run,
        case=Case.model_validate_json(row.case),
        outcome=Outcome.model_validate_json(row.outcome) if row.outcome else None,
        started=aware(row.started),
        ended=aware(row.ended),
    )
