"""What a picture shows of a form, as far as its height tells."""

from __future__ import annotations

import struct
from pathlib import Path

from playwright.async_api import Frame

_HEIGHT = """() => {
  const shown = (all) => Array.from(document.querySelectorAll(all))
    .filter((e) => e.getClientRects().length);
  const ends = shown('input, select, textarea, button')
    .map((e) => e.getBoundingClientRect().bottom + window.scrollY);
  const cut = shown('textarea').map((e) => e.scrollHeight - e.clientHeight);
  return Math.max(...ends) + Math.max(0, ...cut);
}"""


def height_of(path: Path) -> int:
    """A PNG's, in pixels."""
    height: int = struct.unpack(">I", path.read_bytes()[20:24])[0]
    return height


async def form_height(frame: Frame) -> float:
    """How far down its fields go, with all of its longest text."""
    height: float = await frame.evaluate(_HEIGHT)
    return height
