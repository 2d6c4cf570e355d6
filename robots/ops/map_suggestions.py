"""Suggestions for a portal's map: what of it is found on its pages, and what may be the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pages.contract.text import folded
from pages.core.candidates import kind_of
from pages.core.elements import Element
from pages.core.frames import FrameName
from pages.core.likeness import Candidate, sure
from pages.core.portal_map import PortalMap
from pages.core.tabular import Tabular
from robots.ops.map_writer import NamedElement
from robots.ops.portal_maps import PORTAL_NAMES, WORDS, MapSurface, file_of, load_map
from robots.ops.preflight import Inspected
from robots.settings import Settings


@dataclass(frozen=True)
class Suggested:
    """An element, or a column of one; ``found`` is None where its page was not reached."""

    page: str
    element: str
    kind: str
    name: str
    found: bool | None
    writes: bool
    candidates: tuple[Candidate, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.page}.{self.element}"

    def as_json(self) -> dict[str, Any]:
        told = [
            {"name": one.accepted, "score": one.score, "why": one.why} for one in self.candidates
        ]
        return {**vars(self), "candidates": told}


def suggestions(settings: Settings, portal: str, seen: Inspected) -> list[Suggested]:
    """Every element of the portal, with the candidates for what is not found."""
    names = load_map(PORTAL_NAMES[portal], file_of(settings.maps_dir, portal))
    absent = {one.key: one.candidates for one in seen.absent}
    taken = _taken(names, portal, seen)

    def made() -> Iterator[Suggested]:
        for page, named in MapSurface(PORTAL_NAMES[portal]).elements.items():
            for one in dict.fromkeys(named.values()):
                key = f"{page}.{one.attribute}"
                if not isinstance(one, Element):
                    if key in absent:
                        name = one.here(names).name
                        kind = "frame" if isinstance(one, FrameName) else "words"
                        yield Suggested(page, one.attribute, kind, name, False, False, absent[key])
                    continue
                here = one.here(names)
                columns = here.columns if isinstance(here, Tabular) else {}
                lacks_column = any(f"{key}.{column}" in absent for column in columns)
                is_there = True if key in seen.found or lacks_column else None
                writes = one.entry is not None and one.entry.is_typed
                kind = kind_of(here) or "markup"
                found = False if key in absent else is_there
                free = tuple(
                    candidate
                    for candidate in absent.get(key, ())
                    if (page, kind, candidate.number or folded(candidate.name)) not in taken
                )
                yield Suggested(page, one.attribute, kind, here.name, found, writes, free)
                for column, declared in columns.items():
                    their = absent.get(f"{key}.{column}")
                    yield Suggested(
                        page,
                        f"{one.attribute}.{column}",
                        "column",
                        declared.header,
                        is_there if their is None else False,
                        False,
                        their or (),
                    )

    return list(made())


def _taken(names: PortalMap, portal: str, seen: Inspected) -> set[tuple[str, str, str]]:
    """What is found as something, or said to be something by the map: by page, kind, and number or
    name."""
    found = set()
    for page, named in MapSurface(PORTAL_NAMES[portal]).elements.items():
        for one in named.values():
            other = names.override(one)
            if isinstance(one, Element) and (one.key in seen.found or (other and other.name)):
                here = one.here(names)
                number = getattr(here, "arid", "")
                found.add((page, kind_of(here), number or folded(here.name)))
    return found


def unconfirmed(settings: Settings, portal: str, seen: Inspected) -> dict[str, str]:
    """The portal's words, by their keys in its map, that this does not name and no page has shown:
    what they are compared with may be worded otherwise, and nothing is missing."""
    names = load_map(PORTAL_NAMES[portal], file_of(settings.maps_dir, portal))
    known = {*seen.words, *names.words}.union(*(site.words for site in names.sites.values()))
    words = MapSurface(PORTAL_NAMES[portal]).words
    return {f"{WORDS}.{key}": word for key, word in words.items() if word not in known}


def best_of(suggested: list[Suggested], score: float) -> list[NamedElement]:
    """For each that is missing the candidate that is sure."""
    chosen = [(one, sure(one.candidates, score)) for one in suggested if one.found is False]
    return [NamedElement(one.key, found.accepted) for one, found in chosen if found is not None]
