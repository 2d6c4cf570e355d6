"""A page that has changed, looked at while it is open: what is missing there, what may be it, and a
picture without anybody's data."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Error as PlaywrightError

from pages.contract.errors import PageChanged, PortalError
from pages.contract.missing import Absent, Guess, PageLook
from pages.core.base_portal import Portal
from pages.core.capture import Capture
from pages.core.inspection import Inspection
from pages.core.tabular import Tabular
from pages.inventory import surface_of

#: seconds for all that is looked at, and for the picture
_LOOKING, _PAINTING = 10.0, 15.0
#: of what may be it, so many are told
_TOLD = 3


class Study:
    """Tells with an error what is missing, and shows it; never hides what went wrong. What is
    missed again has the picture that it had."""

    def __init__(self) -> None:
        self._pictures: dict[tuple[str, str, tuple[Absent, ...]], bytes] = {}

    async def __call__(self, portal: Portal, error: PageChanged) -> None:
        see = Inspection(patience=0)
        with suppress(PlaywrightError, PortalError, TimeoutError):
            async with asyncio.timeout(_LOOKING):
                await see.blocked(error, portal)
            error.missing = tuple(_told(see, portal, error))
        if not error.missing:
            return
        known = portal.name, portal.map_version, error.missing
        if known not in self._pictures:
            with suppress(PlaywrightError, PortalError, TimeoutError, OSError):
                async with asyncio.timeout(_PAINTING):
                    self._pictures[known] = await _picture(portal, error)
        error.picture = self._pictures.get(known, b"")


def _told(see: Inspection, portal: Portal, error: PageChanged) -> Iterator[Absent]:
    for one in see.absent:
        here = one.element.here(portal.names)
        column = here.columns[one.column] if isinstance(here, Tabular) and one.column else None
        name = column.header if column else here.name
        guesses = tuple(
            Guess(found.accepted, found.score, found.why) for found in one.candidates[:_TOLD]
        )
        key = ".".join(filter(None, (portal.part, one.key)))
        yield Absent(key, name, PageLook(portal.part, error.where, here.name), guesses)


async def _picture(portal: Portal, error: PageChanged) -> bytes:
    """A PNG of the window that was opened last, copied without anybody's data."""
    browser = portal.context.browser
    assert browser is not None
    copies = await browser.new_context(viewport={"width": 1366, "height": 900})
    try:
        with TemporaryDirectory(prefix="cargofijo-") as folder:
            see = Capture(portal.name, Path(folder), surface_of(type(portal)), portal.words)
            await see.blocked(error, portal)
            await see.take_pictures(copies)
            return await asyncio.to_thread(_last_picture, Path(folder))
    finally:
        await copies.close()


def _last_picture(folder: Path) -> bytes:
    """Empty where there is none."""
    pictures = sorted(folder.glob("*.png"))
    return pictures[-1].read_bytes() if pictures else b""
