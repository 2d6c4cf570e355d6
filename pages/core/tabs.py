"""Tabs and menu entries: what opens a part of a page, whatever it is made of."""

from __future__ import annotations

from typing import Any

from pages.core.asking import PATIENCE
from pages.core.aspnet import AspNetPage
from pages.core.elements import Bound, BoundButton, Element, OpenPage
from pages.core.engines import Find, First, Way, both, exactly, with_css, with_role, with_words
from pages.core.scripts import done

#: words that are pressed and have no role: the Toolkit's older tabs, cells with a script
_LISTENING = "[onclick], [onclick] *, [class*=tab i], [class*=tab i] *"

#: Whether a tab says that it is the one that is open: by ARIA, or by the class that its product
#: gives it (ASP.NET's Menu, the Ajax Control Toolkit, jQuery UI, Telerik, DevExpress) on it, in it,
#: or around it as far as nothing else stands in there. Null where it says neither.
_SAYS_OPEN = r"""(tab) => {
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
_IS_OPEN = f"({{ visible }}, all) => all.filter(visible).map({_SAYS_OPEN})[0] || null"

#: whether pressing it posts the page back
_POSTS_BACK = r"""((e) => /__doPostBack|WebForm_DoPostBackWithOptions/.test(
    (e.getAttribute('href') || '') + (e.getAttribute('onclick') || '')) || e.type === 'submit')"""
_DOES_POST = f"({{ visible }}, all) => all.filter(visible).some({_POSTS_BACK})"
#: what pressing it came to: it says that it is open, or not, or it has not been pressed, as it
#: posts the page back, which has to be told before
_OPEN, _PRESSED, _POSTS = "open", "pressed", "posts"
_PRESS = f"hands.press(e) && (({_SAYS_OPEN})(e) ? '{_OPEN}' : '{_PRESSED}')"
_PRESS_ALONE = f"{_POSTS_BACK}(e) ? '{_POSTS}' : {_PRESS}"


def made_as(*roles: str) -> Way:
    """How what is pressed by its name is found: the surest of the ways in which it may be made, and
    at last words without a role."""

    def way(name: str) -> Find:
        words = exactly(name)
        pressed = both(with_words(words), with_css(_LISTENING))
        return First(*(with_role(role, words) for role in roles), pressed)

    return way


class BoundTab(BoundButton):
    """The header of a tab; ``shows`` is what is visible only while it is open."""

    def __init__(
        self, page: OpenPage, name: str, find: Find, shows: Element[Any] | None = None
    ) -> None:
        super().__init__(page, name, find)
        self._shows: Bound | None = None if shows is None else shows.on(page)

    async def open(self) -> None:
        """Press it, and see that it is the tab that is shown; where it posts the page back, once
        the answer is there."""
        page = self.page
        if isinstance(page, AspNetPage):
            pressed = await self._handled("Pulsar", done(_PRESS_ALONE))
            if pressed == _POSTS or (pressed is None and await self.ask(_DOES_POST)):
                pressed = _POSTS
                async with page.postback(self._shows, by=self):
                    if await self._handled("Pulsar", done(_PRESS)) is None:
                        await self.press(await self.wait())
        else:
            pressed = await self._handled("Pulsar", done(_PRESS))
        if pressed is None:
            await self.press(await self.wait())
        if self._shows is not None or pressed != _OPEN:
            await page.portal.until(self._is_open, page.title, f"pestaña «{self.name}»")

    async def _is_open(self) -> bool | None:
        if self._shows is not None:
            return await self._shows.is_shown() or None
        return await self.ask(_IS_OPEN, patience=PATIENCE) or None


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


def menu_item(name: str) -> Element[BoundButton]:
    """An entry of a menu or a tree of links."""
    return Element(BoundButton, name, made_as("link", "menuitem", "treeitem"))
