"""Store of the cases that lists show: filtered, searched and paged in the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from flows.rules.case import Estado, Model, Motivo
from flows.store import tables
from flows.store.database import fetch, fetch_one
from flows.store.ledger import Attempt, newest_attempts
from robots.console.console_tables import handed_to
from robots.console.user_store import User
from robots.reports.display_names import IN_PROGRESS, QUEUED


class Filter(Model):
    """Filter of a list; ``text`` is looked for in the reference, SEC, RUC, lines and every number
    of the case."""

    text: str = ""
    estado: str = ""
    motivo: str = ""
    run: str = ""


class CaseStore:
    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def page(
        self, wanted: Filter, user: User, *, start: int = 0, size: int = 25
    ) -> tuple[list[Attempt], int]:
        """A page, and how many there are of all: what waits to begin, then the newest first."""
        attempts = tables.attempts.c
        # Which ones, by what indexes hold: a whole row is read only of those that are shown.
        keys = self._query(wanted, user).with_only_columns(attempts.reference, attempts.attempt)
        order = (attempts.started.is_not(None), attempts.started.desc(), attempts.reference)
        shown = keys.order_by(*order).limit(size).offset(start).subquery()
        rows = sa.select(tables.attempts).join(
            shown,
            (attempts.reference == shown.c.reference) & (attempts.attempt == shown.c.attempt),
        )
        with self.engine.connect() as db:
            count = db.scalar(sa.select(sa.func.count()).select_from(keys.subquery())) or 0
            found = db.execute(rows.order_by(*order))
            return [Attempt.model_validate(row) for row in found], count

    def all(self, wanted: Filter, user: User) -> Iterable[Attempt]:
        found = fetch(self.engine, self._query(wanted, user))
        return [Attempt.model_validate(row) for row in found]

    def find(self, reference: str, user: User) -> Attempt | None:
        """The newest attempt; None too where it is none of the user's business: the two look
        alike."""
        query = self._query(Filter(), user).where(tables.attempts.c.reference == reference)
        row = fetch_one(self.engine, query)
        return Attempt.model_validate(row) if row else None

    def answered(self) -> list[Attempt]:
        """Those that wait for an approval which has been answered by now."""
        approvals = tables.approvals.c
        answered, waiting = (
            sa.select(approvals.reference).where(which)
            for which in (approvals.answer.is_not(None), approvals.answer.is_(None))
        )
        reference = tables.attempts.c.reference
        query = newest_attempts().where(
            reference.in_(answered),
            reference.not_in(waiting),
            self._in_outcome("estado") == Estado.PENDIENTE_DE_APROBACION.value,
        )
        return [Attempt.model_validate(row) for row in fetch(self.engine, query)]

    def pulse(self) -> tuple[object, ...]:
        """Changes with each case that begins or ends, whichever process works on it."""
        attempts = tables.attempts.c
        is_open = attempts.outcome.is_(None)
        open_ones = sa.select(sa.func.count(attempts.reference)).where(is_open).scalar_subquery()
        with self.engine.connect() as db:
            return tuple(db.execute(sa.select(sa.func.max(attempts.started), open_ones)).one())

    def hand_to(self, reference: str, user: str) -> None:
        with self.engine.begin() as db:
            db.execute(handed_to.delete().filter_by(reference=reference, user=user))
            db.execute(handed_to.insert().values(reference=reference, user=user))

    def _query(self, wanted: Filter, user: User) -> sa.Select[Any]:
        attempts = tables.attempts.c
        later = tables.attempts.alias()
        query = newest_attempts()
        if not user.sees_all:
            handed = sa.select(handed_to.c.reference).where(handed_to.c.user == user.name)
            own = sa.select(later.c.reference).where(later.c.requested_by == user.name)
            query = query.where(attempts.reference.in_(own) | attempts.reference.in_(handed))
        if text := wanted.text.strip():
            columns = (attempts.reference, attempts.case, attempts.outcome)
            # SQLite's LIKE knows no case anyway; folding every row first takes four times as long.
            folds = self.engine.dialect.name != "sqlite"
            holds = sa.ColumnElement.icontains if folds else sa.ColumnElement.contains
            query = query.where(sa.or_(*(holds(c, text, autoescape=True) for c in columns)))
        if wanted.estado in (QUEUED, IN_PROGRESS):
            query = query.where(attempts.outcome.is_(None))
            begun = attempts.started.is_not(None)
            query = query.where(begun if wanted.estado == IN_PROGRESS else ~begun)
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
            # As the index has it, to the letter.
            return sa.func.json_extract(outcome, sa.literal_column(f"'$.{name}'"))
        return sa.cast(outcome, sa.JSON)[name].as_string()


ESTADOS = (QUEUED, IN_PROGRESS, *(e.value for e in Estado if e is not Estado.DATO_INVALIDO))
MOTIVOS = tuple(m.value for m in Motivo)
