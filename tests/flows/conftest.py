"""The robot's database, with nothing in it: SQLite, and in make test-full PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from flows.database import connect
from flows.ledger import Ledger
from flows.tables import metadata
from tests.robots.postgres import programs, server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with server() as address:
        yield address


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
