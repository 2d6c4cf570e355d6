"""A new case, guided through the guide's own parts: *Escenarios*, *Validaciones*, *Registro*."""

from __future__ import annotations

import asyncio

from nicegui import ui
from starlette.requests import Request

from flows.procedure.preview import Preview
from flows.rules.case import Case
from flows.rules.endings import CaseEnds
from flows.rules.lima import today
from flows.store.ledger import Attempt
from inputs.checks import check_fields
from inputs.rows import RowError
from inputs.schema import BY_FIELD
from pages.contract.errors import BrowserLost
from robots.console.case_progress import LiveSteps
from robots.console.case_submission import NotTaken, register
from robots.console.context import ConsoleContext, Visit
from robots.console.frame import framed
from robots.console.pages.case_form import CaseForm
from robots.console.pages.validation_view import ValidationCards, show_preview
from robots.console.uploads import new_folder
from robots.console.widgets import card, chip, facts, section_heading
from robots.reports.display_names import ESTADO_NEXT, outcome_facts

#: The guide's parts, in its order and by its names.
ESCENARIOS, VALIDACIONES, REGISTRO = "Escenarios", "Validaciones", "Registro del caso"

#: of a case, for the audit trail
_NOTED = {"sec", "ruc", "lineas", "cargo_fijo_ofrecido", "escenario"}

_GUIDE = (
    (
        "1 · Activaciones",
        "Activaciones no hizo la modificación al evaluar la SEC: por error de configuración, o por "
        "desalineación de la línea después de regularizada.",
    ),
    (
        "2 · Ventas",
        "Ventas no ingresó la modificación en la SEC: con oferta vigente o negociada con "
        "aprobación, o sin oferta vigente (mala práctica).",
    ),
    (
        "3 · Postventa",
        "Una operación de postventa, a pedido del cliente, hizo perder el beneficio de la línea.",
    ),
)


def add(context: ConsoleContext) -> None:
    @ui.page("/", response_timeout=15)
    async def page(request: Request) -> None:
        visit = Visit(context, request)
        with framed(visit, "Nuevo caso", "Modificación de cargo fijo móvil corporativo"):
            await NewCase(visit).build()


