"""The console's own tables: who may come in, who is in, and what people did."""

from __future__ import annotations

import sqlalchemy as sa

from flows.tables import MOMENT

metadata = sa.MetaData()

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
