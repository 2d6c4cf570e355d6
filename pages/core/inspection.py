"""Inspection of pages: whether what they declare is on them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from playwright.async_api import Error as PlaywrightError

from pages.contract.errors import PageChanged
from pages.contract.text import folded
from pages.core.candidates import Missing, SeenPage, shown_on
from pages.core.elements import Bound, Element, OpenPage
from pages.core.frames import missing_frames
from pages.core.likeness import SeenElement
from pages.core.loose_words import missing_words
from pages.core.page_part import PagePart
from pages.core.portal_map import PortalMap, declared_by, kinds_beside
from pages.core.tabular import Tabular
from pages.core.waiting import Waiting


class Ready(OpenPage, Protocol):
    """A page that tells when it is ready."""

    async def loaded(self) -> Self: ...


@dataclass(frozen=True)
class KnownCase:
    """A case that the portals know, to open the pages that show one; empty where it is not told."""

    sec: str
    ruc: str
    linea: str
    caso_siac: str


def elements_of(page: type[OpenPage]) -> Iterator[str]:
    """The names of the elements that a page declares; of two names of one element the first."""
    return (one.attributes[0] for one in declared_by(page) if isinstance(one, Element))


def _title(kind: Any) -> str:
    return str(getattr(kind, "title", ""))


@dataclass
class Inspection:
    """Findings: what is there, page by page, and what is not, as people call it."""

    found: dict[type[OpenPage], set[str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    #: what is not found, with what may be it
    absent: list[Missing] = field(default_factory=list)
    #: seconds for an element of a page that is ready
    patience: float = 3.0
    #: is told the title of each page that is looked at
    heard: Callable[[str], None] = lambda _: None

    async def look(self, page: OpenPage, *names: str) -> None:
        """Look for these elements, or all that the page declares, now or in a moment."""
        self.heard(page.title)
        found = self.found.setdefault(type(page), set())
        deadline = time.monotonic() + self.patience
        lacking: dict[str, list[str]] = {}
        for name in names or elements_of(type(page)):
            while absent := await _absent(getattr(page, name)):
                if time.monotonic() >= deadline:
                    self._miss(page.title, *absent)
                    lacking[name] = absent
                    break
                await asyncio.sleep(0.1)
            else:
                found.add(name)
        if lacking:
            surface = SeenPage(type(page), page.portal.names, await shown_on(page.scope), found)
            for name, clauses in lacking.items():
                self._suggest(surface, getattr(type(page), name), page.portal.names, clauses)
        else:
            await page.be_seen()

    def _suggest(
        self, surface: SeenPage, one: Element[Any], names: PortalMap, clauses: list[str]
    ) -> None:
        """Note an element, or those of its columns that the clauses name, with its candidates."""
        here = one.here(names)
        columns = here.columns if isinstance(here, Tabular) else {}
        named = [c for c in columns if any(f"«{columns[c].header}»" in told for told in clauses)]
        if isinstance(one, Tabular):
            named = named or surface.lacking(one)
        if not isinstance(one, Tabular) or not named:
            self.absent.append(surface.missing(one))
            return
        self.absent += [surface.missing_column(one, column) for column in named]

    async def blocked(self, error: PageChanged, portal: Waiting) -> None:
        """Note what a way ended at: of the elements that it tells of those that no window shows."""
        self._miss(error.where, error.what)
        before = len(self.absent)
        kinds: list[Any] = list(kinds_beside(type(portal)))
        told = [
            (kind, one)
            for kind in kinds
            if _title(kind)
            for one in _looked_for(kind)
            if f"«{one.here(portal.names).name}»" in error.what
        ]
        parts = [
            (kind, part.around)
            for kind in kinds
            for part in vars(kind).values()
            if isinstance(part, PagePart) and part.kind.title == error.where
        ]
        # it may have waited for another page than it was on
        named = [pair for pair in told if _title(pair[0]) == error.where] or told
        for owner, one in [*parts, *named]:
            if any(missing.element is one for missing in self.absent):
                continue
            frames = [frame for page in portal.windows for frame in page.frames]
            bound = [one.on(owner.standing_in(portal, frame)) for frame in frames]
            if not all([await _absent(here) for here in bound]):
                continue
            seen = [
                shown
                for frame in frames
                for shown in await shown_on(frame)
                if not await self._is_known(shown, owner, portal, frame)
            ]
            found = {name for name in elements_of(owner) if getattr(owner, name) is not one}
            declares = next((kind for kind in (owner, *kinds) if _declares(kind, one)), None)
            if declares is not None:
                surface = SeenPage(declares, portal.names, seen, found)
                self._suggest(surface, one, portal.names, [error.what])
            if (owner, one) in parts:
                return  # nothing is found in a part that is not there
        noted = [missing.element for missing in self.absent]
        lost = await missing_frames(portal, kinds)
        self.absent += [one for one in lost if one.element not in noted]
        if len(self.absent) == before:
            self.absent += await missing_words(portal, kinds, error)

    async def _is_known(self, shown: SeenElement, owner: Any, portal: Waiting, frame: Any) -> bool:
        """Whether it stands there as what another page declares: a part of a page is blocked with
        the page around it."""
        for kind, names in self.found.items():
            for one in (getattr(kind, name) for name in names if kind is not owner):
                if folded(one.here(portal.names).name) == folded(shown.name):
                    page: Any = kind
                    if not await _absent(one.on(page.standing_in(portal, frame))):
                        return True
        return False

    async def look_ready(self, page: Ready, *, but: Collection[str] = ()) -> None:
        """Look for all that a page declares but these once it is ready; where it never is, at what
        of it is there, before that is raised."""
        try:
            await page.loaded()
        except PageChanged:
            await self.look_but(page, *but)
            raise
        await self.look_but(page, *but)

    async def look_but(self, page: OpenPage, *names: str) -> None:
        """Look for all that the page declares but these, which it shows only as an answer."""
        await self.look(page, *(name for name in elements_of(type(page)) if name not in names))

    async def try_selectors(self, portal: Waiting) -> None:
        """Note the selectors of the portal's map that cannot be read: on a page they would only be
        waited for."""
        maps = [portal.account.names, *portal.account.names.sites.values()]
        written = {key: one.selector for names in maps for key, one in names.elements.items()}
        if not any(written.values()):
            return
        window = await portal.context.new_page()
        try:
            for (page, element), selector in written.items():
                try:
                    await window.locator(selector or "*").count()
                except PlaywrightError:
                    self._miss(f"{page}.{element}", f"el selector «{selector}» no se entiende")
        finally:
            await window.close()

    @asynccontextmanager
    async def going_on(self, portal: Waiting) -> AsyncIterator[None]:
        """Context of a way to some pages: where it ends at one that has changed, that is noted, and
        the other pages are looked at all the same."""
        try:
            yield
        except PageChanged as error:
            await self.blocked(error, portal)

    def _miss(self, where: str, *clauses: str) -> None:
        missing = (f"{where}: {clause}" for clause in clauses)
        self.missing += [one for one in missing if one not in self.missing]

    def keys(self) -> Iterator[str]:
        """What is found, by its keys in a map."""
        for page, names in self.found.items():
            yield from (getattr(page, name).key for name in names)

    @property
    def count(self) -> int:
        return sum(map(len, self.found.values()))


def _declares(page: type[object], one: Element[Any]) -> bool:
    return any(other is one for other in declared_by(page))


def _looked_for(page: type[object]) -> Iterator[Element[Any]]:
    """What the page declares, and what tells of its tables that they are whole."""
    for one in declared_by(page):
        if isinstance(one, Element):
            yield one
            sign = getattr(getattr(getattr(one, "ways", None), "whole", None), "element", None)
            if isinstance(sign, Element):
                yield sign


async def _absent(bound: Bound) -> list[str]:
    try:
        return await bound.absent()
    except PlaywrightError:  # a frame that was replaced while it was looked at
        return [f"no se encuentra «{bound.name}»"]
