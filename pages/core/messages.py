"""What a page says to what was done on it: that it is done, or that its form refuses it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pages.contract.errors import FormRefused
from pages.contract.text import clean
from pages.core.elements import Bound, ByMarkup, Element, OpenPage
from pages.core.engines import Find, either, with_role, with_words
from pages.core.scripts import REFUSALS

#: characters of a refusal that an error quotes
_QUOTED = 200


class BoundRefusal(Bound):
    """What the form refuses, wherever on the page it says so; see ``refusals.js``."""

    async def is_shown(self) -> bool:
        return bool(await self.words())

    async def words(self) -> str:
        """All of it that can be read now, with digits masked; empty where nothing is refused."""

        async def look() -> list[str]:
            return await self.page.ask(REFUSALS) or []

        return quoted(await self.page.portal.now(look, self.page.title, self.name))

    async def diagnose(self) -> None:
        """Raise `FormRefused` where the form refuses something now."""
        if words := await self.words():
            raise refused(self.page, words)


def quoted(said: Sequence[str]) -> str:
    """What a form says, as an error quotes it."""
    return re.sub(r"\d", "#", clean("; ".join(said)))[:_QUOTED]


def refused(page: OpenPage, words: str) -> FormRefused:
    """The error of a form that says this against what was typed."""
    return FormRefused(page.portal.name, page.title, f"el formulario no aceptó: {words}")


def message(words: str) -> Element[Bound]:
    """A message that something was done: a status, or these words wherever they stand; ``|`` stands
    between one wording and the other."""

    def way(words: str) -> Find:
        said = re.compile("|".join(map(re.escape, words.split("|"))), re.IGNORECASE)
        return either(with_role("status"), with_words(said))

    return Element(Bound, words, way)


def refusal() -> Element[BoundRefusal]:
    """What the page's form says against what was typed."""
    return Element(BoundRefusal, "mensaje de rechazo", ByMarkup(with_role("alert")))
