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
from tests.robots.harness import Robot
from tests.robots.small import RUC, Small

pytestmark = pytest.mark.full

ASKED_FOR = ("Requiere asesor", "YA_SOLICITADO")
BY_HAND = [sys.executable, "-m", "tests.chaos.by_hand"]


class Filed:
    """Requests of people, in the shape of ``/state``."""

    def __init__(self, small: Small) -> None:
        self.small = small
        self.state: dict[str, Any] = {}
        self.number = 500

    def request(self, system: str, serial: int, created: str, *, done: bool = False) -> str:
        """By hand: it carries no reference, and what people write is their own affair."""
        self.number += 1
        row = self.small.rows[serial - 1]
        record = {
            "sec": row["sec"],
            "ruc": RUC,
            "lines": [row["lineas"]],
            "charge": "39.90",
            "created": created,
        }
        if system == "remedy":
            number = f"INC{self.number:012d}"
            record |= {"number": number, "status": "Cerrado" if done else "Asignado"}
            self.state.setdefault("remedy", {}).setdefault("incidents", []).append(record)
            return number
        record |= {"id": str(self.number), "status": "Atendido" if done else "Pendiente"}
        self.state.setdefault("nintex", {}).setdefault(system, []).append(record)
        return record["id"]


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
    system: str, build: Callable[[Small, Path], int], mock: MockPortals, tmp_path: Path
) -> None:
    small = Small()
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
