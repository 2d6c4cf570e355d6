"""Captures: a portal's pages as files, without anybody's data.

Nothing is changed in the portal: what is kept is a copy, and its picture is taken of the copy.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Frame, Page
from playwright.async_api import Error as PlaywrightError

from pages.contract.errors import PageChanged
from pages.core.asking import ask, frame_with
from pages.core.captured import INDEX, VERSION, frame_of, opened, serve
from pages.core.elements import OpenPage
from pages.core.inspection import Inspection
from pages.core.picture import save_picture
from pages.core.portal_map import Mappable
from pages.core.scripts import CAPTURE
from pages.core.tabular import Tabular
from pages.core.vocabulary import known_as, words_in
from pages.core.waiting import Waiting

#: the place of a frame among the frames of its document
_PLACE = "(e) => Array.from(e.ownerDocument.querySelectorAll('iframe, frame')).indexOf(e)"


class Capture(Inspection):
    """An inspection that keeps each page that it looks at in a folder, which is there and empty.

    ``surface`` is all that is declared of the portal, ``words`` are its words in lists and states:
    what a page says in these is the portal's.
    """

    def __init__(
        self,
        portal: str,
        folder: Path,
        surface: Iterable[Mappable],
        words: Iterable[str],
    ) -> None:
        super().__init__()
        self._portal, self._folder = portal, folder
        self._surface, self._words = list(surface), list(words)
        self._steps: list[dict[str, Any]] = []

    @property
    def kept(self) -> int:
        """So many pages."""
        return len(self._steps)

    async def look(self, page: OpenPage, *names: str) -> None:
        await super().look(page, *names)
        frame = await frame_with(page.scope)
        step = {"page": type(page).__name__, "elements": list(names)}
        await self._keep(page.portal, [frame.page], step, frame, page)

    async def blocked(self, error: PageChanged, portal: Waiting) -> None:
        await super().blocked(error, portal)
        if portal.windows:  # after the login that was given up there is none
            told = {"where": error.where, "what": error.what}
            await self._keep(portal, portal.windows, {"blocked": told})

    async def _keep(
        self,
        portal: Waiting,
        windows: Iterable[Page],
        step: dict[str, Any],
        shown: Frame | None = None,
        page: OpenPage | None = None,
    ) -> None:
        """Write the windows, of which ``shown`` is the frame that the page is in."""
        number = f"{len(self._steps) + 1:02}"
        said = self._said(portal)
        step["windows"] = []
        for at, window in enumerate(windows, start=1):
            files = {
                frame: f"{number}-{at}-{place}.html" for place, frame in enumerate(window.frames)
            }
            for frame, file in files.items():
                is_here = page is not None and frame is shown
                given = {"frames": await _inside(frame, files), "mark": number if is_here else ""}
                try:
                    if page is not None and is_here:
                        kept = await page.ask(CAPTURE, {**said, **given})
                    else:
                        kept = await ask(frame, CAPTURE, {**said, **given})
                except PlaywrightError:  # a frame that goes as it is looked at
                    continue
                if kept:
                    (self._folder / file).write_text(kept, encoding="utf-8")
            step["windows"].append(files[window.main_frame])
            if shown in files:
                step["file"] = files[shown]
        self._steps.append(step)
        index = {"version": VERSION, "portal": self._portal, "steps": self._steps}
        text = json.dumps(index, ensure_ascii=False, indent=1)
        (self._folder / INDEX).write_text(text, encoding="utf-8")

    def _said(self, portal: Waiting) -> dict[str, Any]:
        names = portal.names
        texts = [self._portal, *self._words, *names.words.values()]
        for one in self._surface:
            other = names.override(one)
            texts += [one.name, (other and other.name) or one.name]
            if isinstance(one, Tabular):
                texts += [column.header for column in one.columns.values()]
                texts += other.columns.values() if other else ()
        texts += [words for all_ in names.messages.values() for words in all_]
        return {"known": sorted(set(map(known_as, texts))), "words": words_in(texts)}

    async def take_pictures(self, copies: BrowserContext) -> None:
        """A PNG of each page, beside it."""
        await serve(copies, self._folder)
        for step in self._steps:
            for file in step["windows"]:
                window = await opened(copies, file)
                shown = frame_of(window, step.get("file", file))
                await save_picture(shown, (self._folder / file).with_suffix(".png"))
                await window.close()


async def _inside(frame: Frame, files: Mapping[Frame, str]) -> dict[int, str]:
    """The files of the frames in it, by their places among its elements."""
    found = {}
    for child in frame.child_frames:
        with suppress(PlaywrightError):
            place = await (await child.frame_element()).evaluate(_PLACE)
            found[place] = files[child]
    return found
