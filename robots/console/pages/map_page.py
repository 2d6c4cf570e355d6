"""Map page (*Mapa*): what a portal's pages show under another name than the robot looks for, chosen
from a list or in the picture, and accepted."""

from __future__ import annotations

from functools import partial

from nicegui import ui
from starlette.requests import Request

from pages.core.inspection import KnownCase
from robots.console.context import ConsoleContext, Visit
from robots.console.frame import framed, may_run
from robots.console.map_looks import MapLook, MapRefused
from robots.console.pages.map_view import PageView
from robots.console.user_store import Role
from robots.console.widgets import card
from robots.ops.portal_maps import PORTAL_NAMES

_LIVE = ""
_SHOWN = (
    ("sec", "SEC"),
    ("ruc", "RUC"),
    ("linea", "Línea"),
    ("caso_siac", "Caso SIAC"),
)


def add(context: ConsoleContext) -> None:
    @ui.page("/mapa", response_timeout=15)
    async def page(request: Request, portal: str = "") -> None:
        visit = Visit(context, request)
        with framed(visit, "Mapa", "Cómo llama cada portal a lo que el robot busca en él"):
            if may_run(visit):
                MapPage(visit, portal if portal in PORTAL_NAMES else "sisact").build()


class MapPage:
    def __init__(self, visit: Visit, portal: str) -> None:
        self.visit, self.looks, self.portal = visit, visit.context.map_looks, portal
        self._shown: tuple[object, ...] | None = None
        self._page = 0

    def build(self) -> None:
        with card():
            self._form()
        self.box = ui.column().classes("w-full gap-3")
        self._refresh()
        ui.timer(1, self._refresh)

    def _form(self) -> None:
        captures = self.looks.captures(self.portal)
        sources = {_LIVE: "El portal, ahora"} | {one: f"La captura «{one}»" for one in captures}
        with ui.row().classes("w-full items-center cf-two").style("gap:12px"):
            ui.select(PORTAL_NAMES, label="Portal", value=self.portal).props(
                "outlined dense"
            ).style("flex:1 1 200px").on_value_change(
                lambda event: ui.navigate.to(f"/mapa?portal={event.value}")
            )
            self.source = ui.select(sources, label="Qué se recorre", value=_LIVE)
            self.source.props("outlined dense").style("flex:2 1 260px")
            self.visit.button("Recorrer", self._begin, Role.OPERADOR, icon="travel_explore")
        with ui.expansion("Con qué se abren las páginas de un caso (opcional)").classes("w-full"):
            ui.label(
                "Sin nada aquí se usa un caso que el robot haya registrado. El primer día no hay "
                "ninguno: indique algo que el portal ya tenga."
            ).classes("cf-soft")
            with ui.row().classes("w-full cf-two").style("gap:12px;padding-top:8px"):
                self.known = {
                    key: ui.input(label).props("outlined dense").style("flex:1 1 160px")
                    for key, label in _SHOWN
                }
        ui.label(
            "El robot solo lee. Las imágenes son de una copia de cada página, con los datos de "
            "todos reemplazados por otros de la misma forma."
        ).classes("cf-soft")

    async def _begin(self) -> None:
        capture = self.source.value
        if capture and capture not in self.looks.captures(self.portal):
            raise MapRefused("Esa captura ya no está: elija otra.")
        given = {key: (box.value or "").strip() for key, box in self.known.items()}
        known = KnownCase(**given) if any(given.values()) else None
        self.looks.begin(MapLook(self.portal, capture, known))
        await self.visit.note("Recorrió un portal", PORTAL_NAMES[self.portal], after=capture)
        self._page = 0
        self._refresh()

    def _refresh(self) -> None:
        look = self.looks.of(self.portal)
        news = look.news if look else ()
        if news == self._shown:
            return
        self._shown = news
        self.box.clear()
        with self.box:
            if look is None:
                return
            if look.is_over:
                self._result(look)
            else:
                self._progress(look)

    def _progress(self, look: MapLook) -> None:
        with card(f"Se recorre {look.name}"), ui.row().classes("items-center"):
            ui.spinner().props('aria-hidden="true"')
            told = f"Página: {look.titles[-1]}" if look.titles else "Se abre el navegador…"
            ui.label(told).props('role="status"')

    def _result(self, look: MapLook) -> None:
        with card(self._counted(look)), ui.column().classes("gap-1").props('role="status"'):
            for problem in look.problems:
                ui.label(problem).classes("cf-bad")
            if not look.missing and look.pages:
                ui.label("Nada que anotar: el robot encuentra todo lo que vio.").classes("cf-ok")
            if unseen := sum(one.found is None for one in look.elements):
                told = f"Sin ver: {unseen}, en páginas que no se abrieron en este recorrido."
                more = " Después de aceptar lo que falta, recorra de nuevo." if look.missing else ""
                ui.label(told + more).classes("cf-soft")
            if look.accepted:
                left = len(look.missing) - len(look.accepted)
                told = f"Falta elegir {left}." if left else "Recorra de nuevo para verlos."
                ui.label(f"Aceptados ahora: {len(look.accepted)}. {told}").classes("cf-ok")
        if look.pages:
            self._pages(look)

    @staticmethod
    def _counted(look: MapLook) -> str:
        if not look.elements:
            return f"{look.name}: no se pudo recorrer"
        found = sum(one.found is True for one in look.elements)
        source = f", en la captura «{look.capture}»" if look.capture else ""
        return f"{look.name}{source}: {found} encontrados, {len(look.missing)} no"

    def _pages(self, look: MapLook) -> None:
        lacking = [
            at
            for at, page in enumerate(look.pages)
            if any(one.key not in look.accepted for one in look.missing_on(page))
        ]
        if not look.accepted and lacking:
            self._page = lacking[0]
        self._page = min(self._page, len(look.pages) - 1)
        group = 'role="group" aria-label="Páginas"'
        with card("Páginas"), ui.row().classes("cf-pages").props(group):
            self._chosen = [self._page_button(look, at) for at in range(len(look.pages))]
        self.view = ui.column().classes("w-full")
        self._open(look, self._page)

    def _page_button(self, look: MapLook, at: int) -> ui.button:
        page = look.pages[at]
        left = sum(one.key not in look.accepted for one in look.missing_on(page))
        told = f"{look.title_of(page)} · {left} por elegir" if left else look.title_of(page)
        button = self.visit.button(told, partial(self._turn, look, at), props="flat dense")
        return button.props(remove="color").classes("cf-page-lacks" if left else "")

    async def _turn(self, look: MapLook, at: int) -> None:
        self._open(look, at)

    def _open(self, look: MapLook, at: int) -> None:
        self._page = at
        for number, button in enumerate(self._chosen):
            button.props(f'aria-pressed="{"true" if number == at else "false"}"')
        self.view.clear()
        with self.view:
            PageView(self.visit, look, at, self._refresh).build()
