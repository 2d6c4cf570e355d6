"""A human was faster, or did the same once before: found where it is equal, and only there."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.by_hand import VARIABLE
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals, requests_of
from tests.support.robot import ATENDIDO, Robot

pytestmark = pytest.mark.full

ASKED_FOR = ("Requiere asesor", "YA_SOLICITADO")
BY_HAND = [sys.executable, "-m", "tests.chaos.by_hand"]
REPLACEMENT = "Reposición"


class Filed:
    """Requests of people, in the shape of ``/state``."""

    def __init__(self, mini: MiniWorld) -> None:
        self.mini = mini
        self.state: dict[str, Any] = {}
        self.number = 500

    def request(self, system: str, serial: int, created: str, *, done: bool = False) -> str:
        """By hand: it carries no reference, and what people write is their own affair."""
        self.number += 1
        record = self.mini.held_of(serial) | {"charge": "39.90", "created": created}
        if system == "remedy":
            number = f"INC{self.number:012d}"
            record |= {"number": number, "status": "Cerrado" if done else "Asignado"}
            self.state.setdefault("remedy", {}).setdefault("incidents", []).append(record)
            return number
        record |= {"id": str(self.number), "status": "Atendido" if done else "Pendiente"}
        self.state.setdefault("nintex", {}).setdefault(system, []).append(record)
        return record["id"]


def lost(mini: MiniWorld) -> int:
    """A benefit that was billed in September and lost with an operation of October."""
    serial = mini.configuration()
    mini.line(serial)["invoices"][0]["charge"] = "39.90"
    mini.happened(serial, "2026-10-05", REPLACEMENT)
    return serial


def test_what_is_equal_is_found_before_anything_is_registered(
    mock: MockPortals, tmp_path: Path
) -> None:
    mini = MiniWorld()
    filed = Filed(mini)
    numbers = [
        # open, of whatever day
        filed.request("activaciones", mini.configuration(), "2026-11-10"),
        filed.request("remedy", mini.misaligned(), "2026-08-20"),
        filed.request("operador", mini.with_evidence(tmp_path), "2026-11-10"),
        # attended to, but later than what happened to the line
        filed.request("activaciones", mini.configuration(), "2026-11-10", done=True),
        filed.request("remedy", mini.misaligned(), "2026-09-06", done=True),
        filed.request("operador", lost(mini), "2026-10-06", done=True),
        # where the evidence is still missing, nobody is to be asked for it
        filed.request("operador", mini.sale(), "2026-11-10"),
    ]
    mock.reset({**mini.world, **filed.state})
    done = Robot(mock, tmp_path / "robot").run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.states() == {str(n): ASKED_FOR for n in range(1, len(numbers) + 1)}
    for number, row in zip(numbers, done.rows.values(), strict=True):
        assert number in row["Detalle"] and row["N° solicitud"] is None
    assert (mock.state()["writes"], mock.state()["mail"]) == (0, [])


def test_what_is_the_lines_past_is_not_mistaken_for_it(mock: MockPortals, tmp_path: Path) -> None:
    mini = MiniWorld()
    filed = Filed(mini)
    # the request that was regularised in September, and misaligned again
    filed.request("remedy", mini.misaligned(), "2026-09-01", done=True)
    # attended to, and then lost with an operation: of the same system
    filed.request("operador", lost(mini), "2026-10-01", done=True)
    # regularised, and an operation after it: both are later than the request
    serial = mini.configuration()
    mini.happened(serial, "2026-10-20", REPLACEMENT)
    filed.request("activaciones", serial, "2026-10-19", done=True)
    # of another line of the same sale
    serial = mini.configuration()
    filed.request("activaciones", serial, "2026-11-10")
    filed.state["nintex"]["activaciones"][-1]["lines"] = ["987999999"]
    # open, but in a system that this case's request does not go to
    filed.request("operador", mini.configuration(), "2026-11-10")
    # of a sale whose number only begins like this one
    serial = mini.configuration()
    filed.request("activaciones", serial, "2026-11-10")
    filed.state["nintex"]["activaciones"][-1]["sec"] += "7"
    mock.reset({**mini.world, **filed.state})
    done = Robot(mock, tmp_path / "robot").run(mini.list_at(tmp_path / "lista.xlsx"))
    assert done.states() == {str(n): ATENDIDO for n in range(1, 7)}


@pytest.mark.parametrize(
    ("system", "build"),
    [
        ("activaciones", lambda mini, folder: mini.configuration()),
        ("operador", lambda mini, folder: mini.with_evidence(folder, aprobado_por="C. Salas")),
        ("remedy", lambda mini, folder: mini.misaligned()),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_who_files_it_while_the_robot_is_at_work_is_found_at_the_moment_of_filing(
    system: str, build: Callable[[MiniWorld, Path], int], mock: MockPortals, tmp_path: Path
) -> None:
    mini = MiniWorld()
    filed = Filed(mini)
    number = filed.request(system, build(mini, tmp_path), "2026-11-20")
    mock.reset(mini.world)
    control = f"http://127.0.0.1:{mock.base}"
    variable = {VARIABLE: json.dumps([control, filed.state])}
    path = mini.list_at(tmp_path / "lista.xlsx")
    done = Robot(mock, tmp_path / "robot", **variable).call(
        "run", str(path), "--json", command=BY_HAND
    )
    assert done.states() == {"1": ASKED_FOR}, done.err
    assert number in done.rows["1"]["Detalle"]
    state = mock.state()
    requests = chain.from_iterable(requests_of(state).values())
    assert [r.get("number", r.get("id")) for r in requests] == [number]
    # The case that was registered is left to the advisor, with the client told nothing.
    (case,) = state["siac"]["cases"]
    assert case["status"] == "En atención" and case["number"] == done.rows["1"]["Caso SIAC"]
    assert state["mail"] == []


def test_what_was_filed_while_a_case_waited_for_evidence_is_found_when_it_goes_on(
    mock: MockPortals, tmp_path: Path
) -> None:
    mini = MiniWorld()
    mini.sale()
    mock.reset(mini.world)
    robot, path = Robot(mock, tmp_path / "robot"), tmp_path / "lista.xlsx"
    assert robot.run(mini.list_at(path)).states()["1"][0] == "Pendiente de evidencia"
    writes = mock.state()["writes"]
    filed = Filed(mini)
    number = filed.request("operador", 1, "2026-11-20")
    mock.patch(**filed.state)
    MiniWorld().with_evidence(tmp_path)
    mini.rows[0] |= {"evidencia": "oferta.eml", "origen_evidencia": "CAE"}
    done = robot.run(mini.list_at(path))
    assert done.states() == {"1": ASKED_FOR}
    assert number in done.rows["1"]["Detalle"]
    assert mock.state()["writes"] == writes
