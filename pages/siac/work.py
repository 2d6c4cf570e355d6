"""The frames of SIAC Único: login, menu, and the work area in which its pages open."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from playwright.async_api import FrameLocator, Page

from pages.core.aspnet import AspNetPage
from pages.core.elements import (
    Bound,
    Element,
    Named,
    button,
    field,
    heading,
    link,
    secret,
)
from pages.core.messages import BoundRefusal
from pages.core.page import PortalPage


def frame(window: Page, title: str) -> FrameLocator:
    """A frame of the main window, by its title."""
    return window.frame_locator(f'frame[title="{title}"]')


def group(legend: str) -> Element[Bound]:
    """A framed group of fields, by its legend."""
    return Element(Bound, legend, Named("group", legend))


async def accepted(page: AspNetPage, yes: Bound, no: BoundRefusal) -> None:
    """Wait for what the portal says to a submit; raises `FormRefused` where it says no."""

    async def answer() -> bool | None:
        if await yes.is_shown():
            return True
        await no.diagnose()
        return None

    await page.portal.until(answer, page.title, "respuesta del portal")


class LoginPage(AspNetPage):
    """The login page."""

    title = "Ingreso a SIAC Único"
    ready = button("Ingresar")
    usuario = field("Usuario")
    contrasena = secret("Contraseña")
    ingresar = button("Ingresar")

    async def enter(self, username: str, password: Callable[[], str]) -> None:
        await self.usuario.fill(username)
        await self.contrasena.fill(password)
        async with self.postback():
            await self.ingresar.click()


class Banner(PortalPage):
    """The frame above the others, with the way out."""

    title = "Cabecera"
    ready = link("Cerrar sesión")
    cerrar_sesion = link("Cerrar sesión")


class Goodbye(PortalPage):
    """The page after the logout."""

    title = "Cierre de sesión"
    ready = link("Ingresar")


class Menu(PortalPage):
    """The frame of the menu."""

    title = "Menú principal"
    ready = link("Bandeja de casos")
    consulta_de_cliente = link("Consulta de cliente")
    consulta_de_casos = link("Consulta de casos")
    registrar_caso = link("Registrar caso")
    bandeja_de_casos = link("Bandeja de casos")

    async def choose(self, entry: str) -> None:
        """Click an entry; its page opens in the work area."""
        entries = (
            self.consulta_de_cliente,
            self.consulta_de_casos,
            self.registrar_caso,
            self.bandeja_de_casos,
        )
        await next(shown for shown in entries if shown.name == entry).click()


class WorkPage(AspNetPage):
    """A page of the work area; ``menu`` is the menu's entry that opens it."""

    menu: ClassVar[str]


class Home(AspNetPage):
    """The first page of the work area."""

    title = "Bienvenida"
    ready = heading("Bienvenido a SIAC Único")
