"""Tabs and menu entries: what opens a part of a page, whatever it is made of."""

from __future__ import annotations

from contextlib import nullcontext
from functools import reduce
from typing import Any

from playwright.async_api import Locator

from pages.core.asking import Scope
from pages.core.aspnet import AspNetPage
from pages.core.elements import (
    Bound,
    BoundButton,
    Element,
    Find,
    OpenPage,
    Way,
    exactly,
    look_at,
    only,
)

#: words that are pressed and have no role: the Toolkit's older tabs, cells with a script
_PRESSED = "[onclick], [onclick] *, [class*=tab i], [class*=tab i] *"

#: Whether a tab says that it is the one that is open: by ARIA, or by the class that its product
#: gives it (ASP.NET's Menu, the Ajax Control Toolkit, jQuery UI, Telerik, DevExpress) on it, in it,
#: or around it as far as nothing else stands in there. Null where it says neither.
_OPEN = r"""(tab) => {
  const STATE = '[aria-selected], [aria-current]';
  const OPEN = ['selected', 'active', 'current', 'ajax__tab_active', 'ui-tabs-active',
    'ui-state-active', 'rtsSelected', 'dxtc-activeTab'];
  const told = (e) => e.hasAttribute('aria-selected') ? e.getAttribute('aria-selected') === 'true'
    : e.getAttribute('aria-current') !== 'false';
  const words = (e) => e.innerText.replace(/\s+/g, ' ').trim();
  const parts = [tab, ...tab.querySelectorAll('*')];
  for (let e = tab.parentElement; e && words(e) === words(tab); e = e.parentElement) parts.push(e);
  const aria = parts.find((e) => e.matches(STATE));
  if (aria) return told(aria);
  return parts.some((e) => OPEN.some((name) => e.classList.contains(name))) || null;
}"""

#: whether pressing it posts the page back
_POSTS = """(e) => /__doPostBack|WebForm_DoPostBackWithOptions/.test(
  (e.getAttribute('href') || '') + (e.getAttribute('onclick') || '')) || e.type === 'submit'"""


class Ways:
    """How what is pressed by its name is found: each way in which it may be made, the surest first;
    at last words without a role."""

    def __init__(self, name: str, *roles: Any) -> None:
        self._words, self._roles = exactly(name), roles

    def __call__(self, scope: Scope) -> Locator:
        return reduce(lambda one, other: one.or_(other), self.each(scope))

    def each(self, scope: Scope) -> list[Locator]:
        made = [scope.get_by_role(role, name=self._words) for role in self._roles]
        return [*made, scope.get_by_text(self._words).and_(scope.locator(_PRESSED))]


def made_as(*roles: Any) -> Way:
    return lambda name: Ways(name, *roles)


class BoundItem(BoundButton):
    """What is pressed by its name: the surest of the ways in which it is made there."""

    def __init__(self, page: OpenPage, name: str, find: Find) -> None:
        super().__init__(page, name, find)
        self._ways = find.each if isinstance(find, Ways) else lambda scope: [find(scope)]

    async def _made(self) -> tuple[Locator, int] | None:
        """As it is there now, and how many there are."""
        for way in self._ways(self.page.scope):
            shown = way.filter(visible=True)
            if count := await shown.count():
                return shown.first, count
        return None

    async def wait(self) -> Locator:
        async def look() -> Locator | None:
            found = await self._made()
            if found is None:
                return None
            only(self, found[1])
            return found[0]

        return await self.page.portal.until(look, self.page.title, self.name)

    async def is_shown(self) -> bool:
        async def look() -> bool:
            return await self._made() is not None

        return await self.page.portal.now(look, self.page.title, self.name)


class BoundTab(BoundItem):
    """The header of a tab; ``shows`` is what is visible only while it is open."""

    def __init__(self, page: OpenPage, name: str, find: Find, shows: Element[Any] | None) -> None:
        super().__init__(page, name, find)
        self._shows: Bound | None = None if shows is None else shows.on(page)

    async def open(self) -> None:
        """Press it, and see that it is the tab that is shown; where it posts the page back, once
        the answer is there."""
        page, header = self.page, await self.wait()
        posts = await look_at(header, _POSTS)
        async with (
            page.postback(self._shows) if posts and isinstance(page, AspNetPage) else nullcontext()
        ):
            await self.press(header)
        await page.portal.until(self._is_open, page.title, f"pestaña «{self.name}»")

    async def _is_open(self) -> bool | None:
        if self._shows is not None:
            return await self._shows.is_shown() or None
        made = await self._made()
        return bool(made and await look_at(made[0], _OPEN)) or None


class Tab(Element[BoundTab]):
    def __init__(self, name: str, way: Way, shows: Element[Any] | None) -> None:
        super().__init__(BoundTab, name, way)
        self._shows = shows

    def bound(self, page: OpenPage) -> BoundTab:
        return BoundTab(page, self.name, self.find, self._shows)


def tab(name: str, shows: Element[Any] | None = None) -> Tab:
    """The header of a tab, which stays in sight whichever tab is open: a tab, else a link, a menu's
    item or a button of that name. ``shows`` is what only the open tab shows, for headers that do
    not say which one is open."""
    return Tab(name, made_as("tab", "link", "menuitem", "button"), shows)


def menu_item(name: str) -> Element[BoundItem]:
    """An entry of a menu or a tree of links."""
    return Element(BoundItem, name, made_as("link", "menuitem", "treeitem"))
