"""How a step of a case is run: retried, timed, recorded and checkpointed."""

from __future__ import annotations

import asyncio
import errno
import sys
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from loguru import logger
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from flows.rules.case import Motivo
from flows.rules.endings import CaseEnds, Ending, ending_of, failed
from flows.rules.scenarios import Escenario
from flows.runtime.access import Access, PortalResting
from flows.runtime.checkpoints import Answer, Checkpoints, StepsChanged
from flows.runtime.fresh_looks import FreshLook
from flows.runtime.history import FOLDER, STEP_NAMES, History
from flows.runtime.services import Services
from flows.runtime.submit_hook import SubmitGuard
from flows.store.ledger import Attempt, StepRecord
from pages.contract.errors import (
    BrowserLost,
    FormAltered,
    FormRefused,
    Insecure,
    OwnerMustAct,
    PageChanged,
    PersonUnclear,
    PortalError,
    SessionBusy,
    SessionLent,
    SessionLost,
)
from pages.contract.ports import Lease
from pages.contract.siac import SiacCase

T = TypeVar("T")


class CaseWaits(Exception):
    """The flow ends for now: a step waits for a portal, and is done when it is called."""


class _Waits(Exception):
    """Raised by a step's work; see `flows.runtime.parked`."""

    def __init__(self, portal: str) -> None:
        super().__init__(portal)
        self.portal = portal


_CHANGED = (
    "El robot cambió mientras el caso estaba en curso y no puede seguir desde donde quedó. "
    "Vuelva a ejecutar la lista: empieza de nuevo y encuentra lo que ya se registró."
)


class FlowChanged(CaseEnds):
    """The record is of other steps: the attempt cannot go on. What it had filed is in there."""

    def __init__(self) -> None:
        super().__init__(failed(Motivo.ERROR_INTERNO, _CHANGED).ending)


