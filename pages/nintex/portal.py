"""NINTEX: the requests of *Activaciones* and of *Planificación de Redes*."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from enum import StrEnum

from playwright.async_api import BrowserContext, Page

from pages.contract.errors import AccessDenied, FormRefused, PortalDown, SessionLost
from pages.contract.nintex import NintexDraft, NintexRequest, Site
from pages.contract.ports import NINTEX
from pages.core.account import Account, Limits
from pages.core.base_portal import Portal
from pages.core.diagnosis import ErrorSignature
from pages.core.elements import heading
from pages.core.inspection import Inspection, KnownCase
from pages.core.origin import Origin
from pages.core.page import PortalPage
from pages.core.portal_map import PortalMap
from pages.core.staged_files import staged
from pages.nintex.library import LibraryPage
from pages.nintex.request_form import RequestForm

_START, _SIGN_OUT = "/_layouts/15/start.aspx", "/_layouts/15/SignOut.aspx"
_PATHS = {
    Site.ACTIVACIONES: "/dir/operacionescomerciales/Activaciones",
    Site.OPERADOR: "/dir/red/soporte",
}


class Palabra(StrEnum):
    """The state of a request that is attended."""

    ATENDIDO = NintexRequest.attended


class SignedOutPage(PortalPage):
    """The page after the logout."""

    title = "Cierre de sesión"
    ready = heading("Ha cerrado la sesión")


class NintexPortal(Portal):
    """Two SharePoint sites in one window; the context answers their NTLM challenges.

    ``account.sites`` gives the whole address of a library's view, by its `Site`, where it is not
    the guide's path on ``account.url``.
    """

    name = NINTEX
    words = Palabra
    error_signatures = (
        ErrorSignature(
            re.compile("validación de seguridad de esta página no es válida"),
            SessionLost,
            "la validación de seguridad de la página venció",
        ),
        ErrorSignature(re.compile("Conflicto al guardar"), PortalDown, "conflicto al guardar"),
        ErrorSignature(re.compile("(?i)en mantenimiento"), PortalDown, "está en mantenimiento"),
        ErrorSignature(
            re.compile("Lo sentimos, algo salió mal|Error de servidor en la aplicación"),
            PortalDown,
            "respondió con una página de error",
        ),
    )

    def __init__(
        self, context: BrowserContext, account: Account, *, limits: Limits | None = None
    ) -> None:
        super().__init__(context, account, limits=limits)
        self._addresses = {site: account.sites.get(site) or self._address(site) for site in Site}
        self._here: Site | None = None
        #: what was searched for last, and again by the list itself after a request was saved
        self._searched: tuple[Site, str] | None = None
        self._saved: tuple[Site, str] | None = None
        #: the site that is worked in
        self._site: Site | None = None
        #: a site of each server that is to be left
        self._left: dict[Origin | None, Site] = {}

    @property
    def names(self) -> PortalMap:
        return self.account.names.at(self.part)

    @property
    def part(self) -> str:
        return self._site.name.lower() if self._site else ""

    async def search(self, site: Site, texto: str) -> tuple[NintexRequest, ...]:
        """The requests whose SEC or reference contains the text, newest first."""
        async with self._library(site) as library:
            saved, self._saved, self._searched = self._saved, None, (site, texto)
            return await library.search(texto, after_save=saved == self._searched)

    async def file(self, site: Site, draft: NintexDraft) -> str:
        """Make a new request; its number, or "" where the portal does not tell it."""
        async with self._library(site) as library, staged(draft) as named:
            form = await library.new_element()
            draft = await form.fill(named)
            await form.expect(draft)
            number, refusal = await self.submit(
                f"solicitud en {site}",
                form.described(draft),
                form.scope,
                form.save,
                lambda: library.saved(form),
                draft,
            )
            if refusal:
                raise FormRefused(self.name, form.title, f"el formulario no aceptó: {refusal}")
            self._saved = self._searched
            return number

    def altered_fields(self, draft: NintexDraft, kept: NintexRequest) -> tuple[str, ...]:
        """What an item that was filed from this draft holds otherwise than it was typed."""
        return tuple(RequestForm.altered(draft, kept.otros))

    async def inspect_pages(self, see: Inspection, known: KnownCase | None) -> None:
        for site in Site:
            async with see.going_on(self):
                await self._inspect_site(site, see, known)

    async def _inspect_site(self, site: Site, see: Inspection, known: KnownCase | None) -> None:
        async with self._library(site) as library:
            await see.look(library, "buscar", "nuevo_elemento")
            form = await library.new_element()
            await see.look_but(form, "refusal")
            await library.leave_dialog()
            if known is not None and known.sec:
                await library.search(known.sec)  # each that is found is read from its own form
                await see.look(library, "solicitudes")

    # sessions

    async def check_in(self) -> date | None:
        """Log in at a site's first page; NTLM tells of no end."""
        async with self._library(Site.ACTIVACIONES):
            return None

    async def log_in(self, page: Page) -> None:
        """Do nothing: NTLM answers at the first page of either site, and has no page of its own."""

    async def log_out(self, page: Page) -> None:
        for origin, site in tuple(self._left.items()):
            web, start, _ = self._addresses[site].partition(_START)
            await self.go(page, f"{web if start else origin}{_SIGN_OUT}", "cierre de sesión")
            await SignedOutPage(self, page).loaded()
            del self._left[origin]

    # sites

    def _address(self, site: Site) -> str:
        host = self.account.url.rstrip("/")
        return f"{host}{_PATHS[site]}{_START}#/{site}/Forms/AllItems.aspx"

    @asynccontextmanager
    async def _library(self, site: Site) -> AsyncIterator[LibraryPage]:
        """The site's list, opened anew unless the call before ended well at the same one."""
        self._site = site
        library = LibraryPage(self, await self.main())
        here, self._here = self._here, None
        if here is not site or not await library.buscar.is_shown():
            if library.window.url != "about:blank":
                # start.aspx# of the same site would only change the fragment, and load nothing
                await self.go(library.window, "about:blank", library.title)
            self._left[Origin.of(self._addresses[site])] = site
            self._saved = self._searched = None
            try:
                await self.go(library.window, self._addresses[site], library.title)
                await library.loaded()
            except AccessDenied:
                # To leave would be to answer the challenge again, with the same password.
                self._inside = False
                self._left.clear()
                raise
        yield library
        self._here = site
