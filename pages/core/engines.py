"""Engines: how elements are found, by scripts of ours in the page and by Playwright alike."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import reduce

from playwright.async_api import Locator

from pages.contract.text import INVISIBLE, clean
from pages.core.asking import Scope, Step

Find = Callable[[Scope], Locator]
#: how an element is found, by its name
Way = Callable[[str], Find]


def _letter(letter: str) -> str:
    return "[°º]" if letter in "°º" else re.escape(letter)


def exactly(text: str) -> re.Pattern[str]:
    """The text as people see it, whatever spaces and invisible characters the page puts in."""
    return re.compile(_as_seen(text) + "$", re.IGNORECASE)


def begun(text: str) -> re.Pattern[str]:
    """The same at the beginning of a text."""
    return re.compile(_as_seen(text), re.IGNORECASE)


def _as_seen(text: str) -> str:
    words = [f"[{INVISIBLE}]*".join(map(_letter, word)) for word in clean(text).split(" ")]
    space = f"[\\s{INVISIBLE}]"
    return f"^{space}*" + f"{space}+".join(words) + f"{space}*"


class Engine:
    """What an engine of ours finds: in the page, where the page is asked, and for Playwright."""

    def __init__(self, name: str, query: str) -> None:
        self.query = query
        self.step: Step = (name, query)

    def __call__(self, scope: Scope) -> Locator:
        return scope.locator("=".join(self.step))

    def on(self, page: object) -> Engine:
        """The same on this page."""
        return self

    async def located(self, scope: Scope) -> Locator:
        """What Playwright finds now."""
        return self(scope)


class NamedEngine(Engine):
    """A table or a group of fields by its name; ``role`` says which."""

    def __init__(self, role: str, words: str) -> None:
        super().__init__("named", json.dumps({"role": role, "words": exactly(words).pattern}))


class Doubled(Engine):
    """An engine that only the page knows: ``find`` is what Playwright finds by means of its own,
    where the page is in doubt (see ``roles.js``)."""

    def __init__(self, find: Find, name: str, **query: object) -> None:
        super().__init__(name, json.dumps(query))
        self._find = find

    def __call__(self, scope: Scope) -> Locator:
        return self._find(scope)


def with_role(role: str, words: re.Pattern[str] | None = None) -> Doubled:
    """Elements of a role, by their name where ``words`` say which; these ignore case."""

    def find(scope: Scope) -> Locator:
        return scope.get_by_role(role, name=words)  # type: ignore[arg-type]

    return Doubled(find, "role", role=role, words=words.pattern if words else "")


def with_words(words: re.Pattern[str]) -> Doubled:
    """The innermost elements whose words are these, which ignore case."""
    return Doubled(lambda scope: scope.get_by_text(words), "words", words=words.pattern)


def with_css(selector: str) -> Doubled:
    """Elements by what a product makes them of."""
    return Doubled(lambda scope: scope.locator(selector), "css", selector=selector)


def with_title(words: re.Pattern[str]) -> Doubled:
    """Elements by what is told of them when one points at them."""
    return Doubled(lambda scope: scope.get_by_title(words), "titled", words=words.pattern)


def either(*ways: Engine) -> Doubled:
    """What any of these finds."""

    def find(scope: Scope) -> Locator:
        return reduce(lambda found, more: found.or_(more), (way(scope) for way in ways))

    return Doubled(find, "either", ways=[way.step for way in ways])


def within(outer: Engine, inner: Engine) -> Doubled:
    """What the inner one finds in what is visible of the outer one."""

    def find(scope: Scope) -> Locator:
        return inner(outer(scope).filter(visible=True))

    return Doubled(find, "within", ways=[outer.step, inner.step])


def both(one: Engine, other: Engine) -> Doubled:
    """What each of the two finds."""
    return Doubled(lambda scope: one(scope).and_(other(scope)), "both", ways=[one.step, other.step])


class First(Doubled):
    """What the first of these finds that finds anything visible."""

    def __init__(self, *ways: Engine) -> None:
        self._ways = ways
        super().__init__(either(*ways), "first", ways=[way.step for way in ways])

    async def located(self, scope: Scope) -> Locator:
        for way in self._ways:
            shown = way(scope).filter(visible=True)
            if await shown.count():
                return shown
        return self(scope)


def seen(way: Engine) -> Doubled:
    """Those that are visible of what it finds."""
    return Doubled(lambda scope: way(scope).filter(visible=True), "seen", way=way.step)


def nth(way: Engine, number: int) -> Doubled:
    """One of those that it finds, counted from 0."""
    return Doubled(lambda scope: way(scope).nth(number), "nth", way=way.step, number=number)


def sole(way: Engine) -> Doubled:
    """What it finds, where it is the only one that is visible."""
    return Doubled(way, "sole", way=way.step)


def listening(words: re.Pattern[str]) -> Doubled:
    """What listens to a press without being a link or a button: a link without address, a picture,
    words; by these words, or by those that a picture has."""

    def find(scope: Scope) -> Locator:
        listens = scope.locator("a:not([href]), [onclick]:not(tr, td)")
        pictures = scope.get_by_alt_text(words).or_(scope.get_by_title(words)).and_(listens)
        return listens.filter(has_text=words).or_(pictures)

    return Doubled(find, "listening", words=words.pattern)
