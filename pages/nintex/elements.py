"""What Nintex forms are made of, declared by the designer's control name.

A control is ``.nf-filler-control`` with ``data-controlname``; its value element inside is
``.nf-associated-control``. Both are the product's; everything else of the markup is generated.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from playwright.async_api import Locator

from pages.core.elements import Bound, BoundChoice, BoundField, Element, Find, read_value
from pages.core.errors import FormAltered, PageChanged
from pages.core.text import as_day, clean, same


class BoundKept(Bound):
    """A value on a display form; it may be empty, and then nothing of it is visible."""

    async def read(self) -> str:
        found = self.locator
        if await found.count() != 1:
            raise PageChanged(
                self.page.portal.name, self.page.title, f"no se encuentra «{self.name}»"
            )
        return await read_value(found)


class BoundLookup(BoundChoice):
    """A drop-down: it starts at ``**SelectValue**``, its values are ``id;#text``."""

    async def expect(self, text: str) -> None:
        """Raises `FormAltered` where anything else is chosen."""
        if not same(await self.read(), text):
            raise FormAltered(
                self.page.portal.name, self.page.title, f"«{self.name}» no conserva lo elegido"
            )


class BoundDate(BoundField):
    """A date typed as DD/MM/YYYY. Its picker opens over what is below, so the field is left."""

    async def fill_day(self, value: date) -> None:
        locator = await self.wait()
        async with self.page.portal.acting(self.page.title, self.name):
            await locator.fill(as_day(value))
            await locator.press("Tab")
        await self.expect(as_day(value))


class BoundPeople(Bound):
    """A people picker: holds entities of the directory, whatever is typed into it."""

    async def resolve(self, name: str) -> None:
        """Type the name and take its suggestion; `FormAltered` where not exactly one fits."""
        portal, title = self.page.portal, self.page.title
        typed = await portal.visible(self.locator.locator("input"), title, self.name)
        async with portal.acting(title, self.name):
            await typed.fill(name)
        people = self.locator.locator(".sp-peoplepicker-autoFillContainer .ms-core-menu-label")
        nobody = self.locator.locator(".sp-peoplepicker-errorMsg")

        async def look() -> list[str] | None:
            shown = await people.filter(visible=True).all_inner_texts()
            return shown or ([] if clean(await nobody.inner_text()) else None)

        suggested = await portal.until(look, title, f"{self.name}: sugerencias")
        fitting = [place for place, person in enumerate(suggested) if same(person, name)]
        if len(fitting) != 1:
            raise FormAltered(
                portal.name, title, f"el directorio de «{self.name}» no da una sola persona"
            )
        async with portal.acting(title, self.name):
            await people.filter(visible=True).nth(fitting[0]).click()
        await self.expect(name)

    async def expect(self, name: str) -> None:
        """Raises `FormAltered` where it holds anybody else, or nobody."""
        held = await self.locator.locator(".sp-peoplepicker-userSpan").evaluate_all(
            "(people) => people.map((person) => person.firstChild.textContent)"
        )
        if len(held) != 1 or not same(held[0], name):
            raise FormAltered(
                self.page.portal.name, self.page.title, f"«{self.name}» no conserva a la persona"
            )


class BoundRepeater(Bound):
    """A repeating section. Its first row is hidden and names its controls like all the others."""

    @property
    def rows(self) -> Locator:
        return self.locator.locator(".nf-repeater-row:not(.nf-repeater-row-hidden)")

    async def row(self, number: int) -> Locator:
        """The row of this number, from 0; the section's link adds what is missing."""
        portal, title = self.page.portal, self.page.title
        while (have := await self.rows.count()) <= number:
            async with portal.acting(title, self.name):
                await self.locator.locator(".nf-repeater-addrow").click()
            await portal.attached(self.rows.nth(have), title, f"{self.name}: fila nueva")
        return self.rows.nth(number)

    async def read(self) -> list[dict[str, str]]:
        """Each row's values by the names of its controls."""
        rows: list[dict[str, str]] = await self.rows.evaluate_all(
            """(rows) => rows.map((row) => Object.fromEntries(
                 Array.from(row.querySelectorAll('.nf-filler-control')).map((control) => {
                   const value = control.querySelector('.nf-associated-control');
                   return [control.dataset.controlname,
                           value.matches('input') ? value.value : value.innerText];
                 })))"""
        )
        return [{name: clean(value) for name, value in row.items()} for row in rows]


class BoundAttachments(Bound):
    """Attached files; a new one goes through the file chooser that a link opens."""

    async def add(self, files: Sequence[Path]) -> None:
        """Attach the files, and see that the form lists them all."""
        if not files:
            return
        async with self.page.portal.acting(self.page.title, self.name):
            async with self.locator.page.expect_file_chooser(
                timeout=self.page.portal.limits.visible * 1000
            ) as chooser:
                await self.locator.locator(".nf-attachmentsLink").click()
            await (await chooser.value).set_files(list(files))
        await self.expect([file.name for file in files])

    async def expect(self, names: Sequence[str]) -> None:
        if sorted(await self.read()) != sorted(map(clean, names)):
            raise FormAltered(
                self.page.portal.name, self.page.title, f"«{self.name}» no conserva los archivos"
            )

    async def read(self) -> list[str]:
        """The names of the files."""
        return [
            clean(n) for n in await self.locator.locator(".nf-attachment-name").all_inner_texts()
        ]


def _control(name: str) -> Find:
    return lambda scope: scope.locator(f'.nf-filler-control[data-controlname="{name}"]')


def _value(name: str) -> Find:
    return lambda scope: _control(name)(scope).locator(".nf-associated-control")


def control(name: str) -> Element[BoundField]:
    """A text control."""
    return Element(BoundField, name, _value(name))


def lookup(name: str) -> Element[BoundLookup]:
    return Element(BoundLookup, name, _value(name))


def date_control(name: str) -> Element[BoundDate]:
    return Element(BoundDate, name, _value(name))


def people(name: str) -> Element[BoundPeople]:
    return Element(BoundPeople, name, _control(name))


def repeater(name: str) -> Element[BoundRepeater]:
    return Element(BoundRepeater, name, _control(name))


def attachments(name: str) -> Element[BoundAttachments]:
    return Element(BoundAttachments, name, _control(name))


def kept(name: str) -> Element[BoundKept]:
    """A control of a display form."""
    return Element(BoundKept, name, _value(name))
