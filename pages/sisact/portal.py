"""SISACT: the sale's evaluation (SEC), to be read only."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Page

from pages.contract.errors import AccessDenied, PortalDown, SessionBusy, SessionLost
from pages.contract.ports import SISACT
from pages.contract.sisact import SecRecord
from pages.core.base_portal import Portal
from pages.core.diagnosis import DialogRule, ErrorSignature
from pages.core.inspection import Inspection, KnownCase
from pages.sisact.consulta import ConsultaPage
from pages.sisact.login import Frames, HeaderFrame, LoginPage, MenuFrame
from pages.sisact.sec import SecPage


class SisactPortal(Portal):
    """The portal's search for one SEC, and its evaluation."""

    name = SISACT
    error_signatures = (
        ErrorSignature(re.compile("Su sesión ha expirado"), SessionLost, "la sesión expiró"),
        ErrorSignature(
            re.compile("Su sesión ha sido cerrada"),
            SessionBusy,
            "la sesión fue tomada: el usuario ingresó en otro equipo",
        ),
        ErrorSignature(
            re.compile("Validation of viewstate MAC failed|Invalid postback or callback argument"),
            SessionLost,
            "la página venció antes de enviarse",
        ),
        ErrorSignature(
            re.compile("Usuario o contraseña incorrectos"),
            AccessDenied,
            "usuario o contraseña incorrectos",
        ),
        ErrorSignature(re.compile("Sistema en mantenimiento"), PortalDown, "está en mantenimiento"),
        ErrorSignature(
            re.compile("Server Error in '.*' Application|Error de servidor en la aplicación"),
            PortalDown,
            "respondió con un error",
        ),
        ErrorSignature(
            re.compile("No se pudo recuperar la evaluación"),
            PortalDown,
            "no pudo abrir la evaluación",
        ),
    )
    dialogs = (DialogRule(re.compile("validar la titularidad", re.IGNORECASE)),)

    #: whether the last reading ended midway, so that its window may show anything
    _astray = False

    async def log_in(self, page: Page) -> None:
        await self.go(page, self.account.url, LoginPage.title)
        login, menu = LoginPage(self, page), MenuFrame(self, Frames(self, page).links)

        async def look() -> bool | None:
            if await menu.evaluacion.is_shown():
                return True  # the session of a window that was closed is still open
            return False if await login.ingresar.is_shown() else None

        if not await self.until(look, LoginPage.title, "usuario y contraseña"):
            await login.enter(self.account.username, self.account.password)
            await menu.loaded()

    async def log_out(self, page: Page) -> None:
        await self.close_popups()
        header = await HeaderFrame(self, Frames(self, page).header).loaded()
        await header.cerrar_sesion.click()
        await LoginPage(self, page).loaded()

    async def inspect_pages(self, see: Inspection, known: KnownCase | None) -> None:
        async with self.before_login(see) as login:
            await see.look_ready(LoginPage(self, login))
        page = await self.main()
        frames = Frames(self, page)
        await see.look(await HeaderFrame(self, frames.header).loaded())
        consulta = await self._consulta(page)
        await see.look(await MenuFrame(self, frames.links).loaded())
        await see.look(consulta, "numero", "buscar")
        if known is not None and known.sec:
            async with see.going_on(self):
                await self._inspect_sec(consulta, see, known.sec)
        await self.close_popups()

    async def _inspect_sec(self, consulta: ConsultaPage, see: Inspection, numero: str) -> None:
        if not await consulta.open_sec(numero):
            return
        await see.look(consulta, "resultado")
        sec = await self._sec_window()
        await see.look_but(sec, "lineas", "oferta")
        await sec.lineas_tab.open()
        await see.look(sec, "lineas")
        async with sec.postback():
            await sec.descripcion_tab.open()
        await see.look(sec, "oferta")

    async def read_sec(self, numero: str, picture: Path | None = None) -> SecRecord | None:
        """Datos de la evaluación of this SEC; None where SISACT has none with exactly this number.

        ``picture`` is where a PNG of the tab *Descripción* is kept as evidence, with mode 0600.
        """
        if self._astray:
            # Until now its windows were left as they were, for the picture of what went wrong.
            await self.forget()
        page = await self.main()
        self._astray = True
        record = await self._read_sec(page, numero, picture)
        await self.close_popups()
        self._astray = False
        return record

    async def _read_sec(self, page: Page, numero: str, picture: Path | None) -> SecRecord | None:
        consulta = await self._consulta(page)
        if not await consulta.open_sec(numero):
            return None
        sec = await self._sec_window()
        record = await sec.read(numero)
        if picture is not None:
            await sec.save_picture(picture)
        return record

    async def _consulta(self, page: Page) -> ConsultaPage:
        frames = Frames(self, page)
        consulta = ConsultaPage(self, frames.work)
        if not await consulta.buscar.is_shown():
            menu = await MenuFrame(self, frames.links).loaded()
            await menu.open_consulta()
            await consulta.loaded()
        return consulta

    async def _sec_window(self) -> SecPage:
        title = SecPage.window_title.on(self)
        sec = await SecPage.popped_up(self, title, ConsultaPage.title)
        await sec.settled()
        return sec
