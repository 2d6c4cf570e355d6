"""Detalle de línea: a window with the line's data, history and invoices."""

from __future__ import annotations

from playwright.async_api import Page

from pages.contract.errors import PageChanged
from pages.contract.ports import LinePicture
from pages.contract.siac import HistoryEntry, Invoice, LineRecord
from pages.contract.text import amount, day
from pages.core.aspnet import AspNetPage
from pages.core.base_portal import Portal
from pages.core.elements import shown, term
from pages.core.paged import paged
from pages.core.picture import joined, keep_picture, shown_whole
from pages.core.portal_map import Word
from pages.core.tabs import tab
from pages.core.tabular import Column
from pages.siac.words import MOSTRADOS, Grids


def _period(text: str) -> str:
    """``10/2026`` as ``2026-10``."""
    month, year = text.split("/")
    return f"{year}-{month}"


class LineWindow(AspNetPage):
    """The window of one line, of three tabs."""

    title = "Detalle de línea"
    window_title = Word("SIAC Único - Detalle de línea")
    ready = datos_tab = tab("Datos")
    numero = shown("N° de línea")
    plan = shown("Plan tarifario")
    cargo = shown("Cargo fijo actual", amount)
    estado = term("Estado de la línea")
    historial_tab = tab("Historial")
    historial = (
        paged(
            "Historial de la línea",
            fecha=Column("Fecha", day),
            tipo=Column("Tipo de operación", is_term=True),
            detalle="Detalle",
        )
        .by_headers()
        .telling(whole=MOSTRADOS, empty=Grids.sin_registros)
    )
    facturacion_tab = tab("Facturación")
    recibos = (
        paged(
            "Recibos emitidos",
            periodo=Column("Período", _period),
            cargo=Column("Cargo fijo", amount),
        )
        .by_headers()
        .telling(whole=MOSTRADOS, empty=Grids.sin_registros)
    )

    def __init__(self, portal: Portal, window: Page) -> None:
        super().__init__(portal, window)
        self.window = window

    async def read(self, numero: str, picture: LinePicture | None = None) -> LineRecord:
        """The line, each of its grids to the last page, and a PNG of these pages where ``picture``
        says, with mode 0600."""
        datos = await self.fields_of(LineRecord)
        if datos["numero"] != numero:
            raise PageChanged(self.portal.name, self.title, "se muestra otra línea")
        taken: list[bytes] = []

        async def take() -> None:
            acting = self.portal.acting(self.title, "imagen de historial y recibos")
            async with acting, shown_whole(self.window) as whole:
                taken.append(await whole.screenshot(animations="disabled"))

        await self.historial_tab.open()
        rows = await self.historial.all_rows()
        historial = tuple(HistoryEntry(**row) for row in rows)
        path = picture(numero, historial) if picture else None
        shown = None if path is None else take
        if shown is not None:
            await self.historial.all_rows(shown)
        await self.facturacion_tab.open()
        recibos = await self.recibos.all_rows(shown)
        if path is not None:
            async with self.portal.acting(self.title, "imagen de historial y recibos"):
                keep_picture(path, await joined(self.window, taken))
        return LineRecord(
            **datos,
            historial=historial,
            facturas=tuple(Invoice(**row) for row in recibos),
        )