class NewCase:
    """The stepper, and what one case has come to in it."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.context = visit, visit.context
        self.case: Case | None = None
        self.preview: Preview | None = None
        self.registered = False

    async def build(self) -> None:
        self.visit.client.on_connect(self.context.worker.warm_up)
        folder = await asyncio.to_thread(new_folder, self.context.uploads_dir)
        with ui.stepper().props("flat animated header-nav=false").classes("w-full") as self.stepper:
            with ui.step(ESCENARIOS).props("prefix=1"), ui.column().classes("w-full gap-3"):
                self._scenarios()
                self.entry = CaseForm(self.visit, folder)
                with ui.row().classes("w-full justify-end"):
                    self.visit.button("Validar", self._validate, icon="search", props="size=md")
            with ui.step(VALIDACIONES).props("prefix=2"), ui.column().classes("w-full gap-3"):
                box = ui.column().classes("w-full gap-3").props('aria-live="polite"')
                self.validations = ValidationCards(box)
                with ui.row().classes("w-full justify-between"):
                    _back(lambda: self._to(ESCENARIOS))
                    with ui.row():
                        self.again_button = self.visit.button(
                            "Validar de nuevo", self._validate, icon="refresh", props="flat"
                        )
                        self.next_button = ui.button(
                            "Siguiente", icon="arrow_forward", on_click=self._to_registration
                        ).props("no-caps")
            with ui.step(REGISTRO).props("prefix=3"), ui.column().classes("w-full gap-3"):
                self.registration = ui.column().classes("w-full gap-3")
                self.registration_buttons = ui.row().classes("w-full justify-between")

    def _to(self, part: str) -> None:
        self.stepper.set_value(part)
        ui.run_javascript("window.scrollTo(0, 0)")  # each part is read from its beginning

    # 1 Escenarios

    def _scenarios(self) -> None:
        with card("¿Por qué no se aplicó el cargo ofrecido?", "Paso 1 de 3 · Escenarios"):
            with ui.row().classes("w-full cf-choices"):
                for title, text in _GUIDE:
                    with ui.column().classes("cf-choice gap-1"):
                        ui.label(title).style("font-weight:650")
                        ui.label(text).classes("cf-soft")
            ui.label(
                "Cuál es lo dicen las reglas con lo que muestren SISACT y SIAC Único. Aplica a "
                "clientes carterizados de negocios y corporativo, en un alta, portabilidad o "
                "renovación."
            )

    # 2 Validaciones

    async def _validate(self) -> None:
        checked = check_fields(self.entry.fields(), self.entry.folder, today())
        if not isinstance(checked, Case):
            self._told(checked)
            return
        self.case, self.preview = checked, None
        self._to(VALIDACIONES)
        self._busy(True)
        self.validations.begin()
        self.validations.show(Preview(checked))
        await self.visit.note("Validó un caso", checked.reference, after={"SEC": checked.sec})
        try:
            self.preview = await self.context.worker.look(
                checked,
                self.visit.user.name,
                self.entry.folder,
                self.validations.show,
            )
        except (CaseEnds, BrowserLost) as error:
            told = error.ending.detail if isinstance(error, CaseEnds) else f"{error}."
            self.validations.fail(told)
        finally:
            self._busy(False)

    def _told(self, errors: list[RowError]) -> None:
        self.entry.show_all(errors)
        ui.notify(
            f"Faltan o no valen {len(errors)} datos: están marcados.", type="warning", timeout=4000
        )

    def _busy(self, busy: bool) -> None:
        self.again_button.set_enabled(not busy)
        self.next_button.set_enabled(not busy and self.preview is not None)

    # 3 Registro del caso

    def _to_registration(self) -> None:
        if self.preview is None or self.preview.decision is None:
            return
        self._to(REGISTRO)
        decision = self.preview.decision
        self.registration.clear()
        self.registration_buttons.clear()
        with self.registration:
            show_preview(self.preview, self.context)
        files = decision.proceeds or decision.needs_evidence
        with self.registration_buttons:
            _back(lambda: self._to(VALIDACIONES))
            name = "Registrar" if files else "Dejar constancia"
            self.visit.button(name, self._register, icon="task_alt", props="size=md")

    async def _register(self) -> None:
        if self.case is None or self.registered:
            return
        self.registered = True
        if self.preview is not None:
            self.context.worker.drafts.add(self.preview)
        try:
            attempt = await register(self.context, self.visit.user, self.case, self.entry.fields())
        except NotTaken:
            self.registered = False
            raise
        reference = self.case.reference
        await self.visit.note(
            "Registró un caso",
            reference,
            after={
                BY_FIELD[name].header: value
                for name, value in self.case.model_dump(mode="json", include=_NOTED).items()
            },
        )
        self.registration.clear()
        self.registration_buttons.clear()
        with self.registration, card("Registro, paso a paso", "Paso 2 de 3 · Gestión interna"):
            ui.label(f"Referencia {reference}").classes("cf-soft")
            LiveSteps(self.context, reference, attempt, self._ended)

    def _ended(self, found: Attempt) -> None:
        outcome = found.outcome
        assert outcome is not None
        with self.registration, card("Resultado", "Paso 3 de 3 · Seguimiento"):
            with ui.row().classes("items-center"):
                chip(outcome.estado)
                section_heading(ESTADO_NEXT[outcome.estado])
            facts(outcome_facts(outcome))
            with ui.row():
                ui.link("Ver el caso", f"/caso/{outcome.reference}")
                ui.link("Otro caso", "/")


def _back(go: object) -> None:
    ui.button("Atrás", icon="arrow_back", on_click=go).props("flat no-caps")  # type: ignore[arg-type]
