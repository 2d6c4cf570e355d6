"""What a person sees on a page now, whatever page it is."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page

from pages.contract.text import clean
from pages.core.asking import ask

#: seconds until a frame that does not say what it shows is taken for empty
_READING = 3.0
_SEEN = "({ seen }, all, withFrames) => seen(window, withFrames)"
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_PASSWORD = re.compile(r"<input\b[^>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)


#: what ``seen.js`` tells of the documents of a window
Told = Sequence[tuple[str, str, bool]]


class SeenFrame(NamedTuple):
    """All that a person reads in a document now, normalised, and whether it asks for the login."""

    address: str
    words: str
    asks: bool


def seen_of(told: Told) -> list[SeenFrame]:
    """What was told, normalised."""
    return [SeenFrame(address, clean(words), asks) for address, words, asks in told]


async def seen_on(page: Page) -> list[SeenFrame]:
    """What each document of a window shows, in one look where one server's are all of them."""
    if len(page.frames) > 1 and (seen := await _seen(page.main_frame, with_frames=True)):
        return seen
    each = await asyncio.gather(*map(_seen, page.frames))
    return [one for found in each for one in found]


async def _seen(frame: Frame, *, with_frames: bool = False) -> list[SeenFrame]:
    """Nothing where it cannot be read, or not now: while the page that comes next is awaited,
    Playwright may wait with it, for ever."""
    with suppress(PlaywrightError, TimeoutError):
        async with asyncio.timeout(_READING):
            return seen_of(await ask(frame, _SEEN, with_frames) or [])
    return []


def seen_in_source(source: str) -> tuple[str, bool]:
    """The same of a page that was sent, and is shown nowhere."""
    words = clean(html.unescape(_MARKUP.sub(" ", source)))
    return words, _PASSWORD.search(source) is not None


def quotable(words: str) -> str:
    """A portal's message as an error may quote it: without the numbers, which may be anybody's."""
    return re.sub(r"\d", "#", clean(words))[:120]
