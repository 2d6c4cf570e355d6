"""A PostgreSQL that takes no writes for a while counts as one that is away: its SQLSTATE is another
one, and its connections stay up."""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import flows.store.database
from flows.runtime.heartbeat import Heartbeat
from flows.runtime.queue_client import QueueClient
from flows.store import tables
from flows.store.database import connect
from flows.store.ledger import Ledger
from robots.failures import PREFLIGHT, UNFINISHED
from robots.ops.preflight import check_database
from robots.record import RecordUnusable, open_to_write
from robots.run.drop_folder import DropFolder, Dropped
from robots.settings import Settings
from tests.support.due import compare, the_list
from tests.support.machine import wait_for
from tests.support.mock import MockPortals
from tests.support.postgres import Server, server
from tests.support.robot import Robot

READ_ONLY = "25006"


@pytest.fixture
def database(postgres: Server) -> Iterator[sa.Engine]:
    engine = connect(postgres.new_database())
    Ledger(engine).prepare()
    yield engine
    engine.dispose()


@pytest.fixture
def refusals(database: sa.Engine) -> list[str | None]:
    """The SQLSTATE of each."""
    seen: list[str | None] = []

    def refused(context: sa.engine.ExceptionContext) -> None:
        seen.append(getattr(context.original_exception, "sqlstate", None))

    sa.event.listen(database, "handle_error", refused)
    return seen


