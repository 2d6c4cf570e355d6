"""The robot's database, with nothing in it: SQLite, and in make test-full PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from flows.store.database import connect
from flows.store.ledger import Ledger


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.full, pytest.mark.postgres])]
)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    if request.param == "sqlite":
        yield _prepared(f"sqlite:///{tmp_path / 'robot.sqlite'}")
        return
    engine = _prepared(request.getfixturevalue("postgres").new_database())
    yield engine
    engine.dispose()


def _prepared(address: str) -> sa.Engine:
    engine = connect(address)
    Ledger(engine).prepare()
    return engine
