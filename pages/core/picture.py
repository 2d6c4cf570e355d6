"""Pictures of all that a form holds, however little of it its window, frames and boxes show."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from playwright.async_api import Frame, Locator, Page

from pages.core.asking import Scope

_KEPT = "globalThis[Symbol.for('cargofijo.picture')]"
_JOIN = (Path(__file__).parent / "join.js").read_text(encoding="utf-8")
#: what of a document is out of its window, in pixels
_LACK = """() => {
  const { documentElement: root, body } = document;
  return Math.max(root.scrollHeight, body ? body.scrollHeight : 0) - window.innerHeight;
}"""
#: shows all, and keeps in the document how that is undone, the last one first; what it lacks then
_SHOW_ALL = f"""(what) => {{
  const shown = {(Path(__file__).parent / "picture.js").read_text(encoding="utf-8")};
  ({_KEPT} ||= []).push(shown(what || {{}}));
  return ({_LACK})();
}}"""
_UNDO = f"() => {_KEPT}.pop()()"
#: tries to make the window high enough: a row of a frameset may get but its share of it
_TRIES = 8
#: pixels; Chromium paints nothing beyond
_HIGHEST = 16_000


@asynccontextmanager
async def shown_whole(scope: Scope) -> AsyncIterator[Locator]:
    """Its locator, while nothing of it needs to be scrolled to: long texts, boxes that scroll, the
    frames that it is in. Its data stays as it is, and afterwards so does its look."""
    target = scope if isinstance(scope, Locator) else scope.locator(":root")
    if isinstance(scope, Page | Frame):
        frame: Frame | None = scope.main_frame if isinstance(scope, Page) else scope
    else:
        frame = await (await target.element_handle()).owner_frame()
    assert frame is not None
    async with AsyncExitStack() as undo:
        way, lack = await _all_shown(frame, undo)
        if len(way) > 1 or lack > 0:  # what grew around it may leave less for it, or more
            await _window_over(frame.page, way, undo)
        yield target


async def save_picture(scope: Scope, path: Path) -> None:
    """Save a PNG of all of it."""
    async with shown_whole(scope) as target:
        await target.screenshot(path=path, animations="disabled", caret="initial")


async def joined(window: Page, pictures: Sequence[bytes]) -> bytes:
    """One PNG of several, one below the other; the window only does the work."""
    texts = "\n".join(base64.b64encode(picture).decode() for picture in pictures)
    return base64.b64decode(await window.evaluate(_JOIN, texts))


def keep_picture(path: Path, content: bytes) -> None:
    """Write it beside its place first, so that it is whole or not there; for its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


async def _all_shown(frame: Frame, undo: AsyncExitStack) -> tuple[list[Frame], float]:
    """Grow what is in the frame, and each frame on the way to it: these, the innermost first; and
    what of the innermost was out of its window before they grew."""

    async def inside(one: Frame) -> float:
        for child in one.child_frames:
            await inside(child)
            await _grow(child, undo)
        lack: float = await one.evaluate(_SHOW_ALL)
        undo.push_async_callback(one.evaluate, _UNDO)
        return lack

    lack = await inside(frame)
    way = [frame]
    while (outer := way[-1].parent_frame) is not None:
        await _grow(way[-1], undo)
        way.append(outer)
    return way, lack


async def _grow(frame: Frame, undo: AsyncExitStack) -> None:
    """Make a frame as high as what is in it. The frameset's own has no height but its share."""
    lack = await frame.evaluate(_LACK)
    element = await frame.frame_element()
    if lack > 0 and await element.evaluate("(e) => e.matches('iframe') && e.clientHeight > 0"):
        outer = await element.owner_frame()
        assert outer is not None
        # a page that has a `Map` of its own lets no object through (see ``ask.js``)
        await element.evaluate(f"(frame, lack) => ({_SHOW_ALL})({{ frame, lack }})", lack)
        undo.push_async_callback(outer.evaluate, _UNDO)


async def _window_over(page: Page, way: list[Frame], undo: AsyncExitStack) -> None:
    """Make the window so high that nothing on the way to the frame is to be scrolled."""
    size = page.viewport_size
    if size is None:
        return
    height = size["height"]
    for _ in range(_TRIES):
        lack = max([await frame.evaluate(_LACK) for frame in way])
        if lack <= 0 or height >= _HIGHEST:
            return
        if height == size["height"]:
            undo.push_async_callback(page.set_viewport_size, size)
        height = min(height + lack, _HIGHEST)
        await page.set_viewport_size({"width": size["width"], "height": height})
