"""Replies that do not come, at each write: what was done is found and adopted, and filed once.

In `make test` the request of tests/robot/test_case.py is one of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.due import compare, the_list
from tests.support.mock import MockPortals, requests_of
from tests.support.robot import Robot

#: after how many writes of that portal; SIAC: registered, taken, closed, noted, of one case
PLACES = [("siac", 0), ("siac", 2), ("siac", 3), ("siac", 4), ("nintex", 0), ("remedy", 0)]
KINDS: list[dict[str, Any]] = [
    {"kind": "error_after", "status": 500},
    {"kind": "hang"},
    {"kind": "lost_reply"},
    {"kind": "late", "status": 504, "ms": 700},
]
full = pytest.mark.full
#: the case whose writes are hit
CASES = {"siac": ("configuration",), "nintex": ("configuration",), "remedy": ("misaligned",)}


def _cases() -> list[Any]:
    return [
        pytest.param(
            portal,
            after,
            fault,
            id=f"{portal}-{after}-{fault['kind']}",
        )
        for portal, after in PLACES
        for fault in KINDS
    ]


@full
@pytest.mark.parametrize(("portal", "after", "fault"), _cases())
def test_a_reply_that_does_not_come_costs_nothing(
    portal: str, after: int, fault: dict[str, Any], mock: MockPortals, tmp_path: Path
) -> None:
    mini, dues = the_list(tmp_path, CASES[portal])
    mock.reset(mini.world)
    mock.fault({"portal": portal, "on": "write", "after": after, **fault})
    done = Robot(mock, tmp_path / "robot").run(mini.list_at(tmp_path / "lista.xlsx"))
    assert [row["Estado"] for row in done.rows.values()] == ["Atendido"]
    finding = compare(dues, mock.state())
    assert finding.wrong == []
    assert finding.told == 0


@pytest.mark.full
@pytest.mark.parametrize(("portal", "after"), [("siac", 0), ("nintex", 0), ("remedy", 0)])
def test_what_the_browser_sent_twice_is_told_with_both_numbers(
    portal: str, after: int, mock: MockPortals, tmp_path: Path
) -> None:
    """Without the relay: a reply lost with its connection, and Chromium may repeat the request."""
    mini, dues = the_list(tmp_path, CASES[portal])
    mock.reset(mini.world)
    mock.fault({"portal": portal, "on": "write", "after": after, "kind": "lost_reply"})
    robot = Robot(mock, tmp_path / "robot", CARGOFIJO_BROWSER__RELAY="false")
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.code == 0
    state = mock.state()
    portals = [state["siac"]["cases"], *requests_of(state).values()]
    for row in done.rows.values():
        own = [
            [r.get("number", r.get("id")) for r in records if r["sec"] == row["N° SEC"]]
            for records in portals
        ]
        doubled = next((numbers for numbers in own if len(numbers) > 1), [])
        assert bool(doubled) == (row["Motivo"] == "DUPLICADO_EN_PORTAL")
        if doubled:
            assert row["Estado"] == "Requiere asesor"
            assert all(number in row["Detalle"] for number in doubled)
    told = {row["N° SEC"] for row in done.rows.values() if row["Estado"] == "Requiere asesor"}
    for due in dues:
        if due.sec not in told:
            assert compare([due], state, alone=False).wrong == []


@full
@pytest.mark.parametrize("kind", ["lost_reply", "error_after"])
def test_a_mail_server_whose_last_word_is_lost_is_told_and_not_asked_again(
    kind: str, mock: MockPortals, tmp_path: Path
) -> None:
    mini, dues = the_list(tmp_path, ("configuration",))
    mock.reset(mini.world)
    mock.fault({"portal": "smtp", "kind": kind, "times": 1})
    robot = Robot(mock, tmp_path / "robot")
    done = robot.run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.code == 0
    state = mock.state()
    assert compare(dues, state).wrong == []
    assert len({str(mail) for mail in state["mail"]}) == len(state["mail"])
    told = [row for row in done.rows.values() if "No se sabe si el correo salió" in row["Detalle"]]
    assert len(state["mail"]) == len(told) == compare(dues, state).told == 1
