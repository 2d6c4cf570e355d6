"""A supervisor's inbox: the exact request, its facts and pictures, and the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from nicegui import ui
from starlette.requests import Request

from flows.procedure.filing import draft_of
from flows.rules.requests import Request as Filing
from flows.store.approvals import Approval, ApprovalRefused, Approvals
from pages.contract.text import clean
from pages.drafts import described
from robots.console.audit import ANSWERS
from robots.console.context import ConsoleContext, Visit
from robots.console.frame import framed
from robots.console.user_store import Role
from robots.console.widgets import (
    card,
    evidence_links,
    facts,
    file_address,
    moment,
    picture,
    show_decision,
    show_facts,
)


def add(context: ConsoleContext) -> None:
    @ui.page("/aprobaciones", response_timeout=15)
    async def page(request: Request) -> None:
        visit = Visit(context, request)
        with framed(visit, "Aprobaciones", "Solicitudes que esperan el sí de un supervisor"):
            if not visit.user.may_approve:
                ui.label("Solo un supervisor aprueba solicitudes.").props('role="alert"')
                return
            await Inbox(visit).build()


class Inbox:
    def __init__(self, visit: Visit) -> None:
        self.visit, self.context = visit, visit.context
        self._shown: list[tuple[str, str]] | None = None

    async def build(self) -> None:
        self.box = ui.column().classes("w-full gap-3").props('aria-live="polite"')
        await self._refresh()
        ui.timer(3, self._refresh)

    async def _refresh(self) -> None:
        waiting = await asyncio.to_thread(Approvals(self.context.ledger.engine).waiting)
        keys = [(approval.reference, approval.digest) for approval in waiting]
        if keys == self._shown:
            return
        self._shown = keys
        self.box.clear()
        with self.box:
            if not waiting:
                with card():
                    ui.label("Nada espera su respuesta.")
            for approval in waiting:
                await self._one(approval)

    async def _one(self, approval: Approval) -> None:
        found = await asyncio.to_thread(
            self.context.store.find, approval.reference, self.visit.user
        )
        request = Filing.model_validate(approval.request)
        with card(f"{request.sistema}: {request.tipo or request.escenario}"):
            ui.label(
                f"La pidió {approval.requested_by}, el {moment(approval.requested)}. Su respuesta "
                "vale para esta solicitud tal como está: con cualquier cambio se pide otra vez."
            ).classes("cf-soft")
            with ui.row().classes("w-full items-start"):
                with ui.column().style("flex:3 1 460px"):
                    facts(request_facts(request))
                with ui.column().style("flex:1 1 240px"):
                    shot = self.context.evidence_dir / approval.reference / "descripcion.png"
                    if shot.is_file():
                        ui.label("Pestaña Descripción").classes("cf-soft")
                        picture(
                            file_address(approval.reference, "descripcion.png"),
                            "Pestaña Descripción de la SEC",
                        )
                    if found is not None:
                        evidence_links(found.reference, found.case)
            if found is not None and found.outcome and found.outcome.decision:
                show_decision(found.outcome.decision)
                show_facts(found.outcome.decision)
            self._answers(approval)

    def _answers(self, approval: Approval) -> None:
        if approval.was_requested_by(self.visit.user.name):
            ui.label("La pidió usted: debe responder otra persona.").classes("cf-bad")
            return
        reason = (
            ui.input("Motivo (obligatorio para rechazar)").props("outlined dense").classes("w-full")
        )

        def answering(answer: str) -> Callable[[], Awaitable[None]]:
            async def act() -> None:
                text = clean(reason.value)
                if answer == "rejected" and not text:
                    reason.error = "para rechazar hace falta el motivo"
                    return
                await self._answer(approval, answer, text)

            return act

        with ui.row().classes("w-full justify-end"):
            button, role = self.visit.button, Role.SUPERVISOR
            button("Rechazar", answering("rejected"), role, icon="close", props="outline")
            button("Aprobar", answering("approved"), role, icon="check", props="color=positive")

    async def _answer(self, approval: Approval, answer: str, reason: str) -> None:
        context = self.context
        user = await self.visit.now()
        try:
            given = await asyncio.to_thread(
                Approvals(context.ledger.engine).answer,
                approval.reference,
                answer,
                user.name,
                reason,
                digest=approval.digest,
            )
        except ApprovalRefused as refused:
            ui.notify(str(refused), type="warning", timeout=8000, multi_line=True)
            await self._refresh()
            return
        await asyncio.to_thread(context.audit.note_answer, user.name, given)
        await context.worker.work_on()
        ui.notify(f"{ANSWERS[answer][0]}; el caso sigue solo.", type="positive")
        await self._refresh()


def request_facts(request: Filing) -> dict[str, str]:
    """Fields of a request, and what is attached to it by its digest."""
    attached = ["la imagen de la Descripción"] * request.with_picture
    attached += ["la imagen de historial y recibos de cada línea"] * request.escenario.por_factura
    attached += [f"evidencia {digest[:12]}…" for digest in request.evidencia]
    return described(draft_of(request, ())) | {"Adjuntos": ", ".join(attached)}
