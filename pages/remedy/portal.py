"""BMC Remedy: incidents are searched and filed, with one session for each user."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from playwright.async_api import BrowserContext, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from pages.contract.errors import AccessDenied, PortalDown, PortalSlow, SessionBusy, SessionLost
from pages.contract.ports import REMEDY
from pages.contract.remedy import Incident, IncidentDraft
from pages.core.account import Account, Limits
from pages.core.base_portal import Portal
from pages.core.diagnosis import DialogRule, ErrorSignature
from pages.core.elements import Bound, BoundButton, link
from pages.core.inspection import Inspection, KnownCase
from pages.core.page import PortalPage
from pages.core.screen import Told
from pages.core.staged_files import staged
from pages.remedy.incident import Palabra
from pages.remedy.login import ConsolePage, LoginPage
from pages.remedy.new_incident import NewIncidentPage
from pages.remedy.search import SearchPage
from pages.single_session import OneSession

P = TypeVar("P", bound=PortalPage)


class Toolbar(PortalPage):
    """The links over every incident form."""

    title = "Barra de herramientas"
    ready = nueva = link("Nueva solicitud")
    buscar = link("Nueva búsqueda")
    inicio = link("Inicio")
    salir = link("Cerrar sesión")


class RemedyPortal(Portal):
    """BMC Remedy in a user's one session. ``own`` knows which other session of the user is the
    robot's orphan; any other is a person's, and never ended."""

    name = REMEDY
    words = Palabra
    way_out = "/arsys/servlet/LogoutServlet"
    error_signatures = (
        ErrorSignature(re.compile(r"ARERR 9201"), SessionLost, "la sesión terminó"),
        ErrorSignature(re.compile(r"ARERR 9388"), AccessDenied, "usuario o contraseña rechazados"),
        ErrorSignature(re.compile(r"ARERR 9351"), PortalDown, "error de red o de servidor"),
        ErrorSignature(re.compile(r"^Sistema en mantenimiento"), PortalDown, "en mantenimiento"),
        ErrorSignature(re.compile(r"^Error \d{3}\b"), PortalDown, "respondió con un error"),
    )
    dialogs = (DialogRule(re.compile("cambios no guardados se perderán")),)

    def __init__(
        self,
        context: BrowserContext,
        account: Account,
        *,
        limits: Limits | None = None,
        own: OneSession | None = None,
    ) -> None:
        super().__init__(context, account, limits=limits)
        self.own = own
        self._ended = False

    # the session

    async def log_in(self, page: Page) -> None:
        """Log in, from any page to the console. Raises `AccessDenied`, and `SessionBusy` where the
        user is connected elsewhere: ``what`` says since when and from where."""
        await self.go(page, self.account.url, LoginPage(self, page).title)
        self._ended = False
        login, console = LoginPage(self, page), ConsolePage(self, page)

        async def arrived() -> Bound | None:
            for element in (console.titulo, login.usuario):
                if await element.is_shown():
                    return element
            return None

        if (await self.until(arrived, login.title, login.usuario.name)).page is console:
            return
        if self.own:
            await asyncio.to_thread(self.own.entering)
        await login.enter(self.account.username, self.account.password)
        other = await self._inside_or_busy(login, console)
        if other is None:
            return
        is_orphan = self.own is not None and await asyncio.to_thread(self.own.began, other[0])
        if is_orphan and await login.finalizar.is_shown():
            await login.end_other(self.account.password)
            other = await self._inside_or_busy(login, console, refused=True)
        if other is not None:
            if self.own:
                await asyncio.to_thread(self.own.stayed_out)
            since, host = other
            raise SessionBusy(
                self.name,
                login.title,
                f"el usuario está conectado desde el {since:%d/%m/%Y %H:%M:%S} en {host}",
            )

    async def _inside_or_busy(
        self, login: LoginPage, console: ConsolePage, *, refused: bool = False
    ) -> tuple[datetime, str] | None:
        """None once inside; else the user's other session. After its end was asked for, the page
        that offered it says nothing new: only one without that offer is the answer."""

        async def look() -> tuple[tuple[datetime, str] | None] | None:
            if await console.titulo.is_shown():
                return (None,)
            if refused and await login.finalizar.is_shown():
                return None
            other = await login.other_session()
            return None if other is None else (other,)

        return (await self.until(look, login.title, console.titulo.name))[0]

    async def diagnose(self, known: Mapping[Page, Told] | None = None) -> None:
        """Diagnose as any portal does; and remember a session that ended, whatever is shown."""
        try:
            await super().diagnose(known)
        except SessionLost:
            self._ended = True
            raise

    async def log_out(self, page: Page) -> None:
        toolbar = Toolbar(self, page)
        if not await self._usable(page):
            await self.go(page, self.account.url, toolbar.title)
        await self._follow(page, toolbar.salir)

    # getting about

    async def _usable(self, page: Page) -> bool:
        """Whether this is a page of the portal with nothing lying over it."""
        console, form = ConsolePage(self, page), Toolbar(self, page)

        async def is_covered() -> bool:
            return await page.locator("iframe").count() > 0

        if self._ended or await self.now(is_covered, console.title, console.titulo.name):
            return False
        return await console.titulo.is_shown() or await form.nueva.is_shown()

    async def _open(self, kind: type[P]) -> P:
        """This kind of incident form, freshly loaded, from wherever the portal was left."""
        page = await self.main()
        if not await self._usable(page):
            await self.log_in(page)
        console, toolbar = ConsolePage(self, page), Toolbar(self, page)
        searching = kind is SearchPage
        if await console.titulo.is_shown():
            menu = await console.aplicaciones.wait()
            async with self.acting(console.title, console.aplicaciones.name):
                await menu.hover()
            await self._follow(page, console.buscar if searching else console.nueva)
        else:
            await self._follow(page, toolbar.buscar if searching else toolbar.nueva)
        return await kind(self, page).loaded()

    async def _follow(self, page: Page, to: BoundButton) -> None:
        """Click a link and wait until its page has begun: the old one may look just like it."""
        limit = self.limits.visible * 1000
        async with self.acting(to.page.title, to.name):
            try:
                async with page.expect_navigation(wait_until="commit", timeout=limit):
                    await to.click()
            except PlaywrightTimeout as error:
                await self.diagnose()
                raise PortalSlow(self.name, to.page.title, "no respondió a tiempo") from error

    # what people do here

    async def inspect_pages(self, see: Inspection, known: KnownCase | None) -> None:
        async with self.before_login(see) as window:
            await see.look_ready(LoginPage(self, window), but=("finalizar",))
        console = await ConsolePage(self, await self.main()).loaded()
        menu = await console.aplicaciones.wait()
        async with self.acting(console.title, console.aplicaciones.name):
            await menu.hover()
        await see.look(console)
        async with see.going_on(self):
            form = await self._open(NewIncidentPage)
            await see.look(form)
            await see.look(Toolbar(self, form.scope))
        async with see.going_on(self):
            search = await self._open(SearchPage)
            await see.look(search, "buscar", "texto", "resultados", "adjuntos")
            if known is not None and known.sec:
                await search.search(known.sec)

    async def search(self, texto: str) -> tuple[Incident, ...]:
        """Every incident whose SEC or reference contains the text, read whole."""
        page = await self.main()
        form = SearchPage(self, page)
        if not (await self._usable(page) and await form.buscar.is_shown()):
            form = await self._open(SearchPage)
        return await form.search(texto)

    async def file(self, draft: IncidentDraft) -> str:
        """File an incident; its number where the portal shows it, else an empty text. Raises
        `WriteUncertain` where it may or may not have been filed."""
        form = await self._open(NewIncidentPage)
        async with staged(draft) as named:
            await form.fill(named)
        await form.expect(draft)
        sent = form.described(draft)
        return await self.submit(
            "Nueva incidencia", sent, form.scope, form.guardar.click, form.saved, draft
        )

    def altered_fields(self, draft: IncidentDraft, kept: Incident) -> tuple[str, ...]:
        """What an incident that was filed from this draft holds otherwise than it was typed."""
        return tuple(NewIncidentPage.altered(draft, kept.otros))