def started(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def sessions(database: sa.Engine) -> set[int]:
    """The server's processes behind the connections of the pool."""
    query = sa.text("SELECT pg_backend_pid()")
    with database.connect() as one, database.connect() as other:
        return {db.scalar(query) or 0 for db in (one, other)}


Work = Callable[[sa.Engine], object]


def enter_the_fleet(database: sa.Engine) -> None:
    Heartbeat(database, "", lost=lambda: None).enter(seats=1, version="1")


def note_a_list_that_was_dropped(database: sa.Engine) -> None:
    DropFolder(Path(), database).done(Dropped(Path("lista.xlsx"), "fingerprint"))


@pytest.mark.parametrize(
    ("work", "table"),
    [(enter_the_fleet, tables.workers), (note_a_list_that_was_dropped, tables.drops)],
)
def test_what_may_be_done_twice_waits_for_it_and_takes_new_connections(
    work: Work,
    table: sa.Table,
    postgres: Server,
    database: sa.Engine,
    refusals: list[str | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flows.store.database, "_TRIES", (0.1,))
    before = sessions(database)
    with postgres.refusing_writes():
        working = started(lambda: work(database))
        wait_for(lambda: READ_ONLY in refusals)
        assert working.is_alive()
    working.join(60)
    with database.connect() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(table)) == 1
    assert not before & sessions(database)


def test_so_does_the_durable_engine(
    postgres: Server, database: sa.Engine, refusals: list[str | None]
) -> None:
    queue_client = QueueClient(database)
    name = ("CF-1", 1)
    asyncio.run(queue_client.enqueue([name]))
    with postgres.refusing_writes():
        forgetting = started(lambda: asyncio.run(queue_client.forget([name])))
        wait_for(lambda: READ_ONLY in refusals)
        assert forgetting.is_alive()
    forgetting.join(60)
    with database.connect() as db:
        assert not db.scalar(sa.text("SELECT count(*) FROM dbos.workflow_status"))
    queue_client.close()


def test_before_the_work_it_is_told_in_the_servers_words(
    postgres: Server, database: sa.Engine
) -> None:
    told = "está en solo lectura («cannot execute DELETE in a read-only transaction»)"
    settings = Settings(database_url=database.url.render_as_string(hide_password=False))
    with postgres.refusing_writes():
        (problem,) = check_database(database)
        with pytest.raises(RecordUnusable, match=re.escape(told)):
            open_to_write(settings)
    assert problem.fatal
    assert told in problem.sentence
    assert check_database(database) == []
    open_to_write(settings)


# the front door


@pytest.fixture
def own() -> Iterator[Server]:
    with server() as alone:
        yield alone


def told(robot: Robot) -> int:
    """How often its log says that the database is away because it takes no writes."""
    log = robot.folder / "var" / "logs" / "cargofijo.log"
    return log.read_text().count(f"SQLSTATE {READ_ONLY}")


@pytest.mark.full
@pytest.mark.postgres
@pytest.mark.parametrize(
    "command",
    [["submit", "lista.xlsx"], ["stop"], ["approve", "CF-1", "--as", "ana"], ["users", "list"]],
    ids=["submit", "stop", "approve", "users"],
)
def test_what_is_to_be_written_is_refused_and_what_is_read_is_not(
    command: list[str], own: Server, mock: MockPortals, tmp_path: Path
) -> None:
    mini, _ = the_list(tmp_path, ("configuration",))
    robot = Robot(mock, tmp_path / "robot", CARGOFIJO_DATABASE_URL=own.address)
    assert robot.call("status").code == 0
    mini.list_at(robot.folder / "lista.xlsx")
    with own.refusing_writes():
        done = robot.call(*command)
        assert robot.call("status").code == 0
    assert done.code == PREFLIGHT
    (sentence,) = done.err.strip().splitlines()
    assert "está en solo lectura" in sentence
    assert robot.call(*command).code != PREFLIGHT


#: Ends whoever writes, in the middle of it.
ENDS = """CREATE FUNCTION ends() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
CREATE TRIGGER ends BEFORE INSERT OR UPDATE ON {} FOR EACH STATEMENT EXECUTE FUNCTION ends()"""


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("command", "table"),
    [(["submit", "lista.xlsx"], "cf_attempts"), (["stop"], "cf_switch")],
    ids=["submit", "stop"],
)
def test_what_it_leaves_in_the_middle_is_told_and_can_be_repeated(
    command: list[str], table: str, postgres: Server, mock: MockPortals, tmp_path: Path
) -> None:
    mini, _ = the_list(tmp_path, ("configuration",))
    address = postgres.new_database()
    robot = Robot(mock, tmp_path / "robot", CARGOFIJO_DATABASE_URL=address)
    mini.list_at(robot.folder / "lista.xlsx")
    database = connect(address)
    Ledger(database).prepare()
    with database.begin() as db:
        db.exec_driver_sql(ENDS.format(table))
    done = robot.call(*command)
    (sentence,) = done.err.strip().splitlines()
    assert sentence.startswith("No se puede usar la base de datos: ")
    assert done.code == UNFINISHED
    with database.begin() as db:
        db.exec_driver_sql(f"DROP TRIGGER ends ON {table}")
    database.dispose()
    assert robot.call(*command).code == 0


@pytest.mark.full
@pytest.mark.postgres
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("command", ["run", "worker"])
def test_the_work_goes_on_by_itself(
    command: str, own: Server, mock: MockPortals, tmp_path: Path
) -> None:
    """By a setting, then as a standby, both in the middle of cases."""
    mini, dues = the_list(tmp_path, ("configuration", "misaligned", "offered"))
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    robot = Robot(mock, tmp_path / "robot", CARGOFIJO_DATABASE_URL=own.address)
    if command == "worker":
        assert robot.call("submit", str(path)).code == 0
        process = robot.start("worker", "--drain")
    else:
        process = robot.start("run", str(path))
    wait_for(lambda: mock.state()["writes"] >= 1, 300)
    with own.refusing_writes():
        wait_for(lambda: told(robot) or process.poll() is not None)
    wait_for(lambda: mock.state()["writes"] >= 4 or process.poll() is not None, 300)
    own.become_standby()
    before = told(robot)
    wait_for(lambda: told(robot) > before or process.poll() is not None)
    own.promote()
    _, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    finding = compare(dues, mock.state())
    assert (finding.wrong, finding.told) == ([], 0)
