"""Elements that a page declares: labels, fields, buttons and tabs, by what people see.

An element is declared on the class and bound to a page on access, so that a page object reads like
the page: ``ruc = shown("RUC")`` and then ``await self.ruc.read()``. Nothing here knows an id, a
class of layout or a position.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import copy
from functools import cache, cached_property
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, overload

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator

from pages.contract.errors import FormAltered, PageChanged
from pages.contract.text import clean
from pages.core.asking import PATIENCE, InDoubt, Scope, Step, ask
from pages.core.codecs import TEXT, FieldEntry, Text
from pages.core.engines import (
    Engine,
    Find,
    NamedEngine,
    Way,
    begun,
    both,
    either,
    exactly,
    with_css,
    with_role,
    with_title,
    with_words,
)
from pages.core.noted import labels_of
from pages.core.portal_map import Mappable, Override, PortalMap
from pages.core.scripts import (
    COUNT,
    COUNT_VISIBLE,
    FOCUS,
    LEAVE,
    PRESS,
    TYPE,
    VALUE_OF_EACH,
    VALUE_OF_VISIBLE,
    VALUES,
)
from pages.core.waiting import AND, Waiting

#: sets apart what the engine is asked for: a label's words hold anything but this
_PART = "\x1f"
#: seconds after which what is there and cannot be used is left to Playwright, which waits for it
IN_THE_WAY = 0.5


class Labelled(Engine):
    """How what stands behind a label is found. Of several controls behind one label, ``kind`` (see
    ``labelled.js``) leaves those of that kind, and ``part`` takes one of them, counted from 1.
    ``others`` are labels that stand on the same page."""

    def __init__(
        self, label: str, kind: str = "", part: int = 0, others: tuple[str, ...] = ()
    ) -> None:
        self.label, self.kind, self.part = label, kind, part
        super().__init__("labelled", _PART.join((label, kind, str(part), *others)))

    def on(self, page: Any) -> Labelled:
        """The same among the labels that this page declares."""
        owner: type[OpenPage] = type(page)
        names = _labels(owner, page.portal.names)
        return Labelled(self.label, self.kind, self.part, names)


def named(role: str) -> Way:
    """By the name of a table or a group, see `NamedEngine`."""
    return lambda words: NamedEngine(role, words)


def labelled(kind: str, part: int = 0) -> Way:
    """By a label, see `Labelled`."""
    return lambda label: Labelled(label, kind, part)


class ByMarkup:
    """A way that is not by name: what it finds is told by its markup alone."""

    def __init__(self, find: Find) -> None:
        self._find = find

    def __call__(self, _: str) -> Find:
        return self._find


def by_css(selector: str) -> ByMarkup:
    return ByMarkup(with_css(selector))


def by_role(role: str) -> Way:
    return lambda name: with_role(role, exactly(name))


def by_title(name: str) -> Find:
    return with_title(exactly(name))


class OpenPage(Protocol):
    """What an element asks of the page that it is on; see `PortalPage`."""

    @property
    def portal(self) -> Waiting: ...
    @property
    def scope(self) -> Scope: ...
    @property
    def title(self) -> str: ...
    @property
    def way(self) -> tuple[Step, ...]: ...

    came: frozenset[str]

    async def ask(
        self, script: str, argument: object = None, *way: Step, patience: int = 0
    ) -> Any: ...
    def action(self, script: str) -> str: ...
    def acted(self, told: dict[str, Any]) -> None: ...
    async def before_acting(self) -> None: ...
    async def be_seen(self) -> None: ...


class Declared(Protocol):
    """What is declared, wherever it is kept; see `Element`."""

    def on(self, page: OpenPage) -> Bound: ...


class Bound:
    """An element of one page that is open now."""

    #: of what is typed into it
    codec: ClassVar[Text] = TEXT
    #: whether it holds one of the portal's words, and not anybody's text
    is_term: ClassVar[bool] = False

    def __init__(self, page: OpenPage, name: str, find: Find) -> None:
        self.page = page
        self.name = name
        self.find = find.on(page) if isinstance(find, Engine) else find

    @property
    def locator(self) -> Locator:
        return self.find(self.page.scope)

    @property
    def query(self) -> str:
        """What the engine ``labelled=`` finds it by; empty where it is found otherwise."""
        return self.find.query if isinstance(self.find, Labelled) else ""

    def said(self, text: str) -> str:
        """What is typed or chosen here for our text."""
        return self.page.portal.names.said(text) if self.is_term else text

    def understood(self, text: str) -> str:
        """Our text for what is shown here."""
        return self.page.portal.names.understood(text) if self.is_term else text

    async def ask(self, script: str, argument: object = None, *, patience: int = 0) -> Any:
        """What the script makes of all that is found (see `pages.core.asking`)."""
        if isinstance(self.find, Engine):
            with suppress(InDoubt):
                return await self.page.ask(script, argument, self.find.step, patience=patience)
        return await ask(await self._located(), script, argument, patience=patience)

    async def _located(self) -> Locator:
        if isinstance(self.find, Engine):
            return await self.find.located(self.page.scope)
        return self.locator

    async def wait(self) -> Locator:
        """Its locator once it is visible; raises what keeps it away (see `Portal.visible`)."""
        await self.appear()
        return (await self._located()).filter(visible=True).first

    async def appear(self) -> None:
        """Wait until it is visible; raises what keeps it away (see `Portal.visible`)."""
        if not isinstance(self.find, Engine):
            await self.page.portal.visible(self.locator, self.page.title, self.name)
            return

        async def look() -> int | None:
            count: int | None = await self.ask(COUNT_VISIBLE, patience=PATIENCE)
            only(self, count or 0)
            return count or None

        await self.page.portal.until(look, self.page.title, self.name)

    async def _handled(self, verb: str, script: str, argument: object = None) -> Any:
        """What the page's own script did to the one that is visible; None where something is in its
        way, for Playwright to wait for and to do it, or to say why it cannot be done.

        A script that was cut short by the page's end has done nothing (see ``hands.js``).
        """
        told = None
        if isinstance(self.find, Engine):
            async with self.page.portal.doing(f"{verb} «{self.name}»"):
                told = await self._done(script, argument)
        if told is None:
            await self.page.before_acting()
            async with self.page.portal.acting(self.page.title, self.name):
                await self.page.portal.in_front(self.locator.page)
        return told

    async def _done(self, script: str, argument: object) -> Any:
        since = 0.0

        async def look() -> list[Any] | None:
            nonlocal since
            told = await self.ask(self.page.action(script), argument, patience=PATIENCE)
            if told is None:
                return None
            only(self, told["count"])
            self.page.acted(told)
            since = since or time.monotonic()
            if "done" in told or time.monotonic() - since > IN_THE_WAY:
                return [told.get("done")]
            return None

        return (await self.page.portal.until(look, self.page.title, self.name))[0]

    @property
    def way(self) -> tuple[Step, ...] | None:
        """The steps by which its document finds it; None where Playwright has to."""
        around = self.page.way
        return (*around, self.find.step) if isinstance(self.find, Engine) else None

    @property
    def step(self) -> Step:
        """What the page finds it by."""
        assert isinstance(self.find, Engine)
        return self.find.step

    async def is_shown(self) -> bool:
        """Whether it is there now, without waiting for more than a page that is being replaced."""

        async def look() -> bool:
            if isinstance(self.find, Engine):
                return bool(await self.ask(COUNT_VISIBLE))
            return await self.locator.first.is_visible()

        return await self.page.portal.now(look, self.page.title, self.name)

    async def absent(self) -> list[str]:
        """What of it is not there now, without waiting: a clause for each."""

        async def look() -> int:
            if isinstance(self.find, Engine):
                return int(await self.ask(COUNT))
            return await self.locator.count()

        found = await self.page.portal.now(look, self.page.title, self.name)
        return [] if found else [f"no se encuentra «{self.name}»"]


class IsKept(Exception):
    """What is to be typed or chosen is held already."""


class BoundTyped(Bound):
    async def type(
        self, value: str, *, stay: bool = False, may_stay: bool = False
    ) -> list[str | None]:
        """Type it and go on, or stay in the field; what is held then. Raises `IsKept` where what is
        held already ``may_stay``."""
        typed = {"text": value, "stay": stay, "may_stay": may_stay}
        done: list[str | None] | str | None = await self._handled("Escribir en", TYPE, typed)
        if isinstance(done, str):
            raise IsKept
        if done is not None:
            return done
        return await self._type_slowly(value, stay=stay)

    async def _type_slowly(self, value: str, *, stay: bool = False) -> list[str | None]:
        """As Playwright does, which waits for a field that cannot be typed into yet. Its own error
        quotes what is typed, so it goes no further than here."""
        locator = await self.wait()
        await self._take_focus(locator)
        try:
            await locator.fill(value)
            # announced once, as by a person
            held: list[str | None] = await self.ask(VALUE_OF_VISIBLE if stay else LEAVE)
        except PlaywrightError as error:
            failed = PlaywrightError("fill") if "has been closed" not in error.message else error
        else:
            return held
        async with self.page.portal.acting(self.page.title, self.name):
            raise failed

    async def _take_focus(self, locator: Locator) -> None:
        """Raises `FormAltered` where the field before takes it back, as a check of old forms does:
        Playwright would type there, a password too (``findings/fill-goes-to-another-field.sh``).
        Where another field takes its place then, as one for a password does, that is the one."""
        portal, title = self.page.portal, self.page.title
        async with portal.acting(title, self.name):
            await (await locator.element_handle()).wait_for_element_state("editable")
            for _ in range(2):
                if await self.ask(FOCUS) == [True]:
                    return
        what = f"otro campo no deja escribir en «{self.name}»"
        raise FormAltered(portal.name, title, what)


class BoundSecret(BoundTyped):
    async def fill(self, secret: Callable[[], str]) -> None:
        """Type what is asked for only now, and is not kept."""
        await self._type_slowly(secret())


class BoundShown(Bound):
    async def read(self) -> str:
        """Its text, or its value where it is an input; normalised."""

        async def look() -> str | None:
            values: list[str | None] = await self.ask(VALUE_OF_VISIBLE)
            only(self, len(values))
            return cleaned(values[0]) if values else None

        return self.understood(await self.page.portal.until(look, self.page.title, self.name))


class BoundValue(BoundShown):
    """A value beside its label; without text it may have no size, and is read as empty."""

    async def texts(self) -> list[str | None]:
        """What stands beside each label of this name now, without waiting for any."""

        async def look() -> list[str | None]:
            return await self.ask(VALUE_OF_EACH) or []

        found = await self.page.portal.now(look, self.page.title, self.name)
        return list(map(cleaned, found))

    async def texts_with(self, other: BoundValue) -> list[list[str | None]]:
        """The same of two, of one moment, as our words say them."""
        queries = [self.query, other.query]

        async def look() -> list[list[str | None]]:
            if all(queries):
                found = await self.page.ask(VALUES, queries)
                return found["values"] if found else [[], []]
            return [await self.texts(), await other.texts()]

        both = await self.page.portal.now(look, self.page.title, self.name)
        return [
            [None if text is None else one.understood(clean(text)) for text in texts]
            for one, texts in zip((self, other), both, strict=True)
        ]

    async def wait(self) -> Locator:
        portal, title = self.page.portal, self.page.title

        async def look() -> Locator | None:
            count = await self.ask(COUNT)
            only(self, count)
            return self.locator if count else None

        return await portal.until(look, title, self.name)

    async def read(self) -> str:
        async def look() -> str | None:
            values: list[str | None] = await self.ask(VALUE_OF_EACH)
            only(self, len(values))
            return cleaned(values[0]) if values else None

        return self.understood(await self.page.portal.until(look, self.page.title, self.name))

    @staticmethod
    async def read_all(*elements: Bound) -> list[str]:
        """The values beside some labels of one page, all of one moment: one look where each alone
        would take one."""
        page = elements[0].page
        names = [element.name for element in elements]
        queries = [element.query for element in elements if element.query]

        async def look() -> list[str] | None:
            labelled: dict[str, Any] | None = await page.ask(VALUES, queries)
            if labelled is None:
                return None
            beside = iter(labelled["values"])
            found = [
                next(beside) if element.query else await element.ask(VALUE_OF_EACH)
                for element in elements
            ]
            for element, values in zip(elements, found, strict=True):
                only(element, len(values))
            read = [text for values in found for text in map(cleaned, values) if text is not None]
            if len(read) < len(elements):
                return None
            beside_labels = [element.name for element in elements if element.query]
            seen = labels_of(page.portal.part, page.title, beside_labels, labelled["labels"])
            page.portal.saw(seen)
            return read

        texts = await page.portal.until(look, page.title, AND.join(names))
        return [one.understood(text) for one, text in zip(elements, texts, strict=True)]


def cleaned(value: str | None) -> str | None:
    """None stays: what cannot be told is not empty."""
    return None if value is None else clean(value)


def only(element: Bound, count: int) -> None:
    """Raises `PageChanged` where there are several."""
    if count > 1:
        page = element.page
        raise PageChanged(page.portal.name, page.title, f"hay más de un «{element.name}»")


class BoundField(BoundShown, BoundTyped):
    async def fill(self, value: str) -> None:
        """Type the value, with the events the page listens to, and see that it stayed."""
        if not self.holds(value, await self.type(value)):
            await self.expect(value)

    async def expect(self, value: str) -> None:
        """Raises `FormAltered` where the field holds something else than was typed."""

        async def look() -> list[str | None] | None:
            return await self.ask(VALUE_OF_VISIBLE) or None

        held = await self.page.portal.until(look, self.page.title, self.name)
        if not self.holds(value, held):
            raise FormAltered(
                self.page.portal.name, self.page.title, f"«{self.name}» no conserva lo escrito"
            )

    @staticmethod
    def holds(value: str, held: Sequence[str | None]) -> bool:
        return [cleaned(one) for one in held] == [clean(value)]


class BoundTerm(BoundValue):
    """A value that is one of the portal's words."""

    is_term = True


