"""Elements of Mid-Tier forms: fields by their ``arid``, menus, editors, lookups, tables.

The ``arid`` is the field's number in the database: it is the same in every window, load and
language. A form holds hidden twins of its fields; only what is visible counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import FrameLocator, Locator, Page

from pages.contract.errors import FormAltered
from pages.contract.request_records import Attachment
from pages.contract.text import clean, same
from pages.core.codecs import Text
from pages.core.elements import Bound, BoundShown, ByMarkup, Element, read_value
from pages.core.engines import exactly
from pages.core.portal_map import Override, Word, phrase
from pages.core.tabular import BoundScripted, BoundTabular, Column, Tabular

B = TypeVar("B", bound=Bound)
T = TypeVar("T", bound=BoundTabular)
Columns = Mapping[str, Column | str]

#: between the entries of nested menus
STEP = " › "

_READ_FIELDS = """(body) => Object.fromEntries(
  Array.from(body.querySelectorAll('div[arid] textarea'))
    .filter((e) => e.getClientRects().length > 0)
    .map((e) => [e.closest('div[arid]').getAttribute('arid'), e.value]))"""


class MidTier:
    """What the Mid-Tier calls its own: around a field's name, in dialogs, over tables."""

    mensaje = Word("Mensaje")
    aceptar = Word("Aceptar")
    menu = Word("Menú de {campo}")
    expandir = Word("Expandir {campo}")
    editor = Word("Editor de {campo}")
    buscar = Word("Buscar {campo}")
    agregar = Word("Agregar")
    agregar_adjuntos = Word("Agregar datos adjuntos")
    archivo = Word("Archivo")
    siguiente = Word("Siguiente")
    devueltas = Word("Entradas devueltas - {numero}")
    mostrando = Word("Mostrando {numero} - {numero} de {numero}")


def by_arid(arid: str, control: str = "") -> ByMarkup:
    return ByMarkup(lambda scope: scope.locator(f'div[arid="{arid}"]{control}'))


class ArField(Element[B]):
    """A declared field of a form; ``arid`` is its number."""

    seen_as = "arid"

    def __init__(self, kind: type[B], arid: str, name: str, control: str) -> None:
        super().__init__(kind, name, by_arid(arid, control))
        self.arid, self._control = arid, control

    def under(self, other: Override) -> Self:
        one = super().under(other)
        if other.arid:
            one.arid, one.way = other.arid, by_arid(other.arid, self._control)
        return one


class ArTable(Tabular[T]):
    """A declared table of a form; ``arid`` is its number."""

    def __init__(self, kind: type[T], arid: str, name: str, columns: Columns) -> None:
        super().__init__(kind, name, by_arid(arid), columns)
        self.arid = arid

    def under(self, other: Override) -> Self:
        one = super().under(other)
        if other.arid:
            one.arid, one.way = other.arid, by_arid(other.arid)
        return one


_CHANGED = "(e) => e.dispatchEvent(new Event('change', { bubbles: true }))"


async def read_fields(window: Page) -> dict[str, str]:
    """Every visible field's value by its ``arid``, all of one moment; normalised."""
    read = await window.locator("body").evaluate(_READ_FIELDS)
    return {arid: clean(value) for arid, value in read.items()}


class Popup:
    """A message, an editor or a file dialog: an iframe over the form that swallows its clicks."""

    def __init__(self, of: Bound, window: Page, title: str) -> None:
        self.of = of
        self.title = title
        self._accept = MidTier.aceptar.on(of.page.portal)
        self.body: FrameLocator = window.frame_locator(f'iframe[title="{title}"]')
        self._frame = window.locator(f'iframe[title="{title}"]')

    async def press(self, name: str) -> None:
        await press(self.of, self.body.locator("body"), name)

    async def words(self) -> str:
        """What a message says, once it is whole: its buttons come with its text."""
        portal, title = self.of.page.portal, self.of.page.title
        await portal.visible(
            self.body.get_by_role("button", name=exactly(self._accept)), title, self.title
        )
        return clean(await self.body.locator("body").inner_text())

    async def accept(self) -> None:
        """Press *Aceptar* and wait until the form can be used again."""
        await self.press(self._accept)

        async def look() -> bool | None:
            return None if await self._frame.count() else True

        await self.of.page.portal.until(look, self.of.page.title, f"cierre de «{self.title}»")


