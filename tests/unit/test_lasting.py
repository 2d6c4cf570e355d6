"""What is tried again while the database is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import flows.store.database
from flows.store.database import lasting


@pytest.fixture
def one_connection(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(
        f"sqlite:///{tmp_path}/one.sqlite", pool_size=1, max_overflow=0, pool_timeout=0.01
    )
    yield engine
    engine.dispose()


def test_a_pool_whose_connections_all_wait_is_waited_for(
    one_connection: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a pooler lets them in and has no server for them."""
    monkeypatch.setattr(flows.store.database, "_TRIES", (0.0,))
    held = one_connection.connect()
    tries = []

    @lasting
    def ask() -> int | None:
        tries.append(None)
        if len(tries) == 2:
            held.close()
        with one_connection.connect() as db:
            return db.scalar(sa.text("SELECT 1"))

    assert ask() == 1
    assert len(tries) == 2
