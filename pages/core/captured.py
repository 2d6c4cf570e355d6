"""A capture's pages, opened again where their portal is not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import BrowserContext, Frame, Page, Route

from pages.contract.errors import PageChanged
from pages.core.base_portal import Portal
from pages.core.inspection import Inspection
from pages.core.page import PortalPage
from pages.core.portal_map import kinds_beside

#: what a capture's folder tells of its pages
INDEX = "captura.json"
VERSION = 1
#: a server that no name leads to: what is asked there is answered from the folder
_SITE = "http://captura.invalid/"

P = TypeVar("P", bound=PortalPage)


class CaptureUnusable(Exception):
    """The folder holds no capture that can be read, told in Spanish."""


class Captured:
    """A folder that `pages.core.capture.Capture` has filled; ``portal`` is the portal's name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
            version, self.portal, self._steps = index["version"], index["portal"], index["steps"]
        except (OSError, ValueError, TypeError, KeyError):
            what = f"{folder} no contiene una captura: falta {INDEX}, o no se puede leer."
            raise CaptureUnusable(what) from None
        if version != VERSION:
            raise CaptureUnusable(f"La captura de {folder} es de otra versión: hágala de nuevo.")

    async def inspect(self, see: Inspection, portal: Portal) -> None:
        """Look at its pages as at the portal's own."""
        await serve(portal.context, self.folder)
        kinds = self._kinds(portal)
        for step in self._steps:
            async with self._opened(portal, step) as frame:
                if "blocked" in step:
                    told = step["blocked"]
                    error = PageChanged(portal.name, told["where"], told["what"])
                    await see.blocked(error, portal)
                elif kind := kinds.get(step["page"]):
                    await see.look(_standing(kind, portal, frame), *step["elements"])

    def looks(self, portal: Portal) -> list[tuple[type[PortalPage], list[str]]]:
        """The kinds of pages that were looked at, with the elements that were looked for."""
        kinds = self._kinds(portal)
        return [
            (kinds[step["page"]], step["elements"])
            for step in self._steps
            if step.get("page") in kinds
        ]

    @staticmethod
    def _kinds(portal: Portal) -> dict[str, type[PortalPage]]:
        return {
            kind.__name__: kind
            for kind in kinds_beside(type(portal))
            if issubclass(kind, PortalPage)
        }

    @asynccontextmanager
    async def page(self, kind: type[P], portal: Portal, place: int = 0) -> AsyncIterator[P]:
        """The page of this kind that was looked at first, or as the next ones (``place``)."""
        await serve(portal.context, self.folder)
        steps = [step for step in self._steps if step.get("page") == kind.__name__]
        async with self._opened(portal, steps[place]) as frame:
            yield _standing(kind, portal, frame)

    @asynccontextmanager
    async def _opened(self, portal: Portal, step: dict[str, Any]) -> AsyncIterator[Frame]:
        """The windows of a step, and the frame of its page."""
        windows = [await opened(portal.context, file) for file in step["windows"]]
        try:
            yield frame_of(windows[0], step.get("file", step["windows"][0]))
        finally:
            for window in windows:
                await window.close()


def _standing(kind: type[P], portal: Portal, frame: Frame) -> P:
    return kind.standing_in(portal, frame.locator("[data-captura]"))


async def serve(context: BrowserContext, folder: Path) -> None:
    """Answer from the folder what is asked of its server, and nothing else."""

    async def answer(route: Route) -> None:
        file = folder / route.request.url.removeprefix(_SITE)
        if route.request.url.startswith(_SITE) and file.parent == folder and file.is_file():
            await route.fulfill(path=file, content_type="text/html; charset=utf-8")
        else:
            await route.abort()

    await context.unroute_all()
    await context.route("**/*", answer)


async def opened(context: BrowserContext, file: str) -> Page:
    window = await context.new_page()
    await window.goto(_SITE + file)
    return window


def frame_of(window: Page, file: str) -> Frame:
    """What of the window is this file."""
    return next(frame for frame in window.frames if frame.url == _SITE + file)