class BoundButton(Bound):
    async def click(self) -> None:
        if not await self._handled("Pulsar", PRESS):
            await self.press(await self.wait())

    async def press(self, locator: Locator) -> None:
        """Click what `wait` gave."""
        async with self.page.portal.acting(self.page.title, self.name):
            await locator.click()


B = TypeVar("B", bound=Bound)
E = TypeVar("E", bound="Element[Any]")
V = TypeVar("V")


class Element(Mappable, Generic[B]):
    """A declaration; see `Bound` for what can be done with it.

    ``way`` gives how it is found by its name, which a portal's map may change.
    """

    #: what it has to do with a draft, on a `pages.core.form.Form`
    entry: FieldEntry | None = None

    def __init__(self, kind: type[B], name: str, way: Way) -> None:
        self.kind = kind
        self.name = name
        self.way = way

    @cached_property
    def find(self) -> Find:
        return self.way(self.name)

    @overload
    def __get__(self, page: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, page: OpenPage, owner: type[object]) -> B: ...
    def __get__(self, page: OpenPage | None, owner: type[object]) -> Self | B:
        return self if page is None else self.on(page)

    def on(self, page: OpenPage) -> B:
        """The element of this page, which is open now."""
        return self.here(page.portal.names).bound(page)

    def bound(self, page: OpenPage) -> B:
        """Itself on this page, whatever a map says."""
        return self.kind(page, self.name, self.find)

    def here(self, names: PortalMap) -> Self:
        return self if names.override(self) is None else _as_mapped(self, names)

    def under(self, other: Override) -> Self:
        """A copy that is called and found as a map says."""
        one = copy(self)
        vars(one).pop("find", None)
        one.name = other.name or self.name
        if other.selector:
            one.way = by_css(other.selector)
        return one