class StepRunner:
    """Runs the steps of one attempt at a case, in their order."""

    def __init__(
        self,
        services: Services,
        attempt: Attempt,
        checkpoints: Checkpoints,
        folder: Path | None = None,
        approvals: Collection[Escenario] | None = None,
    ) -> None:
        """``folder`` takes the place of the case's own, and ``approvals`` that of the policy's: the
        scenarios that need a supervisor's yes in this attempt."""
        self.services = services
        self.attempt = attempt
        self.checkpoints = checkpoints
        self.approvals = services.policy.approvals if approvals is None else approvals
        self.case = attempt.case
        self.reference = attempt.reference
        self.folder = folder or services.folder(attempt.reference)
        #: from here on the case goes on where SIAC Único shows its pages, and nobody else's
        self.stays = False
        self.submit_guard = SubmitGuard(services, attempt, self.at_leisure)
        self._begin_lease(self.folder)
        self.history = History(self.folder, attempt)
        lasts = services.policy.fresh_look
        #: the case in SIAC Único, whole; the system in which no request of the case was found
        self.seen_case: FreshLook[SiacCase] = FreshLook(lasts)
        self.seen_none: FreshLook[str] = FreshLook(lasts)
        self._count = 0
        self._limit: asyncio.Timeout

    async def run(self, name: str, returns: Any, work: Callable[[], Awaitable[Any]]) -> Any:
        """One checkpointed step. ``work`` may be done more than once, and finds what it did before.

        ``returns`` is the type of what comes back, also when the step is only played back. Raises
        `CaseEnds` where the case goes no further, and `CaseWaits` where it goes on later.
        """
        adapter: TypeAdapter[Any] = TypeAdapter(returns)
        self._count += 1
        number = self._count

        async def recorded() -> Answer:
            self.begin(name)
            with logger.contextualize(case=self.reference, attempt=self.attempt.attempt, step=name):
                return await self._timed(number, name, adapter, work)

        try:
            answer = await self.checkpoints.run(name, recorded)
            if "value" in answer:
                return adapter.validate_python(answer["value"])
        except (StepsChanged, ValidationError) as changed:
            # Recorded by a flow of other steps that was given the same version.
            found = changed.found if isinstance(changed, StepsChanged) else _misfit(changed)
            attempt = self.attempt.attempt
            logger.error(
                "steps_changed", case=self.reference, attempt=attempt, step=name, found=found
            )
            raise FlowChanged from None
        if "waits" in answer:
            raise CaseWaits
        raise CaseEnds(Ending.model_validate(answer["ended"]))

    async def _timed(
        self,
        number: int,
        name: str,
        adapter: TypeAdapter[Any],
        work: Callable[[], Awaitable[Any]],
    ) -> Answer:
        started, clock = datetime.now(UTC), time.monotonic()
        note, ending = "", None
        try:
            value = await self._tried(name, work)
            answer: Answer = {"value": adapter.dump_python(value, mode="json")}
        except CaseEnds as end:
            answer = {"ended": end.ending.model_dump(mode="json")}
            ending, note = end.ending, end.ending.motivo or ""
        except _Waits as wait:
            parked, place = self.services.parked, self.checkpoints.place() or number
            await asyncio.to_thread(parked.enter, *self._attempt, wait.portal, place)
            self._tell(name, time.monotonic() - clock)
            return {"waits": wait.portal}
        seconds = time.monotonic() - clock
        await asyncio.to_thread(
            self.services.ledger.record_step,
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
        if await asyncio.to_thread(self.history.step_ended, name, ending, self.services.ledger):
            match = self.services.files.match
            await asyncio.to_thread(match, self.reference, self.folder, FOLDER)
        used = self._map_version or None
        logger.info("step_ended", seconds=round(seconds, 3), motivo=note or None, map=used)
        self._tell(name, seconds)
        return answer

    async def made(self, *paths: Path) -> None:
        """Told of files that were made just now in the case's folder."""
        await asyncio.to_thread(self.services.files.made, self.reference, self.folder, paths)

    def begin(self, name: str) -> None:
        """From here on, what is leased and sent belongs to the step."""
        self._begin_lease(self.history.folder_of(name))
        self.submit_guard.begin(name)
        self._tell(name, None)

    def _begin_lease(self, folder: Path) -> None:
        guard, case = self.submit_guard, self.reference
        self.lease = Lease(folder, guard, self.at_leisure, case, self.stays)
        self.portals = Access(self.services, self.lease)

    async def _tried(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        """The step's work, within the limit that holds for all of its tries together."""
        limit = self.services.policy.step_limit
        try:
            async with asyncio.timeout(limit) as self._limit:
                return await self._until_done(name, work)
        except TimeoutError:
            logger.error("step_failed", error="TimeoutError")
            portal = self.lease.portal
            last = f" Lo último fue {portal.name}, {portal.where}." if portal else ""
            raise failed(
                Motivo.TIEMPO_AGOTADO,
                f"El paso «{STEP_NAMES.get(name, name)}» no terminó en {limit:.0f} "
                f"segundos.{last} Vuelva a ejecutar la lista cuando el portal responda.",
            ) from None

    async def _until_done(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        """A portal that fails is tried again, a lost session opened again."""
        policy = self.services.policy
        tries = policy.max_attempts
        attempt = 0
        while True:
            attempt += 1
            try:
                return await work()
            except PortalResting as resting:
                breaker = resting.breaker
                end: Exception = failed(breaker.motivo, breaker.what)
                if breaker.retry_at is not None:  # or nobody but a person can help
                    end = await self._wait_or_end(breaker.portal, end)
                if isinstance(end, CaseEnds):
                    logger.error("step_failed", portal=breaker.portal, motivo=breaker.motivo)
                raise end from None
            except PortalError as error:
                self.history.failed(error)
                told = logger.bind(
                    **{"try": attempt},
                    portal=error.portal,
                    error=type(error).__name__,
                    where=error.where,
                )
                tries = min(tries, _tries(error), await self._tries_left(error))
                if attempt >= tries:
                    end = await self._given_up(error)
                    if isinstance(end, _Waits):
                        told.warning("step_waits")
                    else:
                        told.error("step_failed")
                    raise end from error
                told.warning("step_tried_again")
                if isinstance(error, BrowserLost):
                    await self.services.portals.revive()
                if not isinstance(error, SessionLost):
                    await asyncio.sleep(policy.pause(attempt))
            except (CaseEnds, SQLAlchemyError, _Waits):
                raise
            except Exception as error:
                # The type and place only: a text could carry what was read or typed.
                logger.error("step_failed", error=type(error).__name__, place=_place(error))
                raise failed(
                    Motivo.ERROR_INTERNO,
                    f"{_what_failed(error)} en el paso «{STEP_NAMES.get(name, name)}».",
                ) from error

    async def _given_up(self, error: PortalError) -> Exception:
        """A portal that is down is waited for; anything else ends the case."""
        breakers = self.services.breakers
        end = CaseEnds(ending_of(error))
        if isinstance(error, PageChanged):
            if await self._waits_for_its_map(error):
                return _Waits(error.portal)
        elif isinstance(error, SessionLent):
            return await self._wait_or_end(error.portal, end)
        elif isinstance(error, OwnerMustAct | SessionBusy):
            breaker = await asyncio.to_thread(breakers.state, error.portal)
            if breaker is not None and breaker.is_open:
                return await self._wait_or_end(error.portal, end)
        return end

    async def _waits_for_its_map(self, error: PageChanged) -> bool:
        """Whether the case waits for what is missing on a page to be there, or to be named anew.

        Not where others have it before them since this case missed it: then its page is odd, and it
        ends alone. Where nobody may wait, case after case must miss it until it is the portal.
        """
        breakers, version = self.services.breakers, self._map_version
        if error.missing:
            since = await self._waiting_since(error.portal)
            if since is not None:
                others_met = breakers.changes.others_met
                if await asyncio.to_thread(others_met, error, version, since):
                    return False
            if self.services.may_wait(since or datetime.now(UTC), has_changed=True):
                await asyncio.to_thread(breakers.missed, error, version)
                return True
        await asyncio.to_thread(breakers.page_changed, error)
        return False

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """Context in which the case asks SIAC Único nothing: others may have its session."""
        self.stays = False
        self.services.portals.lend(self.reference)
        yield
        self.stays = True

    @property
    def _map_version(self) -> str:
        """The version of the map of the portal that is used, or was last."""
        return self.lease.portal.map_version if self.lease.portal else ""

    async def _tries_left(self, error: PortalError) -> int:
        """How often one case may try: not again where the portal is being left alone, and less
        often where it has answered others since this case failed: the case is what it cannot do."""
        services_ = self.services
        breaker = await asyncio.to_thread(services_.breakers.state, error.portal)
        if breaker is None:
            return services_.policy.max_attempts
        if breaker.is_open:
            return 1
        since = await self._waiting_since(error.portal)
        if since is not None and breaker.answered is not None and breaker.answered > since:
            return max(1, services_.policy.breaker_failures - 1)
        return services_.policy.max_attempts

    async def _wait_or_end(self, portal: str, end: Exception) -> Exception:
        since = await self._waiting_since(portal)
        breaker = await asyncio.to_thread(self.services.breakers.state, portal)
        has_changed = breaker is not None and breaker.has_changed
        if self.services.may_wait(since or datetime.now(UTC), has_changed):
            return _Waits(portal)
        return end

    async def _waiting_since(self, portal: str) -> datetime | None:
        return await asyncio.to_thread(self.services.parked.since, *self._attempt, portal)

    @property
    def _attempt(self) -> tuple[str, int]:
        return self.reference, self.attempt.attempt

    @asynccontextmanager
    async def at_leisure(self) -> AsyncIterator[None]:
        """Within, the step's time limit stands still: a person is thinking, or it is another step's
        turn."""
        clock, until = asyncio.get_running_loop().time, self._limit.when()
        left = None if until is None else until - clock()
        self._limit.reschedule(None)
        try:
            yield
        finally:
            self._limit.reschedule(None if left is None else clock() + left)

    def _tell(self, name: str, seconds: float | None) -> None:
        self.services.run.observer.step(self.reference, name, seconds)


def _misfit(error: ValidationError) -> str:
    """What kind of answer is not the step's: a code, without the answer."""
    return str(error.errors(include_input=False, include_url=False)[0]["type"])


def _place(error: Exception) -> str:
    """Where in the code it was raised."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _what_failed(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "No queda espacio en el disco del robot: libere espacio y vuelva a ejecutar. Ocurrió"
    return f"Error del robot ({type(error).__name__})"


def _tries(error: PortalError) -> int:
    """How often such a failure is tried at most: as often as is set where trying again may help.

    A form that does not keep what is typed, or refuses it, has left nothing there, and a page that
    lacks an element has been waited for: a second time shows that it was no accident, and is under
    a trace.
    """
    if isinstance(error, PageChanged) and error.missing:
        return 2
    if isinstance(error, OwnerMustAct | Insecure | PageChanged | SessionLost | BrowserLost):
        return sys.maxsize
    return 2 if isinstance(error, FormAltered | FormRefused | PersonUnclear) else 1
