"""SIAC Único, as the flow uses it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import ClassVar, TypeVar

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page

from pages.contract.errors import (
    AccessDenied,
    FormAltered,
    PortalDown,
    PortalError,
    SessionBusy,
    SessionLost,
)
from pages.contract.ports import SIAC, LinePicture
from pages.contract.siac import CaseDraft, ClientRecord, Contact, LineRecord, QueuedCase, SiacCase
from pages.core.asking import Scope, together
from pages.core.base_portal import Portal
from pages.core.diagnosis import DialogRule, ErrorSignature
from pages.core.inspection import Inspection, KnownCase
from pages.siac.case_page import CasePage
from pages.siac.cases import CaseSearchPage
from pages.siac.client import ClientPage
from pages.siac.lines import LineWindow
from pages.siac.queue import QueuePage
from pages.siac.taken_pages import TakenPages
from pages.siac.template import TemplatePage
from pages.siac.words import Palabra
from pages.siac.work import Banner, Frames, Goodbye, Home, LoginPage, Menu, WorkPage

P = TypeVar("P", bound=WorkPage)


def _signature(words: str, error: type, what: str) -> ErrorSignature:
    return ErrorSignature(re.compile(words, re.IGNORECASE), error, what)


def _dialog(words: str) -> DialogRule:
    return DialogRule(re.compile(words))


class SiacPortal(Portal):
    """Customer care: the client, its lines, and the cases."""

    name = SIAC
    words = Palabra
    error_signatures = (
        _signature("su sesión ha expirado", SessionLost, "la sesión expiró"),
        _signature("el usuario ingresó desde otro equipo", SessionBusy, "la sesión fue tomada"),
        _signature("usuario o contraseña incorrectos", AccessDenied, "usuario o clave rechazados"),
        _signature("sistema en mantenimiento", PortalDown, "está en mantenimiento"),
        _signature(
            "validation of viewstate|invalid postback", SessionLost, "el formulario ya no vale"
        ),
        _signature(
            "server error in '.*' application|error de servidor en la aplicación",
            PortalDown,
            "respondió con un error",
        ),
    )
    dialogs: ClassVar[tuple[DialogRule, ...]] = (
        _dialog(r"^Recuerde validar la titularidad antes de registrar el caso\.$"),
        _dialog(r"^¿Desea registrar el caso\?$"),
        _dialog(r"^Se registró el caso N° \d+\.$"),
        _dialog(r"^¿Desea tomar el caso \d+\?$"),
        _dialog(r"^¿Está seguro de cerrar el caso\?$"),
        _dialog(r"^Este caso ya se encuentra cerrado\.$"),
    )

    #: whether the last thing done here was cut short: its windows are not to be worked on in
    _unfinished = False
    #: whether the queue had more than a page when it was read whole, and whose case it was read for
    _is_long, _in_queue = False, ""

    @cached_property
    def taken(self) -> TakenPages:
        """Pages of the cases that were taken, its own until it is given what all sessions share."""
        return TakenPages()

    async def log_in(self, page: Page) -> None:
        """Log in, as far as the frames; the form is skipped where the session still lives."""
        login, menu = LoginPage(self, page), Menu(self, Frames(self, page).links)
        await self.go(page, self.account.url, login.title)

        async def first() -> LoginPage | Menu | None:
            if await login.ingresar.is_shown():
                return login
            return menu if await menu.bandeja_de_casos.is_shown() else None

        if await self.until(first, login.title, "Ingresar") is login:
            await login.enter(self.account.username, self.account.password)
        await menu.loaded()
        await Home(self, self._work_area(page)).loaded()

    async def log_out(self, page: Page) -> None:
        await Banner(self, Frames(self, page).header).cerrar_sesion.click()
        await Goodbye(self, page).loaded()

    async def read_client(
        self, ruc: str, lineas: Sequence[str], picture: LinePicture | None = None
    ) -> ClientRecord | None:
        """A client with those of the asked-for lines that are its own; None where unknown.

        Where ``picture`` says, a PNG of a line's history and invoices is kept as evidence.
        """
        async with self._window() as window:
            page = await self._open(window, ClientPage)
            if not await page.search(ruc):
                return None
            # the contacts are read once the lines have been
            (of_client, ejecutivo), contactos = await together(
                page.datos.read(), page.contactos_autorizados.watch()
            )
            detalles = [
                await self._read_line(page, linea, picture)
                for linea in lineas
                if linea in await page.find_lines(linea)
            ]
            return ClientRecord(
                **of_client,
                ejecutivo=ejecutivo,
                contactos=tuple([Contact(**row) for row in await contactos.rows()]),
                lineas=tuple(detalles),
            )

    async def _read_line(
        self, page: ClientPage, numero: str, picture: LinePicture | None
    ) -> LineRecord:
        line = await (await self._open_line(page, numero)).read(numero, picture)
        await self.close_popups()
        return line

    async def _open_line(self, page: ClientPage, numero: str) -> LineWindow:
        await page.show_detail(numero)
        title = LineWindow.window_title.on(self)
        return await LineWindow.popped_up(self, title, page.title)

    async def search_cases(self, texto: str) -> tuple[SiacCase, ...]:
        """The cases whose SEC or reference contains the text, as the grid shows them."""
        async with self._window() as window:
            return await (await self._open(window, CaseSearchPage)).search(texto)

    async def read_case(self, numero: str) -> SiacCase | None:
        """The whole case as it is now, with resolution and notes; None where there is none."""
        async with self._window() as window:
            page = CasePage(self, self._work_area(window))
            if await page.shows(numero):
                await page.refresh()
            elif not await self._find_case(window, numero):
                return None
            return await page.read()

    async def read_queue(self) -> tuple[str, ...]:
        """The numbers of the cases in *Variaciones Corporativas* that are not closed, as shown."""
        async with self._window() as window:
            return await (await self._open(window, QueuePage)).numbers()

    async def read_registered(self, referencia: str) -> tuple[SiacCase, ...]:
        """The cases with this reference among all that wait in *Variaciones Corporativas*; none
        where these are more than a page: a search costs less than to turn its pages."""
        async with self._window() as window:
            if self._is_long:
                return ()
            waiting = await (await self._open(window, QueuePage)).waiting()
            self._is_long = waiting is None
            own = tuple(case for case in waiting or () if case.referencia == referencia)
            self._in_queue = own[0].numero if own else ""
            return own

    async def read_queued(self, numero: str) -> QueuedCase | None:
        """A case of the queue as its template was filled in; None where there is none."""
        async with self._window() as window:
            if not await self._find_case(window, numero):
                return None
            return await CasePage(self, self._work_area(window)).read_queued()

    async def register_case(self, draft: CaseDraft) -> str:
        """Register from the template, queued to *Variaciones Corporativas*; the new number."""
        async with self._window() as window:
            page = await self._open(window, TemplatePage)
            await page.fill(draft)
            await page.expect(draft)
            return await page.register(draft)

    async def altered_fields(self, numero: str, draft: CaseDraft) -> tuple[str, ...]:
        """What a case that was registered from this draft holds otherwise than it was typed."""
        async with self._window() as window:
            page = await self._case(window, numero)
            return await TemplatePage.altered_fields(draft, page.datos)

    async def write_reference(self, numero: str, referencia: str) -> SiacCase:
        """The case after its *Referencia externa* was written."""
        async with self._window() as window:
            return await (await self._case(window, numero)).write_reference(numero, referencia)

    async def take_case(self, numero: str) -> SiacCase | None:
        """The case after it was taken from the queue; None where it does not wait there. One that
        was registered just now is taken where the queue shows it: the portal refuses what somebody
        has taken since."""
        async with self._window() as window:
            page = await self._open(window, QueuePage)
            known, self._in_queue = numero == self._in_queue, ""
            case = await page.find(numero, known=known)
            if case is None or case.estado != Palabra.REGISTRADO:
                return None
            taken = await page.take(numero)
            if isinstance(work := self._work_area(window), Frame):
                self.taken.keep(numero, work.url)
            return taken

    async def add_note(self, numero: str, texto: str) -> SiacCase:
        """The case after the note; closed cases take notes too."""
        async with self._window() as window:
            return await (await self._case(window, numero)).add_note(numero, texto)

    async def close_case(self, numero: str, resolucion: str) -> SiacCase:
        """The case after it was closed; as it is where it was closed before."""
        async with self._window() as window:
            page = await self._case(window, numero)
            if (page.state_shown or await page.datos.estado.read()) == Palabra.CERRADO:
                await page.refresh()  # it may stand there from before somebody opened it again
                if await page.datos.estado.read() == Palabra.CERRADO:
                    return await page.read()
            closed = await page.close(numero, resolucion)
            self.taken.closed(numero)
            return closed

    async def inspect_pages(self, see: Inspection, known: KnownCase | None) -> None:
        async with self.before_login(see) as login:
            await see.look_ready(LoginPage(self, login))
        async with self._window() as window:
            await see.look(Banner(self, Frames(self, window).header))
            await see.look(Menu(self, Frames(self, window).links))
            await see.look(Home(self, self._work_area(window)))
            async with see.going_on(self):
                queue = await self._open(window, QueuePage)
                async with see.going_on(self):
                    await queue.find("0")
                await see.look_but(queue, "sin_casos")
            async with see.going_on(self):
                template = await self._open(window, TemplatePage)
                await see.look_but(template, "registrado", "numero_generado", "refused")
            async with see.going_on(self):
                await self._inspect_case(window, see, known.caso_siac if known else "")
            async with see.going_on(self):
                await self._inspect_client(window, see, known)
            await self.close_popups()

    async def _inspect_case(self, window: Page, see: Inspection, numero: str) -> None:
        cases = await self._open(window, CaseSearchPage)
        await see.look(cases, "ready", "numero", "texto", "buscar")
        if numero and await cases.find(numero):
            await see.look(cases, "encontrados")
            case = await cases.open(numero)
            await see.look(case, "grupo", "historial")
            await see.look(case.datos)

    async def _inspect_client(self, window: Page, see: Inspection, known: KnownCase | None) -> None:
        client = await self._open(window, ClientPage)
        await see.look(client, "ready", "ruc", "buscar")
        if known is None or not known.ruc or not await client.search(known.ruc):
            return
        await see.look_but(client, "no_encontrado", "sin_lineas")
        await see.look(client.datos)
        if not known.linea or known.linea not in await client.find_lines(known.linea):
            return
        line = await self._open_line(client, known.linea)
        await see.look_but(line, "historial", "recibos")
        await line.historial_tab.open()
        await see.look(line, "historial")
        await line.facturacion_tab.open()
        await see.look(line, "recibos")

    # getting around

    @asynccontextmanager
    async def _window(self) -> AsyncIterator[Page]:
        """The main window, for one public method. After a failure the next one begins afresh.

        Whatever failed is left on the screen until then, for the picture of it.
        """
        if self._unfinished:
            await self.forget()
        self._unfinished = True
        yield await self.main()
        self._unfinished = False

    def _work_area(self, window: Page) -> Scope:
        return Frames(self, window).work

    async def _open(self, window: Page, kind: type[P]) -> P:
        """This page in the work area, from the menu where it is not there already."""
        page = kind(self, self._work_area(window))
        if not await page.is_there():
            async with page.postback(is_marked=True, shows=page.ready):
                await Menu(self, Frames(self, window).links).choose(kind.menu)
            await page.loaded()
        return page

    async def _find_case(self, window: Page, numero: str, *, known: bool = False) -> bool:
        """Whether the case was found by its number; its page is open then. One that is ``known`` is
        not searched for where a search shows it already: its link leads to what it is now."""
        search = await self._open(window, CaseSearchPage)
        shown = known and await search.encontrados.shows(numero)
        if not shown and not await search.find(numero):
            return False
        await search.open(numero)
        return True

    async def _case(self, window: Page, numero: str) -> CasePage:
        """The page of a case that is known to be there."""
        page = CasePage(self, self._work_area(window))
        shown = await page.shows(numero) or await self._show_again(page, numero)
        if not shown and not await self._find_case(window, numero, known=True):
            raise FormAltered(self.name, page.title, "el caso ya no está en el portal")
        return page

    async def _show_again(self, page: CasePage, numero: str) -> bool:
        """Whether a case that was taken is shown by the address of its page, by which a person
        would reload it: one request, and three to search for it. Its session may be another one."""
        address = self.taken.of(numero)
        if not address or not isinstance(page.scope, Frame):
            return False
        try:
            await page.scope.goto(address, timeout=self.limits.visible * 1000)
            if await page.shows(numero):
                self.taken.shown()
                return True
            await self.diagnose()
        except (SessionLost, SessionBusy):
            self.taken.failed(numero)
            raise
        except (PlaywrightError, PortalError):
            self.taken.failed(numero)  # whatever is wrong, the search meets it, too
        else:
            self.taken.refused()
        self._failure = None  # it was asked for what it does not offer
        return False
