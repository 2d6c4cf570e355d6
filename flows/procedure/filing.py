"""Filing the request in the system it goes to, once: look, submit, read back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError, model_validator

from flows.procedure.approval import refuse_unapproved
from flows.procedure.validations import (
    PICTURE,
    existing_line_pictures,
    existing_picture,
    line_picture,
)
from flows.rules.attachments import attached_as, told_renamed
from flows.rules.case import Case, Model, Motivo
from flows.rules.endings import failed
from flows.rules.requests import Request, check_filed, own_request, refuse_equal
from flows.rules.scenarios import Sistema
from flows.runtime.access import Access
from flows.runtime.idempotent_write import SIMULATED, find_or_create
from flows.runtime.kept import held_name, held_record
from flows.runtime.steps import StepRunner
from flows.runtime.submit_hook import SubmitGuard
from flows.store.approvals import Approvals
from pages.contract.nintex import NintexDraft, NintexRequest, Site
from pages.contract.remedy import IncidentDraft
from pages.contract.request_records import Attachment, RequestRecord
from pages.contract.siac import Executive

Draft = NintexDraft | IncidentDraft

_SITES = {
    Sistema.NINTEX_ACTIVACIONES: Site.ACTIVACIONES,
    Sistema.NINTEX_OPERADOR: Site.OPERADOR,
}


class Filed(Model):
    """A request as it was filed, or would be: ``adjuntos`` by the names that the portal was given,
    ``remark`` what a person should know of it."""

    numero: str
    adjuntos: tuple[str, ...] = ()
    remark: str = ""

    @model_validator(mode="before")
    @classmethod
    def _of_before(cls, answer: object) -> object:
        """Robots until November 2026 kept the number alone; theirs may be in flight."""
        return {"numero": answer} if isinstance(answer, str) else answer


def filed_before(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the outcome says of a request and a case that a record of other steps has, by the names
    of the steps that made them; nothing of what it has in another form."""
    known: dict[str, Any] = {}
    with suppress(ValidationError):
        filed = Filed.model_validate(values.get("file_request"))
        known |= {"request_number": filed.numero, "adjuntos": filed.adjuntos}
    if isinstance(number := values.get("ensure_siac_case"), str):
        known["siac_case"] = number
    return {name: value for name, value in known.items() if value != SIMULATED}


async def look_for_requests(
    runner: StepRunner, sistema: Sistema, lineas: tuple[str, ...], newest: Mapping[str, date]
) -> bool:
    """Whether the case's own request is there already; an equal one by somebody else ends it."""
    case = runner.case

    async def work() -> bool:
        found = await search_requests(runner.portals, sistema, case.sec)
        refuse_equal(case, lineas, newest, found)
        own = own_request(case, found)
        if own is None:
            runner.seen_none.saw(sistema)
        return own is not None

    found: bool = await runner.run("look_for_requests", bool, work)
    return found


async def file_request(runner: StepRunner, request: Request, newest: Mapping[str, date]) -> Filed:
    """The case's request, filed now or found. Where none was found a moment ago (`Policy`'s
    ``fresh_look``) it is not searched for once more before it is filed, unless a person is to think
    about it, for whom that time is."""
    case, guard = runner.case, runner.submit_guard

    async def find() -> RequestRecord | None:
        found = await search_requests(runner.portals, request.sistema, case.sec, typed_of(guard))
        own = own_request(case, found)
        if own is None:
            refuse_equal(case, request.lineas, newest, found)
        return own

    async def create() -> None:
        await refuse_unapproved(runner, request)
        files = await _attachments(runner, request)
        await _file(runner.portals, request.sistema, draft_of(request, files))

    async def work() -> Filed:
        seen_none = runner.seen_none.take() == request.sistema
        is_known = seen_none and runner.services.confirm is None
        record = await find_or_create(
            runner, f"solicitud en {request.sistema}", find, create, look_first=not is_known
        )
        typed = typed_of(guard)
        if record is None:
            return Filed(numero=SIMULATED, remark=_remark(case, request, typed))
        # Asked before the policy stopped asking, or for a request that was found.
        approvals = Approvals(runner.services.ledger.engine)
        await asyncio.to_thread(approvals.take_back, case.reference)
        held = held_record(request.sistema, "Solicitud", record)
        await runner.services.keep(case.reference, held_name("file_request"), held)
        check_filed(request, record)
        # What an earlier process, or version, attached is what the portal shows.
        adjuntos = record.adjuntos if typed is None else names_of(typed)
        remark = _remark(case, request, record)
        return Filed(numero=record.numero, adjuntos=adjuntos, remark=remark)

    filed: Filed = await runner.run("file_request", Filed, work)
    return filed


def typed_of(guard: SubmitGuard) -> Draft | None:
    """What the step at work has typed last, as it was typed: a person in doubt is left out."""
    return guard.typed if isinstance(guard.typed, NintexDraft | IncidentDraft) else None


def names_of(draft: Draft) -> tuple[str, ...]:
    return tuple(file.name for file in draft.adjuntos)


def own_files(case: Case, request: Request) -> list[str]:
    """The names of the pictures that go with it."""
    lines = [line_picture(case, linea) for linea in request.lineas]
    return [PICTURE] * request.with_picture + lines * request.escenario.por_factura


def _remark(case: Case, request: Request, shown: Draft | RequestRecord | None) -> str:
    """What is not in the request as somebody who looks for it would expect."""
    own, names = own_files(case, request), [file.name for file in case.evidencia]
    remarks = [told_renamed(names, attached_as([*own, *names])[len(own) :])]
    if request.ejecutivo and isinstance(shown, NintexDraft | NintexRequest) and not shown.ejecutivo:
        remarks.append(
            "El ejecutivo quedó vacío en la solicitud: el directorio de NINTEX no da una sola "
            "persona con su nombre, y el campo no es obligatorio."
        )
    return " ".join(filter(None, remarks))


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


def draft_of(request: Request, adjuntos: Sequence[Path]) -> Draft:
    """What is typed into the form of the system that the request goes to, field by field."""
    names = attached_as(path.name for path in adjuntos)
    known = {name: getattr(request, name) for name in Request.model_fields} | {
        "referencia": request.reference,
        "caso_siac": request.siac_case,
        "tipo_solicitud": request.tipo,
        "escenario": request.escenario.value,
        "resumen": f"Cargo fijo desalineado, SEC {request.sec}, {len(request.lineas)} línea(s)",
        "ejecutivo": Executive(
            nombre=request.ejecutivo,
            canal=request.ejecutivo_canal,
            correo=request.ejecutivo_correo,
        )
        if request.ejecutivo
        else None,
        "adjuntos": tuple(
            Attachment(name=name, path=path) for name, path in zip(names, adjuntos, strict=True)
        ),
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
    """The picture of the Descripción tab where it shows the offer, those of the lines where what
    was billed is the ground, and the row's evidence.

    Raises `CaseEnds` where a file is gone or is not the one that was read with the list.
    """
    files = [await existing_picture(runner)] if request.with_picture else []
    if request.escenario.por_factura:
        files += await existing_line_pictures(runner, request.lineas)
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
