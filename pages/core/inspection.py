"""Inspection of pages: whether what they declare is on them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.async_api import Error as PlaywrightError

from pages.contract.errors import PageChanged
from pages.core.elements import Bound, Element, OpenPage
from pages.core.portal_map import declared_by

#: seconds for an element of a page that is ready
_PATIENCE = 3.0


@dataclass(frozen=True)
class Known:
    """A case that the portals know, to open the pages that show one."""

    sec: str
    ruc: str
    linea: str
    caso_siac: str


def elements_of(page: type[OpenPage]) -> Iterator[str]:
    """The names of the elements that a page declares; of two names of one element the first."""
    return (one.attributes[0] for one in declared_by(page) if isinstance(one, Element))


@dataclass
class Inspection:
    """Findings: what is there, page by page, and what is not, as people call it."""

    found: dict[type[OpenPage], set[str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    async def look(self, page: OpenPage, *names: str) -> None:
        """Look for these elements, or all that the page declares, now or in a moment."""
        found = self.found.setdefault(type(page), set())
        deadline = time.monotonic() + _PATIENCE
        for name in names or elements_of(type(page)):
            while absent := await _absent(getattr(page, name)):
                if time.monotonic() >= deadline:
                    self._miss(page.title, *absent)
                    break
                await asyncio.sleep(0.1)
            else:
                found.add(name)

    async def look_but(self, page: OpenPage, *names: str) -> None:
        """Look for all that the page declares but these, which it shows only as an answer."""
        await self.look(page, *(name for name in elements_of(type(page)) if name not in names))

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Context of a way to some pages: where it ends at one that has changed, that is noted, and
        the other pages are looked at all the same."""
        try:
            yield
        except PageChanged as error:
            self._miss(error.where, error.what)

    def _miss(self, where: str, *clauses: str) -> None:
        missing = (f"{where}: {clause}" for clause in clauses)
        self.missing += [one for one in missing if one not in self.missing]

    @property
    def count(self) -> int:
        return sum(map(len, self.found.values()))


async def _absent(bound: Bound) -> list[str]:
    try:
        return await bound.absent()
    except PlaywrightError:  # a frame that was replaced while it was looked at
        return [f"no se encuentra «{bound.name}»"]
