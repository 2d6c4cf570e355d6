"""The drop folder: what is whole is taken, once, and never touched."""

from __future__ import annotations

import hashlib
import signal
from pathlib import Path

import pytest

from flows.store import tables
from flows.store.database import connect
from robots.run.drop_folder import Folder, fingerprint
from tests.support.lists import make_list
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Robot, report_rows


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    engine = connect(f"sqlite:///{tmp_path / 'robot.sqlite'}")
    tables.metadata.create_all(engine)
    (tmp_path / "listas").mkdir()
    return Folder(tmp_path / "listas", engine)


def names(folder: Folder) -> list[str]:
    return [path.name for path in folder.ready()]


def test_a_workbook_is_taken_when_it_is_the_same_at_two_looks(folder: Folder) -> None:
    path = make_list(folder.path / "lista.xlsx", {"id": "1"})
    whole = path.read_bytes()
    path.write_bytes(whole[:-400])  # on its way
    assert [names(folder) for _ in range(3)] == [[], [], []]
    path.write_bytes(whole)
    assert [names(folder) for _ in range(2)] == [[], ["lista.xlsx"]]


def test_one_that_is_open_or_ours_is_left_alone(folder: Folder) -> None:
    path = make_list(folder.path / "lista.xlsx", {"id": "1"})
    make_list(folder.path / "lista-informe.xlsx", {"id": "1"})
    lock = folder.path / "~$lista.xlsx"
    lock.write_text("")
    assert [names(folder) for _ in range(3)] == [[], [], []]
    lock.unlink()
    assert names(folder) == [path.name]


def test_one_that_never_becomes_a_workbook_is_taken_in_the_end(folder: Folder) -> None:
    (folder.path / "rota.xlsx").write_bytes(b"PK nothing that ends like a workbook")
    taken = [look for look in range(20) if names(folder)]
    assert taken[0] == 12


def test_a_done_one_is_not_taken_again_unless_it_changes_or_has_another_name(
    folder: Folder,
) -> None:
    path = make_list(folder.path / "lista.xlsx", {"id": "1"})
    folder.ready()
    assert names(folder) == ["lista.xlsx"]
    folder.done(fingerprint(path))
    assert names(folder) == []
    (folder.path / "otra.xlsx").write_bytes(path.read_bytes())
    assert [names(folder) for _ in range(2)] == [[], ["otra.xlsx"]]
    make_list(path, {"id": "2"})
    assert [names(folder) for _ in range(2)] == [["otra.xlsx"], ["lista.xlsx", "otra.xlsx"]]


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
