"""Bandeja de casos: the queue from which an advisor takes a case."""

from __future__ import annotations

from pages.contract.siac import SiacCase
from pages.core.aspnet import cascade
from pages.core.elements import button, field, heading, text
from pages.core.filling import fill_and_press
from pages.core.paged import paged
from pages.core.portal_map import Word
from pages.siac.case_page import CasePage
from pages.siac.words import CASE_COLUMNS, MOSTRADOS, Palabra
from pages.siac.work import WorkPage


class QueuePage(WorkPage):
    """The queue of the cases that wait for an advisor."""

    title = "Bandeja de casos"
    menu = "bandeja_de_casos"
    ready = heading("Bandeja de casos")
    cola = cascade("Cola")
    numero = field("N° de caso")
    filtrar = button("Filtrar")
    sin_casos = text("No hay casos en la bandeja.")
    bandeja = (
        paged("Casos en la bandeja", **CASE_COLUMNS)
        .by_headers()
        .telling(whole=MOSTRADOS, empty=sin_casos)
    )
    tomar_caso = Word("Tomar caso")

    async def numbers(self) -> tuple[str, ...]:
        """All cases that *Variaciones Corporativas* shows, from all pages of the grid."""
        await self._filter("")
        return tuple(row["numero"] for row in await self.bandeja.all_rows())

    async def waiting(self) -> tuple[SiacCase, ...] | None:
        """The cases that *Variaciones Corporativas* shows, where one page has them all."""
        if not await self.cola.switch(Palabra.COLA):
            await self._filter("")
        rows = await self.bandeja.only_page()
        return None if rows is None else tuple(SiacCase(**row, resolucion="") for row in rows)

    async def find(self, numero: str, *, known: bool = False) -> SiacCase | None:
        """The case as *Variaciones Corporativas* shows it; None where it does not wait there. Where
        the queue shows it as it is opened, it is not filtered, and one that is ``known`` not where
        it is shown already."""
        found = None
        if known or await self.cola.switch(Palabra.COLA):
            shown = await self.bandeja.rows()
            found = next((row for row in shown if row["numero"] == numero), None)
        if found is None:
            await self._filter(numero)
            found = await self.bandeja.show("numero", numero)
        return SiacCase(**found, resolucion="") if found else None

    async def _filter(self, numero: str) -> None:
        await self.cola.fill(Palabra.COLA)
        async with self.postback(by=self.filtrar):
            await fill_and_press([(self.numero, numero)], self.filtrar)

    async def take(self, numero: str) -> SiacCase:
        """Press *Tomar caso* in the row of a case that is shown; its page opens after it."""
        take = self.bandeja.control(numero, self.tomar_caso)
        taken = CasePage(self.portal, self.scope)

        async def press() -> None:
            async with self.postback(by=take, shows=taken.saved):
                await take.click()

        fields = {self.numero.name: numero}
        return await self.portal.submit("toma del caso", fields, self.scope, press, taken.kept)
