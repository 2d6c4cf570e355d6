"""Detalle de línea: a window with the line's data, history and invoices."""

from __future__ import annotations

from pages.contract.siac import HistoryEntry, Invoice, LineRecord
from pages.contract.text import amount, day
from pages.core.aspnet import AspNetPage
from pages.core.elements import shown
from pages.core.paged import paged
from pages.core.tabs import tab
from pages.core.tabular import Column
from pages.siac.words import MOSTRADOS, SIN_REGISTROS


def _period(text: str) -> str:
    """``10/2026`` as ``2026-10``."""
    month, year = text.split("/")
    return f"{year}-{month}"


class LineWindow(AspNetPage):
    """The window of one line, of three tabs."""

    title = "Detalle de línea"
    ready = tab("Datos")
    numero = shown("N° de línea")
    plan = shown("Plan tarifario")
    cargo = shown("Cargo fijo actual", amount)
    estado = shown("Estado de la línea")
    historial_tab = tab("Historial")
    historial = (
        paged(
            "Historial de la línea",
            fecha=Column("Fecha", day),
            tipo="Tipo de operación",
            detalle="Detalle",
        )
        .by_headers()
        .telling(whole=MOSTRADOS, empty=SIN_REGISTROS)
    )
    facturacion_tab = tab("Facturación")
    recibos = (
        paged(
            "Recibos emitidos",
            periodo=Column("Período", _period),
            cargo=Column("Cargo fijo", amount),
        )
        .by_headers()
        .telling(whole=MOSTRADOS, empty=SIN_REGISTROS)
    )

    async def read(self) -> LineRecord:
        """The line, each of its grids to the last page."""
        datos = await self.fields_of(LineRecord)
        await self.historial_tab.open()
        historial = await self.historial.all_rows()
        await self.facturacion_tab.open()
        recibos = await self.recibos.all_rows()
        return LineRecord(
            **datos,
            historial=tuple(HistoryEntry(**row) for row in historial),
            facturas=tuple(Invoice(**row) for row in recibos),
        )
