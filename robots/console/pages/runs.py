"""Lists and runs: upload, see the bad rows first, run, watch, stop softly, take the report."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from nicegui import ui
from starlette.requests import Request

from flows.rules.lima import today
from flows.store.ledger import Run
from inputs.evidence_files import MAX_BYTES
from inputs.reader import ListError, read_list
from inputs.rows import CaseList
from robots.console.case_store import Filter
from robots.console.case_submission import NotTaken, submit_list
from robots.console.chart_data import run_counts
from robots.console.context import ConsoleContext, Visit
from robots.console.frame import framed, may_see_all
from robots.console.pages.case_list import CaseTable
from robots.console.pages.upload_area import upload_area
from robots.console.uploads import LARGEST_LIST, new_folder, put_evidence, put_list
from robots.console.user_store import Role
from robots.console.widgets import card, facts, moment, table
from robots.reports.display_names import IN_PROGRESS, QUEUED, list_title

#: bad rows shown at once
_MOST = 200


def add(context: ConsoleContext) -> None:
    @ui.page("/corridas", response_timeout=15)
    async def runs(request: Request) -> None:
        visit = Visit(context, request)
        with framed(visit, "Corridas", "Listas de casos en Excel, y lo que pasó con ellas"):
            if not may_see_all(visit):
                return
            if visit.user.may_run:
                NewRun(visit).build()
            await _list_of_runs(context)

    @ui.page("/corrida/{run_id}", response_timeout=15)
    async def run(request: Request, run_id: str) -> None:
        visit = Visit(context, request)
        found = await asyncio.to_thread(context.ledger.run, run_id)
        if found is None or not (visit.user.sees_all or found.requested_by == visit.user.name):
            with framed(visit, "Corrida"), card():
                ui.label("No existe esa corrida, o no es suya.").props('role="alert"')
            return
        with framed(visit, f"Corrida {run_id}", found.list_name):
            await OneRun(visit, found).build()
            await CaseTable(visit, Filter(run=run_id)).build()


async def _list_of_runs(context: ConsoleContext) -> None:
    known = await asyncio.to_thread(context.ledger.runs)
    with card("Corridas"):
        if not known:
            ui.label("Todavía no hay ninguna.").classes("cf-soft")
            return
        table(
            ("Corrida", "Lista", "Inicio", "Fin", "Pedida por", "Informe"),
            (
                (
                    partial(ui.link, run.id, f"/corrida/{run.id}"),
                    list_title(run),
                    moment(run.started),
                    moment(run.ended) if run.ended else "en curso",
                    run.requested_by,
                    partial(ui.link, "Descargar", f"/informe/{run.id}"),
                )
                for run in known
            ),
        )


class NewRun:
    """Card of a new run: an uploaded list, checked before anything starts."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.context = visit, visit.context
        self.folder: Path | None = None
        self.list: Path | None = None
        self.read: CaseList | None = None

    def build(self) -> None:
        with card("Nueva corrida"):
            area = partial(upload_area, self.visit, self._own_folder)
            with ui.row().classes("w-full items-start").style("gap:14px"):
                with ui.column().style("flex:1 1 320px"):
                    area(
                        put_list,
                        self._list_came,
                        largest=LARGEST_LIST,
                        label="La lista (.xlsx o .xlsm)",
                    )
                with ui.column().style("flex:1 1 320px"):
                    area(
                        put_evidence,
                        self._evidence_came,
                        largest=MAX_BYTES,
                        label="Sus archivos de evidencia",
                    )
            self.box = ui.column().classes("w-full gap-2").props('aria-live="polite"')

    def _own_folder(self) -> Path:
        if self.folder is None:
            self.folder = new_folder(self.context.uploads_dir)
        return self.folder

    async def _list_came(self, path: Path) -> None:
        self.list = path
        await self.visit.note("Subió una lista", path.name)
        await self._look()

    async def _evidence_came(self, path: Path) -> None:
        await self._look()

    async def _look(self) -> None:
        """Read the list with what is there of its evidence, and show what is wrong with it."""
        if self.list is None:
            return
        self.box.clear()
        with self.box, ui.row().classes("items-center"):
            ui.spinner(size="22px")
            ui.label("Leyendo la lista…")
        try:
            self.read = await asyncio.to_thread(self._read)
        except ListError as error:
            self.read = None
            self.box.clear()
            with self.box:
                ui.label(str(error)).classes("cf-bad").props('role="alert"')
            return
        self.box.clear()
        with self.box:
            self._show(self.read)

    def _read(self) -> CaseList:
        assert self.list is not None
        found = read_list(self.list, today=today())
        return read_list(self.list, today=today()) if self._place_evidence(found) else found

    def _place_evidence(self, found: CaseList) -> bool:
        """The list names files in folders, and uploads have none: put them where it expects."""
        folder, placed = self._own_folder().resolve(), False
        for error in (e for row in found.rows for e in row.errors if e.column == "Evidencia"):
            wanted = error.value.replace("\\", "/")
            target = (folder / wanted).resolve()
            source = folder / wanted.rsplit("/", 1)[-1]
            if target.is_relative_to(folder) and source.is_file() and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(source.read_bytes())
                placed = True
        return placed

    def _show(self, read: CaseList) -> None:
        bad = [row for row in read.rows if row.errors]
        good = len(read.rows) - len(bad)
        facts({"Lista": read.name, "Filas": str(len(read.rows)), "Para trabajar": str(good)})
        if bad:
            which = "1 fila tiene" if len(bad) == 1 else f"{len(bad)} filas tienen"
            ui.label(
                f"{which} datos inválidos; en el informe, «Dato inválido», y las demás siguen:"
            ).classes("cf-bad")
            rows = [
                (str(row.number), e.column, e.value, e.expected) for row in bad for e in row.errors
            ]
            table(("Fila", "Columna", "Dice", "Qué pasa"), rows[:_MOST])
            if len(rows) > _MOST:
                ui.label(f"… y {len(rows) - _MOST} más, que estarán en el informe.")
        with ui.row().classes("w-full justify-end"):
            name = "Ejecutar 1 caso" if good == 1 else f"Ejecutar {good} casos"
            go = self.visit.button(name, self._run, Role.OPERADOR, icon="play_arrow")
            go.set_enabled(good > 0)

    async def _run(self) -> None:
        if self.read is None:
            return
        read, self.read = self.read, None  # a second click runs nothing
        try:
            submission = await submit_list(self.context, self.visit.user, read)
        except NotTaken:
            self.read = read
            raise
        await self.visit.note(
            "Ejecutó una lista", submission.run_id, after={"lista": read.name,
                                                           "casos": submission.cases}
        )  # fmt: skip
        ui.navigate.to(f"/corrida/{submission.run_id}")


