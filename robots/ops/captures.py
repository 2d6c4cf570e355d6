"""A portal's pages looked at for its map: in the portal, kept as a capture, or in a capture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flows.store.ledger import Ledger
from pages.contract.errors import PageChanged
from pages.core.account import Limits
from pages.core.browser import Browser
from pages.core.capture import Capture
from pages.core.captured import INDEX, Captured, CaptureUnusable
from pages.core.inspection import Inspection, KnownCase
from pages.core.shown_texts import ShownTexts
from pages.core.survey import Pictured, Survey
from pages.core.waiting import Waiting
from pages.inventory import KINDS, surface_of
from robots.bootstrap import OpenServices, accounts, browser_choice, open_services
from robots.failures import Unusable
from robots.ops.portal_maps import PORTAL_NAMES, MapSurface
from robots.ops.preflight import Inspected, inspect_portal, inspected, known_case
from robots.settings import Settings

#: seconds for all pages of a portal that are looked at, and that are kept
_LOOKING, _KEEPING = 50.0, 300.0


async def look_at(
    settings: Settings, ledger: Ledger, portal: str, shown: KnownCase | None
) -> Inspected:
    """One portal's pages as `check` looks at them; those of a case with the one that is ``shown``,
    else one that the robot knows."""
    see = ShownTexts()
    seen = await _look(settings, ledger, portal, shown, see, _LOOKING)
    return replace(seen, words=_words_in(see, seen.portal))


async def keep(
    settings: Settings, ledger: Ledger, portal: str, shown: KnownCase | None, folder: Path
) -> Inspected:
    """The same, kept in a folder; one that holds an older capture is emptied of it. Raises
    `Unusable` where it holds something else."""
    see = _capture(portal, folder)
    seen = await _look(settings, ledger, portal, shown, see, _KEEPING)
    async with Browser(replace(browser_choice(settings), relay=False)) as browser:
        await see.take_pictures(await browser.context())
    return replace(seen, pages=see.kept)


def _capture(portal: str, folder: Path) -> Capture:
    _make_room(folder)
    name = PORTAL_NAMES[portal]
    return Capture(name, folder, surface_of(KINDS[name]), MapSurface(name).words.values())


@dataclass(frozen=True)
class Surveyed:
    """What was seen of a portal, and its pages as a copy without anybody's data shows them."""

    seen: Inspected
    pages: Sequence[Pictured]


async def survey(
    opened: OpenServices,
    settings: Settings,
    portal: str,
    shown: KnownCase | None,
    folder: Path,
    heard: Callable[[str], None],
) -> Surveyed:
    """Look at a portal's pages, keep them in the folder, and take their pictures there; ``heard``
    is told the title of each page."""
    see = _capture(portal, folder)
    see.heard = heard
    known = shown or await asyncio.to_thread(known_case, opened.services.ledger)
    seen = await inspect_portal(opened, PORTAL_NAMES[portal], known, see, _KEEPING)
    if not (folder / INDEX).is_file():
        return Surveyed(seen, ())
    copies = await survey_of(settings, portal, folder, lambda title: heard(f"{title} (imagen)"))
    return Surveyed(seen, copies.pages)


async def survey_of(
    settings: Settings, portal: str, folder: Path, heard: Callable[[str], None]
) -> Surveyed:
    """The same of a capture; raises `Unusable` as `look_into` does."""
    see = Survey()
    see.heard = heard
    return Surveyed(await _look_into(settings, portal, folder, see), see.pages)


async def _look(
    settings: Settings,
    ledger: Ledger,
    portal: str,
    shown: KnownCase | None,
    see: Inspection,
    patience: float,
) -> Inspected:
    known = shown or await asyncio.to_thread(known_case, ledger)
    async with open_services(settings, ledger, seats=1) as opened:
        return await inspect_portal(opened, PORTAL_NAMES[portal], known, see, patience)


async def look_into(settings: Settings, portal: str, folder: Path) -> Inspected:
    """The pages of a capture; raises `Unusable` where the folder holds none of this portal."""
    see = _PastLook(patience=0)
    seen = await _look_into(settings, portal, folder, see)
    return replace(seen, words=_words_in(see, seen.portal))


class _PastLook(ShownTexts):
    """What a way ended at is what it ended at when the capture was made."""

    async def blocked(self, error: PageChanged, portal: Waiting) -> None:
        then = PageChanged(error.portal, error.where, f"al capturar: {error.what}")
        await super().blocked(then, portal)


def _words_in(see: ShownTexts, name: str) -> frozenset[str]:
    return frozenset(word for word in MapSurface(name).words.values() if see.shows(word))


async def _look_into(settings: Settings, portal: str, folder: Path, see: Inspection) -> Inspected:
    name = PORTAL_NAMES[portal]
    try:
        captured = Captured(folder)
    except CaptureUnusable as error:
        raise Unusable(str(error)) from None
    if captured.portal != name:
        raise Unusable(f"La captura de {folder} es de {captured.portal}, no de {name}.")
    account = getattr(accounts(settings), portal)
    async with Browser(replace(browser_choice(settings), relay=False)) as browser:
        opened = KINDS[name](await browser.context(), account, limits=Limits(visible=1.0))
        await see.try_selectors(opened)
        await captured.inspect(see, opened)
    return inspected(name, see)


def _make_room(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = list(folder.iterdir())
        if there and not (folder / INDEX).is_file():
            raise Unusable(f"{folder} no está vacía: indique una carpeta nueva con --out.")
        for file in there:
            if file.suffix in (".html", ".png") or file.name == INDEX:
                file.unlink()
    except OSError as error:
        raise Unusable(f"No se puede escribir en {folder}: {error.strerror}.") from None
