"""Consulta de SEC: one search by number, and the way to its evaluation."""

from __future__ import annotations

from pages.core.aspnet import AspNetPage
from pages.core.elements import beginning, button, field, text
from pages.core.filling import fill_and_press
from pages.core.paged import paged
from pages.core.portal_map import Word
from pages.core.whole import Shown


class Grids:
    """What its grids say below their rows once the last is there."""

    mostrados = beginning("Registros mostrados:")


MOSTRADOS = Shown(Grids.mostrados)


class ConsultaPage(AspNetPage):
    """The search for one SEC by its number, and the way to its evaluation."""

    title = "Consulta de SEC"
    numero = field("N° de SEC")
    buscar = button("Buscar")
    sin_registros = text("No se encontraron registros")
    # the criteria have the number's label, but not the others
    resultado = (
        paged(
            "Resultado de la consulta",
            numero="N° de SEC",
            operacion="Tipo de operación",
            razon_social="Razón social",
        )
        .by_headers()
        .telling(whole=MOSTRADOS, empty=sin_registros)
    )
    ver = Word("Ver")
    ready = buscar

    async def open_sec(self, numero: str) -> bool:
        """Search for exactly this number and open its window; False where there is no such SEC."""
        async with self.postback(by=self.buscar):
            await fill_and_press([(self.numero, numero)], self.buscar)
        if await self.resultado.show("numero", numero) is None:
            return False
        await self.resultado.press(numero, self.ver)
        return True
