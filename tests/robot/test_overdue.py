"""A case that waits for evidence, night after night: reminded once, then ended with a word."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Robot

CLIENT, EXECUTIVE, OPERATOR = "rosa@textiles.example", "csalas@claro.example", "jefa@claro.example"


def days_pass(robot: Robot, days: int) -> None:
    """What the robot has noted is as much older."""
    with sqlite3.connect(robot.folder / "var" / "cargofijo.sqlite") as db:
        for table, column in (("cf_steps", "started"), ("cf_attempts", "ended")):
            found = db.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
            for row, text in found:
                if text:
                    moved = datetime.fromisoformat(text) - timedelta(days=days)
                    value = f"{moved:%Y-%m-%d %H:%M:%S.%f}"
                    db.execute(f"UPDATE {table} SET {column}=? WHERE rowid=?", (value, row))


def mails(mock: MockPortals, words: str) -> list[dict[str, Any]]:
    return [m for m in mock.state()["mail"] if words in m["subject"]]


@pytest.mark.full
def test_it_is_reminded_once_and_then_given_to_an_advisor(
    mock: MockPortals, tmp_path: Path
) -> None:
    mini = MiniWorld()
    mini.sale()
    mini.sale(sec="46999999")
    mock.reset(mini.world)
    robot = Robot(mock, tmp_path / "robot", CARGOFIJO_SMTP__OPERATOR=OPERATOR)
    path = mini.list_at(robot.folder / "lista.xlsx")
    assert robot.run(path).states()["1"] == ("Pendiente de evidencia", "FALTA_EVIDENCIA")
    mini.rows = mini.rows[1:]
    other = mini.list_at(robot.folder / "otra.xlsx")  # of another night, without the case

    days_pass(robot, 4)
    robot.run(other)
    assert not mails(mock, "Recordatorio")

    days_pass(robot, 1)
    for _ in range(2):  # once, however often
        done = robot.run(other)
    reminders = mails(mock, "Recordatorio")
    assert sorted(m["to"][0] for m in reminders) == sorted((CLIENT, EXECUTIVE))
    (case,) = mock.state()["siac"]["cases"]
    assert sum("recordatorio-" in str(note) for note in case["history"]) == 2
    page = Path(done.summary["report"]).with_suffix(".html").read_text()
    assert "De listas anteriores" not in page  # the second run had nothing left to do

    again = robot.run(path)  # with the case in the list, its age is told
    assert "Espera desde hace 5 días." in str(again.rows["1"]["Detalle"])

    days_pass(robot, 10)
    done = robot.run(other)
    (case,) = mock.state()["siac"]["cases"]
    assert case["status"] == "Registrado"  # to close it is a person's decision
    assert sum("sin-evidencia" in str(note) for note in case["history"]) == 1
    assert len(mails(mock, "Recordatorio")) == 2
    page = Path(done.summary["report"]).with_suffix(".html").read_text()
    assert "De listas anteriores" in page and "La evidencia no llegó" in page
    told = mails(mock, "Hay que actuar: 1 en Requiere asesor")
    assert [m["to"] for m in told] == [[OPERATOR]]
    book = load_workbook(done.summary["report"])
    assert book["Casos"].max_row == 2  # the list's rows, and no other
    ended = robot.run(path)
    assert ended.states()["1"] == ("Requiere asesor", "EVIDENCIA_NO_RECIBIDA")
