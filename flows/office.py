"""What the steps of a case work with: portal sessions, the ledger, the mail, the policy."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from flows.case import Escenario, Outcome
from flows.handover import Handovers
from flows.ledger import Ledger
from pages.core.errors import BrowserLost, PortalError, SessionLost, SubmitWithheld
from pages.core.portal import Portal, Sending
from pages.desk import Desk
from pages.nintex.portal import NintexPortal
from pages.remedy.portal import RemedyPortal
from pages.siac.portal import SiacPortal
from pages.sisact.portal import SisactPortal

if TYPE_CHECKING:
    from flows.correspondence import Correspondence

P = TypeVar("P", bound=Portal)

#: A person's yes or no to what would be sent.
Confirm = Callable[[Sending], Awaitable[bool]]


@dataclass(frozen=True)
class Policy:
    """What the owner may decide. Times in seconds."""

    approvals: frozenset[Escenario] = frozenset()
    max_attempts: int = 3
    step_limit: float = 180.0
    #: before a failed portal is tried again; the last one counts for every further try
    retry_pauses: tuple[float, ...] = (1.0, 5.0, 15.0)
    #: after a submit without a clear answer: when to look again before it may be repeated
    look_again: tuple[float, ...] = (2.0, 5.0, 10.0)
    #: submits of one run, over all portals; None sets no limit
    max_writes: int | None = None

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many failures, counted from 1."""
        return self.retry_pauses[min(failures, len(self.retry_pauses)) - 1]


class Watcher(Protocol):
    """Told what happens while it happens."""

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        """A step begins, or ends after so many seconds."""

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        """Its outcome is in the ledger."""


class Nobody:
    """Watches nothing."""

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        pass

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        pass


@dataclass
class Office:
    """Built once by whoever starts the process; the steps reach it through `office()`."""

    desk: Desk
    ledger: Ledger
    correspondence: Correspondence
    evidence_dir: Path
    policy: Policy = field(default_factory=Policy)
    watcher: Watcher = field(default_factory=Nobody)
    #: asked before anything is sent, where a person watches; None asks nobody
    confirm: Confirm | None = None
    #: submits so far
    writes: int = 0

    @property
    def handovers(self) -> Handovers:
        return Handovers(self.ledger.engine)

    def folder(self, reference: str) -> Path:
        """The case's own folder, for its owner's eyes only."""
        path = self.evidence_dir / reference
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path


_office: Office | None = None


def open_office(built: Office) -> None:
    """Give the steps of this process what they work with."""
    global _office
    _office = built


def office() -> Office:
    assert _office is not None, "open_office comes first"
    return _office


@asynccontextmanager
async def _lent(portal: P) -> AsyncIterator[P]:
    """After a failure the next step begins with a fresh window, logged out where that is possible:
    a portal that lets a user in once must not find the robot's own session in its way."""
    try:
        yield portal
    except (SessionLost, BrowserLost):
        await portal.forget()
        raise
    except SubmitWithheld:
        raise
    except PortalError:
        await portal.close()
        raise


@asynccontextmanager
async def sisact() -> AsyncIterator[SisactPortal]:
    async with office().desk.seat() as seat, _lent(seat.sisact) as portal:
        yield portal


@asynccontextmanager
async def siac() -> AsyncIterator[SiacPortal]:
    async with office().desk.seat() as seat, _lent(seat.siac) as portal:
        yield portal


@asynccontextmanager
async def nintex() -> AsyncIterator[NintexPortal]:
    async with office().desk.seat() as seat, _lent(seat.nintex) as portal:
        yield portal


@asynccontextmanager
async def remedy() -> AsyncIterator[RemedyPortal]:
    async with office().desk.remedy() as session, _lent(session) as portal:
        yield portal
