"""Elements of Nintex forms, declared by the designer's control name.

A control is ``.nf-filler-control`` with ``data-controlname``; its value element inside is
``.nf-associated-control``. Both are the product's; everything else of the markup is generated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from playwright.async_api import Locator

from pages.contract.errors import PageChanged, PersonUnclear
from pages.contract.requests import Attachment
from pages.contract.siac import Executive
from pages.contract.text import clean
from pages.core.asking import Step, ask
from pages.core.codecs import DAY, PERSON
from pages.core.elements import Bound, BoundChoice, Element, Find, by_css
from pages.core.tabular import BoundScripted, Column, Tabular
from pages.core.waiting import Waiting
from pages.nintex.people import Suggestion, the_one

_READ_CONTROLS = """(form) => {
  const found = {};
  for (const control of form.querySelectorAll('.nf-filler-control')) {
    const element = control.querySelector('.nf-associated-control');
    if (!element || !control.getClientRects().length) continue;
    if (element.closest('.nf-repeater-row')) continue;
    const people = element.closest('.sp-peoplepicker-topLevel');
    const value = people
      ? Array.from(people.querySelectorAll('.sp-peoplepicker-userSpan'),
                   (person) => person.firstChild.textContent).join('; ')
      : element.matches('select') ? (element.selectedOptions[0] || {text: ''}).text
      : element.matches('input, textarea') ? element.value : element.innerText;
    (found[control.dataset.controlname] ||= []).push(value);
  }
  return found;
}"""

B = TypeVar("B", bound=Bound)

#: what a people picker suggests, each with all that tells people of one name apart
_READ_PEOPLE = """(labels) => labels.filter((e) => e.getClientRects().length).map((label) => {
  const entry = label.closest('li') || label.parentElement;
  const about = Array.from(entry.querySelectorAll('*'), (e) => e === label || e.children.length
    ? '' : e.textContent);
  const titles = [entry, ...entry.querySelectorAll('[title]')].map((e) => e.title);
  return [label.innerText, [...about, ...titles].join(' ')];
})"""

#: whether a control's label, or the control itself, says that it must be filled
_IS_REQUIRED = """(control) => {
  const label = (control.closest('.nf-filler-control-border') || control).querySelector('label');
  return Boolean(control.querySelector('[aria-required="true"], [required]'))
    || Boolean(label && /[*]\\s*$/.test(label.innerText));
}"""

_READ_ROW = """(row) => {
  const controls = Array.from(row.querySelectorAll('.nf-filler-control'));
  const values = controls.map((control) => control.querySelector('.nf-associated-control'));
  return {
    names: controls.map((control) => control.dataset.controlname),
    rows: [values.map((value) => value.matches('input') ? value.value : value.innerText)],
  };
}"""


class BoundControls(Bound):
    """All controls of a form at once, but for those of its repeating sections."""

    async def read(self, controls: Mapping[str, Bound]) -> dict[str, str]:
        """The visible value of each, by its key: text, chosen option or resolved people; all must
        be there."""
        portal, title = self.page.portal, self.page.title
        async with portal.acting(title, self.name):
            found: dict[str, list[str]] = await self.locator.evaluate(_READ_CONTROLS)
        for one in controls.values():
            if len(found.get(one.name, ())) != 1:
                raise PageChanged(portal.name, title, f"no se encuentra «{one.name}»")
        return {key: one.understood(clean(found[one.name][0])) for key, one in controls.items()}


class BoundControl(Bound):
    """A text control. What it kept is seen when its form is read back as a whole."""

    async def fill(self, value: str) -> None:
        """Type the value, with the event that the form's rules and its own record listen to."""
        if not value:
            return  # a new form's controls are empty, and reading it back proves that
        async with self.page.portal.acting(self.page.title, self.name):
            await self._type(value)

    async def _type(self, value: str) -> None:
        typed = self.locator.filter(visible=True)
        await typed.fill(value, timeout=self.page.portal.limits.visible * 1000)
        await typed.dispatch_event("change")


class BoundDate(BoundControl):
    """A date as DD/MM/YYYY. Its picker opens over what is below, so the field is left at once."""

    codec = DAY

    async def _type(self, value: str) -> None:
        await super()._type(value)
        await self.locator.filter(visible=True).press("Tab")


class BoundPeople(Bound):
    """A people picker: holds entities of the directory, whatever is typed into it."""

    codec = PERSON

    async def choose(self, meant: Executive) -> bool:
        """Type the name and take its suggestion; False where the directory does not tell who is
        meant: the control is then empty. Raises `PersonUnclear` where it must not be."""
        portal, title = self.page.portal, self.page.title
        typed = await portal.visible(self.locator.locator("input"), title, self.name)
        async with portal.acting(title, self.name):
            await typed.fill(meant.nombre)
        people = self.locator.locator(".sp-peoplepicker-autoFillContainer .ms-core-menu-label")
        nobody = self.locator.locator(".sp-peoplepicker-errorMsg")

        async def look() -> list[Suggestion] | None:
            shown = await people.evaluate_all(_READ_PEOPLE)
            found = [Suggestion(*map(clean, person)) for person in shown]
            return found or ([] if clean(await nobody.inner_text()) else None)

        suggested = await portal.until(look, title, f"{self.name}: sugerencias")
        place = the_one(meant, suggested)
        if place is not None:
            async with portal.acting(title, self.name):
                await people.filter(visible=True).nth(place).click()
            return True
        await portal.diagnose()  # a directory that fails suggests nobody, too
        if await self.locator.evaluate(_IS_REQUIRED):
            what = f"el directorio no dice quién es «{self.name}», que es un campo obligatorio"
            raise PersonUnclear(portal.name, title, what)
        async with portal.acting(title, self.name):
            await typed.fill("")
        return False


