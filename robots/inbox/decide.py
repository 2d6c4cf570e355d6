"""Decision about each new message: its case goes on with it, or it waits for a person."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field

import sqlalchemy.exc
from loguru import logger

from flows.mail.addresses import addresses_in
from flows.mail.received import Received
from flows.procedure.preview import Preview
from flows.rules.case import EvidenceFile, OrigenEvidencia
from flows.rules.endings import CaseEnds
from flows.rules.mail_matching import (
    PASSING,
    Reason,
    cases_of,
    lacks_backing,
    origin_of,
    waits_for_evidence,
    with_evidence,
)
from flows.store.case_files import CaseFiles
from flows.store.incoming_mail import Message, Messages, State
from flows.store.ledger import Attempt, Ledger
from robots.console.uploads import keep_evidence
from robots.inbox.evidence import Brought, brought_by
from robots.inbox.look import MailboxLook, Reader, reader
from robots.settings import Settings

#: What the portals say of a case, as *Validar* does; raises `CaseEnds`.
LookUp = Callable[[Attempt], Awaitable[Preview]]


@dataclass
class _Candidate:
    """A message whose case may go on with it, as far as that is known without the portals."""

    message: Message
    received: Received
    brought: Brought


@dataclass
class _Waiting:
    """The candidates of one case; ``latest`` is the newest attempt at it."""

    latest: Attempt
    candidates: list[_Candidate] = field(default_factory=list)


class Decider:
    """Decides upon what was recorded, for one look."""

    def __init__(self, settings: Settings, ledger: Ledger, look: MailboxLook) -> None:
        self.settings, self.ledger, self.look = settings, ledger, look
        self.messages = Messages(ledger.engine)
        self._read: Reader = reader(settings)
        self._numbers: dict[str, set[str]] | None = None

    async def decide(self, opened: Callable[[], Awaitable[LookUp]]) -> bool:
        """Decide upon every new message; ``opened`` gives the portals, where one needs them. Gives
        whether a case goes on."""
        with ExitStack() as folders:
            cases = await asyncio.to_thread(self._sorted, folders)
            if cases:
                look_up = await opened()
                for waiting in cases.values():
                    await self._case(waiting, look_up)
        return bool(self.look.counts[State.ATTACHED])

    # without the portals

    def _sorted(self, folders: ExitStack) -> dict[str, _Waiting]:
        """The messages that may be taken, by case; the others are told to wait."""
        found: dict[str, _Waiting] = {}
        for message in self.messages.new():
            content = self.messages.content(message.key)
            if content is None:
                continue
            received = self._read(content)
            attempts = self._attempts(received)
            latest = self._one(attempts)
            if isinstance(latest, Reason):
                self._wait(message, latest, "", attempts)
            elif not received.is_proven:
                self._wait(message, Reason.SIN_PROBAR, "", attempts)
            else:
                uploads = self.settings.var_dir.absolute() / "uploads"
                brought = folders.enter_context(brought_by(received, uploads))
                if brought.reason is not None:
                    self._wait(message, brought.reason, brought.detail, attempts)
                else:
                    case = found.setdefault(latest.reference, _Waiting(latest))
                    case.candidates.append(_Candidate(message, received, brought))
        return found

    def _attempts(self, received: Received) -> dict[str, list[Attempt]]:
        """The attempts at each case that the message may be about."""
        if self._numbers is None:
            self._numbers = self.messages.siac_numbers()
        text = f"{received.subject}\n{received.named}"
        named = cases_of(received.ids, text, domain=self._read.domain, by_number=self._numbers)
        known = self.ledger.attempts(named)
        return {reference: known[reference] for reference in named if reference in known}

    @staticmethod
    def _one(attempts: dict[str, list[Attempt]]) -> Attempt | Reason:
        """The newest attempt at the one case that waits, or why there is none."""
        if len(attempts) != 1:
            return Reason.VARIOS_CASOS if attempts else Reason.SIN_CASO
        (own,) = attempts.values()
        real = [attempt for attempt in own if not attempt.dry_run]
        if any(attempt.outcome is None for attempt in real):
            return Reason.EN_CURSO
        if not waits_for_evidence(attempt.outcome for attempt in real):
            return Reason.NO_ESPERA
        return own[-1].model_copy(
            update={"case": real[-1].case, "requested_by": real[-1].requested_by}
        )

    def _wait(
        self, message: Message, reason: Reason, detail: str, candidates: Iterable[str]
    ) -> None:
        state = State.NEW if reason in PASSING else State.WAITING
        self.messages.wait(message.key, state, reason, detail, tuple(candidates))
        self.look.counts[State.WAITING] += 1
        logger.info("message_waits", reason=reason)

    # with them

    async def _case(self, waiting: _Waiting, look_up: LookUp) -> None:
        """Take the messages of a case together: whoever is first must not keep out the others."""
        latest = waiting.latest
        taken: list[_Candidate] = []
        files: list[EvidenceFile] = []
        origin: OrigenEvidencia | None = None
        for one in waiting.candidates:
            trial = with_evidence(latest.case, one.brought.files, OrigenEvidencia.CLIENTE)
            try:
                seen = await look_up(latest.model_copy(update={"case": trial}))
            except CaseEnds as end:
                self.look.problems.append(f"{latest.reference}: {end.ending.detail}")
                await self._told_to_wait(one, Reason.SIN_LEER, latest.reference)
                continue
            found = origin_of(one.received.sender, seen.client, addresses_in)
            if isinstance(found, Reason):
                await self._told_to_wait(one, found, latest.reference)
            elif seen.decision is not None and lacks_backing(seen.decision):
                await self._told_to_wait(one, Reason.SIN_RESPALDO, latest.reference)
            else:
                taken.append(one)
                files += one.brought.files
                origin = origin or found
        if origin is not None:
            await asyncio.to_thread(self._take, latest, taken, files, origin)

    async def _told_to_wait(self, one: _Candidate, reason: Reason, reference: str) -> None:
        await asyncio.to_thread(self._wait, one.message, reason, "", (reference,))

    def _take(
        self,
        latest: Attempt,
        taken: list[_Candidate],
        files: list[EvidenceFile],
        origin: OrigenEvidencia,
    ) -> None:
        case = with_evidence(latest.case, files, origin)
        case = keep_evidence(case, self.settings.var_dir.absolute() / "evidence")
        CaseFiles(self.ledger.engine).hand_in([case])
        try:
            number = self.messages.attach([one.message.key for one in taken], latest, case)
        except sqlalchemy.exc.IntegrityError:
            number = None  # somebody has just begun it: they are looked at again
        if number is not None:
            self.look.counts[State.ATTACHED] += len(taken)
            logger.info("evidence_taken", case=latest.reference, messages=len(taken))
