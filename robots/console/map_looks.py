"""Looks through portals for their maps: one at a time, in the background; what was seen is kept in
memory alone, and its files are deleted once they have been read."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from loguru import logger

from pages.contract.errors import BrowserLost
from pages.core.captured import INDEX
from pages.core.inspection import KnownCase
from pages.core.likeness import Candidate
from pages.core.survey import Pictured
from robots.console.refused import Refused
from robots.console.worker import ConsoleWorker
from robots.failures import CommandFailed
from robots.ops.captures import Surveyed, survey, survey_of
from robots.ops.map_suggestions import Suggested, suggestions
from robots.ops.map_writer import NamedElement, accept
from robots.ops.portal_maps import PORTAL_NAMES, file_of
from robots.settings import Settings


class MapRefused(Refused):
    """A look is not begun, or a name not accepted."""

    tone = "negative"


@dataclass
class MapLook:
    """A look at a portal, or at a capture of it; ``pages`` and ``elements`` are there once it has
    ended, ``accepted`` are the names that were accepted since, by their keys."""

    portal: str
    capture: str = ""
    known: KnownCase | None = None
    key: str = field(default_factory=lambda: secrets.token_hex(8))
    titles: list[str] = field(default_factory=list)
    is_over: bool = False
    problems: tuple[str, ...] = ()
    pages: tuple[Pictured, ...] = ()
    elements: tuple[Suggested, ...] = ()
    accepted: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return PORTAL_NAMES[self.portal]

    @property
    def news(self) -> tuple[object, ...]:
        """Value that changes with what there is to show."""
        return self.key, self.is_over, len(self.titles), len(self.accepted)

    @property
    def missing(self) -> list[Suggested]:
        return [one for one in self.elements if one.found is False]

    def title_of(self, page: Pictured) -> str:
        """Its title, numbered where others have the same."""
        alike = [one for one in self.pages if one.title == page.title]
        return page.title if len(alike) == 1 else f"{page.title} ({alike.index(page) + 1})"

    def missing_on(self, page: Pictured) -> list[Suggested]:
        """What is missing, each with the first page that it was looked for on; with the last what
        no copy of a page has looked for."""
        return [one for one in self.missing if self._first_of(one) is page]

    def _first_of(self, one: Suggested) -> Pictured:
        return next((page for page in self.pages if one.key in page.looked), self.pages[-1])


class MapLooks:
    """The newest look at each portal, for whoever may see it."""

    def __init__(self, settings: Settings, worker: ConsoleWorker) -> None:
        self.settings, self.worker = settings, worker
        self._looks: dict[str, MapLook] = {}
        self._task: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()

    def of(self, portal: str) -> MapLook | None:
        return self._looks.get(portal)

    @property
    def at_work(self) -> MapLook | None:
        return next((one for one in self._looks.values() if not one.is_over), None)

    def captures(self, portal: str) -> list[str]:
        """The captures of this portal that lie where the console looks for them."""
        found = []
        for index in sorted(self._captures.glob(f"*/{INDEX}")):
            try:
                told = json.loads(index.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if isinstance(told, dict) and told.get("portal") == PORTAL_NAMES[portal]:
                found.append(index.parent.name)
        return found

    def begin(self, look: MapLook) -> None:
        """Begin a look in the background; raises `MapRefused` where one is at work."""
        if (other := self.at_work) is not None:
            raise MapRefused(f"Se recorre {other.name} ahora: espere a que termine.")
        self._looks[look.portal] = look
        self._task = asyncio.create_task(self._run(look))

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def accept(self, look: MapLook, one: Suggested, chosen: Candidate) -> str:
        """Write a name into the portal's map, as `map accept` does; gives it. Raises
        `MapRefused`."""
        name = chosen.accepted
        file = file_of(self.settings.maps_dir, look.portal)
        async with self._writing:
            try:
                await asyncio.to_thread(accept, look.name, file, [NamedElement(one.key, name)])
            except CommandFailed as error:
                raise MapRefused(str(error)) from None
        look.accepted[one.key] = name
        self.worker.begin_anew()
        return name

    @property
    def _captures(self) -> Path:
        return self.settings.var_dir.absolute() / "captures"

    async def _run(self, look: MapLook) -> None:
        try:
            surveyed = await self._survey(look)
            look.elements = tuple(suggestions(self.settings, look.portal, surveyed.seen))
            look.pages = tuple(surveyed.pages)
            is_told = surveyed.seen.is_entered and look.missing
            look.problems = () if is_told else surveyed.seen.problems
        except CommandFailed as error:
            look.problems = (str(error),)
        except BrowserLost as error:
            look.problems = (f"{error}.",)
        except Exception as error:  # the type only: a text could carry what a page shows
            logger.error("console_failed", error=type(error).__name__, at="map")
            look.problems = ("Algo falló al recorrer el portal; no se cambió nada.",)
        finally:
            look.is_over = True

    async def _survey(self, look: MapLook) -> Surveyed:
        heard = look.titles.append
        if look.capture:
            folder = self._captures / look.capture
            return await survey_of(self.settings, look.portal, folder, heard)
        # one look at a time: what lies there is of one that was cut short
        folder = self.settings.var_dir.absolute() / "maps"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        try:
            async with self.worker.reading() as opened:
                return await survey(opened, self.settings, look.portal, look.known, folder, heard)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
