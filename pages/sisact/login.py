"""SISACT's login, and the frames that come after it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.async_api import Page

from pages.core.asking import Scope
from pages.core.aspnet import AspNetPage
from pages.core.base_portal import Portal
from pages.core.elements import button, field, link, secret
from pages.core.frames import FrameName
from pages.core.page import PortalPage


class LoginPage(AspNetPage):
    """The login page."""

    title = "Inicio de sesión"
    usuario = field("Usuario")
    contrasena = secret("Contraseña")
    ingresar = button("Ingresar")
    ready = ingresar

    async def enter(self, username: str, password: Callable[[], str]) -> None:
        await self.usuario.fill(username)
        await self.contrasena.fill(password)
        async with self.postback(by=self.ingresar):
            await self.ingresar.click()


class HeaderFrame(PortalPage):
    """The frame above the others, with the way out."""

    title = "Cabecera"
    cerrar_sesion = link("Cerrar sesión")
    ready = cerrar_sesion


class MenuFrame(PortalPage):
    """The frame of the menu."""

    title = "Menú"
    evaluacion = link("Evaluación")
    consulta_de_sec = link("Consulta de SEC")
    ready = evaluacion

    async def open_consulta(self) -> None:
        if not await self.consulta_de_sec.is_shown():
            await self.evaluacion.click()
        await self.consulta_de_sec.click()


class Frames:
    """The three frames of SISACT's window, by their names."""

    cabecera = FrameName("cabecera")
    menu = FrameName("menu")
    trabajo = FrameName("trabajo")

    def __init__(self, portal: Portal, window: Page) -> None:
        self.names = portal.names
        self.header = Frames.cabecera.find(self, window)
        self.links = Frames.menu.find(self, window)
        # found as itself where it is there already: that answers in half the time
        self.work: Scope = window.frame(name=self.trabajo) or Frames.trabajo.find(self, window)
