"""A chain: one small list, worked on by robots that are killed one after the other, and at last by
one that is let live."""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.compare import Due, compare
from tests.chaos.saboteur import BOUNDARIES, MAIL, MARK, VICTIMS, WRITE, Plan
from tests.conftest import MockPortals
from tests.robots.harness import Robot, processes_of
from tests.robots.small import Small

#: a chain goes on to its end after so many kills
KILLS_IN_A_CHAIN = 8
#: a case for each system, and one that waits for evidence
KINDS = ("configuration", "misaligned", "offered", "evidence")
SABOTAGED = [sys.executable, "-m", "tests.chaos.saboteur"]


@dataclass
class Result:
    """``kills`` by boundary and victim; ``wrong`` is empty where nothing was lost or doubled."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    told: int = 0

    def as_line(self) -> str:
        return json.dumps(
            {"seed": self.seed, "kills": self.kills, "wrong": self.wrong, "told": self.told}
        )


def the_list(folder: Path, kinds: Sequence[str] = KINDS) -> tuple[Small, list[Due]]:
    """A case of each kind."""
    small = Small()
    dues = []

    def due(serial: int, scenario: str, system: str | None, mails: int = 1) -> None:
        row = small.rows[serial - 1]
        dues.append(Due(row["sec"], row["lineas"], scenario, system, mails))

    for kind in kinds:
        match kind:
            case "configuration":
                due(small.configuration(), "ACTIVACIONES_CONFIGURACION", "NINTEX Activaciones")
            case "misaligned":
                due(small.misaligned(), "ACTIVACIONES_DESALINEACION", "Remedy")
            case "offered":
                offered = small.with_evidence(folder, aprobado_por="Carmen Salas")
                due(offered, "VENTAS_CON_OFERTA", "NINTEX operador")
            case "evidence":
                due(small.sale(), "", None, mails=2)
    return small, dues


def random_plans(seed: int) -> Iterator[Plan]:
    """As many as a chain wants, the same for each seed."""
    chance = random.Random(seed)
    while True:
        boundary = chance.choice(BOUNDARIES)
        yield Plan(
            boundary=boundary,
            victim=chance.choice(VICTIMS),
            nth=chance.randint(1, 3 if boundary in WRITE else 2 if boundary in MAIL else 6),
            delay=chance.uniform(3, 20) if boundary == "any moment" else chance.uniform(0, 0.3),
        )


def run_chain(
    seed: int,
    plans: Iterable[Plan],
    mock: MockPortals,
    folder: Path,
    *,
    kills: int = KILLS_IN_A_CHAIN,
    kinds: Sequence[str] = KINDS,
    **settings: str,
) -> Result:
    """Kill by the plans, let the last robot live, and compare; then once more, which must change
    nothing. What one robot left is found by the next, so no plan needs the one before."""
    small, dues = the_list(folder, kinds)
    mock.reset(small.world)
    path = small.list_at(folder / "lista.xlsx")
    mark = folder / "mark"
    result = Result(seed)
    for plan in plans:
        mark.unlink(missing_ok=True)
        robot = Robot(mock, folder / "robot", **plan.as_variable(), **{MARK: str(mark)}, **settings)
        robot.call("run", str(path), command=SABOTAGED)
        _ended(robot)
        if not mark.exists():
            break  # the list was done before the moment came
        result.kills[f"{plan.boundary} / {plan.victim}"] += 1
        if sum(result.kills.values()) >= kills:
            break
    robot = Robot(mock, folder / "robot", **settings)
    last = robot.run(path)
    if last.code != 0:
        result.wrong.append(f"the last run ended {last.code}: {last.states()}")
    finding = compare(dues, mock.state())
    result.wrong += finding.wrong
    result.told = finding.told
    before = _records(mock)
    robot.run(path)
    if _records(mock) != before:
        result.wrong.append("a run after the last one changed something")
    return result


def _records(mock: MockPortals) -> dict[str, object]:
    state = mock.state()
    return {name: state[name] for name in ("siac", "nintex", "remedy", "mail")}


def _ended(robot: Robot) -> None:
    """Until nothing of it runs: what is orphaned ends by itself."""
    deadline = time.monotonic() + 60
    while left := processes_of(robot):
        if time.monotonic() > deadline:
            raise AssertionError(f"still running after a minute: {left}")
        time.sleep(0.05)
