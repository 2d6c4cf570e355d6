"""What happens to the robot's own machine: a clear word, nothing lost, the next run completes."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.cable import cable
from tests.support.due import Due, compare, the_list
from tests.support.machine import wait_for
from tests.support.mock import MockPortals
from tests.support.robot import Robot, processes_of

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX"),
]

#: more than a run asks for before it begins
SMALL_MB = 260
KINDS = ("configuration", "misaligned", "evidence")
ON_JUMPING_CLOCK = [sys.executable, "-m", "tests.chaos.clock"]


@pytest.fixture
def dues(mock: MockPortals, tmp_path: Path) -> list[Due]:
    """A list of three cases in a world of their own."""
    mini, dues = the_list(tmp_path, KINDS)
    mock.reset(mini.world)
    mini.list_at(tmp_path / "lista.xlsx")
    return dues


def assert_next_run_completes(robot: Robot, dues: list[Due], *, told: int = 0) -> None:
    """Of no more than ``told`` e-mails nobody knows whether they left."""
    done = robot.run(robot.folder.parent / "lista.xlsx")
    assert done.code == 0, done.err
    finding = compare(dues, robot.mock.state())
    assert finding.wrong == [] and finding.told <= told


def assert_told(err: str, *words: str) -> None:
    """The last line is one sentence for people, and there is no traceback."""
    assert "Traceback" not in err, err
    sentence = err.strip().splitlines()[-1]
    assert sentence.endswith(".") and all(word in sentence for word in words), err


# the disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_MB}m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root mounts a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path, leave: int) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            pass
        file.truncate(max(file.tell() - leave, 0))
    return filler


def test_a_disk_that_was_full_before(
    small_disk: Path, mock: MockPortals, tmp_path: Path, dues: list[Due]
) -> None:
    robot = Robot(mock, tmp_path / "robot", CARGOFIJO_VAR_DIR=str(small_disk / "var"))
    filler = fill(small_disk, leave=0)
    done = robot.run(tmp_path / "lista.xlsx")
    assert done.code == 3
    assert_told(done.err, "espacio en el disco", "No se tocó nada")
    assert mock.state()["writes"] == 0
    filler.unlink()
    assert_next_run_completes(robot, dues)


@pytest.mark.parametrize("leave", [0, 100_000, 400_000])
def test_a_disk_that_fills_up_during_the_work(
    leave: int, small_disk: Path, mock: MockPortals, tmp_path: Path, dues: list[Due]
) -> None:
    """So many bytes are left when the first case has been registered."""
    robot = Robot(mock, tmp_path / "robot", CARGOFIJO_VAR_DIR=str(small_disk / "var"))
    process = robot.start("run", str(tmp_path / "lista.xlsx"))
    wait_for(lambda: mock.state()["siac"]["cases"])
    filler = fill(small_disk, leave)
    _, err = process.communicate(timeout=400)
    assert process.returncode == 1
    assert_told(err, "espacio en el disco")
    assert processes_of(robot) == []
    filler.unlink()
    assert_next_run_completes(robot, dues, told=1)


# the database


def database(robot: Robot) -> Path:
    return robot.folder / "var" / "cargofijo.sqlite"


def test_a_database_that_another_program_locks_during_the_work(
    mock: MockPortals, tmp_path: Path, dues: list[Due]
) -> None:
    robot = Robot(mock, tmp_path / "robot")
    process = robot.start("run", str(tmp_path / "lista.xlsx"))
    wait_for(lambda: mock.state()["siac"]["cases"])
    with closing(sqlite3.connect(database(robot), timeout=60, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        _, err = process.communicate(timeout=400)
        assert process.returncode == 1
        assert_told(err, "bloqueada")
        assert processes_of(robot) == []

        begun = robot.run(tmp_path / "lista.xlsx")
        assert begun.code == 3
        assert_told(begun.err, "bloqueada", "No se tocó nada")
    assert_next_run_completes(robot, dues, told=1)


def _garbage(path: Path) -> None:
    path.write_bytes(b"This is no database.\n" * 4096)


def _torn(path: Path) -> None:
    """Its first page is whole, and what follows is not."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))


