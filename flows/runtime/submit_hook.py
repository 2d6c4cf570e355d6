"""What stands before everything that is sent: a dry run stops there, and a person may be asked."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress

from loguru import logger

from flows.rules.case import Estado, Motivo
from flows.rules.endings import CaseEnds, Ending, not_begun
from flows.runtime.services import services
from flows.runtime.steps import current
from pages.core.portal import Picture, Sending


async def check_submit(sending: Sending, picture: Picture) -> bool:
    """Before each submit. A dry run keeps a picture of what it would have sent, and sends nothing.
    Where a yes took so long that somebody else may have filed it since, nothing is sent yet either:
    the runner keeps what the yes was for. Raises `CaseEnds` where the answer is no."""
    runner = current()
    if runner.attempt.dry_run:
        name = re.sub(r"\W+", "-", f"{sending.portal} {sending.what}".lower()).strip("-")
        await picture(runner.folder / f"simulado-{name}.png")
        return False
    asked = time.monotonic()
    was_asked = await agree(sending)
    if was_asked and time.monotonic() - asked > services().policy.fresh_look:
        runner.agreed_to = sending
        return False
    runner.agreed_to = None
    if not await asyncio.to_thread(services().limit.take, runner.reference):
        raise _past_limit()
    if services().pictures:
        with suppress(Exception):  # a picture that fails is no reason to file nothing
            await picture(runner.folder / f"{runner.step}.png")
    journal = services().journal
    await asyncio.to_thread(journal.begin, runner.reference, runner.step)
    logger.info("submitting", portal=sending.portal)
    return True


def refuse_while_closing(reference: str) -> None:
    """Raises `CaseEnds` where the queue gave out a case that may not begin any more."""
    closing = services().closing
    if closing is not None:
        outcome = not_begun(reference, closing)
        raise CaseEnds(Ending(estado=outcome.estado, motivo=outcome.motivo, detail=outcome.detail))


async def refuse_past_limit(reference: str) -> None:
    """Raises `CaseEnds` once a run has submitted all that its settings allow."""
    if await asyncio.to_thread(services().limit.is_reached, reference):
        raise _past_limit()


def _past_limit() -> CaseEnds:
    return CaseEnds(
        Ending(
            estado=Estado.NO_INICIADO,
            motivo=Motivo.LIMITE_DE_ESCRITURAS,
            detail=f"La ejecución llegó a su límite de {services().policy.max_writes} registros. "
            "Lo registrado antes queda como está, y otra ejecución sigue desde ahí.",
        )
    )


async def agree(sending: Sending) -> bool:
    """Ask the person who watches, if one does and has not said yes to it already; whether one was
    asked. Raises `CaseEnds` where the answer is no."""
    runner, confirm = current(), services().confirm
    if confirm is None or runner.agreed or runner.agreed_to == sending:
        return False
    async with runner.at_leisure():
        wanted = await confirm(sending)
    if not wanted:
        raise CaseEnds(
            Ending(
                estado=Estado.NO_INICIADO,
                motivo=Motivo.DETENIDO,
                detail=f"Quien confirma no aceptó el envío ({sending.portal}: {sending.what}). No "
                "se envió nada más; lo registrado antes queda como está, y otra ejecución sigue "
                "desde ahí.",
            )
        )
    return True