class Part(NamedTuple):
    """A part of a page, as a page for the elements in it."""

    portal: Waiting
    scope: Locator
    title: str

    async def ask(self, script: str, argument: object = None, *way: Step) -> Any:
        return await ask(self.scope, script, argument, *way)


class BoundRepeater(BoundScripted):
    """A repeating section, each row of which is a form of its own with the controls' names.

    Its first row is hidden and names its controls like all the others.
    """

    script = f"""(section) => {{
      const row = section.querySelector('.nf-repeater-row');
      return row && ({_READ_ROW})(row);
    }}"""

    @property
    def _rows(self) -> Locator:
        return self.locator.locator(".nf-repeater-row:not(.nf-repeater-row-hidden)")

    async def fill(self, number: int, **values: str) -> None:
        """Type into the controls of the row of this number, from 0, by the columns' names."""
        row = await self._row(number)
        for attribute, value in values.items():
            name = self.columns[attribute].header
            part = Part(self.page.portal, row, self.page.title)
            await BoundControl(part, name, _value(name)).fill(value)

    async def _row(self, number: int) -> Locator:
        """The row; the section's link adds what is missing."""
        portal, title = self.page.portal, self.page.title
        while (have := await self._rows.count()) <= number:
            async with portal.acting(title, self.name):
                await self.locator.locator(".nf-repeater-addrow").click()
            await portal.attached(self._rows.nth(have), title, f"{self.name}: fila nueva")
        row = self._rows.nth(number)
        async with portal.acting(title, self.name):
            self._check((await row.evaluate(_READ_ROW))["names"])
        return row

    async def rows(self) -> list[dict[str, str]]:
        async with self.page.portal.acting(self.page.title, self.name):
            rows = await self._rows.evaluate_all(f"(rows) => rows.map({_READ_ROW})")
        for row in rows:
            self._check(row["names"])
        return [record for row in rows for record in self._records(**row)]


class BoundAttachments(Bound):
    """Attached files; a new one goes through the file chooser that a link opens."""

    async def add(self, files: Sequence[Attachment]) -> None:
        """Attach the files, which are called so (`pages.core.uploads`); the form lists them when
        they are in."""
        if not files:
            return
        portal, title = self.page.portal, self.page.title
        async with portal.acting(title, self.name):
            async with self.locator.page.expect_file_chooser(
                timeout=portal.limits.visible * 1000
            ) as chooser:
                await self.locator.locator(".nf-attachmentsLink").click()
            await (await chooser.value).set_files([file.path for file in files])
        listed = self.locator.locator(".nf-attachment-name")
        await portal.attached(listed.nth(len(files) - 1), title, f"{self.name}: archivos")

    async def read(self) -> list[str]:
        """The names of the files."""
        async with self.page.portal.acting(self.page.title, self.name):
            names = await self.locator.locator(".nf-attachment-name").all_inner_texts()
        return [clean(name) for name in names]


def _control(name: str) -> Find:
    return lambda scope: scope.locator(f'.nf-filler-control[data-controlname="{name}"]')


def _value(name: str) -> Find:
    return lambda scope: _control(name)(scope).locator(".nf-associated-control")


class Control(Element[B]):
    """A declared control, by the designer's name."""

    seen_as = "control"


def controls() -> Element[BoundControls]:
    return Element(BoundControls, "controles", by_css(".nf-filler"))


def control(name: str) -> Element[BoundControl]:
    return Control(BoundControl, name, _value)


def lookup(name: str) -> Element[BoundChoice]:
    """A drop-down: it starts at ``**SelectValue**``, its values are ``id;#text``."""
    return Control(BoundChoice, name, _value)


class BoundTermControl(BoundControl):
    """A control that shows one of the portal's words."""

    is_term = True


def term_control(name: str) -> Element[BoundTermControl]:
    return Control(BoundTermControl, name, _value)


def date_control(name: str) -> Element[BoundDate]:
    return Control(BoundDate, name, _value)


def people(name: str) -> Element[BoundPeople]:
    return Control(BoundPeople, name, _control)


def repeater(name: str, **controls: Column | str) -> Tabular[BoundRepeater]:
    """A repeating section with the controls of its rows."""
    return Tabular(BoundRepeater, name, _control, controls)


def attachments(name: str) -> Element[BoundAttachments]:
    return Control(BoundAttachments, name, _control)
