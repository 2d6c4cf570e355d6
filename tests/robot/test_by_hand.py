"""A human was faster, or did the same once before: found where it is equal, and only there."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.by_hand import VARIABLE
from tests.conftest import MockPortals
from tests.robot.harness import Robot
from tests.robot.mini_world import MiniWorld
from tests.robot.test_run import ATENDIDO

pytestmark = pytest.mark.full

ASKED_FOR = ("Requiere asesor", "YA_SOLICITADO")
BY_HAND = [sys.executable, "-m", "tests.chaos.by_hand"]
REPLACEMENT = "Reposición"


class Filed:
    """Requests of people, in the shape of ``/state``."""

    def __init__(self, small: MiniWorld) -> None:
        self.small = small
        self.state: dict[str, Any] = {}
        self.number = 500

    def request(self, system: str, serial: int, created: str, *, done: bool = False) -> str:
        """By hand: it carries no reference, and what people write is their own affair."""
        self.number += 1
        record = self.small.held_of(serial) | {"charge": "39.90", "created": created}
        if system == "remedy":
            number = f"INC{self.number:012d}"
            record |= {"number": number, "status": "Cerrado" if done else "Asignado"}
            self.state.setdefault("remedy", {}).setdefault("incidents", []).append(record)
            return number
        record |= {"id": str(self.number), "status": "Atendido" if done else "Pendiente"}
        self.state.setdefault("nintex", {}).setdefault(system, []).append(record)
        return record["id"]


def lost(small: MiniWorld) -> int:
    """A benefit that was billed in September and lost with an operation of October."""
    serial = small.configuration()
    small.line(serial)["invoices"][0]["charge"] = "39.90"
    small.happened(serial, "2026-10-05", REPLACEMENT)
    return serial


def test_what_is_equal_is_found_before_anything_is_registered(
    mock: MockPortals, tmp_path: Path
) -> None:
    small = MiniWorld()
    filed = Filed(small)
    numbers = [
        # open, of whatever day
        filed.request("activaciones", small.configuration(), "2026-11-10"),
        filed.request("remedy", small.misaligned(), "2026-08-20"),
        filed.request("operador", small.with_evidence(tmp_path), "2026-11-10"),
        # attended to, but later than what happened to the line
        filed.request("activaciones", small.configuration(), "2026-11-10", done=True),
        filed.request("remedy", small.misaligned(), "2026-09-06", done=True),
        filed.request("operador", lost(small), "2026-10-06", done=True),
        # where the evidence is still missing, nobody is to be asked for it
        filed.request("operador", small.sale(), "2026-11-10"),
    ]
    mock.reset({**small.world, **filed.state})
    done = Robot(mock, tmp_path / "robot").run(small.list_at(tmp_path / "lista.xlsx"))
    assert done.states() == {str(n): ASKED_FOR for n in range(1, len(numbers) + 1)}
    for number, row in zip(numbers, done.rows.values(), strict=True):
        assert number in row["Detalle"] and row["N° solicitud"] is None
    assert (mock.state()["writes"], mock.state()["mail"]) == (0, [])


def test_what_is_the_lines_past_is_not_mistaken_for_it(mock: MockPortals, tmp_path: Path) -> None:
    small = MiniWorld()
    filed = Filed(small)
    # the request that was regularised in September, and misaligned again
    filed.request("remedy", small.misaligned(), "2026-09-01", done=True)
    # attended to, and then lost with an operation: of the same system
    filed.request("operador", lost(small), "2026-10-01", done=True)
    # regularised, and an operation after it: both are later than the request
    serial = small.configuration()
    small.happened(serial, "2026-10-20", REPLACEMENT)
    filed.request("activaciones", serial, "2026-10-19", done=True)
    # of another line of the same sale
    serial = small.configuration()
    filed.request("activaciones", serial, "2026-11-10")
    filed.state["nintex"]["activaciones"][-1]["lines"] = ["987999999"]
    # open, but in a system that this case's request does not go to
    filed.request("operador", small.configuration(), "2026-11-10")
    # of a sale whose number only begins like this one
    serial = small.configuration()
    filed.request("activaciones", serial, "2026-11-10")
    filed.state["nintex"]["activaciones"][-1]["sec"] += "7"
    mock.reset({**small.world, **filed.state})
    done = Robot(mock, tmp_path / "robot").run(small.list_at(tmp_path / "lista.xlsx"))
    assert done.states() == {str(n): ATENDIDO for n in range(1, 7)}


@pytest.mark.parametrize(
    ("system", "build"),
    [
        ("activaciones", lambda small, folder: small.configuration()),
        ("operador", lambda small, folder: small.with_evidence(folder, aprobado_por="C. Salas")),
        ("remedy", lambda small, folder: small.misaligned()),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_who_files_it_while_the_robot_is_at_work_is_found_at_the_moment_of_filing(
    system: str, build: Callable[[MiniWorld, Path], int], mock: MockPortals, tmp_path: Path
) -> None:
    small = MiniWorld()
    filed = Filed(small)
    number = filed.request(system, build(small, tmp_path), "2026-11-20")
    mock.reset(small.world)
    control = f"http://127.0.0.1:{mock.base}"
    variable = {VARIABLE: json.dumps([control, filed.state])}
    path = small.list_at(tmp_path / "lista.xlsx")
    done = Robot(mock, tmp_path / "robot", **variable).call(
        "run", str(path), "--json", command=BY_HAND
    )
    assert done.states() == {"1": ASKED_FOR}, done.err
    assert number in done.rows["1"]["Detalle"]
    state = mock.state()
    requests = [*state["nintex"]["activaciones"], *state["nintex"]["operador"]]
    requests += state["remedy"]["incidents"]
    assert [r.get("number", r.get("id")) for r in requests] == [number]
    # The case that was registered is left to the advisor, with the client told nothing.
    (case,) = state["siac"]["cases"]
    assert case["status"] == "En atención" and case["number"] == done.rows["1"]["Caso SIAC"]
    assert state["mail"] == []


def test_what_was_filed_while_a_case_waited_for_evidence_is_found_when_it_goes_on(
    mock: MockPortals, tmp_path: Path
) -> None:
    small = MiniWorld()
    small.sale()
    mock.reset(small.world)
    robot, path = Robot(mock, tmp_path / "robot"), tmp_path / "lista.xlsx"
    assert robot.run(small.list_at(path)).states()["1"][0] == "Pendiente de evidencia"
    writes = mock.state()["writes"]
    filed = Filed(small)
    number = filed.request("operador", 1, "2026-11-20")
    mock.patch(**filed.state)
    MiniWorld().with_evidence(tmp_path)
    small.rows[0] |= {"evidencia": "oferta.eml", "origen_evidencia": "CAE"}
    done = robot.run(small.list_at(path))
    assert done.states() == {"1": ASKED_FOR}
    assert number in done.rows["1"]["Detalle"]
    assert mock.state()["writes"] == writes
