"""Where in the robot's database a text stands."""

from __future__ import annotations

import base64

import sqlalchemy as sa

from flows.store.database import is_shared


def tables_with(database: sa.Engine, text: str) -> set[str]:
    """Every table with a value in which it stands, also where the engine encodes what it keeps."""
    everything = sa.MetaData()
    for schema in ("dbos", None) if is_shared(database) else (None,):
        everything.reflect(database, schema=schema)
    with database.connect() as db:
        return {
            table.name
            for table in everything.tables.values()
            for row in db.execute(table.select())
            if any(text in said for value in row for said in spoken(value))
        }


def spoken(value: object) -> tuple[str, ...]:
    text = str(value)
    try:
        return text, base64.b64decode(text, validate=True).decode("utf-8", "ignore")
    except ValueError:
        return (text,)
