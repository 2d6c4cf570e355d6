"""How many requests one case of each scenario costs: the table of docs/rendimiento.md.

``python -m tests.robot.count_requests`` runs each scenario on its own mock portals, once with one
case and once with two, and counts in ``/state``: the difference is a case's, the rest are logins.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.conftest import MockPortals
from tests.robot.harness import Robot
from tests.robot.mini_world import MiniWorld

PORTALS = ("sisact", "siac", "nintex", "remedy")
Build = Callable[[MiniWorld, Path], object]


def _lost_benefit(small: MiniWorld, folder: Path) -> None:
    serial = small.sale(description="CF especial S/ 39.90")
    small.line(serial)["invoices"] = [
        {"period": "2026-09", "charge": "39.90"},
        {"period": "2026-10", "charge": "59.90"},
    ]
    small.happened(serial, "2026-10-05", "Renovación")


def _unknown_sec(small: MiniWorld, folder: Path) -> None:
    small.rows[small.configuration() - 1]["sec"] += "9"


def _applied(small: MiniWorld, folder: Path) -> None:
    line = small.line(small.configuration())
    line["charge"] = "39.90"
    line["invoices"] = [{"period": "2026-10", "charge": "39.90"}]


SCENARIOS: dict[str, Build] = {
    "`ACTIVACIONES_CONFIGURACION`": lambda small, folder: small.configuration(),
    "`ACTIVACIONES_DESALINEACION`": lambda small, folder: small.misaligned(),
    "`VENTAS_CON_OFERTA`": lambda small, folder: small.with_evidence(
        folder, aprobado_por="Carmen Salas"
    ),
    "`VENTAS_SIN_OFERTA`": lambda small, folder: small.with_evidence(folder),
    "`POSTVENTA`": _lost_benefit,
    "`FALTA_EVIDENCIA`": lambda small, folder: small.sale(),
    "`YA_APLICADO`": _applied,
    "`SEC_NO_EXISTE`": _unknown_sec,
}


def requests(build: Build, cases: int, folder: Path) -> dict[str, int]:
    """By portal, for so many cases of a scenario in one run."""
    small = MiniWorld()
    folder.mkdir(parents=True)
    for _ in range(cases):
        build(small, folder)
    world = folder / "world.json"
    world.write_text(json.dumps(small.world), encoding="utf-8")
    mock = MockPortals(world=world)
    try:
        done = Robot(mock, folder / "robot").run(small.list_at(folder / "lista.xlsx"))
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
