"""Registering cases, finding them, and noting something on them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path

from playwright.async_api import Page

from pages.contract.records import Record
from pages.core.aspnet import AspNetPage, cascade, looked_up
from pages.core.choices import choice
from pages.core.codecs import AMOUNT
from pages.core.controls import checkbox, checklist, radio, upload
from pages.core.elements import button, field, link, shown, titled
from pages.core.form import Form, typed
from pages.core.messages import refusal
from pages.core.paged import paged
from tests.webforms.pages.frames import WorkPage


class CaseDraft(Record):
    tipo: str
    clase: str
    subclase: str
    ruc: str
    prioridad: str
    llamada: bool
    servicios: tuple[str, ...]
    area: str
    documento: str
    documento_numero: str
    cargo: Decimal | None
    referencia: str
    detalle: str
    adjuntos: tuple[Path, ...]


class CaseRow(Record):
    numero: str
    referencia: str
    estado: str
    detalle: str
    notas: str


class RegisterPage(WorkPage, Form[CaseDraft]):
    """The form of a case: lists that post the whole page, validators, a confirm and a file."""

    title = "Registrar caso"
    branch = "Casos"
    ready = titled("Registrar caso")
    tipo = typed(cascade("Tipo"))
    clase = typed(cascade("Clase"))
    subclase = typed(choice("Subclase"))
    ruc = typed(looked_up("RUC del cliente"))
    prioridad = typed(radio("Prioridad"))
    llamada = typed(checkbox("Requiere llamada"))
    servicios = typed(checklist("Servicios"))
    area = typed(choice("Áreas"))
    documento = typed(choice("Documento"))
    documento_numero = typed(field("Documento"), "N° de documento")
    cargo = typed(field("Cargo fijo (S/)"), codec=AMOUNT)
    referencia = typed(field("Referencia externa"))
    detalle = typed(field("Detalle"))
    # last, as a postback of the whole page empties it
    adjuntos = typed(upload("Adjunto"))
    razon = shown("Razón social")
    registrar = button("Registrar")
    grabar = button("Grabar borrador")
    numero_generado = shown("N° de caso generado")
    archivo = shown("Archivo recibido")
    rechazo = refusal()

    async def register(self, window: Page, draft: CaseDraft) -> str:
        """Press *Registrar* once; the number that the portal gives."""
        return await self._send(window, draft, self.registrar.click)

    async def save_unasked(self, window: Page, draft: CaseDraft) -> str:
        """Press *Grabar borrador*, which asks nothing."""
        return await self._send(window, draft, self.grabar.click)

    async def _send(
        self, window: Page, draft: CaseDraft, click: Callable[[], Awaitable[None]]
    ) -> str:
        async def press() -> None:
            async with self.postback(unless=self.rechazo):
                await click()

        return await self.portal.submit(
            "registro del caso", self.described(draft), window, press, self._number, draft
        )

    async def _number(self) -> str:
        async def look() -> bool | None:
            if await self.numero_generado.is_shown():
                return True
            await self.rechazo.diagnose()
            return None

        await self.portal.until(look, self.title, "respuesta del portal")
        return await self.numero_generado.read()


class QuickPage(WorkPage):
    """A short form in an UpdatePanel."""

    title = "Registro rápido"
    branch = "Casos"
    ready = titled("Registro rápido")
    tipo = cascade("Tipo")
    clase = choice("Clase")
    referencia = field("Referencia externa")
    registrar = button("Registrar")


class CasesPage(WorkPage):
    """The cases, with controls in their rows and pagers above and below."""

    title = "Consulta de casos"
    branch = "Casos"
    ready = titled("Consulta de casos")
    referencia = field("Referencia")
    estado = choice("Estado")
    buscar = link("Buscar")
    elegido = shown("Caso elegido")
    casos = paged(
        "casos",
        numero="N° de caso",
        referencia="Referencia",
        estado="Estado",
        detalle="Detalle",
        notas="Notas",
    ).by_headers()

    async def search(self, referencia: str = "", estado: str = "Todos") -> tuple[CaseRow, ...]:
        await self.referencia.fill(referencia)
        await self.estado.fill(estado)
        async with self.postback():
            await self.buscar.click()
        return tuple(CaseRow(**row) for row in await self.casos.all_rows())

    async def press(self, numero: str, name: str) -> None:
        """A button or a link in the row of a case."""
        async with self.postback():
            await self.casos.press(numero, name)


class NoteWindow(AspNetPage):
    """A window that closes itself once the note is saved."""

    title = "Agregar nota"
    numero = shown("N° de caso")
    nota = field("Nota")
    guardar = button("Guardar")
    ready = guardar

    async def save(self, nota: str) -> None:
        await self.nota.fill(nota)
        async with self.postback():
            await self.guardar.click()
