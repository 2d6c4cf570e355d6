"""Elements that a page declares: labels, fields, buttons and tabs, by what people see.

An element is declared on the class and bound to a page on access, so that a page object reads like
the page: ``ruc = shown("RUC")`` and then ``await self.ruc.read()``. Nothing here knows an id, a
class of layout or a position.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, overload

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, FrameLocator, Locator, Page

from pages.contract.errors import FormAltered, PageChanged
from pages.contract.text import INVISIBLE, clean, same
from pages.core.codecs import CHOICE, TEXT, Entry, Text
from pages.core.waiting import Waiting

Scope = Page | Frame | FrameLocator | Locator
Find = Callable[[Scope], Locator]

_VALUE = """(e) => e.matches('select') ? (e.selectedOptions[0] || {text: ''}).text
  : e.matches('input, textarea') ? e.value : e.innerText"""

#: How a value is found by its label; also the selector engine ``labelled=``.
LABELLED = f"""(() => {{
  const INVISIBLE = "{INVISIBLE}";
  return (
{(Path(__file__).parent / "labelled.js").read_text(encoding="utf-8").strip()}
  );
}})()"""

_VALUES = f"""(roots, labels) => {{
  const engine = {LABELLED};
  return roots.length === 1
    ? labels.map((label) => engine.queryAll(roots[0], label).map({_VALUE})) : null;
}}"""

_OPTIONS = "(e) => Array.from(e.options, (o) => o.text)"


class OpenPage(Protocol):
    """What an element asks of the page that it is on; see `PortalPage`."""

    @property
    def portal(self) -> Waiting: ...
    @property
    def scope(self) -> Scope: ...
    @property
    def title(self) -> str: ...


class Bound:
    """An element of one page that is open now."""

    #: of what is typed into it
    codec: ClassVar[Text] = TEXT

    def __init__(self, page: OpenPage, name: str, find: Find) -> None:
        self.page = page
        self.name = name
        self._find = find

    @property
    def locator(self) -> Locator:
        return self._find(self.page.scope)

    async def wait(self) -> Locator:
        """Its locator once it is visible; raises what keeps it away (see `Portal.visible`)."""
        return await self.page.portal.visible(self.locator, self.page.title, self.name)

    async def is_shown(self) -> bool:
        """Whether it is there now, without waiting for more than a page that is being replaced."""

        async def look() -> bool:
            return await self.locator.first.is_visible()

        return await self.page.portal.until(look, self.page.title, self.name)

    async def absent(self) -> list[str]:
        """What of it is not there now, without waiting: a clause for each."""

        async def look() -> int:
            return await self.locator.count()

        found = await self.page.portal.until(look, self.page.title, self.name)
        return [] if found else [f"no se encuentra «{self.name}»"]


class BoundTyped(Bound):
    async def _type(self, value: str) -> None:
        """Playwright's own error quotes what is typed, so it goes no further than here."""
        locator = await self.wait()
        try:
            await locator.fill(value)
            await locator.blur()  # what was typed is announced once, as when a person goes on
        except PlaywrightError as error:
            failed = PlaywrightError("fill") if "has been closed" not in error.message else error
        else:
            return
        async with self.page.portal.acting(self.page.title, self.name):
            raise failed


class BoundSecret(BoundTyped):
    async def fill(self, secret: Callable[[], str]) -> None:
        """Type what is asked for only now, and is not kept."""
        await self._type(secret())


class BoundShown(Bound):
    async def read(self) -> str:
        """Its text, or its value where it is an input; normalised."""
        locator = await self.wait()

        async def look() -> str | None:
            return await read_value(locator)

        return await self.page.portal.until(look, self.page.title, self.name)


class BoundValue(BoundShown):
    """A value beside its label; without text it may have no size, and is read as empty."""

    async def wait(self) -> Locator:
        portal, title = self.page.portal, self.page.title

        async def look() -> Locator | None:
            count = await self.locator.count()
            _only(self, count)
            return self.locator if count else None

        return await portal.until(look, title, self.name)

    async def read(self) -> str:
        async def look() -> str | None:
            values: list[str] = await self.locator.evaluate_all(f"(all) => all.map({_VALUE})")
            _only(self, len(values))
            return clean(values[0]) if values else None

        return await self.page.portal.until(look, self.page.title, self.name)

    @staticmethod
    async def read_all(*elements: Bound) -> list[str]:
        """The values beside some labels of one page, all of one moment: one look where each alone
        would take one."""
        page = elements[0].page
        names = [element.name for element in elements]
        scope = page.scope
        root = scope if isinstance(scope, Locator) else scope.locator(":root")

        async def look() -> list[str] | None:
            found: list[list[str]] | None = await root.evaluate_all(_VALUES, names)
            if found is None:
                return None
            for element, values in zip(elements, found, strict=True):
                _only(element, len(values))
            return [clean(values[0]) for values in found] if all(found) else None

        return await page.portal.until(look, page.title, ", ".join(names))


def _only(element: Bound, count: int) -> None:
    if count > 1:
        page = element.page
        raise PageChanged(page.portal.name, page.title, f"hay más de un «{element.name}»")


class BoundField(BoundShown, BoundTyped):
    async def fill(self, value: str) -> None:
        """Type the value, with the events the page listens to, and see that it stayed."""
        await self._type(value)
        await self.expect(value)

    async def expect(self, value: str) -> None:
        """Raises `FormAltered` where the field holds something else than was typed."""
        fields = self.locator.filter(visible=True)

        async def look() -> list[str] | None:
            return await fields.evaluate_all(f"(all) => all.map({_VALUE})") or None

        held = await self.page.portal.until(look, self.page.title, self.name)
        if [clean(one) for one in held] != [clean(value)]:
            raise FormAltered(
                self.page.portal.name, self.page.title, f"«{self.name}» no conserva lo escrito"
            )


