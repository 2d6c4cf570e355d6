"""PgBouncer in front of PostgreSQL: in session mode it is as if it were not there, in the others it
is refused before anything is touched."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
import sqlalchemy as sa

import flows.store.database
import flows.store.postgresql
from flows.runtime.queue_client import QueueClient
from flows.store.database import connect, lasting, trouble_with
from flows.store.ledger import Ledger
from flows.store.postgresql import NoSession, require_sessions
from robots.failures import PREFLIGHT
from robots.record import RecordUnusable, open_ledger
from robots.settings import Settings
from tests.support.console import Console, add_user
from tests.support.due import compare, the_list
from tests.support.machine import wait_for
from tests.support.mock import MockPortals
from tests.support.pgbouncer import pgbouncer
from tests.support.postgres import OWNER, Server, server
from tests.support.robot import Robot, processes_of

pytestmark = [pytest.mark.postgres, pytest.mark.skipif(sys.platform == "win32", reason="POSIX")]

#: each hides in its own way that a session is nobody's own
WITHOUT_SESSIONS = {
    "one-server": ("transaction", {"default_pool_size": 1}),
    "last-in-first-out": ("transaction", {"min_pool_size": 5}),
    "in-turn": ("transaction", {"min_pool_size": 5, "server_round_robin": 1}),
    "reset": ("transaction", {"server_reset_query_always": 1}),
    "statement": ("statement", {}),
}


@pytest.fixture
def pooled(postgres: Server) -> Iterator[sa.Engine]:
    """A database of its own, by way of a pooler in session mode."""
    with pgbouncer(postgres, postgres.new_database(), "session") as address:
        engine = connect(address)
        yield engine
        engine.dispose()


def test_a_session_has_what_was_set_in_it(pooled: sa.Engine) -> None:
    shown = sa.text("SHOW idle_in_transaction_session_timeout")
    require_sessions(pooled)
    for _ in range(2):
        with pooled.connect() as one, pooled.connect() as other:
            assert [db.scalar(shown) for db in (one, other)] == ["30s"] * 2
            one.rollback()
            assert one.scalar(shown) == "30s"


def test_the_engine_makes_its_tables_and_takes_cases(pooled: sa.Engine) -> None:
    Ledger(pooled).prepare()
    queue_client = QueueClient(pooled)
    asyncio.run(queue_client.enqueue([("CF-1", 1)]))
    assert asyncio.run(queue_client.unfinished([("CF-1", 1)])) == {("CF-1", 1)}
    queue_client.close()


@pytest.mark.sample(2)
@pytest.mark.parametrize("way", WITHOUT_SESSIONS)
def test_without_sessions_it_is_refused(
    way: str, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.store.postgresql, "_HEARS", 0.5)
    mode, settings = WITHOUT_SESSIONS[way]
    with pgbouncer(postgres, postgres.address, mode, **settings) as address:
        engine = connect(address)
        with pytest.raises((NoSession, sa.exc.OperationalError)) as refused:
            require_sessions(engine)
        assert "pool_mode = session" in trouble_with(refused.value)
        engine.dispose()


@pytest.mark.full
def test_a_pooler_without_a_server_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says then is a connection's error, and it stays up itself."""
    monkeypatch.setattr(flows.store.database, "_TRIES", (0.1,))
    seen: list[str | None] = []

    def refused(context: sa.engine.ExceptionContext) -> None:
        seen.append(getattr(context.original_exception, "sqlstate", None))
        if seen.count("08P01") == 1:
            own.start()

    @lasting
    def asked() -> int | None:
        with engine.connect() as db:
            return db.scalar(sa.text("SELECT 1"))

    with server() as own, pgbouncer(own, own.address, "session", query_wait_timeout=1) as address:
        engine = connect(address)
        assert asked() == 1
        sa.event.listen(engine, "handle_error", refused)
        own.stop("fast")
        assert asked() == 1
        assert "08P01" in seen
        engine.dispose()


@pytest.mark.parametrize(
    ("is_pooled", "asked", "words"),
    [
        (True, "postgres?options=-cwork_mem%3D4MB", "unsupported startup parameter: options"),
        (False, "nada", 'database "nada" does not exist'),
    ],
    ids=["pooler", "server"],
)
def test_who_refuses_is_told_in_its_own_words(
    is_pooled: bool, asked: str, words: str, postgres: Server, tmp_path: Path
) -> None:
    with pgbouncer(postgres, postgres.address, "session") as pooled:
        address = sa.make_url(pooled if is_pooled else postgres.address)
        url = f"postgresql://{OWNER}:s3creta@127.0.0.1:{address.port}/{asked}"
        with pytest.raises(RecordUnusable) as refused:
            open_ledger(Settings(database_url=url, var_dir=tmp_path))
    assert refused.value.exit_code == PREFLIGHT
    sentence = str(refused.value)
    assert f"127.0.0.1:{address.port}: rechaza la conexión («{words}»); corrija" in sentence
    assert "s3creta" not in sentence


# the front door


@pytest.mark.full
def test_every_command_is_refused_without_sessions(
    postgres: Server, mock: MockPortals, tmp_path: Path
) -> None:
    mini, _ = the_list(tmp_path, ("configuration",))
    mock.reset(mini.world)
    path = str(mini.list_at(tmp_path / "lista.xlsx"))
    with pgbouncer(postgres, postgres.new_database(), "transaction") as url:
        robot = Robot(mock, tmp_path / "robot", CARGOFIJO_DATABASE_URL=url)
        for command in (["submit", path], ["run", path], ["worker"], ["check"], ["console"]):
            done = robot.call(*command)
            assert done.code == PREFLIGHT, command
            (sentence,) = done.err.strip().splitlines()
            assert "pool_mode = session" in sentence
            assert sentence.endswith("No se tocó nada.")
    assert mock.state()["writes"] == 0


@pytest.mark.full
def test_every_command_works_in_session_mode(
    postgres: Server, mock: MockPortals, tmp_path: Path
) -> None:
    mini, dues = the_list(tmp_path, ("configuration", "misaligned"))
    mock.reset(mini.world)
    path = str(mini.list_at(tmp_path / "lista.xlsx"))
    with pgbouncer(postgres, postgres.new_database(), "session") as url:
        robot = Robot(mock, tmp_path / "robot", CARGOFIJO_DATABASE_URL=url)
        for command in (
            ["check", "--portal", "sisact"],
            ["run", path, "--dry-run"],
            ["submit", path],
            ["worker", "--drain"],
            ["status"],
        ):
            done = robot.call(*command)
            assert done.code == 0, (command, done.err)
        assert compare(dues, mock.state()).wrong == []
        add_user(robot, "operadora", "operador")
        console = Console(robot)
        try:
            with urlopen(console.url) as page:
                assert page.status == 200
        finally:
            console.stop()
        wait_for(lambda: not processes_of(robot))
