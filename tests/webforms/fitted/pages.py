"""The pages, as somebody calls them who has never seen the application."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from playwright.async_api import Page

from pages.contract.records import Record
from pages.contract.text import amount
from pages.core.asking import Scope
from pages.core.aspnet import AspNetPage
from pages.core.elements import button, field, link, secret, shown, term, text, titled
from pages.core.grid import headed
from pages.core.page import PortalPage
from pages.core.paged import paged
from pages.core.portal_map import Word
from pages.core.tabs import tab
from pages.core.tabular import Column
from tests.webforms.pages.search import Evaluation, LineDetail


class Found(Record):
    """A row of the search, by names of ours."""

    evaluacion: str
    ruc: str
    cliente: str
    situacion: str
    mensual: Decimal


class Areas:
    """The frames, by their names."""

    arriba = Word("superior")
    opciones = Word("opciones")
    centro = Word("central")


class LoginPage(AspNetPage):
    """The login."""

    title = "Identificación"
    usuario = field("Código de usuario")
    clave = secret("Clave")
    entrar = button("Entrar")
    ready = entrar

    async def enter(self, username: str, password: Callable[[], str]) -> None:
        await self.usuario.fill(username)
        await self.clave.fill(password)
        async with self.postback():
            await self.entrar.click()


class Top(PortalPage):
    """The frame with the way out."""

    title = "Barra superior"
    salir = link("Salir")
    ready = salir


class Options(PortalPage):
    """The frame of the menu."""

    title = "Opciones"
    evaluaciones = link("Evaluaciones")
    buscar_sec = link("Buscar una SEC")
    ready = evaluaciones

    async def open_search(self) -> None:
        if not await self.buscar_sec.is_shown():
            await self.evaluaciones.click()
        await self.buscar_sec.click()


class SearchPage(AspNetPage):
    """The search."""

    title = "Búsqueda de SEC"
    encabezado = titled("Buscar SEC")
    numero = field("Número de SEC")
    ruc = field("RUC del cliente")
    consultar = button("Consultar")
    ready = consultar
    nada = text("No hay evaluaciones")
    ver = Word("Abrir")
    encontradas = (
        paged(
            "evaluaciones encontradas",
            evaluacion="Número de SEC",
            ruc="RUC del cliente",
            cliente="Nombre o razón social",
            situacion="Situación",
            mensual=Column("Cargo mensual", amount),
        )
        .by_headers()
        .telling(empty=nada)
    )

    async def ask_for(self, numero: str) -> None:
        await self.numero.fill(numero)
        await self.ruc.fill("")
        async with self.postback():
            await self.consultar.click()

    async def search(self, numero: str = "") -> tuple[Found, ...]:
        await self.ask_for(numero)
        return tuple(Found(**row) for row in await self.encontradas.all_rows())


class SecWindow(AspNetPage):
    """The window of one evaluation."""

    title = "Evaluación"
    window_title = Word("Ficha de la evaluación")
    ready = titled("Ficha de la evaluación")
    generales = tab("Generales")
    lineas_tab = tab("Números")
    oferta = tab("Oferta comercial")
    eventos_tab = tab("Bitácora")
    numero = shown("Número de SEC")
    ruc = shown("RUC del cliente")
    razon = shown("Nombre o razón social")
    estado = term("Situación")
    persona = shown("Persona")
    plan = shown("Plan contratado")
    cargo = shown("Cargo mensual", amount)
    lineas = paged("números", linea="Número de línea").by_headers()
    eventos = paged("bitácora", fecha="Día", evento="Suceso").by_headers()

    async def read(self) -> Evaluation:
        general = await self.texts("numero", "ruc", "razon", "estado", "persona")
        await self.lineas_tab.open()
        lineas = tuple(row["linea"] for row in await self.lineas.all_rows())
        await self.oferta.open()
        plan, cargo = await self.plan.read(), amount(await self.cargo.read())
        await self.eventos_tab.open()
        eventos = tuple(row["evento"] for row in await self.eventos.all_rows())
        return Evaluation(**general, plan=plan, cargo=cargo, lineas=lineas, eventos=eventos)


class LineWindow(AspNetPage):
    """The window of one line."""

    title = "Línea"
    window_title = Word("Ficha de la línea")
    datos = tab("Información")
    recibos_tab = tab("Recibos")
    ready = datos
    linea = shown("Número de línea")
    plan = shown("Plan contratado")
    cargo = shown("Cargo mensual", amount)
    observacion = shown("Comentario")
    recibos = headed("recibos", mes="Mes", monto=Column("Importe", amount))

    async def read(self) -> LineDetail:
        datos = await self.fields_of(LineDetail)
        await self.recibos_tab.open()
        recibos = tuple(row["monto"] for row in await self.recibos.rows())
        return LineDetail(**datos, recibos=recibos)


def area(name: str, window: Page) -> Scope:
    return window.frame(name=name) or window.frame_locator(f'frame[name="{name}"]')
