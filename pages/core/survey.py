"""A survey of a capture's pages: the picture of each, and where on it everything stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame

from pages.contract.errors import PageChanged
from pages.contract.text import folded
from pages.core.asking import ask, frame_with
from pages.core.candidates import shown_on
from pages.core.elements import Bound, Element, OpenPage
from pages.core.inspection import Inspection, elements_of
from pages.core.likeness import Candidate, SeenElement
from pages.core.picture import shown_whole
from pages.core.scripts import BOX, END
from pages.core.tabular import Tabular
from pages.core.waiting import Waiting

#: left, top, right, bottom: pixels of a picture
Box = tuple[float, ...]
#: pixels below the last that a page shows
_MARGIN = 24


@dataclass(frozen=True, eq=False)
class Pictured:
    """A page that was looked at: a PNG, of which as much as ``size`` shows anything, and on it the
    boxes of what was found, by the keys of a map. ``looked`` are the keys of all that was looked
    for, ``problem`` is what a way ended at."""

    title: str
    picture: bytes = field(repr=False)
    size: tuple[float, float]
    found: dict[str, Box]
    looked: Collection[str]
    seen: Sequence[SeenElement] = field(repr=False)
    problem: str = ""

    def shown(self, candidate: Candidate, kind: str) -> SeenElement | None:
        """The one thing on it that the candidate names; None where there is none, or several."""
        wanted = (kind, folded(candidate.name), candidate.number)
        named = [one for one in self.seen if (one.kind, folded(one.name), one.number) == wanted]
        return named[0] if len(named) == 1 else None


class Survey(Inspection):
    """An inspection that takes a picture of each page: of a capture's, which hold nobody's data."""

    def __init__(self) -> None:
        super().__init__(patience=0)
        self.pages: list[Pictured] = []

    async def look(self, page: OpenPage, *names: str) -> None:
        await super().look(page, *names)
        looked = names or tuple(elements_of(type(page)))
        declared: list[Element[Any]] = [getattr(type(page), name) for name in looked]
        found = self.found[type(page)]
        bound = {one.key: one.on(page) for one in declared if found & {*one.attributes}}
        await self._keep(await frame_with(page.scope), page.title, bound, keys_of(declared))

    async def blocked(self, error: PageChanged, portal: Waiting) -> None:
        if any((one.title, one.problem) == (error.where, error.what) for one in self.pages):
            return
        before = len(self.absent)
        await super().blocked(error, portal)
        looked = [one.key for one in self.absent[before:]]
        for window in portal.context.pages:
            await self._keep(window.main_frame, error.where, {}, looked, error.what)

    async def _keep(
        self,
        frame: Frame,
        title: str,
        found: dict[str, Bound],
        looked: Iterable[str],
        problem: str = "",
    ) -> None:
        async with shown_whole(frame) as whole:
            picture = await whole.screenshot(animations="disabled")
            corner = await whole.bounding_box()
            assert corner is not None
            boxes = {key: await _box(one) for key, one in found.items()}
            parts = [await _part_of(part, corner) for part in _within(frame)]
            seen = [one for part, _ in parts for one in part]
            end = max(end for _, end in parts) + _MARGIN
        self.pages.append(
            Pictured(
                title,
                picture,
                (corner["width"], min(corner["height"], end)),
                {key: box for key, box in boxes.items() if box},
                frozenset(looked),
                seen,
                problem,
            )
        )


def keys_of(elements: Iterable[Element[Any]]) -> Iterator[str]:
    """Their keys in a map, and those of their columns."""
    for one in elements:
        yield one.key
        if isinstance(one, Tabular):
            yield from (f"{one.key}.{column}" for column in one.columns)


def _within(frame: Frame) -> Iterator[Frame]:
    yield frame
    for child in frame.child_frames:
        yield from _within(child)


async def _box(one: Bound) -> Box:
    try:
        return tuple(await one.ask(BOX) or ())
    except PlaywrightError:  # its markup alone tells it, and that is not here
        return ()


async def _part_of(frame: Frame, corner: Any) -> tuple[list[SeenElement], float]:
    """What a person sees there, with its boxes from this corner; and how far down it goes."""
    root = await frame.locator(":root").bounding_box()
    if root is None:
        return [], 0.0
    right, down = root["x"] - corner["x"], root["y"] - corner["y"]
    moved = (right, down, right, down)
    seen = [
        replace(one, box=tuple(at + by for at, by in zip(one.box, moved, strict=False)))
        for one in await shown_on(frame)
    ]
    return seen, down + await ask(frame, END)
