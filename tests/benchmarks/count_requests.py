"""How many requests one case of each scenario costs: the table of the README.

``python -m tests.benchmarks.count_requests`` runs each scenario on its own mock portals, once with
one case and once with two, and counts in ``/state``: the difference is a case's, the rest are
logins.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Robot

PORTALS = ("sisact", "siac", "nintex", "remedy")
Build = Callable[[MiniWorld, Path], object]


def _lost_benefit(mini: MiniWorld, folder: Path) -> None:
    serial = mini.sale(description="CF especial S/ 39.90")
    mini.line(serial)["invoices"] = [
        {"period": "2026-09", "charge": "39.90"},
        {"period": "2026-10", "charge": "59.90"},
    ]
    mini.happened(serial, "2026-10-05", "Renovación")


def _unknown_sec(mini: MiniWorld, folder: Path) -> None:
    mini.rows[mini.configuration() - 1]["sec"] += "9"


def _applied(mini: MiniWorld, folder: Path) -> None:
    line = mini.line(mini.configuration())
    line["charge"] = "39.90"
    line["invoices"] = [{"period": "2026-10", "charge": "39.90"}]


SCENARIOS: dict[str, Build] = {
    "`ACTIVACIONES_CONFIGURACION`": lambda mini, folder: mini.configuration(),
    "`ACTIVACIONES_DESALINEACION`": lambda mini, folder: mini.misaligned(),
    "`VENTAS_CON_OFERTA`": lambda mini, folder: mini.with_evidence(
        folder, aprobado_por="Carmen Salas"
    ),
    "`VENTAS_SIN_OFERTA`": lambda mini, folder: mini.with_evidence(folder),
    "`POSTVENTA`": _lost_benefit,
    "`FALTA_EVIDENCIA`": lambda mini, folder: mini.sale(),
    "`YA_APLICADO`": _applied,
    "`SEC_NO_EXISTE`": _unknown_sec,
}


def requests(build: Build, cases: int, folder: Path) -> dict[str, int]:
    """By portal, for so many cases of a scenario in one run."""
    mini = MiniWorld()
    folder.mkdir(parents=True)
    for _ in range(cases):
        build(mini, folder)
    world = folder / "world.json"
    world.write_text(json.dumps(mini.world), encoding="utf-8")
    mock = MockPortals(world=world)
    try:
        done = Robot(mock, folder / "robot").run(mini.list_at(folder / "lista.xlsx"))
        assert done.code == 0, done.err
        return {portal: mock.requests(portal) for portal in PORTALS}
    finally:
        mock.stop()


def main() -> None:
    lines = ["| un caso | SISACT | SIAC Único | NINTEX | Remedy |", "|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as temporary:
        for number, (name, build) in enumerate(SCENARIOS.items()):
            one = requests(build, 1, Path(temporary) / f"{number}-1")
            two = requests(build, 2, Path(temporary) / f"{number}-2")
            counts = [str(two[portal] - one[portal] or "–") for portal in PORTALS]
            lines.append(f"| {name} | {' | '.join(counts)} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
