"""The log as a person and a program read it: an event in a line, nothing personal in it."""

from __future__ import annotations

import json
import logging
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from robots import logs
from robots.logs import FILE, open_logs
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Robot


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    open_logs(tmp_path / "logs")
    yield tmp_path / "logs"
    logger.remove()


def events(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_an_event_is_one_line_with_what_is_known_about_it(folder: Path) -> None:
    with logger.contextualize(case="CF-46000001-20261118-0a1b2c", step="file_request", attempt=2):
        logger.bind(portal="Remedy", what="{raro} <b>\n").warning("step_tried_again")
    (event,) = events(folder)
    assert list(event)[:6] == ["time", "level", "event", "case", "attempt", "step"]
    assert event["case"] == "CF-46000001-20261118-0a1b2c"
    assert (event["portal"], event["what"]) == ("Remedy", "{raro} <b>\n")


@pytest.mark.parametrize(
    "personal", ["07654321", "987000001", "20990009016", "rosa.quispe+x@textiles.example"]
)
def test_what_looks_like_personal_data_is_masked(folder: Path, personal: str) -> None:
    logger.bind(where=f"fila de {personal}.").error(f"algo con {personal}")
    text = (folder / FILE).read_text()
    assert personal not in text and text.count("***") == 2


def test_an_exception_is_told_by_its_kind_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        raise ValueError("Rosa Quispe")
    except ValueError:
        logger.exception("step_failed")
        logging.getLogger("dbos").exception("de Rosa Quispe")
    told = (folder / FILE).read_text() + capsys.readouterr().err
    assert "Rosa" not in told
    first, second = events(folder)
    assert first["error"] == second["error"] == "ValueError"
    assert second["place"].startswith("test_logs.py:")


def test_people_see_warnings_as_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logger.info("step_ended")
    logger.bind(portal="Remedy").error("step_failed")
    line = capsys.readouterr().err
    assert line.endswith(" ERROR step_failed portal=Remedy\n")
    assert line.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a file that is always full")
def test_a_full_disk_quotes_no_event(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logs, "FILE", "/dev/full")
    open_logs(folder)
    logger.bind(case="CF-1").error("step_failed")
    logger.remove()
    assert capsys.readouterr().err.split(" ", 1)[1] == "ERROR step_failed case=CF-1\n"


@pytest.mark.full
@pytest.mark.skipif(sys.platform == "win32", reason="rights are Windows's own there")
def test_a_run_with_failures_tells_each_once(mock: MockPortals, tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    mini.configuration(sec="46999999")
    mock.reset(mini.world)
    mock.fault(
        {"portal": "siac", "kind": "error", "path": "ConsultaCliente", "status": 503},
        {"portal": "nintex", "kind": "error", "path": "inplview", "status": 500, "times": 50},
    )
    robot = Robot(mock, tmp_path / "robot")
    done = robot.run(mini.list_at(robot.folder / "lista.xlsx"))
    assert done.code == 1
    log = robot.folder / "var" / "logs"
    found = events(log)
    assert [e["event"] for e in found if e["level"] == "ERROR"] == ["step_failed"]
    (failed,) = (e for e in found if e["level"] == "ERROR")
    assert failed["portal"] == "NINTEX" and failed["step"] == "look_for_requests"
    assert failed["case"].startswith("CF-46000001-") and failed["attempt"] == 1
    assert {e["portal"] for e in found if e["event"] == "step_tried_again"} >= {"NINTEX"}
    assert found[0]["event"] == "run_begun"
    run = [e["event"] for e in found if e["event"].startswith("run_")]
    assert run == ["run_begun", "run_ended"]
    ended = {e["case"]: e["estado"] for e in found if e["event"] == "case_ended"}
    assert sorted(ended.values()) == ["FALLA_TECNICA", "NO_PROCEDE"]
    assert done.err.count("step_failed") == 1
    for path in (log / FILE, robot.folder / "var" / "cargofijo.sqlite"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    evidence = robot.folder / "var" / "evidence"
    for path in (log, evidence, *evidence.rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077