class OneRun:
    def __init__(self, visit: Visit, run: Run) -> None:
        self.visit, self.context, self.run = visit, visit.context, run
        self._news: object = None

    async def build(self) -> None:
        self.box = ui.column().classes("w-full gap-3").props('aria-live="polite"')
        await self._refresh()
        ui.timer(1, self._refresh)

    async def _refresh(self) -> None:
        run = await asyncio.to_thread(self.context.ledger.run, self.run.id)
        news = (await self.context.news(), run and run.ended)
        if run is None or news == self._news:
            return
        self._news, self.run = news, run
        counts = await asyncio.to_thread(run_counts, self.context.ledger, run.id)
        self.box.clear()
        with self.box, card():
            self._show(run, counts)

    def _show(self, run: Run, counts: dict[str, int]) -> None:
        total = sum(counts.values())
        left = counts.get(QUEUED, 0) + counts.get(IN_PROGRESS, 0)
        with ui.row().classes("w-full items-center justify-between"):
            with ui.column().classes("gap-0"):
                ui.label(f"{total - left} de {total} filas terminadas").style("font-weight:650")
                ends = f"terminó {moment(run.ended)}" if run.ended else "en curso"
                ui.label(f"Pedida por {run.requested_by}, {moment(run.started)}; {ends}").classes(
                    "cf-soft"
                )
            with ui.row():
                if left and self.visit.user.may_run:
                    self.visit.button(
                        "Detener", self._stop, Role.OPERADOR, icon="stop", props="outline"
                    )
                ui.button(
                    "Descargar el informe",
                    icon="download",
                    on_click=lambda: ui.navigate.to(f"/informe/{run.id}"),
                ).props("no-caps")
        ui.linear_progress((total - left) / total if total else 1, show_value=False).props(
            'rounded size=10px color=positive aria-label="Avance"'
        )
        with ui.row():
            for estado, count in counts.items():
                ui.label(f"{estado}: {count}").classes("cf-chip").style(
                    "background:#eef0f3;color:#1f2933"
                )
        if left and self.context.worker.waits_for:
            ui.label(self.context.worker.waits_for).classes("cf-soft")

    async def _stop(self) -> None:
        rows = await asyncio.to_thread(self.context.ledger.rows, self.run.id)
        latest = await asyncio.to_thread(
            self.context.ledger.latest, [row.reference for row in rows if row.reference]
        )
        waiting = {(a.reference, a.attempt) for a in latest.values() if a.outcome is None}
        withdrawn = await self.context.worker.withdraw(waiting)
        await self.visit.note("Detuvo una corrida", self.run.id, after={"sin empezar": withdrawn})
        self.context.live_status.news += 1
        if withdrawn:
            those = "1 caso no empezará" if withdrawn == 1 else f"{withdrawn} casos no empezarán"
            text = f"{those}; los que están en curso terminan."
        elif self.context.worker.is_working:
            text = "Los casos en curso terminan; no quedaba ninguno por empezar."
        else:
            text = "La trabaja otro proceso: deténgala allí."
        ui.notify(text, type="info", timeout=6000)
