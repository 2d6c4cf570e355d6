"""What the steps of a case work with: portal sessions, the ledger, the mail, the policy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from flows.rules.case import Motivo, Outcome
from flows.rules.scenarios import Escenario
from flows.runtime.breakers import Breaker, Breakers
from flows.runtime.heartbeat import Heartbeat
from flows.runtime.parked import ParkedCases
from flows.runtime.submit_journal import SubmitJournal
from flows.runtime.write_limit import WriteLimit
from flows.store.case_files import Files
from flows.store.ledger import Ledger
from pages.contract.errors import PortalError
from pages.core.portal import Portal, Sending
from pages.nintex.portal import NintexPortal
from pages.remedy.portal import RemedyPortal
from pages.session_pool import SessionPool, WorkerSlot
from pages.siac.portal import SiacPortal
from pages.sisact.portal import SisactPortal

if TYPE_CHECKING:
    from flows.procedure.correspondence import Correspondence

P = TypeVar("P", bound=Portal)

#: A person's yes or no to what would be sent.
Confirm = Callable[[Sending], Awaitable[bool]]


@dataclass(frozen=True)
class Policy:
    """What the owner may decide. Times in seconds."""

    approvals: frozenset[Escenario] = frozenset()
    max_attempts: int = 3
    #: a step's, with all of its tries and the pauses between them; a person who is asked is waited
    #: for beside it
    step_limit: float = 180.0
    #: before a failed portal is tried again; the last one counts for every further try
    retry_pauses: tuple[float, ...] = (1.0, 5.0, 15.0)
    #: after a submit without a clear answer: when to look again before it may be repeated
    look_again: tuple[float, ...] = (2.0, 5.0, 10.0)
    #: how long a person may think until what was looked for before is looked for once more
    fresh_look: float = 60.0
    #: failures in a row that open a portal's breaker, and when it is tried again; as `retry_pauses`
    breaker_failures: int = 3
    breaker_pauses: tuple[float, ...] = (15.0, 30.0, 60.0, 120.0, 300.0)
    #: how long a case waits for a portal, where the run has no end of its own
    portal_patience: float = 300.0
    #: submits of one run, over all portals and machines; None sets no limit
    max_writes: int | None = None
    #: days of waiting for evidence until it is reminded of, and from then until the case ends
    remind_after_days: int = 5
    end_after_days: int = 10

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many failures, counted from 1."""
        return self.retry_pauses[min(failures, len(self.retry_pauses)) - 1]


class PortalResting(Exception):
    """The portal's breaker is open, and it is somebody else's turn to try."""

    def __init__(self, breaker: Breaker) -> None:
        super().__init__(breaker.portal)
        self.breaker = breaker


class Observer(Protocol):
    """Told what happens while it happens."""

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        """A step begins, or ends after so many seconds."""

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        """Its outcome is in the ledger."""


class NullObserver:
    """Watches nothing."""

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        pass

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        pass


@dataclass
class Services:
    """Built once by whoever starts the process; the steps reach it through `services()`."""

    portals: SessionPool
    ledger: Ledger
    correspondence: Correspondence
    evidence_dir: Path
    policy: Policy = field(default_factory=Policy)
    observer: Observer = field(default_factory=NullObserver)
    #: asked before anything is sent, where a person watches; None asks nobody
    confirm: Confirm | None = None
    #: whether each form is photographed as it is sent, for somebody who watches
    pictures: bool = False
    #: when the run is to be over; None where nobody said
    until: datetime | None = None
    #: why no case begins any more and none waits; None while they do
    closing: Motivo | None = None
    #: what kept the record from being written: no case can go on in this process
    lost: Exception | None = None
    #: this process' place in the fleet, where there is one
    heartbeat: Heartbeat | None = None

    @property
    def journal(self) -> SubmitJournal:
        return SubmitJournal(self.ledger.engine, self.heartbeat)

    @property
    def breakers(self) -> Breakers:
        policy = self.policy
        return Breakers(self.ledger.engine, policy.breaker_failures, policy.breaker_pauses)

    @property
    def limit(self) -> WriteLimit:
        return WriteLimit(self.ledger.engine, self.policy.max_writes)

    @property
    def waiting(self) -> ParkedCases:
        return ParkedCases(self.ledger.engine)

    def may_wait(self, since: datetime) -> bool:
        """Whether a case that has waited since then for a portal may go on waiting."""
        patience = timedelta(seconds=self.policy.portal_patience)
        return self.closing is None and datetime.now(UTC) < (self.until or since + patience)

    @property
    def files(self) -> Files:
        return Files(self.ledger.engine)

    def folder(self, reference: str) -> Path:
        """The case's own folder, for its owner's eyes only."""
        path = self.evidence_dir / reference
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path


_office: Services | None = None


def set_services(built: Services) -> None:
    """Give the steps of this process what they work with."""
    global _office
    _office = built


def services() -> Services:
    assert _office is not None, "open_office comes first"
    return _office


@dataclass
class Lease:
    """What the step at work and whoever lends it a portal tell each other."""

    #: where a failure's pictures, pages and trace go
    folder: Path
    #: a trace costs more than half of the work itself: only what failed once is done under it
    traced: bool = False
    #: the portal that it has, or had last
    portal: Portal | None = None


lease: ContextVar[Lease] = ContextVar("at_work")


@asynccontextmanager
async def _leased(lender: AbstractAsyncContextManager[P], name: str) -> AsyncIterator[P]:
    """A portal that its breaker lets us into."""
    breakers, work = services().breakers, lease.get()
    resting = await asyncio.to_thread(breakers.may_enter, name)
    if resting is not None:
        raise PortalResting(resting)
    try:
        async with lender as portal:
            work.portal = portal
            # A login is rare, and one that is refused is not tried again.
            async with portal.leased(work.folder, traced=work.traced or not portal.is_open):
                yield portal
    except PortalError as error:
        work.traced = True
        await asyncio.to_thread(breakers.failed, error)
        raise
    await asyncio.to_thread(breakers.answered, name)


@asynccontextmanager
async def _of_seat(chosen: Callable[[WorkerSlot], P]) -> AsyncIterator[P]:
    async with services().portals.seat() as seat:
        yield chosen(seat)


def sisact() -> AbstractAsyncContextManager[SisactPortal]:
    return _leased(_of_seat(lambda seat: seat.sisact), SisactPortal.name)


def siac() -> AbstractAsyncContextManager[SiacPortal]:
    return _leased(_of_seat(lambda seat: seat.siac), SiacPortal.name)


def nintex() -> AbstractAsyncContextManager[NintexPortal]:
    return _leased(_of_seat(lambda seat: seat.nintex), NintexPortal.name)


def remedy() -> AbstractAsyncContextManager[RemedyPortal]:
    return _leased(services().portals.remedy(), RemedyPortal.name)
