"""The next bill of what was requested: looked at in SIAC Único, and told.

Nothing is written in a portal here. A client's cases are read together, as one visit shows all of
its lines; of what is known already only what may have changed is read again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from loguru import logger

from flows.procedure.filing import search_requests
from flows.rules.case import Case, Decision, Estado, EvidenceFile
from flows.rules.follow_up import FollowUp, Resultado, follow_up, misaligned_case, unread
from flows.rules.lima import in_lima
from flows.rules.scenarios import Sistema
from flows.runtime.access import Access
from flows.runtime.looks import Looks, Unread, looking
from flows.runtime.services import Services
from flows.store.follow_ups import FollowUps
from flows.store.ledger import Attempt, Ledger
from pages.contract.ports import SIAC
from pages.contract.request_records import RequestRecord
from pages.contract.siac import LineRecord

#: in the evidence folder: what was seen of a portal that could not be looked into
FAILED_LOOK = "seguimiento-falla"
#: lines of a client that are read in one visit, so that a failure costs no more than these
_LINES = 40


@dataclass(frozen=True)
class AttendedCase:
    """An attended case, and what its bills said last."""

    case: Case
    decision: Decision
    numero: str
    atendido: date
    before: FollowUp | None = None

    @property
    def reference(self) -> str:
        return self.case.reference


def attended_cases(ledger: Ledger) -> list[AttendedCase]:
    """Every case that is attended, in the order of their references."""
    found = {
        attempt.reference: attempt
        for attempt in ledger.newest_that_ended(Estado.ATENDIDO)
        if not attempt.dry_run
    }
    known = FollowUps(ledger.engine).of(found)
    return [_attended(found[name], known.get(name)) for name in sorted(found)]


def _attended(attempt: Attempt, before: FollowUp | None) -> AttendedCase:
    outcome = attempt.outcome
    assert outcome is not None and outcome.decision is not None and attempt.ended is not None
    atendido = in_lima(attempt.ended).date()
    if before is not None and before.numero != outcome.request_number:
        before = None  # it was decided anew: what is known is of another request
    return AttendedCase(attempt.case, outcome.decision, outcome.request_number, atendido, before)


def may_have_changed(one: AttendedCase, today: date) -> bool:
    """Whether SIAC Único is to be asked. Of a case that was never looked at nobody knows whether
    it was regularised for an earlier month already."""
    return one.before is None or today >= one.before.look_from


async def look_at_bills(
    services: Services,
    cases: Sequence[AttendedCase],
    today: date,
    *,
    seats: int = 1,
    looked: Callable[[int], None] = lambda cases: None,
) -> None:
    """Look at these cases' bills, and keep what is seen; ``looked`` is told how many at a time."""
    looks, places = Looks(services), asyncio.Semaphore(seats)

    async def one(visit: list[AttendedCase]) -> None:
        async with places:
            if not services.run.closing:
                await _visit(services, looks, visit, today)
                looked(len(visit))

    await asyncio.gather(*map(one, _visits(cases)))


def _visits(cases: Iterable[AttendedCase]) -> Iterator[list[AttendedCase]]:
    """The cases of a client together, as many as a visit may be about."""
    of_client: dict[str, list[AttendedCase]] = {}
    for one in cases:
        of_client.setdefault(one.case.ruc, []).append(one)
    for own in of_client.values():
        visit: list[AttendedCase] = []
        for one in own:
            if visit and sum(len(v.decision.lineas) for v in (*visit, one)) > _LINES:
                yield visit
                visit = []
            visit.append(one)
        yield visit


