"""Registrar caso: the template (*plantilla*) with its cascading classification."""

from __future__ import annotations

from pages.contract.siac import CaseDraft
from pages.contract.text import clean
from pages.core.aspnet import cascade, looked_up
from pages.core.choices import choice
from pages.core.codecs import AMOUNT, Lines
from pages.core.elements import button, field, heading, shown
from pages.core.form import Form, entries, typed
from pages.core.messages import refusal
from pages.siac.case_page import CaseData
from pages.siac.words import Palabra
from pages.siac.work import WorkPage, accepted


class TemplatePage(WorkPage, Form[CaseDraft]):
    """The template (*plantilla*) of a new case."""

    title = "Registrar caso"
    menu = "registrar_caso"
    ready = heading("Registrar caso")
    tipo = typed(cascade("Tipo"), always=Palabra.TIPO)
    clase = typed(cascade("Clase"), always=Palabra.CLASE)
    ruc = typed(looked_up("RUC del cliente"))
    subclase = typed(choice("Subclase"))
    cola = typed(choice("Cola de derivación"), always=Palabra.COLA)
    canal = typed(choice("Canal de atención"))
    sec = typed(field("N° de SEC"))
    lineas = typed(field("Líneas afectadas"), codec=Lines("\n"))
    contacto = typed(field("Contacto"))
    contacto_dni = typed(field("DNI del contacto"))
    campana = typed(field("Campaña ofrecida"))
    cargo = typed(field("Cargo fijo ofrecido"), codec=AMOUNT)
    referencia = typed(field("Referencia externa"))
    detalle = typed(field("Detalle del caso"))
    registrar = button("Registrar")
    registrado = heading("Caso registrado")
    numero_generado = shown("N° de caso generado")
    refused = refusal()

    async def expect(self, draft: CaseDraft) -> None:
        await self.settled()
        await super().expect(draft)

    @classmethod
    async def altered_fields(cls, draft: CaseDraft, datos: CaseData) -> tuple[str, ...]:
        """The labels of what a case's page shows otherwise than it was typed or chosen here: it has
        a field of the same name for each one here."""
        return tuple(cls.altered(draft, await datos.texts(*entries(cls))))

    async def register(self, draft: CaseDraft) -> str:
        """Press *Registrar* once, and give the number that the portal confirms. ``draft`` is what
        was typed."""

        async def press() -> None:
            number = self.numero_generado
            async with self.postback(by=self.registrar, shows=self.registrado, reads=number):
                await self.registrar.click()

        return await self.portal.submit(
            "registro del caso", self.described(draft), self.scope, press, self._number, draft
        )

    async def _number(self) -> str:
        held = self.answer_holds or ()
        await accepted(self, self.registrado, self.refused)
        if len(held) == 1 and (number := clean(held[0])):
            return number
        return await self.numero_generado.read()
