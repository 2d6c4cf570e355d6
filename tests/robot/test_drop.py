"""The drop folder: what is whole is taken, once, and never touched."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from flows.store import tables
from flows.store.database import connect
from robots.run.drop_folder import DropFolder
from tests.support.lists import good, make_list
from tests.support.machine import wait_for
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import COMMAND, Robot, report_rows


@pytest.fixture
def folder(tmp_path: Path) -> DropFolder:
    engine = connect(f"sqlite:///{tmp_path / 'robot.sqlite'}")
    tables.metadata.create_all(engine)
    (tmp_path / "listas").mkdir()
    return DropFolder(tmp_path / "listas", engine)


def names(folder: DropFolder) -> list[str]:
    return [dropped.path.name for dropped in folder.ready()]


def test_a_workbook_is_taken_when_it_is_the_same_at_two_looks(folder: DropFolder) -> None:
    path = make_list(folder.path / "lista.xlsx", {"id": "1"})
    whole = path.read_bytes()
    path.write_bytes(whole[:-400])  # on its way
    assert [names(folder) for _ in range(3)] == [[], [], []]
    path.write_bytes(whole)
    assert [names(folder) for _ in range(2)] == [[], ["lista.xlsx"]]


def test_one_that_is_open_or_ours_is_left_alone(folder: DropFolder) -> None:
    path = make_list(folder.path / "lista.xlsx", {"id": "1"})
    make_list(folder.path / "lista-informe.xlsx", {"id": "1"})
    lock = folder.path / "~$lista.xlsx"
    lock.write_text("")
    assert [names(folder) for _ in range(3)] == [[], [], []]
    lock.unlink()
    assert names(folder) == [path.name]


def test_one_that_never_becomes_a_workbook_is_taken_in_the_end(folder: DropFolder) -> None:
    (folder.path / "rota.xlsx").write_bytes(b"PK nothing that ends like a workbook")
    taken = [look for look in range(20) if names(folder)]
    assert taken[0] == 12


def test_where_no_look_follows_one_that_has_long_been_so_is_taken(folder: DropFolder) -> None:
    """By when it was written: one that may be on its way waits all the same, and is told."""
    for name, age in (("vieja.xlsx", 120), ("nueva.xlsx", 0)):
        (folder.path / name).write_bytes(b"PK nothing that ends like a workbook")
        at = time.time() - age
        os.utime(folder.path / name, (at, at))
    folder.ready()
    assert [dropped.path.name for dropped in folder.ready(is_last=True)] == ["vieja.xlsx"]
    assert [path.name for path in folder.waiting] == ["nueva.xlsx"]


def test_a_done_one_is_not_taken_again_unless_it_changes_or_has_another_name(
    folder: DropFolder,
) -> None:
    path = make_list(folder.path / "lista.xlsx", {"id": "1"})
    folder.ready()
    (dropped,) = folder.ready()
    assert dropped.path == path
    folder.done(dropped)
    assert names(folder) == []
    (folder.path / "otra.xlsx").write_bytes(path.read_bytes())
    assert [names(folder) for _ in range(2)] == [[], ["otra.xlsx"]]
    make_list(path, {"id": "2"})
    assert [names(folder) for _ in range(2)] == [["otra.xlsx"], ["lista.xlsx", "otra.xlsx"]]


#: the command with looks that follow each other at once, and without root's right to read all
QUICK = "from robots.run import drop_folder; drop_folder.LOOK = 0.05;"
COMMON = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] * (os.geteuid() == 0)
DROP = [*COMMON, sys.executable, "-c", f"{QUICK} {COMMAND[-1]}"]


@pytest.mark.process
@pytest.mark.skipif(
    sys.platform == "win32" or bool(COMMON and not shutil.which("setpriv")), reason="Linux"
)
def test_no_file_keeps_the_others_from_their_reports(robot: Robot, tmp_path: Path) -> None:
    """Neither today nor after a restart, and none is waited for in vain."""
    inbox = tmp_path / "entrada"
    (inbox / "carpeta.xlsx").mkdir(parents=True)
    (inbox / "enlace.xlsx").symlink_to(tmp_path / "nada.xlsx")
    os.mkfifo(inbox / "tubo.xlsx")
    wrong = good(ruc="1")  # no case to be worked on: nothing but the report is to be done
    closed = make_list(inbox / "cerrada.xlsx", wrong)
    closed.chmod(0)
    (inbox / "rota.xlsx").write_bytes(b"nada")
    (inbox / "rota-informe.txt").mkdir()
    make_list(inbox / ("l" * 245 + ".xlsx"), wrong)
    latin = make_list(tmp_path / "latin.xlsx", wrong).rename(inbox / os.fsdecode(b"l\xednea.xlsx"))
    make_list(inbox / "zeta.xlsx", wrong)
    robot.settings["PYTHONIOENCODING"] = "utf-8"
    note, report = inbox / "cerrada-informe.txt", inbox / "zeta-informe.xlsx"
    for restarted in (False, True):
        process = robot.start("drop", str(inbox), command=DROP)
        wait_for(report.exists)
        wait_for(note.exists)
        assert "permiso" in note.read_text("utf-8")
        if restarted:
            closed.chmod(0o600)
            wait_for((inbox / "cerrada-informe.xlsx").exists)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0 and "Traceback" not in err, err
        if not restarted:
            report.unlink()
            note.unlink()
            make_list(inbox / "zeta.xlsx", wrong, wrong)
    assert out.count("rota.xlsx no es un libro") == 1
    assert not note.exists()
    assert report_rows(latin.with_name(os.fsdecode(b"l\xednea-informe.xlsx")))


@pytest.mark.process
def test_once_leaves_no_list_without_a_word(robot: Robot, tmp_path: Path) -> None:
    inbox = tmp_path / "entrada"
    inbox.mkdir()
    make_list(inbox / "bien.xlsx", good(ruc="1"))
    (inbox / "cifrada.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    whole = make_list(inbox / "cortada.xlsx", good(ruc="1"))
    whole.write_bytes(whole.read_bytes()[:-400])
    for path in inbox.iterdir():
        os.utime(path, (1, 1))
    (inbox / "copiando.xlsx").write_bytes(b"PK")
    (inbox / "antigua.xls").write_bytes(b"")
    robot.settings["PYTHONIOENCODING"] = "utf-8"
    done = robot.call("drop", str(inbox), "--once", command=DROP)
    assert done.code == 2, done.err
    assert report_rows(inbox / "bien-informe.xlsx")  # it keeps no other from its report
    for name in ("cifrada", "cortada"):
        note = (inbox / f"{name}-informe.txt").read_text("utf-8").strip()
        assert name in note and note in done.out
    assert not (inbox / "copiando-informe.txt").exists()
    assert "copiando.xlsx queda para la próxima vez" in done.out
    assert "antigua.xls no es una lista" in done.out
    again = robot.call("drop", str(inbox), "--once", command=DROP)
    assert again.code == 0 and "cifrada" not in again.out  # each is told once


BREAKS = """
from inputs import reader
read = reader.read_list
reader.read_list = lambda path, **given: path.name == "mala.xlsx" and 1 / 0 or read(path, **given)
"""


@pytest.mark.full
def test_a_list_that_meets_a_defect_of_the_robot_is_told_and_left(
    robot: Robot, tmp_path: Path
) -> None:
    inbox = tmp_path / "entrada"
    inbox.mkdir()
    for name in ("mala.xlsx", "zeta.xlsx"):
        make_list(inbox / name, good(ruc="1"))
    command = [*DROP[:-1], f"{BREAKS}{DROP[-1]}"]
    done = robot.call("drop", str(inbox), "--once", command=command)
    assert done.code == 1
    assert "ZeroDivisionError" in (inbox / "mala-informe.txt").read_text("utf-8")
    assert report_rows(inbox / "zeta-informe.xlsx")
    assert robot.call("drop", str(inbox), "--once").code == 0
    assert report_rows(inbox / "mala-informe.xlsx")
    assert not (inbox / "mala-informe.txt").exists()


@pytest.mark.full
def test_lists_that_are_dropped_get_their_reports_beside_them(
    mock: MockPortals, tmp_path: Path
) -> None:
    mini = MiniWorld()
    mini.configuration()
    mock.reset(mini.world)
    inbox = tmp_path / "entrada"
    robot = Robot(mock, tmp_path / "robot", CARGOFIJO_SMTP__OPERATOR="jefa@claro.example")
    path = mini.list_at(inbox / "lista.xlsx")
    (inbox / "rota.xlsx").write_bytes(b"nada" * 100)
    before = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns
    done = robot.call("drop", str(inbox), "--once")
    assert done.code == 0, done.err
    assert report_rows(inbox / "lista-informe.xlsx")["1"]["Estado"] == "Atendido"
    assert (inbox / "lista-informe.html").exists()
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before
    asked = mock.requests("sisact")
    process = robot.start("drop", str(inbox))  # until it is ended
    assert process.stdout is not None
    mini.configuration()
    mock.reset(mini.world)
    mini.list_at(inbox / "segunda.xlsx")
    for line in process.stdout:
        if "segunda-informe.xlsx" in line:
            break
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert (inbox / "segunda-informe.xlsx").exists() and asked
    told = [m for m in mock.state()["mail"] if m["to"] == ["jefa@claro.example"]]
    assert len(told) == 1 and "No hay que hacer nada" in told[0]["text"]
