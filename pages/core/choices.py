"""Drop-down lists: what they offer, and what is chosen in them."""

from __future__ import annotations

from collections.abc import Sequence

from pages.contract.errors import FormAltered
from pages.contract.text import clean, folded, same
from pages.core.codecs import CHOICE
from pages.core.elements import BoundShown, Element, IsKept, labelled, only
from pages.core.scripts import CHOOSE, OPTIONS, PICK


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

    def words(self, text: str) -> str:
        """By which an option is found: they are compared as a reader does."""
        return folded(self.said(text))

    async def options(self) -> list[str]:
        """What can be chosen now."""

        async def look() -> list[str] | None:
            lists: list[list[str]] = await self.ask(OPTIONS)
            only(self, len(lists))
            return lists[0] if lists else None

        return await self.page.portal.until(look, self.page.title, self.name)

    async def choose(self, text: str, *, may_stay: bool = False) -> list[str | None] | None:
        """Choose by the option's text once the list has it: lists fill late, over old options.
        What is chosen then, where that is known. Raises `IsKept` where it ``may_stay``, and is."""
        portal, title = self.page.portal, self.page.title
        words = {"words": self.words(text), "may_stay": may_stay}
        held: list[str | None] | str | None = await self._handled("Elegir en", PICK, words)
        if isinstance(held, str):
            raise IsKept
        if held is not None:
            return held

        async def look() -> int | None:
            said, options = self.said(text), await self.options()
            return next((at for at, one in enumerate(options) if same(one, said)), None)

        at = await portal.until(look, title, f"{self.name} › {self.said(text)}")
        done: list[str | None] | None = await self._handled("Elegir en", CHOOSE, at)
        if done is None:
            locator = self.locator.filter(visible=True).first
            async with portal.acting(title, self.name):
                await locator.select_option(index=at)
        return done

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
