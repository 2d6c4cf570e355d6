"""How a step of a case is run: retried, timed, recorded and checkpointed."""

from __future__ import annotations

import asyncio
import contextvars
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from dbos import DBOS
from loguru import logger
from pydantic import TypeAdapter

from flows.case import Estado, Motivo
from flows.errors import CaseEnds, Ending, ending_of
from flows.ledger import Attempt, StepRecord
from flows.office import office
from pages.core.errors import (
    BrowserLost,
    PageChanged,
    PortalDown,
    PortalError,
    PortalSlow,
    SessionLost,
)

T = TypeVar("T")

#: Whose step is at work in this task.
_current: contextvars.ContextVar[StepRunner] = contextvars.ContextVar("current")


class StepRunner:
    """Runs the steps of one attempt at a case, in their order."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.case = attempt.case
        self.reference = attempt.reference
        self.folder = office().folder(attempt.reference)
        #: whether a person has said yes to all that the step at work still sends
        self.agreed = False
        #: the name of the step at work
        self.step = ""
        self._count = 0
        self._limit: asyncio.Timeout

    async def run(self, name: str, returns: Any, work: Callable[[], Awaitable[Any]]) -> Any:
        """One checkpointed step. ``work`` may be done more than once, and finds what it did before.

        ``returns`` is the type of what comes back, also when the step is only played back. Raises
        `CaseEnds` where the case goes no further.
        """
        adapter: TypeAdapter[Any] = TypeAdapter(returns)
        self._count += 1
        number = self._count

        async def recorded() -> dict[str, Any]:
            return await self._recorded(number, name, adapter, work)

        answer = await DBOS.run_step_async({"name": name}, recorded)
        if "ended" in answer:
            raise CaseEnds(Ending.model_validate(answer["ended"]))
        return adapter.validate_python(answer["value"])

    async def _recorded(
        self,
        number: int,
        name: str,
        adapter: TypeAdapter[Any],
        work: Callable[[], Awaitable[Any]],
    ) -> dict[str, Any]:
        _current.set(self)
        self.step = name
        with logger.contextualize(case=self.reference, attempt=self.attempt.attempt, step=name):
            return await self._timed(number, name, adapter, work)

    async def _timed(
        self,
        number: int,
        name: str,
        adapter: TypeAdapter[Any],
        work: Callable[[], Awaitable[Any]],
    ) -> dict[str, Any]:
        self.agreed = False
        started, clock = datetime.now(UTC), time.monotonic()
        self._tell(name, None)
        note = ""
        try:
            value = await self._tried(name, work)
            answer: dict[str, Any] = {"value": adapter.dump_python(value, mode="json")}
        except CaseEnds as end:
            answer = {"ended": end.ending.model_dump(mode="json")}
            note = end.ending.motivo or ""
        seconds = time.monotonic() - clock
        await asyncio.to_thread(
            office().ledger.record_step,
            StepRecord(
                reference=self.reference,
                attempt=self.attempt.attempt,
                number=number,
                name=name,
                started=started,
                seconds=round(seconds, 3),
                note=note,
            ),
        )
        logger.info("step_ended", seconds=round(seconds, 3), motivo=note or None)
        self._tell(name, seconds)
        return answer

    async def _tried(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        """The step's work; a portal that fails is tried again, a lost session opened again."""
        policy = office().policy
        for attempt in range(1, policy.max_attempts + 1):
            try:
                async with asyncio.timeout(policy.step_limit) as self._limit:
                    return await work()
            except TimeoutError:
                logger.error("step_failed", error="TimeoutError")
                raise CaseEnds(
                    Ending(
                        estado=Estado.FALLA_TECNICA,
                        motivo=Motivo.TIEMPO_AGOTADO,
                        detail=f"El paso «{name}» no terminó en {policy.step_limit:.0f} segundos.",
                    )
                ) from None
            except PortalError as error:
                told = logger.bind(
                    **{"try": attempt},
                    portal=error.portal,
                    error=type(error).__name__,
                    where=error.where,
                )
                if attempt == policy.max_attempts or not _passes(error):
                    told.error("step_failed")
                    raise CaseEnds(ending_of(error)) from error
                told.warning("step_tried_again")
                if isinstance(error, BrowserLost):
                    await office().desk.revive()
                if not isinstance(error, SessionLost):
                    await asyncio.sleep(policy.pause(attempt))
            except CaseEnds:
                raise
            except Exception as error:
                # The type and place only: a text could carry what was read or typed.
                logger.error("step_failed", error=type(error).__name__, place=_place(error))
                raise CaseEnds(
                    Ending(
                        estado=Estado.FALLA_TECNICA,
                        motivo=Motivo.ERROR_INTERNO,
                        detail=f"Error del robot en el paso «{name}» ({type(error).__name__}).",
                    )
                ) from error
        raise AssertionError("the last try returns or raises")

    @asynccontextmanager
    async def at_leisure(self) -> AsyncIterator[None]:
        """Within, the step's time limit stands still: a person is thinking."""
        clock, until = asyncio.get_running_loop().time, self._limit.when()
        left = None if until is None else until - clock()
        self._limit.reschedule(None)
        try:
            yield
        finally:
            self._limit.reschedule(None if left is None else clock() + left)

    def _tell(self, name: str, seconds: float | None) -> None:
        office().watcher.step(self.reference, name, seconds)


def _place(error: Exception) -> str:
    """Where in the code it was raised."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def current() -> StepRunner:
    """The runner of the step that this task is part of."""
    return _current.get()


def _passes(error: PortalError) -> bool:
    """Whether trying again may help."""
    return isinstance(error, PortalDown | PortalSlow | SessionLost | BrowserLost | PageChanged)
