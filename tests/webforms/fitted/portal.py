"""The portal that is fitted: it only reads."""

from __future__ import annotations

from playwright.async_api import Page

from pages.contract.ports import SISACT
from pages.core.base_portal import Portal
from pages.core.inspection import Inspection, KnownCase
from tests.webforms.fitted.pages import (
    Areas,
    Found,
    LineWindow,
    LoginPage,
    Options,
    SearchPage,
    SecWindow,
    Top,
    area,
)
from tests.webforms.pages.search import Evaluation, LineDetail


class Fitted(Portal):
    """Evaluations of the bench, under the name by which the commands know a portal."""

    name = SISACT

    async def log_in(self, page: Page) -> None:
        login, options = LoginPage(self, page), self._options(page)
        await self.go(page, self.account.url, login.title)

        async def look() -> bool | None:
            if await options.evaluaciones.is_shown():
                return True
            return False if await login.entrar.is_shown() else None

        if not await self.until(look, login.title, "usuario y contraseña"):
            await login.enter(self.account.username, self.account.password)
            await options.loaded()

    async def log_out(self, page: Page) -> None:
        await self.close_popups()
        await self._top(page).salir.click()
        await LoginPage(self, page).loaded()

    async def inspect_pages(self, see: Inspection, known: KnownCase | None) -> None:
        async with self.before_login(see) as login:
            await see.look(await LoginPage(self, login).loaded())
        page = await self.main()
        await see.look(await self._top(page).loaded())
        search = await self._search(page)
        await see.look(await self._options(page).loaded())
        await see.look_but(search, "encontradas", "nada")
        if known is not None and known.sec:
            async with see.going_on(self):
                await self._inspect_sec(search, see, known)
        await self.close_popups()

    async def _inspect_sec(self, search: SearchPage, see: Inspection, known: KnownCase) -> None:
        await search.ask_for("sin resultado")
        await see.look(search, "nada")
        await search.ask_for(known.sec)
        await see.look(search, "encontradas")
        sec = await self._chosen(search, known.sec)
        await see.look(sec, "generales", "lineas_tab", "oferta", "eventos_tab")
        await see.look(sec, "numero", "ruc", "razon", "estado", "persona")
        await sec.oferta.open()
        await see.look(sec, "plan", "cargo")
        await sec.eventos_tab.open()
        await see.look(sec, "eventos")
        await sec.lineas_tab.open()
        await see.look(sec, "lineas")
        line = await self._line(sec, known.linea)
        await see.look_but(line, "recibos")
        await line.recibos_tab.open()
        await see.look(line, "recibos")

    async def search(self) -> tuple[Found, ...]:
        return await (await self._search(await self.main())).search()

    async def read_sec(self, numero: str) -> Evaluation:
        return await (await self._evaluation(numero)).read()

    async def read_line(self, numero: str, linea: str) -> LineDetail:
        sec = await self._evaluation(numero)
        await sec.lineas_tab.open()
        return await (await self._line(sec, linea)).read()

    async def _evaluation(self, numero: str) -> SecWindow:
        await self.close_popups()
        search = await self._search(await self.main())
        await search.search(numero)
        return await self._chosen(search, numero)

    async def _chosen(self, search: SearchPage, numero: str) -> SecWindow:
        async with search.postback():
            await search.encontradas.press(numero, search.ver)
        title = SecWindow.window_title.on(self)
        return await SecWindow.popped_up(self, title, search.title)

    async def _line(self, sec: SecWindow, linea: str) -> LineWindow:
        async with sec.postback():
            await sec.lineas.press(linea, linea)
        title = LineWindow.window_title.on(self)
        return await LineWindow.popped_up(self, title, sec.title)

    async def _search(self, page: Page) -> SearchPage:
        search = SearchPage(self, area(Areas.centro.on(self), page))
        if not await search.consultar.is_shown():
            await (await self._options(page).loaded()).open_search()
            await search.loaded()
        return search

    def _options(self, page: Page) -> Options:
        return Options(self, area(Areas.opciones.on(self), page))

    def _top(self, page: Page) -> Top:
        return Top(self, area(Areas.arriba.on(self), page))
