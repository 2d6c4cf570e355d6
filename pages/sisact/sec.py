"""Datos de la evaluación: the pop-up window of one SEC, read tab by tab."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import FloatRect, Page

from pages.contract.errors import PageChanged
from pages.contract.sisact import SecRecord
from pages.contract.text import amount, day
from pages.core.aspnet import AspNetPage
from pages.core.base_portal import Portal
from pages.core.elements import Bound, heading, shown, term
from pages.core.paged import paged
from pages.core.picture import keep_picture, shown_whole
from pages.core.portal_map import Word
from pages.core.tabs import tab
from pages.sisact.consulta import MOSTRADOS

_MARGIN = 12
#: of what is visible, or without text has its place only
_BOXES = """(tools, all) => all.filter((e) => e.getClientRects().length).map((e) => {
  const { x, y, width, height } = e.getBoundingClientRect();
  return { x, y, width, height };
})"""
_WIDTH = "() => document.documentElement.scrollWidth"


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
        general = await self.fields_of(SecRecord)
        if general["numero"] != numero:
            raise PageChanged(self.portal.name, self.title, "la ventana es de otra SEC")
        count = await self.cantidad_lineas.read()
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
        async with self.postback():
            await self.descripcion_tab.open()
        return await self.oferta.read()

    async def save_picture(self, picture: Path) -> None:
        """A PNG of the window from its title, which names the SEC, to the end of the offer."""
        parts: list[Bound] = [type(self).ready.on(self), self.descripcion_tab, self.oferta]
        for part in parts:
            await part.appear()
        acting = self.portal.acting(self.title, "imagen de la pestaña Descripción")
        async with acting, shown_whole(self.window):
            boxes = [box for part in parts for box in await part.ask(_BOXES)]
            png = await self.window.screenshot(
                clip=_down(boxes, await self.window.evaluate(_WIDTH)),
                full_page=True,
                animations="disabled",
            )
        keep_picture(picture, png)


def _down(boxes: list[FloatRect], width: float) -> FloatRect:
    """From the first of them to the last, as wide as the page: labels stand beside them."""
    top = max(0, min(box["y"] for box in boxes) - _MARGIN)
    bottom = max(box["y"] + box["height"] for box in boxes) + _MARGIN
    return {"x": 0, "y": top, "width": width, "height": bottom - top}
