"""What the robot's record holds past its time: found here, and deleted here for good.

Personal data is kept for a stated time and then deleted (Ley 29733). A case that is still in the
works is never old, whatever its age.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from flows.store import tables
from flows.store.database import fetch, fetch_among, in_parts
from flows.store.incoming_mail import forget_messages
from flows.store.ledger import Ledger


@dataclass(frozen=True)
class Past:
    """Cases that nobody has touched since a moment; ``waiting`` are as old and still open."""

    before: datetime
    references: tuple[str, ...]
    waiting: tuple[str, ...]


def past_cases(ledger: Ledger, before: datetime) -> Past:
    """By the newest of a case's attempts and of the runs whose lists named it."""
    attempts, rows, runs = tables.attempts.c, tables.rows.c, tables.runs.c
    touched = sa.union_all(
        sa.select(
            attempts.reference, sa.func.coalesce(attempts.ended, attempts.started).label("at")
        ),
        sa.select(rows.reference, runs.started.label("at"))
        .join_from(tables.rows, tables.runs)
        .where(rows.reference.is_not(None)),
    ).subquery()
    query = sa.select(touched.c.reference).group_by(touched.c.reference)
    untouched = query.having(sa.func.max(touched.c.at) < before)
    old = [row.reference for row in fetch(ledger.engine, untouched)]
    open_ones = {reference for reference, _ in ledger.open_attempts()}
    latest = ledger.latest(old)

    def is_open(reference: str) -> bool:
        known = latest.get(reference)
        if known is None:
            return False
        return known.outcome is None or known.outcome.estado.is_waiting or reference in open_ones

    waiting = tuple(reference for reference in old if is_open(reference))
    gone = set(old) - set(waiting)
    followed = {a.reference: a.case.seguimiento_de for a in ledger.newest_that_follow()}
    while kept := gone & {of for reference, of in followed.items() if reference not in gone}:
        gone -= kept  # a case that came of its next bill names it
    return Past(before, tuple(sorted(gone)), tuple(sorted(waiting)))


async def forget(
    ledger: Ledger, past: Past, forget_flows: Callable[[Iterable[tuple[str, int]]], Awaitable[None]]
) -> dict[str, int]:
    """Delete these cases from every table of ours, and by ``forget_flows`` from the engine's; rows
    that never were cases from lists as old, and the runs that have no row left. Gives the rows
    deleted, by table."""
    counts: dict[str, int] = {}
    attempts = _attempts(ledger.engine, past.references)
    if attempts:
        await forget_flows(attempts)
        counts["workflow_status"] = len(attempts)
    with ledger.engine.begin() as db:
        for name, column in _of_cases(ledger.engine).items():
            counts[name] = sum(
                db.execute(column.table.delete().where(column.in_(part))).rowcount
                for part in in_parts(past.references)
            )
        counts[tables.messages.name] += forget_messages(db, past.before)
        runs, rows = tables.runs, tables.rows
        old_runs = sa.select(runs.c.id).where(runs.c.started < past.before)
        counts[rows.name] += db.execute(
            rows.delete().where(rows.c.reference.is_(None), rows.c.run.in_(old_runs))
        ).rowcount
        counts[runs.name] = db.execute(
            runs.delete().where(
                runs.c.started < past.before, runs.c.id.not_in(sa.select(rows.c.run))
            )
        ).rowcount
        db.execute(tables.changes.delete().where(tables.changes.c.missed < past.before))
        db.execute(tables.surfaces.delete().where(tables.surfaces.c.seen < past.before))
        told = tables.news.c.varies.is_(False)  # what varies would be news again
        db.execute(tables.news.delete().where(told, tables.news.c.seen < past.before))
        db.execute(tables.writes.delete().where(tables.writes.c.run.not_in(sa.select(runs.c.id))))
    if any(counts.values()):
        _leave_nothing(ledger.engine)
    return {name: count for name, count in counts.items() if count}


def _of_cases(engine: sa.Engine) -> dict[str, sa.Column[str]]:
    """In every table of the robot's, whichever room made it, the column that names a case; a table
    that refers to another comes first.

    Columns only: of some indexes SQLAlchemy warns that it cannot describe them."""
    inspector = sa.inspect(engine)
    ordered = [name for name, _ in inspector.get_sorted_table_and_fkc_names() if name]
    found = {}
    for name in reversed([name for name in ordered if name.startswith("cf_")]):
        columns = {column["name"] for column in inspector.get_columns(name)}
        for column in ("reference", "subject"):
            if column in columns:
                table = sa.Table(name, sa.MetaData(), sa.Column(column, sa.String))
                found[name] = table.c[column]
    return found


def _attempts(engine: sa.Engine, references: Sequence[str]) -> list[tuple[str, int]]:
    columns = tables.attempts.c
    query = sa.select(columns.reference, columns.attempt)
    found = fetch_among(engine, query, columns.reference, references)
    return [(row.reference, row.attempt) for row in found]


def _leave_nothing(engine: sa.Engine) -> None:
    """Deleted rows lie in the file until their pages are used again: write it anew without them."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        if engine.dialect.name == "sqlite":
            db.execute(sa.text("PRAGMA secure_delete=ON"))
            db.execute(sa.text("VACUUM"))
            db.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        else:
            db.execute(sa.text("VACUUM"))


def known_references(engine: sa.Engine, references: Iterable[str]) -> set[str]:
    """Those of them that a table of ours still has."""
    wanted, found = list(references), set[str]()
    for column in _of_cases(engine).values():
        found.update(of for (of,) in fetch_among(engine, sa.select(column), column, wanted))
    return found
