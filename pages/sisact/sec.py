"""Datos de la evaluación: the pop-up window of one SEC, read tab by tab."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import FloatRect, Page

from pages.contract.errors import PageChanged
from pages.contract.sisact import SecRecord
from pages.contract.text import amount, clean, day
from pages.core.aspnet import AspNetPage
from pages.core.base_portal import Portal
from pages.core.elements import Bound, heading, shown, term
from pages.core.paged import paged
from pages.core.picture import keep_picture, shown_whole
from pages.core.portal_map import Word
from pages.core.tabs import tab
from pages.core.waiting import AND
from pages.sisact.consulta import MOSTRADOS

_MARGIN = 12
#: of what is visible, or without text has its place only
_PLACES = """(all) => all.filter((e) => e.getClientRects().length).map((e) => {
  const { x, y, width, height } = e.getBoundingClientRect();
  return { x, y, width, height };
})"""
_BOXES = f"(tools, all) => ({_PLACES})(all)"
#: the same for what some ways lead to, a list for each, and how wide the document is
_ALL_BOXES = f"""({{ found }}, all, ways) => ({{
  boxes: ways.map((way) => ({_PLACES})(found(way))),
  width: document.documentElement.scrollWidth,
}})"""


class SecPage(AspNetPage):
    """The pop-up window of one SEC."""

    title = "Datos de la evaluación"
    window_title = Word("Datos de la evaluación")
    ready = heading("Datos de la evaluación")
    datos_generales_tab = tab("Datos generales")
    lineas_tab = tab("Líneas")
    descripcion_tab = tab("Descripción")

    numero = shown("N° de SEC")
    ruc = shown("RUC")
    razon_social = shown("Razón social")
    segmento = shown("Segmento")
    operacion = term("Tipo de operación")
    fecha = shown("Fecha de evaluación", day)
    estado = term("Estado")
    plan = shown("Plan tarifario")
    cargo_lista = shown("Cargo fijo de lista", amount)
    campana = shown("Campaña")
    cantidad_lineas = shown("Cantidad de líneas")
    lineas = (
        paged("Líneas de la SEC", numero="Número", item="Ítem")
        .by_headers()
        .telling(whole=MOSTRADOS)
    )
    oferta = shown("Descuento u oferta especial")

    def __init__(self, portal: Portal, window: Page) -> None:
        super().__init__(portal, window)
        self.window = window

    async def read(self, numero: str) -> SecRecord:
        """Everything of this SEC, all pages of its lines too; leaves *Descripción* open."""
        await self.datos_generales_tab.open()
        general, (count,) = await self.fields_and(SecRecord, "cantidad_lineas")
        if general["numero"] != numero:
            raise PageChanged(self.portal.name, self.title, "la ventana es de otra SEC")
        return SecRecord(
            **general, lineas=await self._lineas(count), descripcion=await self._descripcion()
        )

    async def _lineas(self, count: str) -> tuple[str, ...]:
        await self.lineas_tab.open()
        rows = [] if count == "0" else await self.lineas.all_rows()
        lineas = tuple(row["numero"] for row in rows)
        if str(len(lineas)) != count or not all(lineas):
            raise PageChanged(self.portal.name, self.title, "no se ven todas las líneas de la SEC")
        return lineas

    async def _descripcion(self) -> str:
        async with self.postback(by=self.descripcion_tab, shows=self.oferta, reads=self.oferta):
            await self.descripcion_tab.open()
        held = self.answer_holds if self.has_come(self.oferta) else None
        told = held[0] if held else None  # none also of what cannot be told
        return await self.oferta.read() if told is None else clean(told)

    async def save_picture(self, picture: Path) -> None:
        """A PNG of the window from its title, which names the SEC, to the end of the offer."""
        parts: list[Bound] = [type(self).ready.on(self), self.descripcion_tab, self.oferta]
        what = "imagen de la pestaña Descripción"

        async def around() -> FloatRect | None:
            told = await self.ask(_ALL_BOXES, [part.way for part in parts])
            boxes: list[FloatRect] = []
            for part, found in zip(parts, told["boxes"], strict=True):
                here = found or await part.ask(_BOXES)  # none also where a script is in doubt
                if not here:
                    return None
                boxes += here
            return _down(boxes, told["width"])

        async with self.portal.acting(self.title, what), shown_whole(self.window):
            box = await self.portal.until(around, self.title, AND.join(p.name for p in parts))
            png = await self.window.screenshot(clip=box, full_page=True, animations="disabled")
        keep_picture(picture, png)


def _down(boxes: list[FloatRect], width: float) -> FloatRect:
    """From the first of them to the last, as wide as the page: labels stand beside them."""
    top = max(0, min(box["y"] for box in boxes) - _MARGIN)
    bottom = max(box["y"] + box["height"] for box in boxes) + _MARGIN
    return {"x": 0, "y": top, "width": width, "height": bottom - top}
