"""Tables of the console: users, sessions, failed logins, audit trail."""

from __future__ import annotations

import sqlalchemy as sa

from flows.store.tables import MOMENT

metadata = sa.MetaData()

#: What the lists of cases are ordered and filtered by. They are of the robot's table, which may
#: be there already: so they are made one by one.
_INDEXES = {
    "cf_console_by_start": "cf_attempts (started, reference, attempt)",
    "cf_console_by_person": "cf_attempts (requested_by, reference)",
    "cf_console_by_estado": "cf_attempts (json_extract(outcome, '$.estado'), started, reference,"
    " attempt)",
}


def prepare(engine: sa.Engine) -> None:
    """Make what is not there yet; the robot's own tables are."""
    metadata.create_all(engine)
    with engine.begin() as db:
        for name, on in _INDEXES.items():
            if "json_extract" not in on or engine.dialect.name == "sqlite":
                db.execute(sa.text(f"CREATE INDEX IF NOT EXISTS {name} ON {on}"))


users = sa.Table(
    "cf_console_users",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("password", sa.String, nullable=False),
    sa.Column("created", MOMENT, nullable=False),
)
#: A session by the digest of its token: who reads the database cannot come in with it.
sessions = sa.Table(
    "cf_console_sessions",
    metadata,
    sa.Column("token", sa.String, primary_key=True),
    sa.Column("user", sa.String, nullable=False, index=True),
    sa.Column("begun", MOMENT, nullable=False),
    sa.Column("seen", MOMENT, nullable=False),
)
failures = sa.Table(
    "cf_console_failures",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False, index=True),
    sa.Column("address", sa.String, nullable=False, index=True),
    sa.Column("at", MOMENT, nullable=False),
)
audit = sa.Table(
    "cf_console_audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", MOMENT, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("what", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False, index=True),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
)
#: An advisor whom a case was handed to, besides whoever entered it.
handed_to = sa.Table(
    "cf_console_handed_to",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("user", sa.String, primary_key=True),
)