@cache
def _as_mapped(one: E, names: PortalMap) -> E:
    """An element of which the map says something, made once."""
    other = names.override(one)
    return one if other is None else one.under(other)


@cache
def _labels(page: type[OpenPage], names: PortalMap) -> tuple[str, ...]:
    """All labels that a page declares; of two elements of one name the one that is used."""
    declared = {name: one for owner in reversed(page.__mro__) for name, one in vars(owner).items()}
    elements = (one.here(names) for one in declared.values() if isinstance(one, Element))
    return tuple(one.name for one in elements if isinstance(one.find, Labelled))


def heading(text: str) -> Element[Bound]:
    """A title on the page."""
    return Element(Bound, text, by_role("heading"))


#: words that are pressed or chosen are no title, and those in a heading are the heading's
_NO_TITLE = (
    ":is(a, button, input, option, label, h1, h2, h3, h4, h5, h6, [onclick], [role=heading], "
    "[role=tab], [role=link], [role=button], [role=menuitem], [role=treeitem])"
)


def titled(text: str) -> Element[Bound]:
    """A title on the page, be it a heading or not."""

    def way(name: str) -> Find:
        words = exactly(name)
        plain = both(with_words(words), with_css(f":not({_NO_TITLE}, {_NO_TITLE} *)"))
        return either(with_role("heading", words), plain)

    return Element(Bound, text, way)