async def press(of: Bound, scope: Locator | Page, name: str) -> None:
    """Click the button of this name within ``scope``."""
    portal, title = of.page.portal, of.page.title
    button = await portal.visible(scope.get_by_role("button", name=exactly(name)), title, name)
    async with portal.acting(title, name):
        await button.click()


def window_of(of: Bound) -> Page:
    scope = of.page.scope
    assert isinstance(scope, Page), "a Mid-Tier form has a window of its own"
    return scope


class BoundText(BoundShown):
    """A field to type into. The form's fields are read back together: see `read_fields`."""

    async def fill(self, value: str) -> None:
        portal, title = self.page.portal, self.page.title
        async with portal.acting(title, self.name):
            field = self.locator.filter(visible=True)
            await field.fill(value, timeout=portal.limits.visible * 1000)
            await field.evaluate(_CHANGED)  # without it the form ignores the value


class MenuPath(Text):
    """The entries of nested menus; the field shows the first, and its neighbours the others."""

    def is_in_form(self, value: str, text: str) -> bool:
        return super().is_in_form(value.split(STEP)[0], text)

    is_kept = is_in_form


class BoundWord(BoundShown):
    """A field that shows one of the portal's words."""

    is_term = True


class BoundMenu(BoundWord):
    """A field that is filled from a menu, which is no ``<select>``."""

    codec = MenuPath()

    async def fill(self, value: str) -> None:
        """Open the menu, the nested ones by hovering, and click the last entry."""
        portal, title = self.page.portal, self.page.title
        path = [self.said(name) for name in value.split(STEP)]
        await press(self, await self.wait(), MidTier.menu.on(portal).format(campo=self.name))
        for depth, name in enumerate(path):
            # One menu for each level that is open; while it loads, "Loading..." is its one entry.
            menu = self.page.scope.locator("div.MenuOuter").nth(depth)
            entries = menu.locator("td.MenuEntryName").get_by_text(exactly(name))
            entry = await portal.visible(entries, title, f"{self.name} › {name}")
            async with portal.acting(title, f"{self.name} › {name}"):
                await (entry.hover() if depth < len(path) - 1 else entry.click())


class BoundExpander(BoundShown):
    """A long text, typed in an editor of its own."""

    async def fill(self, value: str) -> None:
        portal, title = self.page.portal, self.page.title
        await press(self, await self.wait(), MidTier.expandir.on(portal).format(campo=self.name))
        popup = Popup(self, window_of(self), MidTier.editor.on(portal).format(campo=self.name))
        editor = await portal.visible(popup.body.locator("textarea#editor"), title, self.name)
        async with portal.acting(title, self.name):
            await editor.fill(value)
        if clean(await read_value(editor)) != clean(value):
            raise FormAltered(portal.name, title, f"«{self.name}» no conserva lo escrito")
        await popup.accept()


class BoundLookup(BoundText):
    """A field whose text counts only once a lookup window has resolved it."""

    is_term = True

    async def fill(self, value: str) -> None:
        portal, title, value = self.page.portal, self.page.title, self.said(value)
        window = window_of(self)
        await super().fill(value)
        async with (
            portal.acting(title, self.name),
            window.expect_popup(timeout=portal.limits.visible * 1000) as opening,
        ):
            await press(self, window, MidTier.buscar.on(portal).format(campo=self.name))
        lookup = await opening.value

        async def look() -> bool | None:
            if not lookup.is_closed():
                try:
                    row = lookup.get_by_role("cell", name=exactly(value))
                    if await row.is_visible():
                        await row.click(timeout=portal.limits.look * 1000)
                except PlaywrightError:
                    return None  # it closes itself, before the click or by it
            return True if same(await read_value(await self.wait()), value) else None

        try:
            await portal.until(look, title, f"{self.name} › {value}")
        finally:
            await portal.shut(lookup)


