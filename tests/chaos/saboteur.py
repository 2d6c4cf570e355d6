"""The robot, with somebody who kills it at chosen moments.

``python -m tests.chaos.saboteur run …`` is ``cargofijo run …`` under sabotage.

The plans come in the variable ``CHAOS``. Nothing of the robot knows of it: its own classes are
wrapped here, in the process that is going to die.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import flows.procedure.filing
import flows.procedure.siac_case
import flows.runtime.heartbeat
import robots.ops.preflight
from flows.mail.send import Mailer
from flows.runtime.steps import StepRunner
from pages.core.base_portal import Portal

Find = Callable[[], Awaitable[object]]

VARIABLE = "CHAOS"
#: where each kill leaves word that it happened
MARK = "CHAOS_MARK"

#: of a write in a portal, in their order: before the click, between the click and the reply, with
#: the click done, with the reply read; of an e-mail the third is passed over
WRITE = ("before", "during", "pressed", "confirmed")
#: after a step's checkpoint, and at any moment
OTHER = ("recorded", "any moment")
BOUNDARIES = (*WRITE, *OTHER)
#: those after which the robot itself is gone, and those that it outlives
DEADLY, OUTLIVED = ("process", "group"), ("browser", "driver")
MAIL = "e-mail"


@dataclass(frozen=True)
class Plan:
    """Kill ``victim`` at the ``nth`` time that it comes to ``boundary``.

    ``place`` is searched for in what is written (*SIAC Único: cierre del caso*, *e-mail*) or, for
    ``recorded``, in the step's name. ``delay`` is in seconds: for ``during`` after the click, for
    ``any moment`` after the start or the kill before.
    """

    boundary: str
    victim: str
    nth: int = 1
    delay: float = 0.0
    place: str = ""


def as_variable(plans: Sequence[Plan], mark: Path, *, blind: bool = False) -> dict[str, str]:
    """``blind``: look for nothing before a write, which the suite must notice."""
    given = {"plans": [asdict(plan) for plan in plans], "blind": blind}
    return {VARIABLE: json.dumps(given), MARK: str(mark)}


class Saboteur:
    """Follows the plans in their order, until one of them ends this process."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self.plans = list(plans)
        self.times = 0
        self._set_timer()

    def due(self, boundary: str, place: str) -> Plan | None:
        """The plan whose moment this is; each call counts as one."""
        plan = self.plans[0] if self.plans else None
        if plan is None or plan.boundary != boundary or not re.search(plan.place, place):
            return None
        self.times += 1
        return plan if self.times == plan.nth else None

    def strike(self, plan: Plan, place: str) -> None:
        """Kill; comes back only where the victim is not this process."""
        if self.plans[:1] != [plan]:
            return  # the timer and a boundary at once
        self.plans.pop(0)
        self.times = 0
        with Path(os.environ[MARK]).open("a", encoding="utf-8") as file:
            file.write(f"{plan.boundary} / {place} / {plan.victim}\n")
        if plan.victim in ("browser", "group"):
            _kill(own_descendants("chrom"))
        if plan.victim in ("driver", "group"):
            _kill(own_descendants("node"))
        if plan.victim in DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        self._set_timer()

    def pass_by(self, boundary: str, place: str) -> None:
        """Kill if this is the moment."""
        if plan := self.due(boundary, place):
            self.strike(plan, place)

    async def meanwhile(self, place: str) -> None:
        """Kill while the other side is at work, if this is the moment."""
        if plan := self.due("during", place):
            await asyncio.sleep(plan.delay)
            self.strike(plan, place)

    def _set_timer(self) -> None:
        if self.plans and self.plans[0].boundary == "any moment":
            plan = self.plans[0]
            timer = threading.Timer(plan.delay, self.strike, (plan, "-"))
            timer.daemon = True
            timer.start()


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
    submit, send, run = Portal.submit, Mailer.send, StepRunner.run

    async def submitted(
        portal: Portal, what: str, fields: Any, window: Any, press: Any, confirmed: Any, *draft: Any
    ) -> Any:
        place = f"{portal.name}: {re.sub(r'[0-9]+', '', what).strip()}"

        async def pressing() -> None:
            saboteur.pass_by("before", place)
            striking = asyncio.create_task(saboteur.meanwhile(place))
            await press()
            await striking
            saboteur.pass_by("pressed", place)

        result = await submit(portal, what, fields, window, pressing, confirmed, *draft)
        saboteur.pass_by("confirmed", place)
        return result

    async def sent(mailer: Mailer, message: EmailMessage) -> None:
        saboteur.pass_by("before", MAIL)
        striking = asyncio.create_task(saboteur.meanwhile(MAIL))
        await send(mailer, message)
        await striking
        saboteur.pass_by("confirmed", MAIL)

    async def ran(runner: StepRunner, name: str, *given: Any) -> Any:
        result = await run(runner, name, *given)
        saboteur.pass_by("recorded", name)
        return result

    Portal.submit = submitted  # type: ignore[method-assign, assignment]
    Mailer.send = sent  # type: ignore[method-assign, assignment]
    StepRunner.run = ran  # type: ignore[method-assign, assignment]


def be_blind() -> None:
    """What a robot does that trusts its click: it looks only for the number, and never before."""

    async def create(
        _runner: StepRunner, _what: str, find: Find, create: Find, *, look_first: bool = True
    ) -> object:
        return await create() or await find()

    for module in (flows.procedure.filing, flows.procedure.siac_case):
        module.find_or_create = create  # type: ignore[attr-defined]


def no_first_visit() -> None:
    """Enter each portal when the case needs it, and not all four before: no boundary is within
    that, and it costs up to a tenth of what a robot computes until it is killed."""

    async def found_nothing(*_: Any) -> list[Any]:
        return []

    robots.ops.preflight.check_portals = found_nothing


def main() -> None:
    """The `cargofijo` command, sabotaged where there are plans."""
    from robots.cli.app import main as cargofijo

    # On PostgreSQL: what a killed one left is waited for no longer than a test needs.
    flows.runtime.heartbeat.BEAT, flows.runtime.heartbeat.SILENCE = 0.5, 5.0
    if VARIABLE in os.environ:
        given = json.loads(os.environ[VARIABLE])
        if given["blind"]:
            be_blind()
        plans = [Plan(**plan) for plan in given["plans"]]
        if plans and plans[0].boundary != "any moment":
            no_first_visit()
        lie_in_wait(Saboteur(plans))
    cargofijo()


if __name__ == "__main__":
    main()