@pytest.mark.parametrize("damage", [_garbage, _torn])
def test_a_damaged_database_is_put_aside_and_the_portals_tell_the_rest(
    damage: Callable[[Path], None], mock: MockPortals, tmp_path: Path, dues: list[Due]
) -> None:
    robot = Robot(mock, tmp_path / "robot")
    path = tmp_path / "lista.xlsx"
    assert robot.run(path).code == 0
    before = mock.state()
    for beside in database(robot).parent.glob("cargofijo.sqlite-*"):
        beside.unlink()
    damage(database(robot))
    done = robot.run(path)
    assert done.code == 3
    assert_told(done.err, "dañada", "guárdela aparte")
    database(robot).rename(tmp_path / "dañada.sqlite")
    assert_next_run_completes(robot, dues)
    after = mock.state()
    assert (after["writes"], after["mail"]) == (before["writes"], before["mail"])


# the clock


def test_a_clock_that_jumps(mock: MockPortals, tmp_path: Path, dues: list[Due]) -> None:
    robot = Robot(mock, tmp_path / "robot")
    done = robot.call("run", str(tmp_path / "lista.xlsx"), "--json", command=ON_JUMPING_CLOCK)
    assert done.code == 0, done.err
    assert compare(dues, mock.state()).wrong == []
    assert_next_run_completes(robot, dues)


def test_a_clock_that_was_set_back_while_a_case_was_in_flight(
    mock: MockPortals, tmp_path: Path, dues: list[Due]
) -> None:
    """What is in the record is of days to come, and is taken up all the same."""
    robot = Robot(mock, tmp_path / "robot")
    process = robot.start("run", str(tmp_path / "lista.xlsx"), command=ON_JUMPING_CLOCK)
    wait_for(lambda: mock.state()["siac"]["cases"])
    process.kill()
    process.communicate()
    wait_for(lambda: processes_of(robot) == [])
    assert_next_run_completes(robot, dues)


# the report's place


def test_a_report_folder_that_vanishes_during_the_work(
    mock: MockPortals, tmp_path: Path, dues: list[Due]
) -> None:
    robot = Robot(mock, tmp_path / "robot")
    folder = tmp_path / "compartida"
    folder.mkdir()
    wanted = folder / "informe.xlsx"
    process = robot.start("run", str(tmp_path / "lista.xlsx"), "--report", str(wanted))
    wait_for(lambda: mock.state()["siac"]["cases"])
    shutil.rmtree(folder)
    out, err = process.communicate(timeout=400)
    assert process.returncode == 0, err
    assert re.search(r"informe\.xlsx: no existe la carpeta", err)
    (report,) = (robot.folder / "var" / "reports").glob("*.xlsx")
    assert str(report) in out
    assert_next_run_completes(robot, dues)


# the network


@pytest.mark.parametrize(
    ("place", "what"), [("siac", "cases"), ("nintex", "activaciones")], ids=["case", "request"]
)
def test_a_network_that_goes_away_and_comes_back(
    place: str, what: str, mock: MockPortals, tmp_path: Path, dues: list[Due]
) -> None:
    """Cut when the first record has been made, mended when a case waits for a portal: that one
    goes on where it was, or is told, and the next run completes what is left."""
    with cable(mock) as network:
        robot = Robot(mock, tmp_path / "robot", **network.settings)
        process = robot.start("run", str(tmp_path / "lista.xlsx"))
        wait_for(lambda: mock.state()[place][what])
        network.cut()
        with closing(sqlite3.connect(database(robot), timeout=60)) as record:
            waits = "SELECT count(*) FROM cf_waiting"
            wait_for(lambda: record.execute(waits).fetchone()[0] or process.poll() is not None)
        network.mend()
        _, err = process.communicate(timeout=400)
        assert "Traceback" not in err
        assert process.returncode == 0 or "PORTAL_NO_DISPONIBLE" in err, err
        assert_next_run_completes(robot, dues)


def test_a_network_that_stays_away_is_told_for_each_case(
    mock: MockPortals, tmp_path: Path, dues: list[Due]
) -> None:
    patience = {"CARGOFIJO_POLICY__PORTAL_PATIENCE": "1"}
    with cable(mock) as network:
        robot = Robot(mock, tmp_path / "robot", **network.settings, **patience)
        process = robot.start("run", str(tmp_path / "lista.xlsx"))
        wait_for(lambda: mock.state()["siac"]["cases"])
        network.cut()
        _, err = process.communicate(timeout=400)
        assert process.returncode == 1
        assert err.count("PORTAL_NO_DISPONIBLE") == len(dues), err
        network.mend()
        assert_next_run_completes(robot, dues)
