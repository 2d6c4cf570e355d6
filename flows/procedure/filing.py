"""Filing the request in the system it goes to, once: look, submit, read back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from flows.procedure.validations import existing_picture
from flows.rules.case import Motivo
from flows.rules.endings import failed
from flows.rules.requests import Request, check_filed, own_request, refuse_equal
from flows.rules.scenarios import Sistema
from flows.runtime.access import Access
from flows.runtime.idempotent_write import SIMULATED, find_or_create
from flows.runtime.steps import StepRunner
from pages.contract.nintex import NintexDraft, Site
from pages.contract.remedy import IncidentDraft
from pages.contract.requests import RequestRecord

Draft = NintexDraft | IncidentDraft

_SITES = {
    Sistema.NINTEX_ACTIVACIONES: Site.ACTIVACIONES,
    Sistema.NINTEX_OPERADOR: Site.OPERADOR,
}


async def look_for_requests(
    runner: StepRunner, sistema: Sistema, lineas: tuple[str, ...], newest: Mapping[str, date]
) -> bool:
    """Whether the case's own request is there already; an equal one by somebody else ends it."""
    case = runner.case

    async def work() -> bool:
        found = await search_requests(runner.portals, sistema, case.sec)
        refuse_equal(case, lineas, newest, found)
        return own_request(case, found) is not None

    found: bool = await runner.run("look_for_requests", bool, work)
    return found


async def file_request(runner: StepRunner, request: Request, newest: Mapping[str, date]) -> str:
    """The number of the case's request, filed now or found."""
    case = runner.case
    typed: Draft | None = None

    async def find() -> RequestRecord | None:
        found = await search_requests(runner.portals, request.sistema, case.sec, typed)
        own = own_request(case, found)
        if own is None:
            refuse_equal(case, request.lineas, newest, found)
        return own

    async def create() -> None:
        nonlocal typed
        typed = draft_of(request, await _attachments(runner, request))
        await _file(runner.portals, request.sistema, typed)

    async def work() -> str:
        filed = await find_or_create(runner, f"solicitud en {request.sistema}", find, create)
        if filed is None:
            return SIMULATED
        check_filed(request, filed)
        return filed.numero

    number: str = await runner.run("file_request", str, work)
    return number


async def search_requests(
    portals: Access, sistema: Sistema, sec: str, typed: Draft | None = None
) -> tuple[RequestRecord, ...]:
    """By SEC, which every reference contains: one search finds equal requests and our own, which is
    compared with what was ``typed`` just now."""
    if sistema is Sistema.REMEDY:
        async with portals.remedy() as remedy:
            return _compared(await remedy.search(sec), typed, remedy.altered_fields)
    async with portals.nintex() as nintex:
        return _compared(await nintex.search(_SITES[sistema], sec), typed, nintex.altered_fields)


def _compared(
    found: Iterable[RequestRecord],
    typed: Draft | None,
    altered: Callable[[Any, Any], tuple[str, ...]],
) -> tuple[RequestRecord, ...]:
    """Only the record that was typed has anything altered."""
    return tuple(
        record.model_copy(update={"altered": altered(typed, record)})
        if typed is not None and record.referencia == typed.referencia
        else record
        for record in found
    )


def draft_of(request: Request, adjuntos: tuple[Path, ...]) -> Draft:
    """What is typed into the form of the system that the request goes to, field by field."""
    known = {name: getattr(request, name) for name in Request.model_fields} | {
        "referencia": request.reference,
        "caso_siac": request.siac_case,
        "tipo_solicitud": request.tipo,
        "escenario": request.escenario.value,
        "resumen": f"Cargo fijo desalineado, SEC {request.sec}, {len(request.lineas)} línea(s)",
        "adjuntos": adjuntos,
    }
    kind = IncidentDraft if request.sistema is Sistema.REMEDY else NintexDraft
    return kind(**{name: known[name] for name in kind.model_fields})


async def _file(portals: Access, sistema: Sistema, draft: Draft) -> None:
    if isinstance(draft, IncidentDraft):
        async with portals.remedy() as portal:
            await portal.file(draft)
        return
    async with portals.nintex() as portal:
        await portal.file(_SITES[sistema], draft)


async def _attachments(runner: StepRunner, request: Request) -> tuple[Path, ...]:
    """The picture of the Descripción tab where it shows the offer, and the row's evidence.

    Raises `CaseEnds` where a file is gone or is not the one that was read with the list.
    """
    files = [await existing_picture(runner)] if request.with_picture else []
    for evidence in runner.case.evidencia:
        path = await asyncio.to_thread(
            runner.services.files.evidence, runner.reference, evidence, runner.folder
        )
        if path is None:
            raise failed(
                Motivo.ERROR_INTERNO,
                f"La evidencia «{Path(evidence.path).name}» falta o cambió desde que se leyó la "
                "lista.",
            )
        files.append(path)
    return tuple(files)
