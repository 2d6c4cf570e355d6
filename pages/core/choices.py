"""Drop-down lists: what they offer, and what is chosen in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.contract.errors import FormAltered
from pages.contract.text import clean, same
from pages.core.codecs import CHOICE
from pages.core.elements import BoundShown, Element, labelled, only
from pages.core.scripts import CHOOSE, OPTIONS


class Offer(NamedTuple):
    """The texts of a list's options, and of the one that is chosen; None where none can be told."""

    options: list[str]
    chosen: str | None


class BoundChoice(BoundShown):
    codec = CHOICE
    is_term = True

    async def fill(self, text: str) -> None:
        """Choose an option, and see that it stays chosen."""
        if not self.holds(text, await self.choose(text)):
            await self.expect(text)

    def holds(self, text: str, held: Sequence[str | None] | None) -> bool:
        """Whether this is what is chosen, where that is known."""
        return held is not None and [same(self.understood(clean(one)), text) for one in held] == [
            True
        ]

    async def offer(self) -> Offer:
        """What can be chosen now."""

        async def look() -> Offer | None:
            lists: list[tuple[list[str], str | None]] = await self.ask(OPTIONS)
            only(self, len(lists))
            return Offer(*lists[0]) if lists else None

        return await self.page.portal.until(look, self.page.title, self.name)

    async def choose(self, text: str, offered: Offer | None = None) -> list[str | None] | None:
        """Choose by the option's text once the list has it: lists fill late, over old options.
        What is chosen then, where that is known. ``offered`` is what could be a moment ago."""
        portal, title, text = self.page.portal, self.page.title, self.said(text)

        def place(offer: Offer) -> int | None:
            return next((at for at, one in enumerate(offer.options) if same(one, text)), None)

        async def look() -> int | None:
            return place(await self.offer())

        at = place(offered or await self.offer())
        if at is None:
            at = await portal.until(look, title, f"{self.name} › {text}")
        held: list[str | None] | None = await self._handled("Elegir en", CHOOSE, at)
        if held is None:
            locator = self.locator.filter(visible=True).first
            async with portal.acting(title, self.name):
                await locator.select_option(index=at)
        return held

    async def expect(self, text: str) -> None:
        """Raises `FormAltered` where something else is chosen. What is chosen may post the page
        back, and the list be replaced while it is looked at."""
        if not same(await self.read(), text):
            raise FormAltered(
                self.page.portal.name, self.page.title, f"«{self.name}» no conserva lo elegido"
            )


def choice(label: str, part: int = 0) -> Element[BoundChoice]:
    """A drop-down list with its label; ``part`` is its number where the label has several."""
    return Element(BoundChoice, label, labelled("choice", part))
