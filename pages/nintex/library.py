"""The list view of a library, with its search box and its dialogs."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from pages.contract.nintex import NintexRequest
from pages.contract.text import clean
from pages.core.asking import PATIENCE, Scope, together
from pages.core.base_portal import Portal
from pages.core.elements import Bound, BoundButton, Element, by_css, by_title
from pages.core.engines import with_css
from pages.core.grid import grid
from pages.core.page import PortalPage
from pages.core.portal_map import Word, phrase
from pages.nintex.item import RequestItem
from pages.nintex.named_controls import BoundNamedControl
from pages.nintex.request_form import RequestForm

#: seconds after which a search that shows nothing, not even that it works, was not heard
_UNHEARD = 1.5
_WORDS = "(tools, all) => all.map((e) => e.innerText)"
#: marks what the search has said so far, and gives the texts of a notice
_KNOW = """({ found }, all, [told, notice]) => {
  found(told).forEach((e) => { e[Symbol.for('cargofijo.known')] = true; });
  return found(notice).map((e) => e.innerText);
}"""
_GONE = "(tools, all) => all.length ? null : true"
#: the texts of what one way leads to; null while there is anything of what another one leads to
_TOLD = """({ found }, all, [busy, told]) =>
  found(busy).length ? null : found(told).map((e) => e.innerText)"""
#: whether there is any of the one, or of the other what is not marked
_NEWS = """({ found, visible }, all, [busy, told]) => found(busy).some(visible) ||
  found(told).some((e) => !e[Symbol.for('cargofijo.known')])"""
_DIALOG_FRAME = "div.ms-dlgContent iframe.ms-dlgFrame"
_IN_DIALOG = f"() => !!frameElement && frameElement.matches('{_DIALOG_FRAME}')"


class LibraryPage(PortalPage):
    """The list view of a library, with its search box and its dialogs.

    Shown by ``start.aspx#`` long after the window has loaded. A list over its threshold of rows
    shows no table until something is searched.
    """

    title = "Lista de solicitudes"
    buscar = Element(BoundNamedControl, "Buscar un elemento", by_title)
    ready = buscar
    nuevo_elemento = Element(
        BoundButton, "nuevo elemento", by_css("#Hero-WPQ1 a.ms-heroCommandLink")
    )
    solicitudes = grid("solicitudes", by_css("table.ms-listviewtable[summary]"), id="ID")
    siguiente = Element(BoundButton, "Siguiente", by_title)
    busy = Element(
        Bound, "actualización de la lista", by_css('#DeltaPlaceHolderMain [aria-busy="true"]')
    )
    results_of = Element(
        Bound, "estado de la búsqueda", by_css('#DeltaPlaceHolderMain [role="status"]')
    )
    #: what it says of the search whose results are shown, and of a request that was made
    resultados = Word("Resultados de «{texto}»")
    creada = Word("solicitud N° {numero}")
    notification = Element(Bound, "notificación", by_css("#notificationArea"))
    dialog = Element(Bound, "cuadro de diálogo", by_css("div.ms-dlgContent"))
    close_dialog = Element(BoundButton, "Cerrar cuadro de diálogo", by_title)

    def __init__(self, portal: Portal, window: Page) -> None:
        super().__init__(portal, window)
        self.window = window
        self._told = ""

    async def search(self, texto: str, *, after_save: bool = False) -> tuple[NintexRequest, ...]:
        """Every item that the search box finds, newest first, each read from its own form. Where
        the list searches again by itself ``after_save``, as it does when the form has closed, it is
        not asked for the same a second time."""
        if not (after_save and await self._searches_again()):
            await self._ask(texto)
        found: dict[str, NintexRequest] = {}
        while True:
            await self._results(texto)
            rows, goes_on = await together(self.solicitudes.rows(), self.siguiente.is_shown())
            for row in rows:
                # A request filed meanwhile pushes rows onto the next page: they come twice.
                if row["id"] not in found:
                    found[row["id"]] = await self._read(row["id"])
            if not goes_on:
                return tuple(found.values())
            await self.siguiente.click()

    async def _ask(self, texto: str) -> None:
        await self.buscar.type(texto, stay=True)
        async with self.portal.acting(self.title, self.buscar.name):
            await self.window.keyboard.press("Enter")

    async def _searches_again(self) -> bool:
        """Whether what it shows, or will, is of after the form."""
        ways = self.busy.way, self.results_of.way

        async def look() -> bool:
            return bool(await self.ask(_NEWS, ways))

        return await self.portal.now(look, self.title, self.results_of.name)

    async def _results(self, texto: str) -> None:
        """Wait until the list shows the results of this text, and all of them.

        Its search box is there before the script that listens to it, to the coming as to the
        asking: what was asked too early is asked again, as a person would.
        """
        asked = time.monotonic()

        async def look() -> bool | None:
            nonlocal asked
            ways = self.busy.way, self.results_of.way
            shown = await self.ask(_TOLD, ways, patience=PATIENCE)
            if shown is None:
                return None
            if [clean(s) for s in shown] == [self.resultados.format(texto=clean(texto))]:
                return True
            if time.monotonic() - asked > _UNHEARD:
                asked = time.monotonic()
                async with self.portal.acting(self.title, self.buscar.name):
                    await self.buscar.locator.blur()  # coming back, the box notices it this time
                await self._ask(texto)
            return None

        await self.portal.until(look, self.title, "resultados de la búsqueda")

    async def _read(self, id: str) -> NintexRequest:
        link = with_css(f'a.ms-listlink[href$="ID={id}"], a.ms-listlink[href*="ID={id}&"]')
        await BoundButton(self, f"elemento {id}", link).click()
        request = await (await RequestItem(self.portal, await self._frame()).loaded()).read()
        await self.leave_dialog()
        return request

    async def leave_dialog(self) -> None:
        """Close it; what was typed in it is gone."""
        await self.close_dialog.click()
        await self.portal.until(self._dialog_gone, self.title, "cierre del cuadro de diálogo")

    async def new_element(self) -> RequestForm:
        async with self.portal.acting(self.title, self.notification.name):
            # the notice is of the request before: it stays for some seconds
            told = await self.ask(_KNOW, [self.results_of.way, self.notification.way])
            self._told = clean(" ".join(told))
        await self.nuevo_elemento.click()
        return await RequestForm(self.portal, await self._frame()).loaded()

    async def saved(self, form: RequestForm) -> tuple[str, str]:
        """Wait for the end of a save: the new item's number where it is told, and what was refused.

        A dialog that closes has saved.
        """

        async def look() -> tuple[str, str] | None:
            if await self._dialog_gone():
                notice = await self._notice()
                told = phrase(self.creada).search(notice) if notice != self._told else None
                return (told[1] if told else ""), ""
            refusal = await form.refused()
            return ("", refusal) if refusal else None

        return await self.portal.until(look, self.title, "cierre del formulario")

    async def _notice(self) -> str:
        async with self.portal.acting(self.title, self.notification.name):
            return clean(" ".join(await self.notification.ask(_WORDS)))

    async def _dialog_gone(self) -> bool | None:
        is_gone: bool | None = await self.dialog.ask(_GONE, patience=PATIENCE)
        return is_gone

    async def _frame(self) -> Scope:
        """The inside of the dialog; its frame's id is new each time. As itself, once it is there:
        a frame that is looked for anew at each call answers in twice the time."""
        deadline = time.monotonic() + self.portal.limits.look
        while time.monotonic() < deadline:
            for frame in self.window.main_frame.child_frames:
                with suppress(PlaywrightError):
                    if await frame.evaluate(_IN_DIALOG):
                        return frame
            await asyncio.sleep(0.02)
        return self.window.frame_locator(_DIALOG_FRAME)
