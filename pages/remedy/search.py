"""The search for incidents: a text that the SEC or the reference contains."""

from __future__ import annotations

from pages.contract.errors import PageChanged
from pages.contract.remedy import Incident
from pages.core.elements import button
from pages.core.portal_map import Word
from pages.remedy.ar_fields import MidTier, Popup, ar_field, ar_table
from pages.remedy.incident import IncidentPage


class SearchPage(IncidentPage):
    """The incident form as a search, with its results."""

    title = "Buscar incidencia"
    ready = buscar = button("Buscar")
    ninguna = Word("ARWARN 9296")
    texto = ar_field("536871030", "SEC o referencia")
    resultados = ar_table("1020", "Resultados de la búsqueda", numero="ID de incidencia")

    async def search(self, texto: str) -> tuple[Incident, ...]:
        """Every incident that is found, each opened and read whole."""
        await self.texto.fill(texto)
        await self.buscar.click()
        found: list[Incident] = []
        while True:
            for numero in await self._numbers():
                await self.resultados.select(numero)
                found.append(await self.record(numero))
            if not found or not await self.resultados.next_chunk():
                return tuple(found)

    async def _numbers(self) -> list[str]:
        rows = await self.resultados.rows()
        if not rows:
            popup = Popup(self.resultados, self.window, MidTier.mensaje.on(self))
            if self.ninguna not in await popup.words():
                await self.portal.diagnose()
                raise PageChanged(self.portal.name, self.title, "mensaje inesperado al buscar")
            await popup.accept()
        return [row["numero"] for row in rows]
