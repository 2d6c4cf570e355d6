"""What a person sees on a page now, whatever page it is."""

from __future__ import annotations

import asyncio
import html
import re
from contextlib import suppress
from typing import NamedTuple

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page

from pages.contract.text import clean

#: seconds until a frame that does not say what it shows is taken for empty
_READING = 3.0
#: Of each document its address, a person's words in it, and whether it asks for the login: by a
#: password's box, or by the address to which Forms authentication sends whoever has no session.
#: Null where a frame is another server's, for whose words it is to be asked itself.
_SEEN = r"""(withFrames) => {
  const found = [];
  const look = (view) => {
    const {document: doc, location} = view;
    found.push([
      location.href,
      doc.body ? doc.body.innerText || '' : '',
      /log-?(in|on).*[?&]ReturnUrl=/i.test(location.href) ||
        Array.from(doc.querySelectorAll('input[type=password]'))
          .some((box) => box.checkVisibility({visibilityProperty: true})),
    ]);
    for (let at = 0; withFrames && at < view.frames.length; at += 1) look(view.frames[at]);
  };
  try { look(window); } catch (another) { return null; }
  return found;
}"""
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_PASSWORD = re.compile(r"<input\b[^>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)


class Seen(NamedTuple):
    """All that a person reads in a document now, normalised, and whether it asks for the login."""

    address: str
    words: str
    asks: bool


async def seen_on(page: Page) -> list[Seen]:
    """What each document of a window shows, in one look where one server's are all of them."""
    if len(page.frames) > 1 and (seen := await _seen(page.main_frame, with_frames=True)):
        return seen
    each = await asyncio.gather(*map(_seen, page.frames))
    return [one for found in each for one in found]


async def _seen(frame: Frame, *, with_frames: bool = False) -> list[Seen]:
    """Nothing where it cannot be read, or not now: while the page that comes next is awaited,
    Playwright may wait with it, for ever."""
    with suppress(PlaywrightError, TimeoutError):
        async with asyncio.timeout(_READING):
            found = await frame.evaluate(_SEEN, with_frames) or []
            return [Seen(address, clean(words), asks) for address, words, asks in found]
    return []


def seen_in_source(source: str) -> tuple[str, bool]:
    """The same of a page that was sent, and is shown nowhere."""
    words = clean(html.unescape(_MARKUP.sub(" ", source)))
    return words, _PASSWORD.search(source) is not None


def quotable(words: str) -> str:
    """A portal's message as an error may quote it: without the numbers, which may be anybody's."""
    return re.sub(r"\d", "#", clean(words))[:120]
