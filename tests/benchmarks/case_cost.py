"""What a case costs, beside a plain script that does the same: the figures of docs/rendimiento.md.

``python -m tests.benchmarks.case_cost [--cases N] [--latency-ms L] [--at-once K]`` lets the robot
and `tests.benchmarks.plain` do the same list of one-line `ACTIVACIONES_CONFIGURACION` cases, in
turn and each on mock portals of its own; ``--baseline COMMIT`` lets an older robot take its turn,
with the mock portals of its time; ``--scenario NAME`` is another one of
`tests.benchmarks.count_requests`, which only robots do, as they do ``--lines L`` a case and what
finds ``--on-record N`` cases of former runs. What each left is compared in ``/state``.
Ends with 1 where something is not as it should be, or a figure is over its target.
"""

from __future__ import annotations

import argparse
import json
import operator
import os
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from flows.store.database import connect
from flows.store.ledger import Ledger
from pages.core.browser import find_browser
from tests.benchmarks.console_list import fill
from tests.benchmarks.count_requests import PORTALS, SCENARIOS
from tests.benchmarks.process_tree import Cost, run
from tests.support.former import FormerRobot, unpack
from tests.support.machine import ROOT
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Robot

LIST = "lista.xlsx"
#: what the plain script does
PLAIN = "ACTIVACIONES_CONFIGURACION"
#: what ends without a case in SIAC Único
UNREGISTERED = ("YA_APLICADO", "SEC_NO_EXISTE")
WIRE = Path(__file__).parent / "wire"
#: at most so many times the plain script's, at this latency in milliseconds
TARGETS = {0: {"seconds": 1.15, "processors": 1.15, "memory": 1.15}, 300: {"seconds": 1.10}}
#: one at a time at 0 ms: commands a case, where so many or more cases share those of the logins
COMMANDS, SHARED_BY = 150, 8
#: and so many requests a case more than the plain script, which asks for what the job needs: the
#: item that was filed is opened, and Remedy entered
REQUESTS = 2
#: four at once at 300 ms: how many times the cases an hour of an older robot, and in how many MB
FASTER, FLEET_MB = 2.0, 900


@dataclass(frozen=True)
class Turn:
    """One contestant's turn: its cost, and what the portals and Playwright saw of it."""

    cost: Cost
    requests: dict[str, int]
    wire: tuple[int, int, int]
    left: Any

    @property
    def figures(self) -> dict[str, float]:
        return {
            "seconds": self.cost.seconds,
            "processors": self.cost.processors,
            "memory": self.cost.memory,
            "commands": self.wire[0],
            "sent": self.wire[1] / 1024,
            "received": self.wire[2] / 1024,
        }


def the_list(cases: int, scenario: str, folder: Path, lines: int = 1) -> MiniWorld:
    """Its workbook, which is in the folder, names evidence that is there too."""
    mini = MiniWorld()
    for serial in range(1, cases + 1):
        SCENARIOS[f"`{scenario}`"](mini, folder)
        mini.with_lines(serial, lines)
    mini.list_at(folder / LIST)
    return mini


def take_turn(
    who: str, root: Path, mini: MiniWorld, given: argparse.Namespace, browser: dict[str, Any]
) -> Turn:
    kind = Robot if root == ROOT else FormerRobot
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = folder / "world.json"
        world.write_text(json.dumps(mini.world), encoding="utf-8")
        options = ("--latency-ms", str(given.latency_ms), "--session-idle", "3600")
        with MockPortals(*options, world=world, root=root) as mock:
            counts = folder / "wire"
            environment = {
                **kind(mock, folder / "robot").environment,
                "PYTHONPATH": os.pathsep.join(map(str, (WIRE, root))),
                "WIRE_COUNTS": str(counts),
            }
            (folder / "robot").mkdir()
            if given.on_record:
                _remember(folder / "robot", given.on_record)
            if who == "plain":
                orders = folder / "orders.json"
                orders.write_text(json.dumps(_orders(mini, mock, given, folder, browser)))
                command = [sys.executable, "-m", "tests.benchmarks.plain", str(orders)]
            else:
                command = [*_robot(root), "run", str(given.list), "--json"]
                command += ["--seats", str(given.at_once)]
            cost = run(
                command,
                cwd=folder / "robot",
                environment=environment,
                log=folder / "log",
                limit=60 + 60 * given.cases,
            )
            lines = counts.read_text().splitlines() if counts.exists() else []
            wire = [sum(column) for column in zip(*map(json.loads, lines), strict=True)]
            state = mock.state()
            requests = {portal: mock.requests(portal) for portal in PORTALS}
    commands, sent, received = wire or (0, 0, 0)
    return Turn(cost, requests, (commands, sent, received), left_by(state))


