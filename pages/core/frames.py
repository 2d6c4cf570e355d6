"""Frames of a portal's window: how each is called in the markup, and which is not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, FrameLocator, Page

from pages.core.candidates import Missing, shown_on
from pages.core.likeness import Candidate, SeenElement, Wanted, candidates
from pages.core.portal_map import OnSurface, Word, declared_by
from pages.core.vocabulary import is_form_words
from pages.core.waiting import Waiting

#: of what is in a frame, so much is told
_TOLD = 3


class FrameName(Word):
    """What a frame is called where people do not see it: in its ``name``, or in its ``title``."""

    def __init__(self, name: str, by: Literal["name", "title"] = "name") -> None:
        super().__init__(name)
        self.by = by

    def find(self, one: OnSurface, window: Page) -> FrameLocator:
        return window.frame_locator(f'frame[{self.by}="{self.on(one)}"]')


async def missing_frames(portal: Waiting, kinds: Iterable[Any]) -> list[Missing]:
    """Those that no window has, of windows that have frames at all; what is in them is not found
    then, however it is called. Each of the others that are there may be it."""
    declared = [one for kind in kinds for one in declared_by(kind) if isinstance(one, FrameName)]
    shown = [frame for page in portal.windows for frame in page.main_frame.child_frames]
    called = [(frame, await _names_of(frame)) for frame in shown]
    absent = [
        one for one in declared if not any(one.on(portal) == its[one.by] for _, its in called)
    ]
    known = {one.on(portal) for one in declared}
    other = [
        (frame, its) for frame, its in called if any(its.values()) and not known & {*its.values()}
    ]
    if not other:
        return []
    inside = {frame: await _shown_in(frame) for frame, _ in other}
    return [
        Missing(one, "", _candidates(one, portal, {its[one.by]: inside[f] for f, its in other}))
        for one in absent
    ]


async def _names_of(frame: Frame) -> dict[str, str]:
    try:
        element = await frame.frame_element()
        return {by: await element.get_attribute(by) or "" for by in ("name", "title")}
    except PlaywrightError:  # it goes as it is looked at
        return {"name": "", "title": ""}


async def _shown_in(frame: Frame) -> str:
    """What a person knows it by, and what is nobody's: it is told in an e-mail, too."""
    shown = [one.name for one in await shown_on(frame) if one.kind in ("pressed", "words")]
    names = [name for name in shown if is_form_words(name)]
    return ", ".join(f"«{name}»" for name in dict.fromkeys(names[:_TOLD]))


def _candidates(one: FrameName, portal: Waiting, inside: dict[str, str]) -> tuple[Candidate, ...]:
    seen = [SeenElement("frame", name, at) for at, name in enumerate(inside) if name]
    found = candidates(Wanted(one.on(portal)), seen)
    return tuple(
        replace(each, why=f"{each.why}; en él se ve {inside[each.name]}")
        if inside[each.name]
        else each
        for each in found
    )
