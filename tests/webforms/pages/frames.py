"""The login, and the frames that come after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from playwright.async_api import Page

from pages.core.asking import Scope
from pages.core.aspnet import AspNetPage
from pages.core.elements import button, field, link, secret
from pages.core.page import PortalPage


class LoginPage(AspNetPage):
    """The login of Forms authentication."""

    title = "Ingreso"
    usuario = field("Usuario")
    contrasena = secret("Contraseña")
    ingresar = button("Ingresar")
    ready = ingresar

    async def enter(self, username: str, password: Callable[[], str]) -> None:
        await self.usuario.fill(username)
        await self.contrasena.fill(password)
        async with self.postback():
            await self.ingresar.click()


class Header(PortalPage):
    """The frame above, with the way out."""

    title = "Cabecera"
    cerrar_sesion = link("Cerrar sesión")
    ready = cerrar_sesion


class Menu(PortalPage):
    """The tree of the menu."""

    title = "Menú"
    evaluacion = link("Evaluación")
    ready = evaluacion

    async def choose(self, branch: str, entry: str) -> None:
        """Follow an entry; its branch is opened where it is closed."""
        leaf = link(entry).on(self)
        if not await leaf.is_shown():
            await link(branch).on(self).click()
        await leaf.click()


class WorkPage(AspNetPage):
    """A page of the work area; the menu opens it by this branch and its title."""

    branch: ClassVar[str]


def frame(window: Page, name: str) -> Scope:
    return window.frame(name=name) or window.frame_locator(f"frame[name={name}]")
