"""How a page tells that all rows of a table are there.

A table that says ``aria-busy``, or how many records it has, tells so by itself. Where neither does
and nothing is declared, it is whole after `QUIET` seconds without a change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Protocol

from pages.contract.text import clean
from pages.core.asking import Step
from pages.core.elements import Declared, OpenPage
from pages.core.engines import Engine
from pages.core.scripts import COUNT_VISIBLE

#: seconds without a change after which a table that tells nothing is taken for whole
QUIET = 0.5
#: the same for a table whose rows have been answered, and are painted now
_PAINTED = 0.1

_NUMBER = re.compile(r"\d+(?:[.,]\d{3})*")


@dataclass(frozen=True)
class TableLook:
    """What is known of a table at one moment."""

    #: what the sign gave before
    sign: Any
    #: rows that are shown, and whether other pages have more
    rows: int
    has_pages: bool
    #: requests that were answered, of those that the sign is about
    answered: int


class Whole(Protocol):
    """A sign that a table is whole."""

    #: part of the address of a request that it is about; empty where it is about none
    @property
    def answer(self) -> str: ...

    def step(self, page: OpenPage) -> Step | None:
        """What the page finds the sign by, where it is something that is shown: it is looked for
        together with the table then."""

    async def sign(self, page: OpenPage) -> Any:
        """What it is now; asked for before the table is looked at, for rows come before it."""

    def lasting(self, look: TableLook) -> float | None:
        """For how many seconds the table must not change yet; None where rows are still to come."""


@dataclass(frozen=True)
class Shown:
    """By something that is shown then, or is shown until then (``gone``)."""

    element: Declared
    gone: bool = False
    answer: str = ""

    def step(self, page: OpenPage) -> Step | None:
        find = self.element.on(page).find
        return find.step if isinstance(find, Engine) else None

    async def sign(self, page: OpenPage) -> bool:
        return bool(await self.element.on(page).ask(COUNT_VISIBLE))

    def lasting(self, look: TableLook) -> float | None:
        return None if look.sign is self.gone else 0.0


@dataclass(frozen=True)
class Counted:
    """By the number of records, the only number of a text on the page; of all pages, where it has
    several, and then a page of them is whole after `QUIET` seconds."""

    element: Declared
    answer: str = ""

    def step(self, page: OpenPage) -> None:
        """None: it is read."""

    async def sign(self, page: OpenPage) -> int | None:
        texts = await self.element.on(page).locator.filter(visible=True).all_inner_texts()
        found = [_NUMBER.findall(clean(text)) for text in texts]
        if len(found) != 1 or len(found[0]) != 1:
            return None
        return int(re.sub("[.,]", "", found[0][0]))

    def lasting(self, look: TableLook) -> float | None:
        if look.sign is None:
            return None
        if look.has_pages:
            return QUIET if look.rows <= look.sign else None
        return 0.0 if look.rows == look.sign else None


@dataclass(frozen=True)
class Answered:
    """By the end of its requests: one whose address has ``answer`` in it was answered, and no other
    is awaited."""

    answer: str

    def step(self, page: OpenPage) -> None:
        """None: the page does not show it."""

    async def sign(self, page: OpenPage) -> bool:
        return not page.portal.awaits(self.answer)

    def lasting(self, look: TableLook) -> float | None:
        return _PAINTED if look.sign and look.answered else None
