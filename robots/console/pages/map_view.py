"""A page of a portal as it was looked at: its picture, what was found on it, and what is missing
beside it with what may be it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from pages.core.likeness import Candidate
from pages.core.survey import Box
from robots.console.context import Visit
from robots.console.map_looks import MapLook
from robots.console.user_store import Role
from robots.console.widgets import card
from robots.ops.map_suggestions import Suggested

#: what people call what the robot looks for
_KINDS = {
    "value": "dato que se lee",
    "field": "campo",
    "choice": "lista",
    "checkbox": "casilla",
    "radio": "opción",
    "checklist": "casillas",
    "upload": "campo de archivo",
    "pressed": "botón o enlace",
    "words": "texto",
    "table": "tabla",
    "column": "columna",
    "titled": "control",
    "arid": "campo",
    "control": "campo",
    "markup": "parte de la página",
}

#: what is typed into or chosen from, whatever it holds
_TYPED = ("field", "choice", "checkbox", "radio", "checklist", "upload")
#: pixels of a picture that a candidate's number takes beside its box
_NUMBER_WIDTH = 40


class PageView:
    """One page of a look; at most one of what is missing is open, with its candidates."""

    def __init__(self, visit: Visit, look: MapLook, at: int, accepted: Callable[[], None]) -> None:
        self.visit, self.look, self.at, self.accepted = visit, look, at, accepted
        self.page = look.pages[at]
        self.missing = look.missing_on(self.page)
        self._chosen: Candidate | None = None
        self._marks: dict[int, tuple[ui.element, ui.element | None]] = {}

    def build(self) -> None:
        with ui.element("div").classes("cf-map"):
            with card(self.look.title_of(self.page)):
                if self.page.problem:
                    ui.label(f"El recorrido se detuvo aquí: {self.page.problem}.").classes("cf-bad")
                self._picture()
                self._found()
            with ui.element("div").classes("cf-map-side"), card("Lo que falta en esta página"):
                if not self.missing:
                    ui.label("No falta nada en esta página.").classes("cf-ok")
                self.side = ui.column().classes("w-full gap-1")
        left = [one for one in self.missing if one.key not in self.look.accepted]
        self._open(left[0] if left else None)

    def _picture(self) -> None:
        width, height = self.page.size
        with (
            ui.element("div").classes("cf-map-scroll") as around,
            ui.element("div")
            .classes("cf-map-picture")
            .style(f"aspect-ratio:{width:.0f}/{height:.0f};--natural:{width:.0f}px"),
        ):
            shown = ui.element("img").props(f'alt="{self.page.title}: la página como se ve"')
            shown.props["src"] = f"/mapa/{self.look.portal}/{self.look.key}/{self.at}"
            names = {one.key: one.name for one in self.look.elements}
            for key, box in self.page.found.items():
                mark = ui.element("div").classes("cf-box cf-box-found").style(self._place(box))
                mark.props["title"] = f"{names.get(key, key)}: encontrado"
            self.boxes = ui.element("div").props(
                'role="group" aria-label="Candidatos en la imagen"'
            )

        ui.checkbox("Tamaño real").on_value_change(
            lambda event: around.classes(
                add="cf-natural" if event.value else "", remove="" if event.value else "cf-natural"
            )
        )

    def _found(self) -> None:
        names = {one.key: one.name for one in self.look.elements}
        found = [names.get(key, key) for key in self.page.found]
        if found:
            with ui.expansion(f"Encontrados en la imagen: {len(found)}").classes("w-full"):
                ui.label(", ".join(found))

    def _place(self, box: Box) -> str:
        left, top, right, bottom = box
        width, height = self.page.size
        return (
            f"left:{100 * left / width:.3f}%;top:{100 * top / height:.3f}%;"
            f"width:{100 * (right - left) / width:.3f}%;"
            f"height:{100 * (bottom - top) / height:.3f}%"
        )

    # what is missing

    def _open(self, opened: Suggested | None) -> None:
        self._chosen = None
        self._marks = {}
        self.side.clear()
        self.boxes.clear()
        with self.side:
            for one in self.missing:
                self._one(one, is_open=one is opened)

    async def _turn(self, one: Suggested, is_open: bool) -> None:
        self._open(None if is_open else one)
        self._focus(one)

    def _focus(self, one: Suggested) -> None:
        ui.run_javascript(f"document.getElementById('{_id_of(one)}')?.focus()")

    def _one(self, one: Suggested, *, is_open: bool) -> None:
        head = (
            ui.element("button")
            .classes("cf-lack")
            .props(
                f'type="button" id="{_id_of(one)}" aria-expanded="{"true" if is_open else "false"}"'
            )
        )
        head.on("click", self.visit.guarded(partial(self._turn, one, is_open)))
        with head:
            ui.label(f"«{one.name}»").classes("cf-lack-name")
            accepted = self.look.accepted.get(one.key)
            if accepted:
                ui.label(f"✓ ahora «{accepted}»").classes("cf-ok")
            else:
                told = _KINDS.get(one.kind, one.kind)
                ui.label(f"{told}; el robot escribe ahí" if one.writes else told).classes("cf-soft")
        if is_open:
            self._candidates(one)

    def _candidates(self, one: Suggested) -> None:
        ui.label(one.key).classes("cf-soft cf-key")
        if not one.candidates:
            ui.label(
                "La página no muestra nada que pueda serlo. Si está en ella, anótelo con "
                "«cargofijo map accept», o con un selector en el mapa."
            )
            return
        group = ui.element("div").classes("cf-candidates").props("role=radiogroup")
        group.props["aria-label"] = f"Qué puede ser «{one.name}»"
        with group:
            for number, candidate in enumerate(one.candidates, start=1):
                self._candidate(one, number, candidate)
        self.reads = ui.label("Elija en la lista o en la imagen.").props('aria-live="polite"')
        self.reads.classes("cf-reads")
        self.go = self.visit.button("Aceptar", partial(self._accept, one), Role.OPERADOR)
        self.go.props('icon="check" color=positive').classes("self-end")
        self.go.disable()

    def _candidate(self, one: Suggested, number: int, candidate: Candidate) -> None:
        choose = self.visit.guarded(partial(self._choose, one, number, candidate))
        with ui.element("label").classes("cf-candidate") as row:
            radio = ui.element("input").props(f'type="radio" name="{_id_of(one)}-candidato"')
            radio.on("change", choose)
            TextElement(tag="span", text=str(number)).classes("cf-number")
            with ui.element("span").classes("cf-told"):
                TextElement(tag="span", text=f"«{candidate.accepted}»").classes("cf-lack-name")
                told = f"puntaje {candidate.score:.2f}: {candidate.why}"
                TextElement(tag="span", text=told).classes("cf-soft")
        self._marks[number] = (row, self._mark(one, number, candidate, radio))

    def _mark(
        self, one: Suggested, number: int, candidate: Candidate, radio: ui.element
    ) -> ui.element | None:
        shown = self.page.shown(candidate, one.kind)
        if shown is None or not shown.box:
            return None
        with self.boxes:
            mark = ui.element("button").classes("cf-box cf-box-may").style(self._place(shown.box))
        mark.classes("cf-at-edge" if shown.box[0] < _NUMBER_WIDTH else "")
        mark.props('type="button" aria-pressed="false"')
        mark.props["aria-label"] = f"Elegir «{candidate.accepted}», candidato {number}"
        # the list's own button is pressed: both then show the same
        mark.on("click", js_handler=f"() => getHtmlElement({radio.id}).click()")
        with mark:
            TextElement(tag="span", text=str(number)).classes("cf-number")
        return mark

    async def _choose(self, one: Suggested, number: int, candidate: Candidate, _: object) -> None:
        self._chosen = candidate
        for at, (row, mark) in self._marks.items():
            row.classes(
                add="cf-taken" if at == number else "", remove="" if at == number else "cf-taken"
            )
            if mark is not None:
                mark.props(f'aria-pressed="{"true" if at == number else "false"}"')
        self.reads.text = self._would_read(one, candidate)
        self.go.enable()

    def _would_read(self, one: Suggested, candidate: Candidate) -> str:
        shown = self.page.shown(candidate, one.kind)
        name = candidate.accepted
        if shown is None:
            return f"«{name}» no está en la copia, que no muestra datos de nadie, o está dos veces."
        if one.kind == "table":
            return f"Se leería la tabla con las columnas {', '.join(shown.columns)}."
        if one.kind == "pressed":
            return f"Se pulsaría «{name}»."
        if one.writes or one.kind in _TYPED:
            told = f", donde ahora dice «{shown.value}»" if shown.value else ""
            return f"Se escribiría en «{name}»{told}."
        if shown.value is None:
            return f"Se usaría «{name}»."
        return f"Se leería «{shown.value}»." if shown.value else "No se leería nada: está vacío."

    async def _accept(self, one: Suggested) -> None:
        if self._chosen is None:
            return
        context = self.visit.context
        name = await context.map_looks.accept(self.look, one, self._chosen)
        subject = f"{self.look.name} {one.key}"
        after = {"nombre": name, "puntaje": f"{self._chosen.score:.2f}"}
        await self.visit.note("Aceptó un nombre en el mapa", subject, {"nombre": one.name}, after)
        ui.notify(f"Anotado: {one.key} es «{name}».", type="positive")
        self.accepted()
        self._focus(one)


def _id_of(one: Suggested) -> str:
    return f"falta-{one.key.replace('.', '-')}"
