"""*Validaciones*: what SISACT and SIAC Único say of a case (guide, part b and c)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from flows.runtime.steps import StepRunner
from pages.contract.siac import ClientRecord
from pages.contract.sisact import SecRecord

PICTURE = "descripcion.png"


def picture_of(runner: StepRunner) -> Path:
    """Where the picture of the Descripción tab is kept."""
    return runner.folder / PICTURE


async def consult_sec(runner: StepRunner) -> SecRecord | None:
    """Consulta de SEC by number, with a picture of its Descripción tab; None for no such SEC."""

    async def work() -> SecRecord | None:
        async with runner.portals.sisact() as portal:
            sec = await portal.read_sec(runner.case.sec, picture_of(runner))
        # At once: this machine may be gone when the case ends on another.
        await asyncio.to_thread(runner.services.files.publish, runner.reference, runner.folder)
        return sec

    found: SecRecord | None = await runner.run("consult_sec", SecRecord | None, work)
    return found


async def existing_picture(runner: StepRunner) -> Path:
    """The picture of the Descripción tab; taken anew where the case began on another machine."""
    picture = picture_of(runner)
    if not await asyncio.to_thread(picture.exists):
        async with runner.portals.sisact() as portal:
            await portal.read_sec(runner.case.sec, picture)
    return picture


async def consult_client(runner: StepRunner) -> ClientRecord | None:
    """The client by RUC with the case's lines. Of its contacts only the one of the row is kept:
    what a step returns lies in the database, which holds no more than it needs."""
    case = runner.case

    async def work() -> ClientRecord | None:
        async with runner.portals.siac() as portal:
            client = await portal.read_client(case.ruc, case.lineas)
        if client is None:
            return None
        known = tuple(c for c in client.contactos if c.dni == case.contacto_dni)
        return client.model_copy(update={"contactos": known})

    found: ClientRecord | None = await runner.run("consult_client", ClientRecord | None, work)
    return found
