"""Consulta de SEC: one search by number, and the way to its evaluation."""

from __future__ import annotations

from pages.core.aspnet import AspNetPage
from pages.core.elements import button, field, text
from pages.core.grid import captioned
from pages.core.portal_map import Word


class ConsultaPage(AspNetPage):
    """The search for one SEC by its number, and the way to its evaluation."""

    title = "Consulta de SEC"
    numero = field("N° de SEC")
    buscar = button("Buscar")
    resultado = captioned("Resultado de la consulta", numero="N° de SEC")
    sin_registros = text("No se encontraron registros")
    ver = Word("Ver")
    ready = buscar

    async def open_sec(self, numero: str) -> bool:
        """Search for exactly this number and open its window; False where there is no such SEC."""
        await self.numero.fill(numero)
        async with self.postback():
            await self.buscar.click()
        if not await self._found():
            return False
        await self.resultado.press(numero, self.ver)
        return True

    async def _found(self) -> bool:
        async def look() -> bool | None:
            if await self.sin_registros.is_shown():
                return False
            return await self.resultado.is_shown() or None

        return await self.portal.until(look, self.title, "resultado de la consulta")
