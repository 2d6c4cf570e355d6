"""Words of the surface that are no element, where one is missed: a window's title, what a row's
button is called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playwright.async_api import Error as PlaywrightError

from pages.contract.errors import PageChanged
from pages.contract.text import clean, same
from pages.core.candidates import Missing, shown_on
from pages.core.frames import FrameName
from pages.core.likeness import SeenElement, Wanted, candidates
from pages.core.portal_map import Word, declared_by
from pages.core.vocabulary import is_form_words
from pages.core.waiting import Waiting


async def missing_words(portal: Waiting, kinds: Iterable[Any], error: PageChanged) -> list[Missing]:
    """Those that the error tells of, with what they may be now: of a form's words alone, as a row's
    links and a window's title may be somebody's name. One that is there, or that nothing may be, is
    not what is missed: a window that does not come is no other title."""
    declared = {
        one.key: one
        for kind in kinds
        for one in declared_by(kind)
        if isinstance(one, Word) and not isinstance(one, FrameName)
    }
    found = []
    for one in declared.values():
        name = one.on(portal)
        if f"› {name}»" in error.what:
            seen = await _pressed(portal)
        elif f"«{name}»" in error.what:
            seen = await _titles(portal)
        else:
            continue
        if seen and not any(same(other.name, name) for other in seen):
            found.append(Missing(one, "", tuple(candidates(Wanted(name), seen))))
    return found


async def _pressed(portal: Waiting) -> list[SeenElement]:
    frames = [frame for page in portal.windows for frame in page.frames]
    shown = [one for frame in frames for one in await shown_on(frame) if one.kind == "pressed"]
    return list({one.name: one for one in shown if is_form_words(one.name)}.values())


async def _titles(portal: Waiting) -> list[SeenElement]:
    """Of the windows beside the first, which is the portal's own."""
    titles = []
    for page in portal.windows[1:]:
        try:
            titles.append(clean(await page.title()))
        except PlaywrightError:  # it goes as it is looked at
            continue
    known = (title for title in dict.fromkeys(titles) if title and is_form_words(title))
    return [SeenElement("words", title, at) for at, title in enumerate(known)]
