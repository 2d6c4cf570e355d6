"""The robot, with somebody who kills it at a chosen moment.

``python -m tests.chaos.saboteur run …`` is ``cargofijo run …`` under sabotage.

The plan comes in the variable ``CHAOS``. Nothing of the robot knows of it: its own classes are
wrapped here, in the process that is going to die.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import flows.filing
import flows.siac_case
from flows.notify import Mailer
from flows.steps import StepRunner
from pages.core.portal import Portal

Find = Callable[[], Awaitable[object]]

VARIABLE = "CHAOS"
#: where a kill leaves word that it happened
MARK = "CHAOS_MARK"

#: of a write in a portal, in their order; ``during`` is between the click and the reply
WRITE = ("before", "during", "pressed", "confirmed")
#: of an e-mail
MAIL = ("mail before", "mail during", "mail sent")
#: after a step's checkpoint, and at any moment
OTHER = ("recorded", "any moment")
BOUNDARIES = (*WRITE, *MAIL, *OTHER)
VICTIMS = ("process", "group", "browser", "driver")


@dataclass(frozen=True)
class Plan:
    """Kill ``victim`` at the ``nth`` time that this process comes to ``boundary``.

    ``delay`` is in seconds: for ``during`` after the click, for ``any moment`` after the start.
    """

    boundary: str
    victim: str
    nth: int = 1
    delay: float = 0.0
    #: look for nothing before a write: what the suite must notice
    blind: bool = False

    def as_variable(self) -> dict[str, str]:
        return {VARIABLE: json.dumps(asdict(self))}


class Saboteur:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.times = 0
        self.struck = False

    def due(self, boundary: str) -> bool:
        """Whether this is the moment; each call counts as one."""
        if boundary != self.plan.boundary or self.struck:
            return False
        self.times += 1
        return self.times == self.plan.nth

    def strike(self) -> None:
        """Kill; comes back only where the victim is not this process."""
        if self.struck:
            return
        self.struck = True
        Path(os.environ[MARK]).write_text(self.plan.boundary, encoding="utf-8")
        victim = self.plan.victim
        if victim in ("browser", "group"):
            _kill(own_descendants("chrom"))
        if victim in ("driver", "group"):
            _kill(own_descendants("node"))
        if victim in ("process", "group"):
            os.kill(os.getpid(), signal.SIGKILL)

    async def strike_later(self) -> None:
        await asyncio.sleep(self.plan.delay)
        self.strike()


def own_descendants(name: str) -> list[int]:
    """This process' children, and theirs, whose program is called so."""
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            text = (entry / "stat").read_text()
            names[int(entry.name)] = text[text.index("(") + 1 : text.rindex(")")]
            parents[int(entry.name)] = int(text.rpartition(")")[2].split()[1])
    found = []
    for pid in parents:
        above = pid
        while above in parents and above != os.getpid():
            above = parents[above]
        if above == os.getpid() and pid != os.getpid() and name in names[pid]:
            found.append(pid)
    return found


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def lie_in_wait(saboteur: Saboteur) -> None:
    """Wrap what the robot does at each boundary."""
    if saboteur.plan.boundary in WRITE:
        _at_writes(saboteur)
    elif saboteur.plan.boundary in MAIL:
        _at_mails(saboteur)
    elif saboteur.plan.boundary == "recorded":
        _at_checkpoints(saboteur)
    else:
        timer = threading.Timer(saboteur.plan.delay, saboteur.strike)
        timer.daemon = True
        timer.start()
    if saboteur.plan.blind:
        for module in (flows.filing, flows.siac_case):
            module.find_or_create = _create_blindly  # type: ignore[attr-defined]


def _at_writes(saboteur: Saboteur) -> None:
    submit = Portal.submit

    async def sabotaged(portal: Portal, *given: Any) -> Any:
        *what, press, confirmed = given

        async def pressing() -> None:
            if saboteur.due("before"):
                saboteur.strike()
            later = saboteur.strike_later() if saboteur.due("during") else None
            striking = asyncio.create_task(later) if later else None
            await press()
            if striking:
                await striking
            if saboteur.due("pressed"):
                saboteur.strike()

        result = await submit(portal, *what, pressing, confirmed)
        if saboteur.due("confirmed"):
            saboteur.strike()
        return result

    Portal.submit = sabotaged  # type: ignore[method-assign, assignment]


def _at_mails(saboteur: Saboteur) -> None:
    send = Mailer.send

    async def sabotaged(mailer: Mailer, message: EmailMessage) -> None:
        if saboteur.due("mail before"):
            saboteur.strike()
        striking = (
            asyncio.create_task(saboteur.strike_later()) if saboteur.due("mail during") else None
        )
        await send(mailer, message)
        if striking:
            await striking
        if saboteur.due("mail sent"):
            saboteur.strike()

    Mailer.send = sabotaged  # type: ignore[method-assign]


def _at_checkpoints(saboteur: Saboteur) -> None:
    run = StepRunner.run

    async def sabotaged(runner: StepRunner, *given: Any) -> Any:
        result = await run(runner, *given)
        if saboteur.due("recorded"):
            saboteur.strike()
        return result

    StepRunner.run = sabotaged  # type: ignore[method-assign]


async def _create_blindly(
    what: str, find: Find, create: Find, *, look_first: bool = True
) -> object:
    """What a robot does that trusts its click: it looks only for the number, and never before."""
    made = await create()
    return made or await find()


def main() -> None:
    """The `cargofijo` command, sabotaged where there is a plan."""
    from robots.cli import main as cargofijo

    if VARIABLE in os.environ:
        lie_in_wait(Saboteur(Plan(**json.loads(os.environ[VARIABLE]))))
    cargofijo()


if __name__ == "__main__":
    main()
