"""*Validaciones*: what SISACT and SIAC Único say of a case (guide, part b and c)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from flows.rules.case import Case, Motivo
from flows.rules.endings import failed
from flows.rules.requests import may_be_billed
from flows.runtime.steps import StepRunner
from pages.contract.siac import ClientRecord, HistoryEntry
from pages.contract.sisact import SecRecord

PICTURE = "descripcion.png"


def picture_of(runner: StepRunner) -> Path:
    """Where the picture of the Descripción tab is kept."""
    return runner.folder / PICTURE


def line_picture(case: Case, linea: str) -> str:
    """The name of the picture of a line's history and invoices: by its place in the row, as a file
    name goes to logs and portals."""
    return f"linea-{case.lineas.index(linea) + 1}.png"


def picture_of_line(runner: StepRunner, linea: str) -> Path:
    """Where that picture is kept."""
    return runner.folder / line_picture(runner.case, linea)


async def consult_sec(runner: StepRunner) -> SecRecord | None:
    """Consulta de SEC by number, with a picture of its Descripción tab; None for no such SEC."""

    async def work() -> SecRecord | None:
        async with runner.portals.sisact() as portal:
            sec = await portal.read_sec(runner.case.sec, picture_of(runner))
        # At once: this machine may be gone when the case ends on another.
        await runner.made(picture_of(runner))
        return sec

    found: SecRecord | None = await runner.run("consult_sec", SecRecord | None, work)
    return found


async def existing_picture(runner: StepRunner) -> Path:
    """The picture of the Descripción tab; taken anew where the case began on another machine."""
    picture = picture_of(runner)
    if not await asyncio.to_thread(picture.exists):
        async with runner.portals.sisact() as portal:
            await portal.read_sec(runner.case.sec, picture)
        await runner.made(picture)
    return picture


async def existing_line_pictures(runner: StepRunner, lineas: Sequence[str]) -> list[Path]:
    """The pictures of these lines; taken anew where the case began on another machine, or with a
    version that took none."""
    pictures = {linea: picture_of_line(runner, linea) for linea in lineas}

    async def missing() -> list[str]:
        return [linea for linea, p in pictures.items() if not await asyncio.to_thread(p.exists)]

    if left := await missing():
        async with runner.portals.siac() as portal:
            await portal.read_client(runner.case.ruc, left, lambda linea, _: pictures[linea])
        await runner.made(*(pictures[linea] for linea in left))
    if await missing():
        raise failed(
            Motivo.ERROR_INTERNO,
            "SIAC Único ya no muestra una línea del caso, y falta la imagen de sus recibos.",
        )
    return list(pictures.values())


async def consult_client(runner: StepRunner) -> ClientRecord | None:
    """The client by RUC with the case's lines, and a picture of history and invoices of each where
    they may be the ground. Of its contacts only the one of the row is kept: what a step returns
    lies in the database, which holds no more than it needs."""
    case, pictures = runner.case, list[Path]()

    def picture(linea: str, historial: Sequence[HistoryEntry]) -> Path | None:
        if not may_be_billed(historial):
            return None
        pictures.append(picture_of_line(runner, linea))
        return pictures[-1]

    async def work() -> ClientRecord | None:
        async with runner.portals.siac() as portal:
            client = await portal.read_client(case.ruc, case.lineas, picture)
        await runner.made(*pictures)
        if client is None:
            return None
        known = tuple(c for c in client.contactos if c.dni == case.contacto_dni)
        return client.model_copy(update={"contactos": known})

    found: ClientRecord | None = await runner.run("consult_client", ClientRecord | None, work)
    return found