class BoundTable(BoundScripted):
    """A table of several chunks, which says first that it is not loaded, then how many entries it
    has."""

    script = """(box) => {
      const rows = Array.from(box.querySelector('table').rows);
      const names = Array.from(rows.shift().cells).map((cell) => cell.innerText);
      return {
        words: box.innerText,
        names,
        rows: rows.filter((row) => row.cells.length === names.length)
          .map((row) => Array.from(row.cells).map((cell) => cell.innerText)),
      };
    }"""

    def _is_whole(self, read: dict[str, Any]) -> bool:
        words, portal = clean(read["words"]), self.page.portal
        returned = phrase(MidTier.devueltas.on(portal)).search(words)
        chunk = phrase(MidTier.mostrando.on(portal)).search(words)
        if returned is None:
            return False
        expected = int(chunk[2]) - int(chunk[1]) + 1 if chunk else int(returned[1])
        return len(read["rows"]) == expected

    async def select(self, cell: str) -> None:
        """Click the row that has this text in a cell."""
        portal, title = self.page.portal, self.page.title
        box = await self.wait()
        found = await portal.visible(
            box.get_by_role("cell", name=exactly(cell)), title, f"fila de «{self.name}»"
        )
        async with portal.acting(title, f"fila de «{self.name}»"):
            await found.click()

    async def next_chunk(self) -> bool:
        """Turn to the next chunk; False where this is the last."""
        box, name = await self.wait(), MidTier.siguiente.on(self.page.portal)
        if not await box.get_by_role("button", name=exactly(name)).is_visible():
            return False
        await press(self, box, name)
        return True


class BoundArAttachments(BoundTable):
    """The pool of attached files: a row for each, added through a file dialog."""

    async def names(self) -> tuple[str, ...]:
        return tuple(row["nombre"] for row in await self.rows())

    async def add(self, file: Attachment) -> None:
        """Attach one file, which is called so (`pages.core.staged_files`), and wait for its row."""
        portal, title = self.page.portal, self.page.title
        expected = (*await self.names(), file.name)
        await press(self, await self.wait(), MidTier.agregar.on(portal))
        popup = Popup(self, window_of(self), MidTier.agregar_adjuntos.on(portal))
        archivo = MidTier.archivo.on(portal)
        chooser = popup.body.get_by_label(exactly(archivo))
        chooser = await portal.visible(chooser, title, archivo)
        async with portal.acting(title, archivo):
            await chooser.set_input_files(file.path)
        await popup.accept()

        async def look() -> bool | None:
            return True if await self.names() == expected else None

        await portal.until(look, title, f"{self.name} › archivo agregado")


def ar_shown(arid: str, name: str) -> ArField[BoundShown]:
    """A field that only shows."""
    return ArField(BoundShown, arid, name, " textarea")


def ar_term(arid: str, name: str) -> ArField[BoundWord]:
    """The same, where it is one of the portal's words."""
    return ArField(BoundWord, arid, name, " textarea")


def ar_field(arid: str, name: str) -> ArField[BoundText]:
    """A field to type into."""
    return ArField(BoundText, arid, name, " textarea")


def ar_menu(arid: str, name: str) -> ArField[BoundMenu]:
    return ArField(BoundMenu, arid, name, "")


def ar_expander(arid: str, name: str) -> ArField[BoundExpander]:
    return ArField(BoundExpander, arid, name, "")


def ar_lookup(arid: str, name: str) -> ArField[BoundLookup]:
    return ArField(BoundLookup, arid, name, " textarea")


def ar_table(arid: str, name: str, **columns: Column | str) -> ArTable[BoundTable]:
    return ArTable(BoundTable, arid, name, columns)


def ar_attachments(arid: str, name: str) -> ArTable[BoundArAttachments]:
    return ArTable(BoundArAttachments, arid, name, {"nombre": "Nombre del archivo"})
