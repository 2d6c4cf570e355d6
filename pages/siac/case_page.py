"""Caso: everything of one case, and what an advisor does with it."""

from __future__ import annotations

from playwright.async_api import Page

from pages.core.aspnet import AspNetPage
from pages.core.elements import (
    Bound,
    BoundButton,
    BoundField,
    Element,
    button,
    choice,
    field,
    shown,
)
from pages.core.errors import FormAltered
from pages.core.grid import captioned
from pages.core.page import PortalPage
from pages.core.text import day
from pages.siac.records import SiacCase
from pages.siac.words import TIPO_DE_RESOLUCION, escenario, numbers
from pages.siac.work import group


class CaseData(PortalPage):
    """Datos del caso"""

    ready = shown("Estado del caso")
    numero = shown("N° de caso")
    referencia = shown("Referencia externa")
    sec = shown("N° de SEC")
    ruc = shown("RUC del cliente")
    lineas = shown("Líneas")
    cola = shown("Cola de atención")
    estado = shown("Estado del caso")
    subclase = shown("Subclase")
    creado = shown("Fecha de creación")
    creado_por = shown("Creado por")
    resolucion = shown("Resolución")


class CasePage(AspNetPage):
    """Caso"""

    grupo = group("Datos del caso")
    ready = grupo
    actualizar = button("Actualizar")
    historial = captioned("Historial del caso")
    saved = Element(Bound, "mensaje de registro", lambda scope: scope.get_by_role("status"))
    refused = Element(Bound, "mensaje de rechazo", lambda scope: scope.get_by_role("alert"))

    nueva_referencia = field("Nueva referencia externa")
    guardar_referencia = button("Guardar referencia")
    nueva_nota = field("Nueva nota")
    agregar_nota = button("Agregar nota")
    tipo_de_resolucion = choice("Tipo de resolución")
    texto_de_la_resolucion = field("Texto de la resolución")
    cerrar_caso = button("Cerrar caso")

    @property
    def datos(self) -> CaseData:
        return CaseData(self.portal, self.grupo.locator)

    async def shows(self, numero: str) -> bool:
        """Whether this case is the one that is open now."""
        return await self.grupo.is_shown() and await self.datos.numero.read() == numero

    async def refresh(self) -> None:
        async with self.postback():
            await self.actualizar.click()

    async def read(self) -> SiacCase:
        datos = self.datos
        return SiacCase(
            numero=await datos.numero.read(),
            referencia=await datos.referencia.read(),
            sec=await datos.sec.read(),
            ruc=await datos.ruc.read(),
            lineas=numbers(await datos.lineas.read()),
            cola=await datos.cola.read(),
            estado=await datos.estado.read(),
            escenario=escenario(await datos.subclase.read()),
            resolucion=await datos.resolucion.read(),
            creado=day(await datos.creado.read()),
            creado_por=await datos.creado_por.read(),
            notas=tuple(row["nota"] for row in await self.historial.rows()),
        )

    async def write_reference(self, window: Page, referencia: str) -> SiacCase:
        await self.nueva_referencia.fill(referencia)
        return await self._save(
            "referencia externa",
            window,
            self.guardar_referencia,
            (self.nueva_referencia, referencia),
        )

    async def add_note(self, window: Page, texto: str) -> SiacCase:
        await self.nueva_nota.fill(texto)
        return await self._save("nota", window, self.agregar_nota, (self.nueva_nota, texto))

    async def close(self, window: Page, resolucion: str) -> SiacCase:
        await self.tipo_de_resolucion.choose(TIPO_DE_RESOLUCION)
        await self.texto_de_la_resolucion.fill(resolucion)
        return await self._save(
            "cierre del caso", window, self.cerrar_caso, (self.texto_de_la_resolucion, resolucion)
        )

    async def _save(
        self, what: str, window: Page, button: BoundButton, typed: tuple[BoundField, str]
    ) -> SiacCase:
        """Press once, and read the case as it is shown after it."""
        await typed[0].expect(typed[1])

        async def press() -> None:
            async with self.postback():
                await button.click()

        return await self.portal.submit(what, window, press, self.kept)

    async def kept(self) -> SiacCase:
        """The case after a write; `FormAltered` where the portal refused it."""

        async def answer() -> Bound | None:
            for message in (self.saved, self.refused):
                if await message.is_shown():
                    return message
            return None

        message = await self.portal.until(answer, self.title, "respuesta del portal")
        if message.name == self.refused.name:
            raise FormAltered(self.portal.name, self.title, "el portal rechazó lo registrado")
        return await self.read()
