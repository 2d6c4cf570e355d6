"""What `schedule` writes is what the scheduler of each system understands."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import datetime, time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from flows.rules.lima import LIMA
from robots.cli.app import app
from robots.failures import Unusable
from robots.ops.scheduler import Schedule, Scheduler, files, install_commands
from robots.run.list_files import newest
from tests.support.machine import ROOT

AWKWARD = "listas de 100% de $HOME/caso*.xlsx"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def plan(folder: Path, **given: object) -> Schedule:
    known = {
        "at": time(1, 0),
        "pattern": str(folder / AWKWARD),
        "folder": folder,
        "program": ["/usr/bin/env"],
        "user": "root",
    }
    return Schedule(**{**known, **given})  # type: ignore[arg-type]


@pytest.mark.process
def test_systemd_finds_nothing_wrong_with_its_units(tmp_path: Path) -> None:
    written = files(Scheduler.SYSTEMD, plan(tmp_path, bills_at=time(5)))
    for name, content in written.items():
        (tmp_path / name).write_bytes(content)
    service = written["cargofijo.service"].decode()
    assert f'run "{tmp_path}/listas de 100%% de $$HOME/caso*.xlsx"' in service
    assert "--unfinished" in written["cargofijo-boot.service"].decode()
    assert "--unfinished" not in service
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze")
    paths = [str(tmp_path / name) for name in written]
    assert written["cargofijo-follow.service"].decode().count("/usr/bin/env follow\n") == 1
    assert "05:00:00 America/Lima" in written["cargofijo-follow.timer"].decode()
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "cargofijo" in line]
    assert (done.returncode, ours) == (0, []), done.stderr
    calendar = ["systemd-analyze", "calendar", "*-*-* 01:00:00 America/Lima"]
    assert calendar[-1] in written["cargofijo.timer"].decode()
    assert subprocess.run(calendar, capture_output=True).returncode == 0


def test_windows_gets_two_tasks_in_its_own_form(tmp_path: Path) -> None:
    now = datetime(2026, 11, 20, 23, 0, tzinfo=LIMA)
    written = files(Scheduler.WINDOWS, plan(tmp_path, user=r"EMPRESA\robot", now=now))
    for name, content in written.items():
        assert content.startswith(b"\xff\xfe")
        task = ElementTree.fromstring(content.decode("utf-16"))
        assert task.tag == f"{TASK}Task"
        known = {e.tag.removeprefix(TASK): e.text or "" for e in task.iter()}
        assert known["UserId"] == r"EMPRESA\robot"
        assert known["StartWhenAvailable"] == "true"
        assert known["ExecutionTimeLimit"] == "PT0S"  # a long night is not cut off
        assert known["Arguments"].startswith(f'run "{tmp_path}/listas de 100% de $HOME/caso')
        assert known["WorkingDirectory"] == str(tmp_path)
        if name == "cargofijo.xml":
            assert known["StartBoundary"] == "2026-11-21T01:00:00-05:00"
            assert "--unfinished" not in known["Arguments"]
        else:
            assert "BootTrigger" in known and known["Arguments"].endswith("--unfinished")


@pytest.mark.process
def test_cron_runs_the_order_as_it_was_meant(tmp_path: Path) -> None:
    (tmp_path / "listas de 100% de $HOME").mkdir()
    orders = plan(tmp_path, program=["/bin/echo"], bills_at=time(5, 15))
    text = files(Scheduler.CRON, orders)["cargofijo.cron"].decode()
    nightly, boot, bills = (line for line in text.splitlines() if not line.startswith("#"))
    assert bills.startswith("15 ") and bills.endswith("/bin/echo follow")
    minute, _hour, *days, command = nightly.split(" ", 5)
    assert (minute, days) == ("0", ["*", "*", "*"])
    assert boot.startswith("@reboot ") and boot.endswith("--unfinished")
    assert r"\%" in command  # cron would end the line there
    done = subprocess.run(
        ["sh", "-c", command.replace(r"\%", "%")], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"run {tmp_path / AWKWARD}"


#: passwords that a shell would read otherwise than systemd
ENV_FILE = r"""# de noche
CARGOFIJO_PORTALS__SISACT__PASSWORD='a $HOME `id` "b" \ #c'
CARGOFIJO_PORTALS__SIAC__PASSWORD=con espacios $y "comillas" \\
CARGOFIJO_PORTALS__NINTEX__PASSWORD="x\"y\$z"
CARGOFIJO_PORTALS__REMEDY__PASSWORD=ñ%=;
"""
KEPT = ['a $HOME `id` "b" \\ #c', 'con espacios $y "comillas" \\', 'x"y$z', "ñ%=;"]
SHOWS = """
from robots.settings import PORTALS, load_settings
print([load_settings().password_of(portal) for portal in PORTALS])
"""


@pytest.mark.process
def test_cron_runs_it_with_the_passwords_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "cargofijo.env").write_text(ENV_FILE, encoding="utf-8")
    orders = plan(tmp_path, program=[sys.executable, "-c", SHOWS], at=time(1))
    line = files(Scheduler.CRON, orders)["cargofijo.cron"].decode().split("* * * ", 1)[1]
    command = line.partition("\n# Cargo fijo: ")[0].replace(r"\%", "%")
    bare = ["env", "-i", f"HOME={tmp_path}", "PATH=/usr/bin:/bin", "PYTHONUTF8=1"]
    bare.append(f"PYTHONPATH={ROOT}")
    done = subprocess.run([*bare, "sh", "-c", command], capture_output=True, text=True)
    assert done.stdout.strip() == str(KEPT), done.stderr


#: a user's table of cron, in a file
CRONTAB = """#!/bin/sh
case $1 in -l) cat "$0.table";; -) cat > "$0.new" && mv "$0.new" "$0.table";; esac
"""


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="cron")
def test_installed_again_it_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    here, other = tmp_path / "100% [de] él's", tmp_path / "otra"
    crontab = tmp_path / "bin" / "crontab"
    crontab.parent.mkdir()
    crontab.write_text(CRONTAB)
    crontab.chmod(0o755)
    table = crontab.with_name("crontab.table")
    table.write_text("MAILTO=a\n0 5 * * * copia\n# Cargo fijo: de nadie\n")

    def install(folder: Path, **given: object) -> str:
        orders = plan(folder, **given)
        written = files(Scheduler.CRON, orders)["cargofijo.cron"]
        (tmp_path / "cargofijo.cron").write_bytes(written)
        (line,) = install_commands(Scheduler.CRON, orders)
        path = {"PATH": f"{crontab.parent}:/usr/bin:/bin"}
        subprocess.run(["sh", "-c", line], check=True, cwd=tmp_path, env=path)
        return written.decode()

    before = table.read_text()
    kept = install(other)
    install(here, bills_at=time(5))
    last = install(here, at=time(2))
    assert table.read_text() == before + kept + last


@pytest.mark.parametrize("pattern", ["", " ", "listas"])
def test_a_list_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "listas").mkdir()
    done = CliRunner().invoke(app, ["schedule", "--at", "1:30", "--list", pattern])
    assert isinstance(done.exception, Unusable) and "--list" in str(done.exception)
    assert not (tmp_path / "programacion").exists()


def test_the_order_writes_the_files_and_says_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["schedule", "--at", "1:30", "--list", "listas/*.xlsx", "--kind"]
    for kind in Scheduler:
        done = CliRunner().invoke(app, [*asked, kind])
        assert done.exit_code == 0
        assert "Para instalarlo" in done.output and "cargofijo.env" in done.output
    made = sorted(path.name for path in (tmp_path / "programacion").iterdir())
    assert len(made) == 6
    assert "01:30:00 America/Lima" in (tmp_path / "programacion/cargofijo.timer").read_text()
    assert (
        str(tmp_path / "listas" / "*.xlsx")
        in (tmp_path / "programacion/cargofijo.service").read_text()
    )
    done = CliRunner().invoke(app, [*asked, "windows", "--follow", "05:00"])
    assert "schtasks /Create /TN cargofijo-follow /XML cargofijo-follow.xml" in done.output
    task = (tmp_path / "programacion/cargofijo-follow.xml").read_bytes().decode("utf-16")
    assert "follow</Arguments>" in task
    refused = CliRunner().invoke(app, ["schedule", "--at", "25:00", "--list", "x"]).exception
    assert isinstance(refused, Unusable) and "«25:00»" in str(refused)


def test_the_newest_list_of_a_pattern_is_taken(tmp_path: Path) -> None:
    import os

    for age, name in enumerate(("nueva-informe.xlsx", "~$b.xlsx", "b.xlsx", "a.xlsx", "c.txt")):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    assert newest(tmp_path / "*.xlsx") == tmp_path / "b.xlsx"
    assert newest(tmp_path / "a.xlsx") == tmp_path / "a.xlsx"
    assert newest(tmp_path / "z*.xlsx") == tmp_path / "z*.xlsx"  # told not to exist
