"""Submit hook: what stands before everything that is sent.

A dry run stops there, a person may be asked, and what is sent is noted in the submit journal.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress

from loguru import logger

from flows.rules.case import Motivo
from flows.rules.endings import CaseEnds, Ending, not_begun, not_gone_on
from flows.runtime.kept import sent_name, sent_record
from flows.runtime.services import Services
from flows.store.ledger import Attempt
from pages.contract.ports import Picture, Sending
from pages.contract.records import Record


class SubmitGuard:
    """One attempt's submit hook; ``at_leisure`` stops the step's clock while a person thinks."""

    def __init__(
        self,
        services: Services,
        attempt: Attempt,
        at_leisure: Callable[[], AbstractAsyncContextManager[None]],
    ) -> None:
        self.services = services
        self.attempt = attempt
        self.at_leisure = at_leisure
        self.step = ""
        #: whether a person has said yes to all that the step at work still sends
        self.agreed = False
        #: the one thing that a person has said yes to, and that was not sent yet
        self.agreed_to: Sending | None = None
        #: what the step at work was about to send last, as it was typed
        self.typed: Record | None = None

    def begin(self, step: str) -> None:
        """What was agreed to before was another step's."""
        self.step = step
        self.agreed, self.agreed_to, self.typed = False, None, None

    async def __call__(self, sending: Sending, picture: Picture) -> bool:
        """Before each submit. A dry run keeps a picture of what it would have sent, and sends
        nothing. Where a yes took so long that somebody else may have filed it since, nothing is
        sent yet either, and what the yes was for is kept. Raises `CaseEnds` where the answer is
        no."""
        services, reference = self.services, self.attempt.reference
        folder = services.folder(reference)
        self.typed = sending.draft
        if self.attempt.dry_run:
            name = re.sub(r"\W+", "-", f"{sending.portal} {sending.what}".lower()).strip("-")
            shown = folder / f"simulado-{name}.png"
            await picture(shown)
            await asyncio.to_thread(services.files.made, reference, folder, [shown])
            return False
        asked = time.monotonic()
        was_asked = await self.agree(sending)
        if was_asked and time.monotonic() - asked > services.policy.fresh_look:
            self.agreed_to = sending
            return False
        self.agreed_to = None
        if not await asyncio.to_thread(services.limit.take, reference):
            raise _past_limit(services)
        if services.pictures:
            with suppress(Exception):  # a picture that fails is no reason to file nothing
                shown = folder / f"{self.step}.png"
                await picture(shown)
                await asyncio.to_thread(services.files.made, reference, folder, [shown])
        await services.keep(reference, sent_name(self.step), sent_record(sending))
        await asyncio.to_thread(services.journal.begin, reference, self.step)
        logger.info("submitting", portal=sending.portal)
        return True

    async def agree(self, sending: Sending) -> bool:
        """Ask the person who watches, if one does and has not said yes to it already; whether one
        was asked. Raises `CaseEnds` where the answer is no."""
        confirm = self.services.confirm
        if confirm is None or self.agreed or self.agreed_to == sending:
            return False
        async with self.at_leisure():
            wanted = await confirm(sending)
        if not wanted:
            raise not_gone_on(
                Motivo.DETENIDO,
                f"Quien confirma no aceptó el envío ({sending.portal}: {sending.what}). "
                "No se envió nada más; lo registrado antes queda como está, y otra ejecución "
                "sigue desde ahí.",
            )
        return True


def refuse_while_closing(services: Services, reference: str) -> None:
    """Raises `CaseEnds` where the queue gave out a case that may not begin any more."""
    closing = services.run.closing
    if closing is not None:
        outcome = not_begun(reference, closing)
        raise CaseEnds(Ending(estado=outcome.estado, motivo=outcome.motivo, detail=outcome.detail))


async def refuse_past_limit(services: Services, reference: str) -> None:
    """Raises `CaseEnds` once a run has submitted all that its settings allow."""
    if await asyncio.to_thread(services.limit.is_reached, reference):
        raise _past_limit(services)


def _past_limit(services: Services) -> CaseEnds:
    return not_gone_on(
        Motivo.LIMITE_DE_ESCRITURAS,
        f"La ejecución llegó a su límite de {services.policy.max_writes} registros. Lo "
        "registrado antes queda como está, y otra ejecución sigue desde ahí.",
    )