class BoundChoice(BoundShown):
    codec = CHOICE

    async def fill(self, text: str) -> None:
        """Choose an option, and see that it stays chosen."""
        await self.choose(text)
        await self.expect(text)

    async def choose(self, text: str) -> None:
        """Choose by the option's text once the list has it: lists fill late, over old options."""
        locator = await self.wait()

        async def look() -> int | None:
            options: list[str] = await look_at(locator, _OPTIONS) or []
            return next((at for at, option in enumerate(options) if same(option, text)), None)

        at = await self.page.portal.until(look, self.page.title, f"{self.name} › {text}")
        async with self.page.portal.acting(self.page.title, self.name):
            await locator.select_option(index=at)

    async def expect(self, text: str) -> None:
        """Raises `FormAltered` where something else is chosen. What is chosen may post the page
        back, and the list be replaced while it is looked at."""
        if not same(await self.read(), text):
            raise FormAltered(
                self.page.portal.name, self.page.title, f"«{self.name}» no conserva lo elegido"
            )


class BoundButton(Bound):
    async def click(self) -> None:
        locator = await self.wait()
        async with self.page.portal.acting(self.page.title, self.name):
            await locator.click()


class BoundTab(BoundButton):
    async def open(self) -> None:
        """Click it, and see that it is the tab that is shown."""
        await self.click()
        locator = self.locator

        async def look() -> bool | None:
            return await locator.get_attribute("aria-selected", timeout=1000) == "true" or None

        await self.page.portal.until(look, self.page.title, f"pestaña «{self.name}»")


B = TypeVar("B", bound=Bound)
V = TypeVar("V")


class Element(Generic[B]):
    """A declaration; see `Bound` for what can be done with it."""

    #: what it has to do with a draft, on a `pages.core.form.Form`
    entry: Entry | None = None

    def __init__(self, kind: type[B], name: str, find: Find) -> None:
        self.kind = kind
        self.name = name
        self.find = find

    @overload
    def __get__(self, page: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, page: OpenPage, owner: type[object]) -> B: ...
    def __get__(self, page: OpenPage | None, owner: type[object]) -> Self | B:
        return self if page is None else self.on(page)

    def on(self, page: OpenPage) -> B:
        """The element of this page, which is open now."""
        return self.kind(page, self.name, self.find)


def exactly(text: str) -> re.Pattern[str]:
    """The text as people see it, whatever spaces and invisible characters the page puts in."""
    words = [f"[{INVISIBLE}]*".join(map(re.escape, word)) for word in clean(text).split(" ")]
    space = f"[\\s{INVISIBLE}]"
    return re.compile(f"^{space}*" + f"{space}+".join(words) + f"{space}*$", re.IGNORECASE)


def heading(text: str) -> Element[Bound]:
    """A title on the page."""
    return Element(Bound, text, lambda scope: scope.get_by_role("heading", name=exactly(text)))


class Value(Element[BoundValue]):
    """A declared value; ``codec`` makes of its text what `PortalPage.fields_of` gives."""

    def __init__(self, label: str, codec: Callable[[str], Any]) -> None:
        super().__init__(BoundValue, label, lambda scope: scope.locator(f"labelled={label}"))
        self.codec = codec


def shown(label: str, codec: Callable[[str], Any] = str) -> Value:
    """A value that stands beside its label, as text or in an input."""
    return Value(label, codec)


def field(label: str) -> Element[BoundField]:
    """A text field with its label."""
    return Element(BoundField, label, lambda scope: scope.locator(f"labelled={label}"))


def secret(label: str) -> Element[BoundSecret]:
    """A password's field with its label; it is typed into and never read."""
    return Element(BoundSecret, label, lambda scope: scope.locator(f"labelled={label}"))


def choice(label: str) -> Element[BoundChoice]:
    """A drop-down list with its label."""
    return Element(BoundChoice, label, lambda scope: scope.locator(f"labelled={label}"))


def button(name: str) -> Element[BoundButton]:
    return Element(BoundButton, name, lambda scope: scope.get_by_role("button", name=exactly(name)))


def link(name: str) -> Element[BoundButton]:
    return Element(BoundButton, name, lambda scope: scope.get_by_role("link", name=exactly(name)))


def tab(name: str) -> Element[BoundTab]:
    """The header of a tab, which stays in sight whichever tab is open."""
    return Element(BoundTab, name, lambda scope: scope.get_by_role("tab", name=exactly(name)))


def text(words: str) -> Element[Bound]:
    """Words on the page, for telling one page from another."""
    return Element(Bound, words, lambda scope: scope.get_by_text(exactly(words)))


def readable(page: OpenPage, name: str, codec: Callable[[str], V], text: str) -> V:
    """The text as the codec reads it; raises `PageChanged` where it cannot."""
    try:
        return codec(clean(text))
    except ValueError:
        unreadable = PageChanged(page.portal.name, page.title, f"«{name}» es ilegible")
    raise unreadable  # out here, as what was read is personal data and stays out of the error


async def look_at(locator: Locator, script: str, argument: object = None) -> Any:
    """What the script makes of the element as it is now; None where there is none.

    It does not wait, as Playwright's own ``evaluate`` does, and so takes one call and not three.
    """
    return await locator.evaluate_all(
        f"([element], argument) => element ? ({script})(element, argument) : null", argument
    )


async def read_value(locator: Locator) -> str | None:
    """Text, input's value or chosen option's text: what a person reads there, normalised."""
    value: str | None = await look_at(locator, _VALUE)
    return None if value is None else clean(value)
