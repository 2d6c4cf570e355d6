"""The case in SIAC Único: found or registered, taken from the queue, noted and closed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial

from flows.rules.case import Case, Decision, Motivo
from flows.rules.endings import needs_person
from flows.rules.portal_words import CERRADO, EN_COLA, REGISTRADO
from flows.rules.requests import only_one
from flows.rules.scenarios import subclase_of
from flows.rules.typed_text import fold, tidy
from flows.runtime.idempotent_write import SIMULATED, find_or_create
from flows.runtime.kept import held_name, held_record
from flows.runtime.steps import StepRunner
from flows.runtime.submit_journal import JournalState
from pages.contract.errors import WriteUncertain
from pages.contract.ports import SIAC, Siac
from pages.contract.siac import CaseDraft, SiacCase
from pages.contract.sisact import SecRecord

QUEUE = "Variaciones Corporativas"
#: in the journal: begun when a case is registered, accepted when what is kept has been compared
_REGISTERED = "registered_case"


def own_case(case: Case, found: Iterable[SiacCase]) -> SiacCase | None:
    """The case that carries this reference; raises `CaseEnds` where it is not one, or not ours."""
    records = [record for record in found if record.referencia == case.reference]
    twice = "SIAC Único tiene dos veces el caso"
    own = only_one(
        records, lambda record: record.numero, partial(_agrees, case), "El caso SIAC", twice
    )
    if own and case.siac_case and own.numero != case.siac_case:
        raise needs_person(
            Motivo.REFERENCIA_EN_CONFLICTO,
            f"La lista dice el caso SIAC {case.siac_case}, pero la referencia está en el "
            f"{own.numero}.",
        )
    return own


def waiting_case(case: Case, found: Iterable[SiacCase]) -> SiacCase | None:
    """The oldest open case for this SEC and these lines that waits in the queue for somebody."""
    waiting = [
        record
        for record in found
        if record.estado == REGISTRADO
        and record.cola == QUEUE
        and not record.referencia
        and _agrees(case, record)
    ]
    return min(waiting, key=lambda record: (record.creado, record.numero), default=None)


def check_named(case: Case, record: SiacCase | None) -> SiacCase:
    """The case that the list names, if the robot may take it for this one."""
    problem = None
    if record is None:
        problem = "no existe en SIAC Único"
    elif not _agrees(case, record):
        problem = "es de otra SEC, otro RUC u otras líneas"
    elif record.referencia and record.referencia != case.reference:
        problem = f"lleva la referencia de otro caso ({record.referencia})"
    elif record.estado == CERRADO:
        problem = "ya está cerrado"
    if problem or record is None:
        raise needs_person(
            Motivo.REFERENCIA_EN_CONFLICTO,
            f"El caso SIAC {case.siac_case}, que nombra la lista, {problem}.",
        )
    return record


def _agrees(case: Case, record: SiacCase) -> bool:
    return (
        record.sec == case.sec
        and record.ruc == case.ruc
        and sorted(record.lineas) == sorted(case.lineas)
    )


def draft_case(case: Case, decision: Decision, sec: SecRecord) -> CaseDraft:
    """What is typed into the template where the case is registered anew."""
    return CaseDraft(
        referencia=case.reference,
        sec=case.sec,
        ruc=case.ruc,
        lineas=case.lineas,
        subclase=subclase_of(decision.escenario),
        canal=case.canal.value,
        contacto=case.contacto,
        contacto_dni=case.contacto_dni,
        campana=sec.campana,
        cargo=decision.cargo,
        detalle=" ".join(decision.reasons),
    )


async def ensure_siac_case(runner: StepRunner, draft: CaseDraft, *, is_taken_next: bool) -> str:
    """The number of the case in SIAC Único, carrying the reference (procedure, step 5).

    One that is registered now is read back, and two clicks show as two cases: from the queue where
    it ``is_taken_next``, and what it keeps is compared with the draft on the page that opens then;
    else from the search, and compared here.
    """
    case, runner.stays = runner.case, True
    seen: tuple[SiacCase, ...] = ()

    async def find() -> SiacCase | None:
        nonlocal seen
        async with runner.portals.siac() as portal:
            seen = await portal.search_cases(case.sec)
        return own_case(case, seen)

    async def create() -> SiacCase | None:
        async with runner.portals.siac() as portal:
            chosen = waiting_case(case, seen)
            if case.siac_case:
                named = next((r for r in seen if r.numero == case.siac_case), None)
                chosen = check_named(case, named or await portal.read_case(case.siac_case))
            if chosen is not None:
                await portal.write_reference(chosen.numero, case.reference)
                return None
            await _register(runner, portal, draft)
            # where it is opened to be compared, the search leads to it
            waiting = await portal.read_registered(case.reference) if is_taken_next else ()
            return own_case(case, waiting)

    async def work() -> str:
        await _refuse_taken(runner, case.siac_case)
        record = await find_or_create(runner, "caso en SIAC Único", find, create)
        if record is None:
            return SIMULATED
        await keep_case(runner, record)
        if not is_taken_next:
            await _compare_registered(runner, record.numero, draft)
        return record.numero

    number: str = await runner.run("ensure_siac_case", str, work)
    return number


async def _register(runner: StepRunner, portal: Siac, draft: CaseDraft) -> None:
    """Register, and note that what is kept is yet to be compared, also where the answer is lost."""
    begin = partial(runner.services.journal.begin, runner.reference, _REGISTERED)
    try:
        await portal.register_case(draft)
    except WriteUncertain:
        await asyncio.to_thread(begin)
        raise
    await asyncio.to_thread(begin)


async def _compare_registered(runner: StepRunner, number: str, draft: CaseDraft) -> None:
    """Raises `CaseEnds`, `REGISTRO_ALTERADO`, where SIAC Único keeps something else than was typed
    when the robot registered it. Of a case that was found, only what makes it this case's own
    counts."""
    journal = runner.services.journal
    known = await asyncio.to_thread(journal.state, runner.reference, _REGISTERED)
    if known is not JournalState.BEGUN:
        return
    async with runner.portals.siac() as portal:
        changed = await portal.altered_fields(number, draft)
    await asyncio.to_thread(journal.accepted, runner.reference, _REGISTERED)
    if changed:
        raise needs_person(
            Motivo.REGISTRO_ALTERADO,
            f"El caso SIAC {number} no tiene lo que se escribió en: {', '.join(changed)}.",
        )


async def take_case(runner: StepRunner, number: str, draft: CaseDraft) -> None:
    """Take the case from the queue; one that is taken or closed already stays as it is. What was
    registered from the ``draft``, and not compared with it yet, is.

    SIAC Único lets one take it. Whoever finds it taken does not know by whom: a robot elsewhere
    with the same list, or an advisor, may be at work on the request this moment, so that the first
    look that shows none is not believed.
    """
    journal, step = runner.services.journal, "take_case"

    async def find() -> SiacCase | None:
        record = await read_case(runner, number)
        return None if record.estado == REGISTRADO else record

    async def create() -> SiacCase:
        async with runner.portals.siac() as portal:
            taken = await portal.take_case(number)
        if taken is None:
            return await read_case(runner, number)
        await asyncio.to_thread(journal.accepted, runner.reference, step)
        return taken

    async def work() -> None:
        if number == SIMULATED:  # a dry run made none
            return
        what = "toma del caso en SIAC Único"
        record = await find_or_create(runner, what, find, create, look_first=False)
        known = await asyncio.to_thread(journal.state, runner.reference, step)
        if record and known is not JournalState.ACCEPTED and not runner.attempt.dry_run:
            await _refuse_taken(runner, number)
            await asyncio.to_thread(journal.begin, runner.reference, "file_request")
        if record:
            await _compare_registered(runner, number, draft)

    await runner.run(step, None, work)


async def _refuse_taken(runner: StepRunner, number: str) -> None:
    """Raises `CaseEnds` where somebody else has taken a case of the queue since that was read: it
    is that person's, or that robot's. A case that a list names is gone on with, whoever took it:
    the advisor whose list it is may have."""
    user = runner.case.cola_de
    if not user:
        return
    async with runner.portals.siac() as portal:
        found = await portal.read_queued(number)
    if found and found.estado != REGISTRADO and fold(found.tomado_por) != fold(user):
        told = f"El caso SIAC {number} ya no espera en la cola: lo tomó otra persona, que lo sigue."
        if advice := EN_COLA.if_reworded(found.estado):
            told = (
                f"El caso SIAC {number} está «{found.estado}» en la cola: {advice} y use --again."
            )
        raise needs_person(Motivo.REFERENCIA_EN_CONFLICTO, told)


async def close_case(runner: StepRunner, number: str, resolution: str) -> None:
    """Close the case with the request's number (guide, *Seguimiento*)."""

    async def find() -> SiacCase | None:
        record = await read_case(runner, number)
        return record if record.estado == CERRADO else None

    async def create() -> SiacCase:
        async with runner.portals.siac() as portal:
            return await portal.close_case(number, resolution)

    async def work() -> None:
        if number == SIMULATED:  # a dry run made none
            return
        closed = await find_or_create(
            runner, "cierre del caso en SIAC Único", find, create, look_first=False
        )
        if closed is not None:
            runner.seen_case.saw(closed)
            await keep_case(runner, closed)
        if closed is not None and closed.resolucion != tidy(resolution):
            raise needs_person(
                Motivo.REGISTRO_ALTERADO,
                f"El caso SIAC {number} está cerrado, pero su resolución no es la que corresponde "
                "a la solicitud.",
            )

    await runner.run("close_case", None, work)


async def keep_case(runner: StepRunner, record: SiacCase) -> None:
    """Keep the case as SIAC Único has it now, for whoever asks later."""
    held = held_record(SIAC, "Caso", record)
    await runner.services.keep(runner.reference, held_name("siac"), held)


async def read_case(runner: StepRunner, number: str) -> SiacCase:
    """The case as SIAC Único has it now; one that has vanished is for a person."""
    async with runner.portals.siac() as portal:
        record = await portal.read_case(number)
    if record is None:
        raise needs_person(Motivo.RESULTADO_INCIERTO, f"SIAC Único ya no muestra el caso {number}.")
    return record
