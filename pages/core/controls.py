"""Controls that are not typed into: check boxes, lists of boxes, files."""

from __future__ import annotations

from collections.abc import Callable, Collection

from pages.contract.errors import FormAltered
from pages.contract.text import clean, same
from pages.core.codecs import CHECKED, CHOICE, MARKED, UPLOADS
from pages.core.elements import BoundShown, Element, labelled
from pages.core.scripts import BOX_NAMES


class BoundControl(BoundShown):
    """One that is seen to hold what was done to it. Doing it may post the page back, so that it is
    looked for again."""

    async def expect(self, text: str) -> None:
        """Raises `FormAltered` where it holds something else."""
        if not self.codec.holds(text, await self.read()):
            raise FormAltered(
                self.page.portal.name, self.page.title, f"«{self.name}» no conserva lo elegido"
            )


class BoundCheckbox(BoundControl):
    """One box: *sí* or *no*."""

    codec = CHECKED

    async def fill(self, text: str) -> None:
        """Leave it checked for *sí*, and not for *no*."""
        CHECKED.read(text)
        if not same(await self.read(), text):
            box = await self.wait()
            async with self.page.portal.acting(self.page.title, self.name):
                await box.click()
        await self.expect(text)


class BoundBoxes(BoundControl):
    """Several boxes behind one label, each by the words beside it."""

    async def names(self) -> list[str]:
        """The words beside each box, in their order."""
        await self.wait()

        async def look() -> list[str] | None:
            names: list[str] | None = await self.ask(BOX_NAMES)
            return names and [clean(name) for name in names]

        return await self.page.portal.until(look, self.page.title, self.name)

    async def _click(self, name: str) -> None:
        """The one box of these words, once it is there."""
        portal, title, what = self.page.portal, self.page.title, f"{self.name} › {name}"

        async def look() -> int | None:
            fitting = [at for at, one in enumerate(await self.names()) if same(one, name)]
            return fitting[0] if len(fitting) == 1 else None

        at = await portal.until(look, title, what)
        boxes = self.locator.locator("input[type=radio], input[type=checkbox]")
        async with portal.acting(title, what):
            await boxes.filter(visible=True).nth(at).click()


class BoundRadio(BoundBoxes):
    """A list of radio buttons: one of them."""

    codec = CHOICE
    is_term = True

    async def fill(self, text: str) -> None:
        """Choose by the words beside the button; none is chosen for an empty text."""
        if not same(await self.read(), text):
            await self._click(self.said(text))
        await self.expect(text)


class BoundChecklist(BoundBoxes):
    """A list of check boxes: those that are checked, and no others."""

    codec = MARKED

    async def fill(self, text: str) -> None:
        """``text`` names the boxes, with commas between. Each click may post the page back."""
        wanted = MARKED.read(text)
        for name in _either_but_not_both(MARKED.read(await self.read()), wanted):
            await self._click(name)
        await self.expect(text)


def _either_but_not_both(some: Collection[str], others: Collection[str]) -> list[str]:
    def lacks(names: Collection[str]) -> Callable[[str], bool]:
        return lambda name: not any(same(name, one) for one in names)

    return [*filter(lacks(others), some), *filter(lacks(some), others)]


class BoundUpload(BoundControl):
    """A field for files. A postback of the whole page empties it: attach after what posts back."""

    codec = UPLOADS

    async def fill(self, text: str) -> None:
        """Attach the files of these paths, one a line, instead of those that are chosen."""
        field = await self.wait()
        async with self.page.portal.acting(self.page.title, self.name):
            await field.set_input_files(UPLOADS.paths(text))
        await self.expect(text)


def checkbox(label: str) -> Element[BoundCheckbox]:
    """A box by the words beside it, or by its label."""
    return Element(BoundCheckbox, label, labelled("checkbox"))


def radio(label: str) -> Element[BoundRadio]:
    """A list of radio buttons with its label."""
    return Element(BoundRadio, label, labelled("radio"))


def checklist(label: str) -> Element[BoundChecklist]:
    """A list of check boxes with its label."""
    return Element(BoundChecklist, label, labelled("checklist"))


def upload(label: str) -> Element[BoundUpload]:
    """A field for files with its label."""
    return Element(BoundUpload, label, labelled("upload"))
