"""The frames of SIAC Único: login, menu, and the work area in which its pages open."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from playwright.async_api import Page

from pages.core.asking import Scope
from pages.core.aspnet import AspNetPage
from pages.core.base_portal import Portal
from pages.core.elements import (
    Bound,
    Element,
    button,
    field,
    heading,
    link,
    named,
    secret,
)
from pages.core.frames import FrameName
from pages.core.messages import BoundRefusal
from pages.core.page import PortalPage
from pages.core.portal_map import Word


class Frames:
    """The three frames of the main window, by their titles."""

    cabecera = FrameName("Cabecera", by="title")
    menu = FrameName("Menú", by="title")
    trabajo = FrameName("Área de trabajo", by="title")
    trabajo_por_nombre = Word("trabajo")

    def __init__(self, portal: Portal, window: Page) -> None:
        self.names = portal.names
        self.header = Frames.cabecera.find(self, window)
        self.links = Frames.menu.find(self, window)
        # Found as itself once it is there: measured, that answers in half the time of a frame that
        # is looked for anew at each call.
        by_name = window.frame(name=self.trabajo_por_nombre)
        self.work: Scope = by_name or Frames.trabajo.find(self, window)


def group(legend: str) -> Element[Bound]:
    """A framed group of fields, by its legend."""
    return Element(Bound, legend, named("group"))


async def accepted(page: AspNetPage, yes: Bound, no: BoundRefusal) -> None:
    """Wait for what the portal says to a submit; raises `FormRefused` where it says no."""

    if page.has_come(yes):
        return

    async def answer() -> bool | None:
        if await yes.is_shown():
            return True
        await no.diagnose()
        return None

    await page.portal.until(answer, page.title, "respuesta del portal")


class LoginPage(AspNetPage):
    """The login page."""

    title = "Ingreso a SIAC Único"
    usuario = field("Usuario")
    contrasena = secret("Contraseña")
    ready = ingresar = button("Ingresar")

    async def enter(self, username: str, password: Callable[[], str]) -> None:
        await self.usuario.fill(username)
        await self.contrasena.fill(password)
        async with self.postback(by=self.ingresar):
            await self.ingresar.click()


class Banner(PortalPage):
    """The frame above the others, with the way out."""

    title = "Cabecera"
    ready = cerrar_sesion = link("Cerrar sesión")


class Goodbye(PortalPage):
    """The page after the logout."""

    title = "Cierre de sesión"
    ready = ingresar = link("Ingresar")


class Menu(PortalPage):
    """The frame of the menu."""

    title = "Menú principal"
    consulta_de_cliente = link("Consulta de cliente")
    consulta_de_casos = link("Consulta de casos")
    registrar_caso = link("Registrar caso")
    ready = bandeja_de_casos = link("Bandeja de casos")

    async def choose(self, entry: str) -> None:
        """Click an entry, by its name here; its page opens in the work area."""
        await getattr(self, entry).click()


class WorkPage(AspNetPage):
    """A page of the work area; ``menu`` is the entry of `Menu` that opens it."""

    menu: ClassVar[str]


class Home(AspNetPage):
    """The first page of the work area."""

    title = "Bienvenida"
    ready = heading("Bienvenido a SIAC Único")
