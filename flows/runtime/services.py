"""Services: what the steps of a case work with, built once by whoever starts the process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

from loguru import logger

from flows.mail.compose import MailService
from flows.rules.case import Motivo, Outcome
from flows.rules.policy import Policy
from flows.runtime.breakers import Breakers
from flows.runtime.heartbeat import Heartbeat
from flows.runtime.parked import ParkedCases
from flows.runtime.radar import Radar
from flows.runtime.submit_journal import SubmitJournal
from flows.runtime.write_limit import WriteLimit
from flows.store.case_files import CaseFiles
from flows.store.ledger import Ledger
from pages.contract.ports import Portals, Sending

#: A person's yes or no to what would be sent.
Confirm = Callable[[Sending], Awaitable[bool]]


class Observer(Protocol):
    """Told what happens while it happens."""

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        """A step begins, or ends after so many seconds."""

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        """Its outcome is in the ledger."""


class NullObserver:
    """Observes nothing."""

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        pass

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        pass


@dataclass
class RunState:
    """What changes while a process works on cases."""

    observer: Observer = field(default_factory=NullObserver)
    began: datetime = field(default_factory=partial(datetime.now, UTC))
    #: when the run is to be over; None where nobody said
    until: datetime | None = None
    #: why no case begins any more and none waits; None while they do
    closing: Motivo | None = None
    #: what kept the record from being written: no case can go on in this process
    lost: Exception | None = None
    #: this process' place in the fleet, where there is one
    heartbeat: Heartbeat | None = None


def _no_map(portal: str) -> str:
    return ""


@dataclass(frozen=True)
class Services:
    """What does not change while cases are worked on, and the ``run`` that does."""

    portals: Portals
    ledger: Ledger
    mail: MailService
    evidence_dir: Path
    policy: Policy = field(default_factory=Policy)
    #: asked before anything is sent, where a person watches; None asks nobody
    confirm: Confirm | None = None
    #: the version of a portal's map by now; empty where it has none
    map_version: Callable[[str], str] = _no_map
    #: whether each form is photographed as it is sent, for somebody who watches
    pictures: bool = False
    run: RunState = field(default_factory=RunState)

    @property
    def journal(self) -> SubmitJournal:
        return SubmitJournal(self.ledger.engine, self.run.heartbeat)

    @property
    def breakers(self) -> Breakers:
        policy = self.policy
        return Breakers(self.ledger.engine, policy.breaker_failures, policy.breaker_pauses)

    @cached_property
    def radar(self) -> Radar:
        return Radar(self.ledger.engine, self.run.began)

    @property
    def limit(self) -> WriteLimit:
        return WriteLimit(self.ledger.engine, self.policy.max_writes)

    @property
    def parked(self) -> ParkedCases:
        return ParkedCases(self.ledger.engine)

    @property
    def files(self) -> CaseFiles:
        return CaseFiles(self.ledger.engine)

    def may_wait(self, since: datetime, has_changed: bool) -> bool:
        """Whether a case that has waited since then for a portal may go on waiting; longer for one
        that ``has_changed``, which a person is to look at."""
        patience = self.policy.portal_patience
        if has_changed:
            patience = max(patience, self.policy.map_patience)
        ends = self.run.until or since + timedelta(seconds=patience)
        return self.run.closing is None and datetime.now(UTC) < ends

    async def keep(self, reference: str, name: str, content: bytes) -> None:
        """Keep a file of what was sent or seen in the case's folder. A case goes on where the disk
        is full: what is filed counts for more than the record of it."""

        def write() -> None:
            self.files.write(reference, self.folder(reference), name, content)

        try:
            await asyncio.to_thread(write)
        except OSError as error:
            logger.error("file_not_kept", file=name, error=type(error).__name__)

    def folder(self, reference: str) -> Path:
        """The case's own folder, for its owner's eyes only."""
        path = self.evidence_dir / reference
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path


_services: Services | None = None


def set_services(built: Services) -> None:
    """Give the flows of this process what they work with: the durable engine calls them by name,
    with plain arguments, and nothing else can be handed to them."""
    global _services
    _services = built


def services() -> Services:
    """Read once, by the flow's entry function, which hands them down."""
    assert _services is not None, "set_services comes first"
    return _services
