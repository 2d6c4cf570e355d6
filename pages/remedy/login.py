"""Login: its page, what that says of another session, and the first page behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from pages.contract.text import clean
from pages.core.elements import button, field, heading, link, secret
from pages.core.page import PortalPage
from pages.core.portal_map import Word, phrase

LIMA = timezone(timedelta(hours=-5))


class LoginPage(PortalPage):
    """The login page, which also tells of the user's other session."""

    title = "Inicio de sesión"
    ready = usuario = field("Nombre de usuario")
    contrasena = secret("Contraseña")
    entrar = button("Iniciar sesión")
    finalizar = button("Finalizar esa sesión")
    #: how it says that there is one, since when and from where
    ocupada = Word("ARERR 9084")
    desde = Word("desde el {momento} en {equipo}")

    async def enter(self, user: str, password: Callable[[], str]) -> None:
        await self.usuario.fill(user)
        await self.contrasena.fill(password)
        await self.entrar.click()

    async def end_other(self, password: Callable[[], str]) -> None:
        """End the user's other session, which asks for the password again."""
        await self.contrasena.fill(password)
        await self.finalizar.click()

    async def other_session(self) -> tuple[datetime, str] | None:
        """Since when and from where the user is connected, where the page says so."""
        words = clean(await self.scope.locator("body").inner_text())
        since = phrase(self.desde).search(words) if self.ocupada in words else None
        if since is None:
            return None
        opened = datetime.strptime(since[1], "%d/%m/%Y %H:%M:%S").replace(tzinfo=LIMA)
        return opened, since[2]


class ConsolePage(PortalPage):
    """The first page behind the login."""

    title = "Consola de inicio de TI"
    ready = titulo = heading("Consola de inicio de TI")
    aplicaciones = button("Aplicaciones")
    nueva = link("Nueva incidencia")
    buscar = link("Buscar incidencia")
