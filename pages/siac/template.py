"""Registrar caso: the template (*plantilla*) with its cascading classification."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from playwright.async_api import Page

from pages.contract.errors import FormAltered
from pages.contract.records import altered
from pages.contract.siac import CaseDraft
from pages.contract.text import same
from pages.core.elements import Bound, BoundChoice, Element, button, choice, field, heading, shown
from pages.siac.words import CLASE, COLA, TIPO, cargo
from pages.siac.work import WorkPage, accepted


def altered_fields(draft: CaseDraft, kept: Mapping[str, str]) -> tuple[str, ...]:
    """What the portal keeps otherwise than it was typed or chosen, by the names of its case page
    (see `CaseData.read_typed`)."""
    typed: dict[str, str | Decimal] = {
        "Referencia externa": draft.referencia,
        "N° de SEC": draft.sec,
        "RUC del cliente": draft.ruc,
        "Líneas": ", ".join(draft.lineas),
        "Cola de atención": COLA,
        "Subclase": draft.subclase,
        "Tipo": TIPO,
        "Clase": CLASE,
        "Canal de atención": draft.canal,
        "Contacto": draft.contacto,
        "DNI del contacto": draft.contacto_dni,
        "Campaña": draft.campana,
        "Cargo ofrecido": "" if draft.cargo is None else draft.cargo,
        "Detalle": draft.detalle,
    }
    return altered(typed, kept)


class TemplatePage(WorkPage):
    """The template (*plantilla*) of a new case."""

    title = "Registrar caso"
    menu = "Registrar caso"
    ready = heading("Registrar caso")
    tipo = choice("Tipo")
    clase = choice("Clase")
    subclase = choice("Subclase")
    cola = choice("Cola de derivación")
    canal = choice("Canal de atención")
    ruc = field("RUC del cliente")
    sec = field("N° de SEC")
    lineas = field("Líneas afectadas")
    contacto = field("Contacto")
    dni = field("DNI del contacto")
    campana = field("Campaña ofrecida")
    cargo = field("Cargo fijo ofrecido")
    referencia = field("Referencia externa")
    detalle = field("Detalle del caso")
    registrar = button("Registrar")
    registrado = heading("Caso registrado")
    numero_generado = shown("N° de caso generado")
    refused = Element(Bound, "mensaje de rechazo", lambda scope: scope.get_by_role("alert"))

    async def fill(self, draft: CaseDraft) -> None:
        """Type the draft, and see that the whole form holds it once all is typed."""
        await self._classify(self.tipo, TIPO)
        await self._classify(self.clase, CLASE)
        chosen = {
            self.subclase: draft.subclase,
            self.cola: COLA,
            self.canal: draft.canal,
        }
        typed = {
            self.sec: draft.sec,
            self.lineas: "\n".join(draft.lineas),
            self.contacto: draft.contacto,
            self.dni: draft.contacto_dni,
            self.campana: draft.campana,
            self.cargo: cargo(draft.cargo),
            self.referencia: draft.referencia,
            self.detalle: draft.detalle,
        }
        async with self.postback():  # the portal looks the client up
            await self.ruc.fill(draft.ruc)
        for element, text in chosen.items():
            await element.choose(text)
        for box, text in typed.items():
            await box.fill(text)
        await self.settled()
        for box, text in {self.ruc: draft.ruc, **typed}.items():
            await box.expect(text)
        for element, text in {self.tipo: TIPO, self.clase: CLASE, **chosen}.items():
            if not same(await element.read(), text):
                raise FormAltered(
                    self.portal.name, self.title, f"«{element.name}» no conserva lo elegido"
                )

    async def _classify(self, element: BoundChoice, text: str) -> None:
        """Choose where the choice fills the list below it, and wait until it has."""
        if same(await element.read(), text):
            return
        async with self.postback():
            await element.choose(text)

    async def register(self, window: Page, draft: CaseDraft) -> str:
        """Press *Registrar* once, and give the number that the portal confirms. ``draft`` is what
        was typed."""

        async def press() -> None:
            async with self.postback():
                await self.registrar.click()

        chosen = {
            self.tipo.name: TIPO,
            self.clase.name: CLASE,
            self.subclase.name: draft.subclase,
            self.cola.name: COLA,
        }
        what, fields = "registro del caso", chosen | draft.model_dump(exclude={"subclase"})
        return await self.portal.submit(what, fields, window, press, self._number)

    async def _number(self) -> str:
        await accepted(self, self.registrado, self.refused)
        return await self.numero_generado.read()