def _remember(folder: Path, cases: int) -> None:
    """Put cases of former runs on the robot's record."""
    ledger = Ledger(connect(f"sqlite:///{folder / 'var' / 'cargofijo.sqlite'}"))
    ledger.prepare()
    fill(ledger, cases)
    ledger.engine.dispose()


def _robot(root: Path) -> list[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    module, _, function = project["project"]["scripts"]["cargofijo"].partition(":")
    return [sys.executable, "-c", f"from {module} import {function}; {function}()"]


def _orders(
    mini: MiniWorld,
    mock: MockPortals,
    given: argparse.Namespace,
    folder: Path,
    browser: dict[str, Any],
) -> dict[str, Any]:
    named = {
        "requested": "fecha_solicitud",
        "sec": "sec",
        "ruc": "ruc",
        "line": "lineas",
        "charge": "cargo_fijo_ofrecido",
        "contact": "contacto",
        "dni": "contacto_dni",
        "channel": "canal",
    }
    return {
        "orders": [
            {name: row[column] for name, column in named.items()}
            | {"reference": f"CF-{row['sec']}"}
            for row in mini.rows
        ],
        "places": {portal: mock.url(portal) for portal in PORTALS[:3]}
        | {"smtp": mock.smtp_port, **browser},
        "seats": given.at_once,
        "folder": str(folder / "plain"),
    }


def left_by(state: Any) -> Any:
    """What the portals hold of each case, without what differs from run to run: numbers, the
    references, the bytes of the pictures."""
    found = {}
    for case in state["siac"]["cases"]:
        requests = [one for one in state["nintex"]["activaciones"] if one["sec"] == case["sec"]]
        text = json.dumps([case, requests], ensure_ascii=False)
        for own in (case["number"], case["reference"]):
            text = text.replace(own, "-")
        for request in requests:
            text = text.replace(f'"id": "{request["id"]}"', '"id": "-"')
            text = text.replace(f"Solicitud {request['id']} ", "Solicitud - ")
            for attached in request["attachments"]:
                text = text.replace(attached["sha256"], "-")
        found[case["sec"]] = json.loads(text)
    return {"cases": found, "mail": sorted(mail["to"] for mail in state["mail"])}


def agrees(older: Any, newer: Any) -> bool:
    """Whether what portals of an older time hold stands in today's, which may tell more."""
    if isinstance(older, dict):
        return all(name in newer and agrees(one, newer[name]) for name, one in older.items())
    if isinstance(older, list):
        return len(older) == len(newer) and all(map(agrees, older, newer))
    return bool(older == newer)


def _row(name: str, turns: list[Turn], cases: int) -> tuple[str, dict[str, float]]:
    each = {
        figure: median(
            turn.figures[figure] / (1 if figure == "memory" else cases) for turn in turns
        )
        for figure in turns[0].figures
    }
    kinds = sorted({kind for turn in turns for kind in turn.cost.processor})
    used = ", ".join(
        f"{kind} {median(turn.cost.processor.get(kind, 0) for turn in turns) / cases:.2f}"
        for kind in kinds
    )
    asked = " · ".join(f"{turns[0].requests[portal] / cases:.1f}" for portal in PORTALS)
    line = (
        f"| {name} | {each['seconds']:.2f} | {each['processors']:.2f} ({used}) | "
        f"{each['memory']:.0f} | {asked} | {each['commands']:.0f} | {each['sent']:.0f} | "
        f"{each['received']:.0f} |"
    )
    return line, each


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10)
    parser.add_argument("--latency-ms", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--baseline", metavar="COMMIT")
    names = [name.strip("`") for name in SCENARIOS]
    parser.add_argument("--scenario", default=PLAIN, choices=names, metavar="NAME")
    parser.add_argument("--lines", type=int, default=1)
    parser.add_argument("--on-record", type=int, default=0)
    parser.add_argument("--robots-only", action="store_true", help="without the plain script")
    given = parser.parse_args()
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = {"executable": find_browser(), "arguments": arguments}
    wrong: list[str] = []
    registered = 0 if given.scenario in UNREGISTERED else given.cases
    turns: dict[str, list[Turn]] = {}
    with tempfile.TemporaryDirectory() as older, tempfile.TemporaryDirectory() as evidence:
        mini = the_list(given.cases, given.scenario, Path(evidence), given.lines)
        given.list = Path(evidence) / LIST
        contestants = {"robot": ROOT, "plain": ROOT}
        is_plains = given.scenario == PLAIN and given.lines == 1 and not given.on_record
        if given.robots_only or not is_plains:
            del contestants["plain"]
        if given.baseline:
            unpack(given.baseline, Path(older))
            contestants[given.baseline] = Path(older)
        for _ in range(given.rounds):
            for who, root in contestants.items():
                turn = take_turn(who, root, mini, given, browser)
                turns.setdefault(who, []).append(turn)
                is_left = agrees if root != ROOT else operator.eq
                if turn.cost.code:
                    wrong.append(f"{who}: ended with {turn.cost.code}: {turn.cost.err}")
                elif len(turn.left["cases"]) != registered:
                    wrong.append(f"{who}: {len(turn.left['cases'])} cases are in the portals")
                elif not is_left(turn.left, turns["robot"][0].left):
                    wrong.append(f"{who}: the portals hold something else")
    sys.stdout.write(
        f"{given.cases} cases {given.scenario} of {given.lines}, {given.on_record} on record, "
        f"{given.latency_ms} ms, {given.at_once} at once, "
        f"medians of {given.rounds}; all but the memory are a case's\n\n"
        "| | seconds | processor seconds | peak MB | requests: SISACT · SIAC · NINTEX · Remedy "
        "| commands | KB sent | KB received |\n|---|---|---|---|---|---|---|---|\n"
    )
    found = {}
    for who in contestants:
        line, found[who] = _row(who, turns[who], given.cases)
        sys.stdout.write(f"{line}\n")
    for who in contestants.keys() - {"plain"} if "plain" in contestants else ():
        ratios = {name: found[who][name] / found["plain"][name] for name in found[who]}
        told = " · ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
        sys.stdout.write(f"\n{who} / plain: {told}\n")
        if who == "robot" and given.at_once == 1:
            for name, most in TARGETS.get(given.latency_ms, {}).items():
                if ratios[name] > most:
                    wrong.append(f"{name}: {ratios[name]:.2f} times the plain script's, not {most}")
    is_shared = "plain" in contestants and given.cases >= SHARED_BY
    if is_shared and given.at_once == 1 and not given.latency_ms:
        commands = found["robot"]["commands"]
        if commands > COMMANDS:
            wrong.append(f"commands: {commands:.0f} a case, not {COMMANDS}")
        robot, plain = (sum(turns[who][0].requests.values()) for who in ("robot", "plain"))
        if robot - plain > REQUESTS * given.cases:
            wrong.append(f"requests: {robot} where the plain script has {plain}")
    if given.baseline and given.at_once == 4 and given.latency_ms == 300:
        faster = found[given.baseline]["seconds"] / found["robot"]["seconds"]
        sys.stdout.write(f"\nrobot: {faster:.2f} times the cases an hour of {given.baseline}\n")
        if faster < FASTER:
            wrong.append(f"cases an hour: {faster:.2f} times {given.baseline}'s, not {FASTER}")
        if found["robot"]["memory"] > FLEET_MB:
            wrong.append(f"memory: {found['robot']['memory']:.0f} MB, not {FLEET_MB}")
    for what in wrong:
        sys.stdout.write(f"WRONG: {what}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
