"""The list of cases: filters and search, a page of it at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nicegui import ui
from starlette.requests import Request

from flows.rules.peru import format_money
from flows.store.ledger import Attempt
from robots.console.case_store import ESTADOS, MOTIVOS, Filter
from robots.console.context import ConsoleContext, Visit
from robots.console.frame import framed
from robots.console.widgets import card, chip, moment, table
from robots.reports.display_names import MOTIVO_NAMES, current_status

SIZE = 25


def add(context: ConsoleContext) -> None:
    @ui.page("/casos", response_timeout=15)
    async def page(request: Request, estado: str = "", corrida: str = "") -> None:
        visit = Visit(context, request)
        title = f"Corrida {corrida}" if corrida else "Casos"
        with framed(visit, title):
            given = Filter(estado=estado if estado in ESTADOS else "", run=corrida)
            await CaseTable(visit, given).build()


class CaseTable:
    """Table of cases; ``given`` is what the list is filtered by at first; the run of it stays."""

    def __init__(self, visit: Visit, given: Filter) -> None:
        self.visit, self.context = visit, visit.context
        self.wanted = given
        self.start = 0
        self._news: object = None

    async def build(self) -> None:
        with card(), ui.row().classes("w-full items-center").style("gap:12px"):
            ui.input("Buscar: RUC, línea, SEC o cualquier número").props(
                "outlined dense clearable debounce=300"
            ).style("flex:2 1 320px").on_value_change(
                self.visit.guarded(lambda e: self._filter(text=str(e.value or "")))
            )
            ui.select(
                {"": "Todos", **{e: e for e in ESTADOS}}, label="Estado", value=self.wanted.estado
            ).props("outlined dense").style("flex:1 1 200px").on_value_change(
                self.visit.guarded(lambda e: self._filter(estado=e.value or ""))
            )
            names = {m.value: name for m, name in MOTIVO_NAMES.items() if m.value in MOTIVOS}
            ui.select({"": "Todos", **names}, label="Motivo", value="", with_input=True).props(
                "outlined dense"
            ).style("flex:1 1 260px").on_value_change(
                self.visit.guarded(lambda e: self._filter(motivo=e.value or ""))
            )
        with card():
            self.box = ui.column().classes("w-full gap-2").props('aria-live="polite"')
        await self.show()
        ui.timer(2, self._look_again)

    async def show(self) -> None:
        self._news = await self.context.news()
        found, count = await asyncio.to_thread(
            self.context.store.page, self.wanted, self.visit.user, start=self.start, size=SIZE
        )
        self.box.clear()
        with self.box:
            if not count:
                ui.label("No hay ningún caso así.").classes("cf-soft")
                return
            table(_HEADERS, map(_row, found))
            with ui.row().classes("w-full items-center justify-between"):
                last = min(self.start + SIZE, count)
                ui.label(f"{self.start + 1} a {last} de {count}").classes("cf-soft")
                with ui.row():
                    self._turn("Anteriores", -SIZE, self.start > 0)
                    self._turn("Siguientes", SIZE, last < count)

    def _turn(self, name: str, by: int, possible: bool) -> None:
        async def turn() -> None:
            self.start += by
            await self.show()

        self.visit.button(name, turn, props="flat").set_enabled(possible)

    async def _filter(self, **update: str) -> None:
        self.wanted = self.wanted.model_copy(update=update)
        self.start = 0
        await self.show()

    async def _look_again(self) -> None:
        if await self.context.news() != self._news:
            await self.show()


_HEADERS = ("Caso", "Estado", "RUC", "Líneas", "Cargo ofrecido", "Caso SIAC", "N° solicitud",
            "Pedido por", "Inicio")  # fmt: skip


def _row(found: Attempt) -> tuple[str | Callable[[], object], ...]:
    case, outcome = found.case, found.outcome

    def which() -> None:
        ui.link(found.reference, f"/caso/{found.reference}").style("font-weight:600")
        if case.id:
            ui.label(case.id).classes("cf-soft")

    def how_it_stands() -> None:
        chip(current_status(found))
        if outcome and outcome.motivo:
            ui.label(MOTIVO_NAMES[outcome.motivo]).classes("cf-soft").style("font-size:13px")

    more = len(case.lineas) - 2
    return (
        which,
        how_it_stands,
        case.ruc,
        ", ".join(case.lineas[:2]) + (f" y {more} más" if more > 0 else ""),
        format_money(case.cargo_fijo_ofrecido),
        outcome.siac_case if outcome else "",
        outcome.request_number if outcome else "",
        found.requested_by,
        moment(found.started),
    )
