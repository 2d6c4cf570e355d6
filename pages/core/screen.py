"""What a person sees on a page now, whatever page it is."""

from __future__ import annotations

import asyncio
import html
import re
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame

from pages.contract.text import clean

#: seconds until a frame that does not say what it shows is taken for empty
_READING = 3.0
#: A person's words in it, and whether it asks for the login: by a password's box, or by the address
#: to which Forms authentication sends whoever has no session.
_SEEN = r"""() => [
  document.body ? document.body.innerText || '' : '',
  /log-?(in|on).*[?&]ReturnUrl=/i.test(location.href) ||
    Array.from(document.querySelectorAll('input[type=password]'))
      .some((box) => box.checkVisibility({visibilityProperty: true})),
]"""
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_PASSWORD = re.compile(r"<input\b[^>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)


async def seen_in(frame: Frame) -> tuple[str, bool]:
    """All that a person reads in it now, normalised, and whether it asks for the login; nothing
    where it cannot be read, or not now: while the page that comes next is awaited, Playwright may
    wait with it, for ever."""
    with suppress(PlaywrightError, TimeoutError):
        async with asyncio.timeout(_READING):
            words, asks = await frame.evaluate(_SEEN)
            return clean(words), asks
    return "", False


async def words_of(frame: Frame) -> str:
    """All that a person reads in it now; see `seen_in`."""
    return (await seen_in(frame))[0]


def seen_in_source(source: str) -> tuple[str, bool]:
    """The same of a page that was sent, and is shown nowhere."""
    words = clean(html.unescape(_MARKUP.sub(" ", source)))
    return words, _PASSWORD.search(source) is not None


def quotable(words: str) -> str:
    """A portal's message as an error may quote it: without the numbers, which may be anybody's."""
    return re.sub(r"\d", "#", clean(words))[:120]
