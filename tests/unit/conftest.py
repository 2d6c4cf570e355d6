"""The robot's database, with nothing in it: SQLite, and in make test-full PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from flows.store.database import connect
from flows.store.ledger import Ledger
from flows.store.tables import metadata
from tests.support.postgres import server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    with server() as postgres:
        yield postgres.address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    if request.param == "sqlite":
        yield _prepared(f"sqlite:///{tmp_path / 'robot.sqlite'}")
        return
    engine = _prepared(request.getfixturevalue("postgresql"))
    yield engine
    metadata.drop_all(engine)
    engine.dispose()


def _prepared(address: str) -> sa.Engine:
    engine = connect(address)
    Ledger(engine).prepare()
    return engine
