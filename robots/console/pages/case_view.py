"""One case: how it stands, what may be done next, and everything that happened to it."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

from nicegui import ui
from starlette.requests import Request

from flows.runtime.history import STEP_NAMES, attempt_name
from flows.store.approvals import Approvals
from flows.store.ledger import Attempt, StepRecord
from pages.contract.siac import ClientRecord
from pages.contract.sisact import SecRecord
from robots.console.case_progress import LiveSteps, StepsKnown, number_of
from robots.console.context import ConsoleContext, Visit
from robots.console.frame import framed
from robots.console.pages.actions import Actions
from robots.console.widgets import (
    card,
    chip,
    evidence_links,
    exact_moment,
    facts,
    file_address,
    moment,
    picture,
    plain,
    show_client,
    show_decision,
    show_facts,
    show_sec,
    table,
)
from robots.reports.case_words import case_facts, picture_title
from robots.reports.display_names import ESTADO_NEXT, current_status, duration, outcome_facts
from robots.reports.report_page import PICTURES


def add(context: ConsoleContext) -> None:
    @ui.page("/caso/{reference}", response_timeout=15)
    async def page(request: Request, reference: str) -> None:
        visit = Visit(context, request)
        found = await asyncio.to_thread(context.store.find, reference, visit.user)
        if found is None:
            with framed(visit, "Caso"), card():
                ui.label("No existe ese caso, o no es suyo.").props('role="alert"')
            return
        with framed(visit, found.reference):
            await _show(visit, found)
            if found.outcome is not None:
                ui.timer(2, partial(_go_along, visit, found))


async def _go_along(visit: Visit, shown: Attempt) -> None:
    """What somebody else does with the case, or a supervisor's answer, makes the page anew."""
    now = await asyncio.to_thread(visit.context.store.find, shown.reference, visit.user)
    if now is None or now.attempt != shown.attempt:
        ui.navigate.to(f"/caso/{shown.reference}")


async def _show(visit: Visit, found: Attempt) -> None:
    context = visit.context
    known = await asyncio.to_thread(context.ledger.steps, [found.reference])
    steps = known.get(found.reference, [])
    attempts = (await asyncio.to_thread(context.ledger.attempts, [found.reference]))[
        found.reference
    ]
    values = await context.worker.queue_client.values(found.reference, found.attempt)
    if found.outcome is None:
        with card(f"{'Simulación en' if found.dry_run else 'En'} curso, paso a paso"):
            path = f"/caso/{found.reference}"
            LiveSteps(context, found.reference, found.attempt, lambda _: ui.navigate.to(path))
    else:
        with card():
            with ui.row().classes("items-center"):
                chip(found.outcome.estado)
                ui.label(ESTADO_NEXT[found.outcome.estado]).style("font-weight:600")
            facts(outcome_facts(found.outcome))
        Actions(visit, found).build()
    if found.outcome and found.outcome.decision:
        with card("Decisión"):
            show_decision(found.outcome.decision)
            show_facts(found.outcome.decision)
    with card("Solicitud del cliente"):
        facts(case_facts(found.case))
        evidence_links(found.reference, found.case)
    _portals(found, values)
    if found.outcome is not None:
        approved = await asyncio.to_thread(
            Approvals(context.ledger.engine).approved, found.reference
        )
        _timeline(steps, attempts, StepsKnown(values, approved))
    await _files(context, found)
    _attempts(attempts)
    entries = await asyncio.to_thread(context.audit.entries, found.reference)
    if entries:
        with card("Quién hizo qué"):
            table(
                ("Cuándo", "Quién", "Qué", "Antes", "Después"),
                [(moment(e.at), e.who, e.what, plain(e.before), plain(e.after)) for e in entries],
            )


def _portals(found: Attempt, values: dict[str, Any]) -> None:
    sec, client = values.get("consult_sec"), values.get("consult_client")
    if not sec and not client:
        return
    with card("Lo que dijeron los portales"):
        if sec:
            with ui.expansion("SISACT: datos de la evaluación").classes("w-full"):
                show_sec(SecRecord.model_validate(sec))
        if client:
            with ui.expansion("SIAC Único: cliente, líneas y facturas").classes("w-full"):
                show_client(ClientRecord.model_validate(client), found.case.contacto)


def _timeline(steps: list[StepRecord], attempts: list[Attempt], known: StepsKnown) -> None:
    if not steps:
        return
    names, newest = {a.attempt: _name(a) for a in attempts}, attempts[-1].attempt
    with card("Línea de tiempo"):
        table(
            ("Intento", "Hora", "Paso", "Duró", "Resultado"),
            [
                (
                    names[step.attempt],
                    exact_moment(step.started),
                    STEP_NAMES.get(step.name, step.name),
                    duration(step.seconds),
                    step.note or (number_of(step.name, known) if step.attempt == newest else ""),
                )
                for step in steps
            ],
        )


def _name(attempt: Attempt) -> str:
    return attempt_name(attempt.attempt, dry_run=attempt.dry_run)


async def _files(context: ConsoleContext, found: Attempt) -> None:
    folder = context.evidence_dir / found.reference
    names = await asyncio.to_thread(_names, folder)
    if not names:
        return
    with card("Expediente: imágenes y archivos"):
        with ui.row().classes("w-full items-start"):
            for name in names:
                if name.lower().endswith(PICTURES):
                    with ui.column().classes("gap-1").style("width:220px"):
                        picture(file_address(found.reference, name), picture_title(name), "cf-shot")
                        ui.label(picture_title(name)).classes("cf-soft").style("font-size:13px")
        for name in names:
            if not name.lower().endswith(PICTURES):
                ui.link(name, file_address(found.reference, name))


def _names(folder: Path) -> list[str]:
    """The files, in the order in which the steps left them."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    files.sort(key=lambda path: path.stat().st_mtime_ns)
    return [path.relative_to(folder).as_posix() for path in files]


def _attempts(attempts: list[Attempt]) -> None:
    if len(attempts) < 2:
        return
    with card("Intentos"):
        table(
            ("N°", "Inicio", "Fin", "Estado", "Detalle"),
            [
                (
                    _name(a),
                    moment(a.started),
                    moment(a.ended),
                    current_status(a),
                    a.outcome.detail if a.outcome else "",
                )
                for a in attempts
            ],
        )
