"""Consulta de cliente: the client by RUC."""

from __future__ import annotations

from typing import Any

from pages.contract.errors import PageChanged
from pages.contract.siac import ClientRecord, Executive
from pages.contract.text import same
from pages.core.elements import button, field, heading, shown, term, text
from pages.core.filling import fill_and_press
from pages.core.grid import headed
from pages.core.page import PortalPage
from pages.core.page_part import PagePart
from pages.core.paged import paged
from pages.core.portal_map import Word
from pages.siac.words import MOSTRADOS, Grids, Palabra, is_yes
from pages.siac.work import WorkPage, group


class ClientData(PortalPage):
    """The group of the client's own fields."""

    title = "Datos del cliente"
    ruc = shown("N° de RUC")
    ready = razon_social = shown("Razón social")
    segmento = term("Segmento")
    en_cartera = term("Cliente carterizado", is_yes)
    nombre_del_ejecutivo = term("Ejecutivo")
    canal_del_ejecutivo = term("Canal del ejecutivo")
    correo_del_ejecutivo = shown("Correo del ejecutivo")

    async def read(self) -> tuple[dict[str, Any], Executive | None]:
        """The client's own fields, and its executive, where one is assigned."""
        own, (name,) = await self.fields_and(ClientRecord, "nombre_del_ejecutivo")
        if same(name, Palabra.SIN_ASIGNAR):
            return own, None
        others = await self.texts("canal_del_ejecutivo", "correo_del_ejecutivo")
        return own, Executive(
            nombre=name,
            canal=others["canal_del_ejecutivo"],
            correo=others["correo_del_ejecutivo"],
        )


class ClientPage(WorkPage):
    """The search for a client by RUC, with its contacts and lines."""

    title = "Consulta de cliente"
    menu = "consulta_de_cliente"
    ready = heading("Consulta de cliente")
    ruc = field("RUC")
    buscar = button("Buscar")
    grupo = group("Datos del cliente")
    datos = PagePart(ClientData, grupo)
    no_encontrado = text("No se encontró información para el RUC ingresado.")

    async def search(self, ruc: str) -> bool:
        """Whether there is such a client; its data are then on the page."""
        async with self.postback(by=self.buscar, reads=self.datos.ruc):
            await fill_and_press([(self.ruc, ruc)], self.buscar)
        if self.answer_holds == [ruc]:
            return True
        if await self.no_encontrado.is_shown():
            return False
        if await self.datos.ruc.read() != ruc:
            raise PageChanged(self.portal.name, self.title, "se muestra otro cliente")
        return True

    contactos_autorizados = headed(
        "Contactos autorizados",
        dni="DNI",
        nombre="Nombres y apellidos",
        correo="Correo electrónico",
    ).telling(empty=Grids.sin_registros)

    buscar_linea = field("Buscar línea")
    filtrar = button("Filtrar")
    sin_lineas = text("No se encontraron líneas.")
    lineas = (
        paged("Líneas del cliente", numero="N° línea", plan="Plan", estado="Estado")
        .by_headers()
        .telling(whole=MOSTRADOS, empty=sin_lineas)
    )
    ver = Word("Ver")

    async def find_lines(self, numero: str) -> set[str]:
        """The client's lines that are shown once this one was looked for, as a person would.

        A list of one page shows them all already.
        """
        shown = await self._shown_lines()
        if numero in shown or await self._shows_all_lines():
            return shown
        async with self.postback(by=self.filtrar):
            await fill_and_press([(self.buscar_linea, numero)], self.filtrar)
        await self.lineas.show("numero", numero)
        return await self._shown_lines()

    async def _shows_all_lines(self) -> bool:
        return not await self.lineas.has_pages() and not await self.buscar_linea.read()

    async def _shown_lines(self) -> set[str]:
        return {row["numero"] for row in await self.lineas.rows()}

    async def show_detail(self, numero: str) -> None:
        """Press *Ver* of a line that is shown; its detail opens in a window of its own."""
        await self.lineas.press(numero, self.ver)