class Value(Element[BoundValue]):
    """A declared value; ``codec`` makes of its text what `PortalPage.fields_of` gives."""

    def __init__(
        self, label: str, codec: Callable[[str], Any], kind: type[BoundValue] = BoundValue
    ) -> None:
        super().__init__(kind, label, Labelled)
        self.codec = codec


def shown(label: str, codec: Callable[[str], Any] = str) -> Value:
    """A value that stands beside its label, as text or in an input."""
    return Value(label, codec)


def term(label: str, codec: Callable[[str], Any] = str) -> Value:
    """The same, where it is one of the portal's words."""
    return Value(label, codec, BoundTerm)


def field(label: str, part: int = 0) -> Element[BoundField]:
    """A text field with its label; ``part`` is its number where the label has several."""
    return Element(BoundField, label, labelled("field", part))


def secret(label: str) -> Element[BoundSecret]:
    """A password's field with its label; it is typed into and never read."""
    return Element(BoundSecret, label, labelled("field"))


def button(name: str) -> Element[BoundButton]:
    return Element(BoundButton, name, by_role("button"))


def link(name: str) -> Element[BoundButton]:
    return Element(BoundButton, name, by_role("link"))


def text(words: str) -> Element[Bound]:
    """Words on the page, for telling one page from another."""
    return Element(Bound, words, lambda name: with_words(exactly(name)))


def beginning(words: str) -> Element[Bound]:
    """A text on the page that begins with these words."""
    return Element(Bound, words, lambda name: with_words(begun(name)))


def marked(selector: str) -> Element[Bound]:
    """What its markup alone tells."""
    return Element(Bound, selector, by_css(selector))


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
    values: list[str | None] = await ask(locator, VALUE_OF_EACH)
    return cleaned(values[0]) if values else None
