"""Elements of Nintex forms, declared by the designer's control name.

A control is ``.nf-filler-control`` with ``data-controlname``; its value element inside is
``.nf-associated-control``. Both are the product's; everything else of the markup is generated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from playwright.async_api import FileChooser

from pages.contract.errors import PageChanged, PersonUnclear
from pages.contract.request_records import Attachment
from pages.contract.siac import Executive
from pages.contract.text import clean
from pages.core.asking import PATIENCE, Step
from pages.core.choices import BoundChoice
from pages.core.codecs import DAY, PERSON
from pages.core.elements import Bound, BoundButton, BoundTyped, Element, by_css
from pages.core.engines import Engine, Find, nth, seen, with_css, within
from pages.core.filling import type_each
from pages.core.scripts import COUNT
from pages.core.tabular import BoundScripted, Column, Tabular
from pages.nintex.people import Suggestion, the_one

B = TypeVar("B", bound=Bound)

_READ_CONTROLS = """(tools, forms) => {
  if (forms.length !== 1) return null;
  const [form] = forms, found = {};
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

#: what a people picker suggests, each with all that tells people of one name apart; null where it
#: has not said yet
_READ_PEOPLE = """({ visible }, [control]) => {
  const message = control && control.querySelector('.sp-peoplepicker-errorMsg');
  const labels = control && control.querySelectorAll(
    '.sp-peoplepicker-autoFillContainer .ms-core-menu-label');
  const found = Array.from(labels || []).filter((e) => e.getClientRects().length).map((label) => {
  const entry = label.closest('li') || label.parentElement;
  const about = Array.from(entry.querySelectorAll('*'), (e) => e === label || e.children.length
    ? '' : e.textContent);
  const titles = [entry, ...entry.querySelectorAll('[title]')].map((e) => e.title);
  return [label.innerText, [...about, ...titles].join(' ')];
  });
  return found.length || (message && message.innerText.trim()) ? found : null;
}"""

_SUGGESTED = ".sp-peoplepicker-autoFillContainer .ms-core-menu-label"

#: whether a control's label, or the control itself, says that it must be filled
_IS_REQUIRED = """(tools, [control]) => {
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


_READ_ROWS = f"(tools, rows) => rows.map({_READ_ROW})"
#: all of it at once: the controls, the rows to which one way leads, and the texts of another
_READ_FORM = f"""(tools, forms, [rows, names]) => {{
  const controls = ({_READ_CONTROLS})(tools, forms);
  return controls && {{ controls, rows: rows.length ? tools.found(rows).map({_READ_ROW}) : [],
    names: names.length ? tools.found(names).map((e) => e.innerText) : [] }};
}}"""


def _engine(bound: Bound) -> Engine:
    assert isinstance(bound.find, Engine)
    return bound.find


class BoundControls(Bound):
    """All controls of a form at once, but for those of its repeating sections."""

    async def read(self, controls: Mapping[str, Bound]) -> dict[str, str]:
        """The visible value of each, by its key: text, chosen option or resolved people; all must
        be there."""
        return (await self.read_with(controls))[0]

    async def read_with(
        self,
        controls: Mapping[str, Bound],
        lines: BoundRepeater | None = None,
        files: BoundNamedAttachments | None = None,
    ) -> tuple[dict[str, str], list[dict[str, str]], list[str]]:
        """The same, with the rows of a section and the names of files, all of one moment."""
        portal, title = self.page.portal, self.page.title
        others = [lines.rows_way if lines else (), files.names_way if files else ()]

        async def look() -> dict[str, Any] | None:
            read: dict[str, Any] | None = await self.ask(_READ_FORM, others, patience=PATIENCE)
            return read

        read = await portal.until(look, title, self.name)
        found: dict[str, list[str]] = read["controls"]
        for one in controls.values():
            if len(found.get(one.name, ())) != 1:
                raise PageChanged(portal.name, title, f"no se encuentra «{one.name}»")
            portal.meet(title, one.name)
        texts = {key: one.understood(clean(found[one.name][0])) for key, one in controls.items()}
        rows = lines.understood_rows(read["rows"]) if lines else []
        return texts, rows, [clean(name) for name in read["names"]]


class BoundNamedControl(BoundTyped):
    """A text control. What it kept is seen when its form is read back as a whole.

    Leaving it tells the form's rules and its own record; a date's picker, which opens over what is
    below, goes with it.
    """

    async def fill(self, value: str) -> None:
        await self.fill_each([(self, value)])

    @staticmethod
    async def fill_each(typed: Sequence[tuple[BoundNamedControl, str]]) -> None:
        """Type the value of each, in their order; a new form's controls are empty, and reading it
        back proves that, so an empty value is not typed."""
        await type_each([(control, value) for control, value in typed if value])


class BoundDate(BoundNamedControl):
    """A date as DD/MM/YYYY."""

    codec = DAY


class BoundPeople(BoundTyped):
    """A people picker: holds entities of the directory, whatever is typed into it."""

    codec = PERSON

    async def choose(self, meant: Executive) -> bool:
        """Type the name and take its suggestion; False where the directory does not tell who is
        meant: the control is then empty. Raises `PersonUnclear` where it must not be."""
        portal, title = self.page.portal, self.page.title
        box = BoundTyped(self.page, self.name, self._inside("input"))
        await box.type(meant.nombre, stay=True)

        async def look() -> list[Suggestion] | None:
            shown = await self.ask(_READ_PEOPLE, patience=PATIENCE)
            return None if shown is None else [Suggestion(*map(clean, one)) for one in shown]

        suggested = await portal.until(look, title, f"{self.name}: sugerencias")
        place = the_one(meant, suggested)
        if place is not None:
            entry = nth(seen(self._inside(_SUGGESTED)), place)
            await BoundButton(self.page, self.name, entry).click()
            return True
        await portal.diagnose()  # a directory that fails suggests nobody, too
        if await self.ask(_IS_REQUIRED):
            what = f"el directorio no dice quién es «{self.name}», que es un campo obligatorio"
            raise PersonUnclear(portal.name, title, what)
        await box.type("", stay=True)
        return False

    def _inside(self, selector: str) -> Engine:
        return within(_engine(self), with_css(selector))


class BoundRepeater(BoundScripted):
    """A repeating section, each row of which is a form of its own with the controls' names.

    Its first row is hidden and names its controls like all the others.
    """

    script = f"""(section) => {{
      const row = section.querySelector('.nf-repeater-row');
      return row && ({_READ_ROW})(row);
    }}"""

    @property
    def _rows(self) -> Engine:
        return within(_engine(self), with_css(".nf-repeater-row:not(.nf-repeater-row-hidden)"))

    async def fill(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Type into the controls of as many rows, each by the columns' names."""
        typed: list[tuple[BoundNamedControl, str]] = []
        for number, values in enumerate(rows):
            row = await self._row(number)
            for attribute, value in values.items():
                name = self.columns[attribute].header
                cell = within(row, with_css(f'[data-controlname="{name}"] .nf-associated-control'))
                typed.append((BoundNamedControl(self.page, name, cell), value))
        await BoundNamedControl.fill_each(typed)

    async def _row(self, number: int) -> Engine:
        """The row; the section's link adds what is missing."""
        portal, title = self.page.portal, self.page.title
        link = within(_engine(self), with_css(".nf-repeater-addrow"))
        row = nth(self._rows, number)
        while not (found := await self._read(row)):
            have = await self._count()
            await BoundButton(self.page, self.name, link).click()

            async def look(before: int = have) -> bool | None:
                return await self._count() > before or None

            await portal.until(look, title, f"{self.name}: fila nueva")
        self._check(found[0]["names"])
        return row

    async def _read(self, rows: Engine) -> list[dict[str, Any]]:
        async with self.page.portal.acting(self.page.title, self.name):
            read: list[dict[str, Any]] = await self.page.ask(_READ_ROWS, None, rows.step)
        return read

    async def _count(self) -> int:
        return int(await self.page.ask(COUNT, None, self._rows.step))

    async def rows(self) -> list[dict[str, str]]:
        return self.understood_rows(await self._read(self._rows))

    @property
    def rows_way(self) -> tuple[Step, ...]:
        """The steps by which its document finds its rows."""
        return (*self.page.way, self._rows.step)

    def understood_rows(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        """The records of rows as they were read; raises as `rows`."""
        for row in rows:
            self._check(row["names"])
        return [record for row in rows for record in self._records(**row)]


class BoundNamedAttachments(Bound):
    """Attached files; a new one goes through the file chooser that a link opens."""

    async def add(self, files: Sequence[Attachment]) -> None:
        """Attach the files, which are called so (`pages.core.staged_files`); the form lists them
        when they are in."""
        if not files:
            return
        portal, title = self.page.portal, self.page.title
        link = BoundButton(
            self.page, self.name, within(_engine(self), with_css(".nf-attachmentsLink"))
        )
        async with portal.acting(title, self.name), portal.choosing(self.locator.page) as chooser:
            await link.click()

            async def opened() -> FileChooser | None:
                return chooser.result() if chooser.done() else None

            await (await portal.until(opened, title, self.name)).set_files(
                [file.path for file in files]
            )

        async def look() -> bool | None:
            return len(await self._names()) >= len(files) or None

        await portal.until(look, title, f"{self.name}: archivos")

    async def read(self) -> list[str]:
        """The names of the files."""
        async with self.page.portal.acting(self.page.title, self.name):
            return [clean(name) for name in await self._names()]

    async def _names(self) -> list[str]:
        names: list[str] = await self.page.ask(
            "(tools, all) => all.map((e) => e.innerText)", None, self._listed.step
        )
        return names

    @property
    def _listed(self) -> Engine:
        return within(_engine(self), with_css(".nf-attachment-name"))

    @property
    def names_way(self) -> tuple[Step, ...]:
        """The steps by which its document finds the names."""
        return (*self.page.way, self._listed.step)


def _control(name: str) -> Find:
    return with_css(f'.nf-filler-control[data-controlname="{name}"]')


def _value(name: str) -> Find:
    return with_css(f'.nf-filler-control[data-controlname="{name}"] .nf-associated-control')


class Control(Element[B]):
    """A declared control, by the designer's name."""

    seen_as = "control"


def controls() -> Element[BoundControls]:
    return Element(BoundControls, "controles", by_css(".nf-filler"))


def control(name: str) -> Element[BoundNamedControl]:
    return Control(BoundNamedControl, name, _value)


def lookup(name: str) -> Element[BoundChoice]:
    """A drop-down: it starts at ``**SelectValue**``, its values are ``id;#text``."""
    return Control(BoundChoice, name, _value)


class BoundTermControl(BoundNamedControl):
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


def attachments(name: str) -> Element[BoundNamedAttachments]:
    return Control(BoundNamedAttachments, name, _control)
