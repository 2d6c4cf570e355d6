"""A chain: one small list, worked on by robots that are killed one after the other, and at last by
one that is let live."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tests.chaos.saboteur import DEADLY, OTHER, OUTLIVED, WRITE, Plan, as_variable
from tests.support.due import KINDS, compare, the_list
from tests.support.mock import MockPortals
from tests.support.robot import Robot, processes_of

#: the portals take their time over a write, so that a kill may come while they are at work on it
_SLOW = [
    {"portal": portal, "kind": "slow", "ms": 200, "times": 1000} | extra
    for portal, extra in {
        "siac": {"on": "write"},
        "nintex": {"on": "write"},
        "remedy": {"on": "write"},
        "smtp": {},
    }.items()
]
#: a run that ends `Falla técnica` without a kill may be run again so often one after the other, so
#: many seconds later: Remedy lets a session that a kill left behind be ended only once in a while
_PATIENCE, _PAUSE = 4, 20
#: a robot gets so many plans: those it outlives, and the one that ends it
_AT_ONCE = 4


class SabotagedRobot(Robot):
    """Always forked: there are a thousand of them in `make chaos`."""

    main, forks = "tests.chaos.saboteur:main", True


@dataclass
class Result:
    """``kills`` by boundary, place and victim; ``wrong`` is empty where nothing was lost or
    doubled."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    #: e-mails of which nobody knows whether they left
    told: int = 0
    #: runs that ended `Falla técnica` without a kill
    again: int = 0

    def as_line(self) -> str:
        return json.dumps(vars(self), ensure_ascii=False)


def random_chain(seed: int) -> tuple[tuple[str, ...], Iterator[Plan]]:
    """A list of one case, and plans without end: the same for each seed."""
    chance = random.Random(seed)
    kind = chance.choices(KINDS, weights=(3, 3, 3, 2, 2))[0]
    return (kind,), _random_plans(chance)


def _random_plans(chance: random.Random) -> Iterator[Plan]:
    while True:
        boundary = chance.choices((*WRITE, *OTHER), weights=(5, 6, 6, 6, 2, 1))[0]
        yield Plan(
            boundary=boundary,
            victim=chance.choice(DEADLY if chance.random() < 0.7 else OUTLIVED),
            nth=chance.randint(1, 6)
            if boundary == "recorded"
            else chance.choice((1, 1, 1, 1, 1, 1, 2)),
            delay=chance.uniform(0.2, 12) if boundary == "any moment" else chance.uniform(0, 0.3),
        )


def run_chain(
    seed: int,
    plans: Iterable[Plan],
    mock: MockPortals,
    folder: Path,
    *,
    kinds: Sequence[str] = KINDS,
    blind: bool = False,
    forgetful: bool = False,
    **settings: str,
) -> Result:
    """Kill by the plans, as long as the list is not done, let the last robot live, and compare;
    then once more, which must change nothing. ``forgetful``: each robot begins without what those
    before it knew."""
    mini, dues = the_list(folder, kinds)
    mock.reset(mini.world)
    mock.fault(*_SLOW)
    path = mini.list_at(folder / "lista.xlsx")
    temporary = folder / "tmp"  # a killed browser leaves its profile behind
    temporary.mkdir()
    result = Result(seed)
    waiting: list[Plan] = []
    coming = iter(plans)
    idle = 0  # runs without a kill, one after the other
    while True:
        waiting += islice(coming, _AT_ONCE - len(waiting))
        if forgetful:
            _forget(folder)
        mark = folder / "mark"
        mark.write_text("")
        sabotage = as_variable(waiting, mark, blind=blind) if waiting or blind else {}
        robot = SabotagedRobot(
            mock, folder / "robot", TMPDIR=str(temporary), **sabotage, **settings
        )
        done = robot.run(path)
        struck = mark.read_text("utf-8").splitlines()
        result.kills.update(struck)
        waiting = waiting[len(struck) :]
        if done.code == 0:
            break
        idle = 0 if struck else idle + 1
        if not struck:
            result.again += 1
            if idle > _PATIENCE or not done.summary:
                raise AssertionError(f"not killed, and it ended {done.code}: {done.err[-2000:]}")
            time.sleep(_PAUSE)
    unfit = {row["Estado"] for row in done.rows.values()} - {"Atendido", "Pendiente de evidencia"}
    if unfit:
        result.wrong.append(f"the last run ended with {done.states()}")
    finding = compare(dues, mock.state())
    result.wrong += finding.wrong
    result.told = finding.told
    before = _records(mock)
    if forgetful:
        _forget(folder)
    robot = SabotagedRobot(mock, folder / "robot", TMPDIR=str(temporary), **settings)
    robot.run(path)
    if _records(mock) != before:
        result.wrong.append("a run after the last one changed something")
    _ended(robot)
    return result


def _forget(folder: Path) -> None:
    """Everything that the robot keeps: database, evidence, logs, reports."""
    shutil.rmtree(folder / "robot" / "var", ignore_errors=True)


def _records(mock: MockPortals) -> dict[str, object]:
    state = mock.state()
    return {name: state[name] for name in ("siac", "nintex", "remedy", "mail")}


def _ended(robot: Robot) -> None:
    """Until nothing of it runs: what is orphaned ends by itself."""
    deadline = time.monotonic() + 60
    while left := processes_of(robot):
        if time.monotonic() > deadline:
            raise AssertionError(f"still running after a minute: {left}")
        time.sleep(0.2)