async def _visit(services: Services, looks: Looks, visit: list[AttendedCase], today: date) -> None:
    lineas = list(dict.fromkeys(linea for one in visit for linea in one.decision.lineas))
    portals = looking(services, services.evidence_dir / FAILED_LOOK)

    async def read() -> dict[str, LineRecord]:
        async with portals.siac() as portal:
            client = await portal.read_client(visit[0].case.ruc, lineas)
        return {line.numero: line for line in client.lineas} if client else {}

    try:
        records, why = await looks.read(SIAC, read), ""
    except Unread as error:
        records, why = {}, str(error)
    for one in visit:
        given = one.case, one.decision, one.numero, one.atendido
        if why:
            found = unread(*given, why, today, one.before)
        else:
            found = follow_up(*given, records, today, one.before)
        if found.resultado is Resultado.NO_REGULARIZADO and found.is_due(today):
            found = await _with_request(portals, looks, found, today)
        await asyncio.to_thread(FollowUps(services.ledger.engine).keep, found)
        logger.info("case_followed", case=one.reference, resultado=found.resultado.name)


async def _with_request(portals: Access, looks: Looks, found: FollowUp, today: date) -> FollowUp:
    """With the age and the state of its request, which its own portal tells."""
    try:
        request = await own_request(portals, looks, found)
    except Unread as why:
        remark = f"No se pudo leer la solicitud {found.numero}: {why}"
        return found.model_copy(update={"remark": remark, "unread": True})
    if request is None:
        remark = f"{found.sistema} ya no muestra la solicitud {found.numero}."
    else:
        days = max((today - request.creado).days, 0)
        since = "de hoy" if not days else f"de hace {days} día{'' if days == 1 else 's'}"
        remark = (
            f"La solicitud {request.numero}, {since}, está {request.estado} en {found.sistema}."
        )
    return found.model_copy(update={"remark": remark})


async def own_request(portals: Access, looks: Looks, found: FollowUp) -> RequestRecord | None:
    """The case's request as its portal has it now; raises `Unread`."""
    look = partial(search_requests, portals, found.sistema, found.sec)
    records = await looks.read(found.sistema, look)
    return next((r for r in records if r.referencia == found.reference), None)


# --- Filing what was billed wrongly (policy.follow_up = "file"). ----------------------------------


async def cases_to_file(
    services: Services, cases: Sequence[AttendedCase], today: date
) -> tuple[list[Case], list[FollowUp]]:
    """The cases that misaligned bills ask for, those begun earlier and not over among them; and
    what could not be read for it.

    A line that has a case already gets no other: that case is followed itself. While the incident
    of a misaligned line is open, a later wrong bill is the same case.
    """
    ledger, looks = services.ledger, Looks(services)
    portals = looking(services, services.evidence_dir / FAILED_LOOK)
    known = FollowUps(ledger.engine).of(one.reference for one in cases)
    begun: dict[str, list[Attempt]] = {}
    for attempt in ledger.newest_that_follow():
        begun.setdefault(attempt.case.seguimiento_de, []).append(attempt)
    wanted: list[Case] = []
    unread: list[FollowUp] = []
    for one in cases:
        found = known.get(one.reference)
        if found is None:
            continue
        own = begun.get(one.reference, [])
        wanted += [a.case for a in own if not a.is_over]
        case = misaligned_case(one.case, found, (n for a in own for n in a.case.lineas))
        if case is None:
            continue
        if found.sistema is Sistema.REMEDY:
            try:
                request = await own_request(portals, looks, found)
            except Unread:
                unread.append(found)
                continue
            if request is not None and request.is_open:
                continue
        wanted.append(await asyncio.to_thread(_with_files, services, one.reference, case))
    return wanted, unread


def _with_files(services: Services, reference: str, case: Case) -> Case:
    """The case with the evidence of the one that it comes of, as far as this machine has it."""
    folder: Path = services.folder(reference)
    found = [
        EvidenceFile(path=str(path), sha256=file.sha256)
        for file in case.evidencia
        if (path := services.files.evidence(reference, file, folder)) is not None
    ]
    origen = case.origen_evidencia if found else None
    return case.model_copy(update={"evidencia": tuple(found), "origen_evidencia": origen})
