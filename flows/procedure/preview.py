"""*Validar*: what the portals say of a case, what the rules make of it, and what would be filed.

The same steps, rules and drafts as `flows.procedure.regularize`, for somebody who only looks:
nothing is checkpointed, and no portal but SISACT and SIAC Único is visited.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loguru import logger

from flows.procedure.filing import draft_of, own_files
from flows.procedure.siac_case import draft_case
from flows.procedure.validations import consult_client, consult_sec, picture_of
from flows.rules.case import Case, Decision
from flows.rules.decision import decide, decide_on_sec
from flows.rules.requests import Request, draft_request
from flows.runtime.checkpoints import Unrecorded
from flows.runtime.services import Services
from flows.runtime.steps import StepRunner
from flows.store.ledger import Attempt
from pages.contract.nintex import NintexDraft
from pages.contract.remedy import IncidentDraft
from pages.contract.siac import CaseDraft, ClientRecord
from pages.contract.sisact import SecRecord

#: stands where the number of the SIAC case will
TO_COME = "(lo da SIAC Único al registrar)"


@dataclass
class Preview:
    """What is known so far; each part is None until it has come."""

    case: Case
    sec: SecRecord | None = None
    picture: Path | None = None
    client: ClientRecord | None = None
    decision: Decision | None = None
    request: Request | None = None

    @property
    def siac_draft(self) -> CaseDraft | None:
        """None too where no case is registered."""
        decision = self.decision
        if self.sec is None or decision is None:
            return None
        registers = decision.proceeds or decision.needs_evidence
        return draft_case(self.case, decision, self.sec) if registers else None

    @property
    def draft(self) -> NintexDraft | IncidentDraft | None:
        if self.request is None or self.picture is None:
            return None
        own = [self.picture.with_name(name) for name in own_files(self.case, self.request)]
        return draft_of(self.request, own + [Path(file.path) for file in self.case.evidencia])


class Looker(StepRunner):
    """Runs steps for somebody who looks: tried again like any, but kept nowhere."""

    async def run(self, name: str, returns: Any, work: Callable[[], Awaitable[Any]]) -> Any:
        started = time.monotonic()
        self.begin(name)
        with logger.contextualize(case=self.reference, step=name):
            value = await self._tried(name, work)
            seconds = time.monotonic() - started
            logger.info("step_ended", seconds=round(seconds, 3))
        self._tell(name, seconds)
        return value

    async def made(self, *paths: Path) -> None:
        pass  # the case's own are others

    async def _wait_or_end(self, portal: str, end: Exception) -> Exception:
        return end  # somebody looks, and need not wait


async def look(
    services: Services,
    case: Case,
    requested_by: str,
    folder: Path,
    shown: Callable[[Preview], None],
) -> Preview:
    """Fill a preview, ``shown`` after each part that comes; its picture goes into ``folder``, for
    the case's own is evidence. Raises `CaseEnds` where a portal fails."""
    attempt = Attempt(
        reference=case.reference,
        attempt=0,
        requested_by=requested_by,
        dry_run=False,
        case=case,
    )
    runner, found = Looker(services, attempt, Unrecorded(), folder), Preview(case)
    found.sec = await consult_sec(runner)
    found.picture = picture_of(runner)
    found.decision = decide_on_sec(case, found.sec)
    if found.decision is not None:
        shown(found)
        return found

    def draw() -> None:  # by itself: of a callback that fails the loop logs what it was given
        shown(found)

    # while the next portal is asked, and not before it
    asyncio.get_running_loop().call_soon(draw)
    assert found.sec is not None  # or the first check would have ended the case
    found.client = await consult_client(runner)
    found.decision = decide(case, found.sec, found.client)
    if found.decision.proceeds and found.client is not None:
        number = case.siac_case or TO_COME
        found.request = draft_request(case, found.decision, found.sec, found.client, number)
    shown(found)
    return found
