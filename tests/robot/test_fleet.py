"""A fleet of machines: each with folders of its own, and one PostgreSQL between them."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from flows.store.database import connect
from tests.docs.reading import blocks
from tests.support.due import compare, the_list
from tests.support.fleet import all_ended, places
from tests.support.machine import ROOT, wait_for
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.postgres import Server, server
from tests.support.robot import Robot, pids_of, processes_of, report_rows

#: whole stories of several processes
pytestmark = [
    pytest.mark.full,
    pytest.mark.postgres,
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

#: seconds in which a dead worker's cases are others'
TAKEN_OVER = 120
KINDS = ("configuration", "misaligned", "offered", "misaligned", "configuration", "evidence")


def lease(database: sa.Engine) -> int:
    """How many workers have a case."""
    query = sa.text(
        "SELECT count(DISTINCT executor_id) FROM dbos.workflow_status WHERE status = 'PENDING'"
    )
    with database.connect() as db:
        return db.scalar(query) or 0


def send(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def test_three_workers_one_killed_and_one_frozen(mock: MockPortals, tmp_path: Path) -> None:
    """Handed in on one machine, worked on by three that see no file of it, reported on a fifth."""
    mini, dues = the_list(tmp_path / "office", KINDS)
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "office" / "lista.xlsx")
    with server() as postgres:
        machines = {
            name: Robot(mock, tmp_path / name, CARGOFIJO_DATABASE_URL=postgres.address)
            for name in ("office", "one", "two", "three", "desk")
        }
        run = machines["office"].call("submit", str(path), "--json").summary["run"]
        (tmp_path / "office").rename(tmp_path / "out-of-sight")
        killed, frozen, living = (machines[n].start("worker") for n in ("one", "two", "three"))
        database = connect(postgres.address)
        wait_for(lambda: lease(database) == 3, 180)
        wait_for(lambda: mock.state()["writes"] > 0, 180)
        killed.send_signal(signal.SIGKILL)
        sleeping = pids_of(machines["two"])
        send(sleeping, signal.SIGSTOP)
        killed.communicate()
        wait_for(lambda: len(places(database)) == 1, TAKEN_OVER)
        wait_for(lambda: all_ended(database), 600)
        before = mock.state()
        send(sleeping, signal.SIGCONT)
        _, err = frozen.communicate(timeout=60)
        assert frozen.returncode == 1
        assert "otros siguen con sus casos" in err
        wait_for(lambda: not processes_of(machines["two"]))
        after = mock.state()
        assert [after[n] for n in ("siac", "nintex", "remedy", "mail")] == [
            before[n] for n in ("siac", "nintex", "remedy", "mail")
        ]
        living.send_signal(signal.SIGTERM)
        _, err = living.communicate(timeout=120)
        assert living.returncode == 0, err
        finding = compare(dues, mock.state())
        assert finding.wrong == []
        out = tmp_path / "informe.xlsx"
        done = machines["desk"].call("report", run, "--report", str(out))
        assert done.code == 0, done.err
        states = [row["Estado"] for row in report_rows(out).values()]
        assert sorted(states) == ["Atendido"] * 5 + ["Pendiente de evidencia"]
        pictures = {
            picture.parent.name
            for picture in (machines["desk"].folder / "var" / "evidence").glob("*/*.png")
        }
        assert len(pictures) == len(KINDS)  # also those of the machines that are gone
        database.dispose()


def test_postgresql_started_again_in_the_middle_costs_nothing(
    mock: MockPortals, tmp_path: Path
) -> None:
    mini, dues = the_list(tmp_path, ("configuration", "offered", "configuration"))
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    with server() as postgres:
        robot = Robot(mock, tmp_path / "robot", CARGOFIJO_DATABASE_URL=postgres.address)
        process = robot.start("run", str(path), "--json")
        for writes in (1, 4):
            wait_for(lambda writes=writes: mock.state()["writes"] >= writes, 300)
            postgres.stop("immediate" if writes == 1 else "fast")
            postgres.start()
        _, err = process.communicate(timeout=600)
        assert process.returncode == 0, err
    assert compare(dues, mock.state()).wrong == []


def set_up(postgres: Server, secret: Path) -> dict[str, Any]:
    """As docs/flota.md says, line by line, but for where things are; gives a machine's
    environment."""
    here = {
        "10.0.0.0/24": "127.0.0.1/32",
        "db.empresa.example:5432": f"localhost:{postgres.port}",
        "db.empresa.example": f"localhost:{postgres.port}",
        "/etc/cargofijo/ca.pem": str(postgres.folder / "ca.pem"),
        "/etc/cargofijo/pgpass": str(secret),
    }
    written = []
    for _, body in blocks(ROOT / "docs" / "flota.md"):
        for there, place in here.items():
            body = body.replace(there, place)
        written.append(body.splitlines())
    statements, (conf, entry), environment, (kept,), commands, *_ = written
    assert len([*statements, conf, entry, *environment, kept, *commands]) == 10
    postgres.secure(statements, conf=conf, entry=entry)
    secret.write_text(kept + "\n")
    secret.chmod(0o600)
    return dict(line.split("=", 1) for line in environment)


def test_a_role_of_its_own_and_tls(mock: MockPortals, tmp_path: Path) -> None:
    """The role owns one database and nothing else; without TLS there is no way in."""
    mini = MiniWorld()
    mini.configuration()
    path = mini.list_at(tmp_path / "lista.xlsx")
    password = "la-clave"
    with server() as postgres:
        given = set_up(postgres, tmp_path / "pgpass")
        address = given["CARGOFIJO_DATABASE_URL"]
        robot = Robot(mock, tmp_path / "robot", **given)
        submitted = robot.call("submit", str(path), "--json")
        assert (submitted.code, submitted.summary["queued"]) == (0, 1), submitted.err
        assert submitted.err.count("\n") <= 2  # the two sentences: no engine's word about others
        assert "En cola" in robot.call("status", submitted.summary["run"]).out
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PGPASSFILE", given["PGPASSFILE"])
            database = connect(address)
            with database.connect() as db:
                assert db.scalar(
                    sa.text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                )
                assert not db.scalar(
                    sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
                )
            database.dispose()
        for wrong in (
            {"CARGOFIJO_DATABASE_URL": address.replace("verify-full", "disable")},
            {"CARGOFIJO_DATABASE_URL": address.replace("localhost", "127.0.0.1")},
            {"PGPASSFILE": str(tmp_path / "none")},
        ):
            refused = Robot(mock, tmp_path / "other", **{**given, **wrong}).call("status")
            assert refused.code == 3
            assert len(refused.err.strip().splitlines()) == 1
            assert password not in refused.err + refused.out
