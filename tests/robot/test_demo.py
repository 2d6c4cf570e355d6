"""`cargofijo demo`, as far as the main job's tests do not run it: how it ends when it is ended."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.support.mock import MockPortals
from tests.support.robot import Robot, processes_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
def robot(mock_process: MockPortals, tmp_path: Path) -> Robot:
    """The demo brings its own portals; those of the tests are not asked."""
    return Robot(mock_process, tmp_path / "robot")


@pytest.mark.full
def test_evidence_comes_by_mail_and_then_the_bills(robot: Robot) -> None:
    process = robot.start("demo")
    out, err = process.communicate(timeout=900)
    assert process.returncode == 0, err
    told = " ".join(out.split())
    assert "Ya son evidencia de su caso: 1; esperan en «Correos»: 0" in told
    assert "│ Atendido │ 1 │" in told
    assert "8 Confirmado, 3 Sin factura aún, 2 No regularizado, 2 Desalineado" in told
    assert processes_of(robot) == []


@pytest.mark.full
def test_ctrl_c_lets_the_cases_at_work_end_in_portals_that_are_still_there(robot: Robot) -> None:
    process = robot.start("demo", "--seats", "2")
    assert process.stderr is not None
    while not (line := process.stderr.readline()).startswith("[2/"):
        assert line, "it ended before two cases had"
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 1
    assert "No iniciado" in out
    assert "Falla técnica" not in out
    assert processes_of(robot) == []


@pytest.mark.full
def test_killed_it_leaves_no_process_either(robot: Robot) -> None:
    process = robot.start("demo", "--seats", "1")
    assert process.stderr is not None
    while not (line := process.stderr.readline()).startswith("[1/"):
        assert line, "it ended before a case had"
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 60
    while processes_of(robot):
        assert time.monotonic() < deadline, processes_of(robot)
        time.sleep(0.05)
