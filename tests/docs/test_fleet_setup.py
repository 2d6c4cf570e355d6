"""What docs/flota.md gives a machine to start workers with is understood by those who read it.

Its ten lines are followed by tests/robot/test_fleet.py.
"""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from robots.settings import PREFIX, Settings
from tests.docs.reading import blocks, understood
from tests.support.machine import ROOT

BLOCKS = list(blocks(ROOT / "docs" / "flota.md"))
UNIT = next(body for kind, body in BLOCKS if kind == "ini" and body.startswith("[Unit]"))
COMPOSE = next(body for kind, body in BLOCKS if kind == "yaml")


def test_the_unit_starts_a_worker() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(UNIT)
    program, *arguments = unit["Service"]["ExecStart"].split()
    assert Path(program).name == "cargofijo"
    understood(arguments)
    assert_settings(unit["Service"]["Environment"].partition("=")[0])


@pytest.mark.process
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_systemd_has_nothing_to_say_of_the_unit(tmp_path: Path) -> None:
    path = tmp_path / "cargofijo-worker@.service"
    path.write_text(UNIT.replace("/opt/cargofijo/.venv/bin/cargofijo", sys.executable))
    instance = path.with_name("cargofijo-worker@1.service")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(instance)], capture_output=True, text=True
    )
    assert (done.returncode, path.name in done.stderr + done.stdout) == (0, False), done.stderr


def test_the_compose_file_starts_workers_beside_a_database() -> None:
    given: Any = yaml.safe_load(COMPOSE)
    database, worker = given["services"]["db"], given["services"]["worker"]
    shell, option, script = shlex.split(worker["command"])
    assert (shell, option) == ("sh", "-c")
    _, order = script.split("/bin/cargofijo ")
    understood(shlex.split(order))
    assert_settings(*worker["environment"])
    user, name = (database["environment"][f"POSTGRES_{word}"] for word in ("USER", "DB"))
    address = worker["environment"][f"{PREFIX}DATABASE_URL"]
    assert address == f"postgresql://{user}@db/{name}"
    for service in (database, worker):
        assert set(service["secrets"]) <= given["secrets"].keys()
    assert worker["depends_on"].keys() <= given["services"].keys()


def assert_settings(*variables: str) -> None:
    for variable in variables:
        assert variable.removeprefix(PREFIX).lower() in Settings.model_fields, variable
