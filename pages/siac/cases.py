"""Consulta de casos: the search, and its results."""

from __future__ import annotations

from pages.contract.siac import SiacCase
from pages.core.elements import button, field, heading, text
from pages.core.filling import fill_and_press
from pages.core.paged import paged
from pages.siac.case_page import CasePage
from pages.siac.words import CASE_COLUMNS, MOSTRADOS
from pages.siac.work import WorkPage


class CaseSearchPage(WorkPage):
    """The search for cases by number, SEC or reference."""

    title = "Consulta de casos"
    menu = "consulta_de_casos"
    ready = heading("Consulta de casos")
    numero = field("N° de caso")
    texto = field("SEC o referencia")
    buscar = button("Buscar")
    sin_casos = text("No se encontraron casos.")
    encontrados = (
        paged("Casos encontrados", **CASE_COLUMNS)
        .by_headers()
        .telling(whole=MOSTRADOS, empty=sin_casos)
    )

    async def search(self, texto: str) -> tuple[SiacCase, ...]:
        """Every case with this SEC or reference, from all pages of the grid."""
        await self._search("", texto)
        rows = await self.encontrados.all_rows()
        return tuple(SiacCase(**row, resolucion="") for row in rows)

    async def find(self, numero: str) -> bool:
        """Whether there is a case of exactly this number; its row is the one that is shown then."""
        await self._search(numero, "")
        return await self.encontrados.show("numero", numero) is not None

    async def _search(self, numero: str, texto: str) -> None:
        async with self.postback(by=self.buscar):
            await fill_and_press([(self.numero, numero), (self.texto, texto)], self.buscar)

    async def open(self, numero: str) -> CasePage:
        """Follow the link of a case that is shown; its page."""
        link, case = self.encontrados.control(numero, numero), CasePage(self.portal, self.scope)
        async with self.postback(by=link, shows=case.ready):
            await link.click()
        return await case.loaded()
