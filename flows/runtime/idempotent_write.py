"""A write is *find or create*: the portal is the witness, not our memory of a click."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from flows.rules.case import Motivo
from flows.rules.endings import failed, needs_person
from flows.runtime.steps import StepRunner
from flows.runtime.submit_journal import JournalState
from pages.contract.errors import FormRefused, SubmitWithheld, WriteUncertain

T = TypeVar("T")

#: What stands for a number that a dry run did not make.
SIMULATED = "SIMULADO"


async def find_or_create(
    runner: StepRunner,
    what: str,
    find: Callable[[], Awaitable[T | None]],
    create: Callable[[], Awaitable[T | None]],
    *,
    look_first: bool = True,
) -> T | None:
    """What the portal holds of this case; made once if it holds none, then read back.

    ``find`` raises where it finds more than one. ``create`` gives the record where the portal shows
    it at once; ``look_first`` is False where it looks by itself and leaves alone what is done, or
    a look of a moment ago showed none.
    After a submit without a clear answer, also one of a process that has died since, the portal may
    still be at work on it: so it looks again, and again later, before it submits anew, and once
    more after that; where the form said that it refuses what was typed, and nothing is found, that
    is the answer. A person who thought too long before a yes makes it look again before anything
    is sent. None only in a dry run.
    """
    services, guard = runner.services, runner.submit_guard
    handed = await asyncio.to_thread(services.journal.state, runner.reference, guard.step)
    submits = int(handed is not JournalState.NONE)
    found = await find() if look_first or submits else None
    if found is None and submits:
        found = await _found_later(runner, find)
    most = submits + services.policy.max_attempts
    while found is None and submits < most:
        try:
            found = await create() or await find() or await _found_later(runner, find)
        except SubmitWithheld:
            if guard.agreed_to is None:
                return None  # a dry run
            found = await find()
            continue
        except WriteUncertain as doubt:
            found = await _found_later(runner, find)
            if found is None and isinstance(doubt.__cause__, FormRefused):
                raise doubt.__cause__ from None
        else:
            if found is None:
                raise needs_person(
                    Motivo.RESULTADO_INCIERTO,
                    f"El portal aceptó el envío ({what}), pero no muestra el registro.",
                )
        submits += 1
    if found is not None:
        return await _looked_again(runner, find, found) if submits > 1 else found
    raise failed(
        Motivo.PORTAL_NO_DISPONIBLE,
        f"El portal no registra lo que se envía ({what}); no quedó nada registrado.",
    )


async def _looked_again(runner: StepRunner, find: Callable[[], Awaitable[T | None]], found: T) -> T:
    """What was submitted in doubt may have arrived twice, the first one late: ``find`` tells."""
    await asyncio.sleep(runner.services.policy.look_again[-1])
    return await find() or found


async def _found_later(runner: StepRunner, find: Callable[[], Awaitable[T | None]]) -> T | None:
    for pause in runner.services.policy.look_again:
        await asyncio.sleep(pause)
        found = await find()
        if found is not None:
            return found
    return None
