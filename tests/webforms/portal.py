"""The bench's portal, fitted as SISACT and SIAC Único are."""

from __future__ import annotations

import re
from typing import ClassVar, TypeVar

from playwright.async_api import Page

from pages.contract.errors import AccessDenied, PortalDown, PortalError, SessionLost
from pages.core.base_portal import Portal
from pages.core.diagnosis import DialogRule, ErrorSignature
from tests.webforms.pages.cases import CaseDraft, CaseRow, CasesPage, NoteWindow, RegisterPage
from tests.webforms.pages.frames import Header, LoginPage, Menu, WorkPage, frame
from tests.webforms.pages.search import (
    Evaluation,
    EvaluationWindow,
    LineDetail,
    LineWindow,
    SearchPage,
    SecRow,
)

P = TypeVar("P", bound=WorkPage)


def _signature(words: str, error: type[PortalError], what: str) -> ErrorSignature:
    return ErrorSignature(re.compile(words, re.IGNORECASE), error, what)


class Ventanilla(Portal):
    """A portal of Web Forms: evaluations to be read, cases to be registered."""

    name = "Ventanilla"
    error_signatures = (
        _signature("su sesión ha expirado", SessionLost, "la sesión expiró"),
        _signature("usuario o contraseña incorrectos", AccessDenied, "usuario o clave rechazados"),
        _signature("sistema en mantenimiento", PortalDown, "está en mantenimiento"),
        _signature(
            "unable to validate data|validation of viewstate|invalid postback",
            SessionLost,
            "el formulario ya no vale",
        ),
        _signature("runtime error", PortalDown, "respondió con un error"),
    )
    dialogs: ClassVar[tuple[DialogRule, ...]] = (
        DialogRule(re.compile(r"^¿Desea registrar el caso\?$")),
        DialogRule(re.compile(r"^Se registró el caso N° \d+\.$")),
    )

    async def log_in(self, page: Page) -> None:
        login, menu = LoginPage(self, page), Menu(self, frame(page, "menu"))
        await self.go(page, self.account.url, login.title)

        async def first() -> LoginPage | Menu | None:
            if await login.ingresar.is_shown():
                return login
            return menu if await menu.evaluacion.is_shown() else None

        if await self.until(first, login.title, "usuario y contraseña") is login:
            await login.enter(self.account.username, self.account.password)
            await menu.loaded()

    async def log_out(self, page: Page) -> None:
        await Header(self, frame(page, "cabecera")).cerrar_sesion.click()
        await LoginPage(self, page).loaded()

    async def open(self, kind: type[P]) -> P:
        """A page of the work area as new, from the menu."""
        window = await self.main()
        await self.close_popups()
        page = kind(self, frame(window, "trabajo"))
        async with page.postback():  # the one that is there may be of the same kind
            await Menu(self, frame(window, "menu")).choose(kind.branch, kind.title)
        return await page.loaded()

    async def search(self, numero: str = "", ruc: str = "") -> tuple[SecRow, ...]:
        return await (await self.open(SearchPage)).search(numero, ruc)

    async def read_sec(self, numero: str) -> Evaluation:
        return await (await self._evaluation(numero)).read()

    async def read_line(self, numero: str, linea: str) -> LineDetail:
        evaluation = await self._evaluation(numero)
        await evaluation.lineas_tab.open()
        async with evaluation.postback():
            await evaluation.lineas.press(linea, linea)
        window = await LineWindow.popped_up(self, LineWindow.title, evaluation.title)
        return await window.read()

    async def _evaluation(self, numero: str) -> EvaluationWindow:
        page = await self.open(SearchPage)
        await page.search(numero)
        async with page.postback():
            await page.resultado.press(numero, "Ver")
        return await EvaluationWindow.popped_up(self, EvaluationWindow.title, page.title)

    async def register(self, draft: CaseDraft) -> str:
        page = await self.open(RegisterPage)
        await page.fill(draft)
        await page.expect(draft)
        return await page.register(await self.main(), draft)

    async def cases(self, referencia: str = "", estado: str = "Todos") -> tuple[CaseRow, ...]:
        return await (await self.open(CasesPage)).search(referencia, estado)

    async def add_note(self, numero: str, nota: str) -> None:
        page = await self.open(CasesPage)
        await page.press(numero, "Agregar nota")
        window = await NoteWindow.popped_up(self, NoteWindow.title, page.title)
        await window.save(nota)
