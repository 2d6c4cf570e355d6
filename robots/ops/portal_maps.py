"""Maps of portals: a TOML file for each, with what its surface is called there.

Read strictly: what names nothing is refused with its nearest neighbour, and so is what could make
two things of one.
"""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from loguru import logger
from pydantic import ValidationError

from flows.rules.portal_words import words_of
from pages.contract.nintex import Site
from pages.contract.ports import NINTEX, REMEDY, SIAC, SISACT
from pages.contract.text import folded
from pages.core.diagnosis import MESSAGES
from pages.core.elements import ByMarkup, Element, Labelled
from pages.core.portal_map import Mappable, Override, PortalMap, Word
from pages.core.tabular import Tabular
from pages.inventory import KINDS, surface_of
from robots.settings import PORTALS, SettingsError, nearest, read_toml

#: the portals as settings and people call them
PORTAL_NAMES = dict(zip(PORTALS, (SISACT, SIAC, NINTEX, REMEDY), strict=True))
WORDS, MESSAGE_TABLE = "words", "messages"


def key_of(portal: str) -> str:
    """As settings call the portal that people call so."""
    return next(key for key, name in PORTAL_NAMES.items() if name == portal)


class MapError(SettingsError):
    """A portal's map cannot be read, or says what cannot be."""


@dataclass(frozen=True)
class MapSurface:
    """All of a portal that a map can name."""

    portal: str

    @cached_property
    def elements(self) -> dict[str, dict[str, Mappable]]:
        """By page and attribute; former attributes are keys too."""
        found: dict[str, dict[str, Mappable]] = {}
        for one in surface_of(KINDS[self.portal]):
            found.setdefault(one.owner, {}).update(dict.fromkeys(one.attributes, one))
        return found

    @cached_property
    def words(self) -> dict[str, str]:
        own = {one.name.lower(): str(one) for one in KINDS[self.portal].words}
        return own | dict(words_of(self.portal))

    @property
    def sites(self) -> list[str]:
        return [site.name.lower() for site in Site] if self.portal == NINTEX else []

    @property
    def tables(self) -> list[str]:
        return [*self.elements, WORDS, MESSAGE_TABLE, *self.sites]


def file_of(folder: Path, name: str) -> Path:
    """The map of the portal of this name in the settings."""
    return folder / f"{name}.toml"


def load_map(portal: str, file: Path) -> PortalMap:
    """Load a portal's map, which is empty where there is no file; raises `MapError`."""
    content = read_toml(file)
    version = hashlib.sha256(file.read_bytes()).hexdigest()[:12] if content else ""
    return replace(parse_map(portal, file, content), version=version)


class MapFile:
    """A portal's map as its file has it by now: a person may write it while the robot works.

    Raises `MapError` where it cannot be read at first; later on the map before it stays.
    """

    def __init__(self, portal: str, file: Path) -> None:
        self._portal, self._file = portal, file
        self._seen = self._state()
        self.names = load_map(portal, file)

    def latest(self) -> PortalMap:
        state = self._state()
        if state != self._seen:
            self._seen = state
            try:
                names = load_map(self._portal, self._file)
            except SettingsError:
                logger.error("map_not_read", portal=self._portal)
            else:
                self.names = names if names.version != self.names.version else self.names
        return self.names

    def _state(self) -> tuple[int, int, int] | None:
        """By which a file that was written anew is known, without reading it."""
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def parse_map(portal: str, file: Path, content: Mapping[str, Any]) -> PortalMap:
    surface = MapSurface(portal)
    common = {name: part for name, part in content.items() if name not in surface.sites}
    own = {name: part for name, part in content.items() if name in surface.sites}
    names = _Reader(surface, file).read(common)
    sites = {
        site: _Reader(surface, file, f"{site}.").read(_over(common, _table(file, site, part)))
        for site, part in own.items()
    }
    return PortalMap(names.elements, names.words, names.messages, sites)


def _over(common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The map of a site: what it says of an element replaces what is said for both."""
    both = dict(common)
    for name, part in own.items():
        is_table = isinstance(part, Mapping) and isinstance(common.get(name), Mapping)
        both[name] = {**common[name], **part} if is_table else part
    return both


def _table(file: Path, name: str, part: object) -> Mapping[str, Any]:
    if not isinstance(part, Mapping):
        raise MapError(f"«{name}» de {file} no es válido: se espera una tabla, [{name}].")
    return part


class _Reader:
    def __init__(self, surface: MapSurface, file: Path, site: str = "") -> None:
        self.surface, self.file, self.site = surface, file, site

    def read(self, content: Mapping[str, Any]) -> PortalMap:
        elements: dict[tuple[str, str], Override] = {}
        words: dict[str, str] = {}
        messages: dict[str, tuple[str, ...]] = {}
        for name, part in content.items():
            if name not in self.surface.tables:
                raise self._unknown(name, self.surface.tables)
            for key, value in _table(self.file, name, part).items():
                path = f"{name}.{key}"
                if name == WORDS:
                    self._check(path, self.surface.words, key)
                    words[self.surface.words[key]] = self._text(path, value)
                elif name == MESSAGE_TABLE:
                    self._check(path, MESSAGES, key)
                    messages[key] = tuple(self._texts(path, value))
                else:
                    elements[name, key] = self._override(name, key, value)
        made = PortalMap(elements, words, messages)
        self._check_words(made)
        self._check_pages(made)
        return made

    def _override(self, page: str, key: str, value: object) -> Override:
        path, known = f"{page}.{key}", self.surface.elements[page]
        if key not in known:
            everywhere = [f"{p}.{one.attribute}" for p, o in self._declared() for one in o]
            raise self._unknown(path, everywhere)
        one = known[key]
        try:
            given = Override.model_validate({"name": value} if isinstance(value, str) else value)
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            part = ".".join(map(str, wrong["loc"]))
            if wrong["type"] == "extra_forbidden":
                raise self._unknown(f"{path}.{part}", self._parts(one, path)) from None
            raise self._wrong(path, "se espera un texto, o name, selector y columns") from None
        for column in given.columns:
            self._check(f"{path}.columns.{column}", self._parts(one, path, "columns."), None)
        for part in given.model_fields_set - {"columns"}:
            self._check(f"{path}.{part}", self._parts(one, path), None)
        if isinstance(one, Word) and _slots(given.name) != _slots(one.name):
            raise self._wrong(path, f"debe contener lo mismo entre llaves que «{one.name}»")
        return given

    def _declared(self) -> Iterator[tuple[str, list[Mappable]]]:
        for page, named in self.surface.elements.items():
            yield page, list(dict.fromkeys(named.values()))

    @staticmethod
    def _parts(one: Mappable, path: str, within: str = "") -> list[str]:
        """What can be said of this declaration, by the whole path."""
        if within:
            columns = one.columns if isinstance(one, Tabular) else {}
            return [f"{path}.{within}{column}" for column in columns]
        has_number = hasattr(one, "arid")
        by_name = not isinstance(one, Element) or not isinstance(one.way, ByMarkup) or has_number
        parts = {
            "name": by_name,
            "selector": isinstance(one, Element),
            "arid": has_number,
            "columns": isinstance(one, Tabular),
        }
        return [f"{path}.{part}" for part, can_be in parts.items() if can_be]

    def _check(self, path: str, known: Any, key: str | None) -> None:
        if key is None:
            if path not in known:
                raise self._unknown(path, known)
        elif key not in known:
            table = path.removesuffix(key)
            raise self._unknown(path, [f"{table}{one}" for one in known])

    def _check_words(self, made: PortalMap) -> None:
        """Two of our words that the portal calls alike could not be told apart."""
        seen: dict[str, str] = {}
        for key, word in self.surface.words.items():
            theirs = folded(made.said(word))
            if theirs in seen and self.surface.words[seen[theirs]] != word:
                raise MapError(
                    f"En {self.file}, words.{seen[theirs]} y words.{key} tienen el mismo texto: "
                    "no se podrían distinguir."
                )
            seen[theirs] = key

    def _check_pages(self, made: PortalMap) -> None:
        for page, declared in self._declared():
            elements = [one for one in declared if isinstance(one, Element)]
            for at, one in enumerate(elements):
                for other in elements[:at]:
                    if _alike(one.here(made), other.here(made)) and not _alike(one, other):
                        raise MapError(
                            f"En {self.file}, {self.site}{page}.{other.attribute} y "
                            f"{page}.{one.attribute} se llaman igual: cada elemento necesita su "
                            "nombre."
                        )

    def _text(self, path: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(path, "se espera un texto entre comillas")
        return value

    def _texts(self, path: str, value: object) -> list[str]:
        if not isinstance(value, list):
            raise self._wrong(path, "se espera una lista de textos entre corchetes")
        return [self._text(path, one) for one in value]

    def _unknown(self, path: str, known: Any) -> MapError:
        return MapError(f"No existe «{self.site}{path}» en {self.file}{nearest(path, known)}")

    def _wrong(self, path: str, expected: str) -> MapError:
        return MapError(f"«{self.site}{path}» de {self.file} no es válido: {expected}.")


def _slots(words: str) -> list[str]:
    return sorted(slot for _, slot, _, _ in string.Formatter().parse(words) if slot is not None)


def _alike(one: Element[Any], other: Element[Any]) -> bool:
    """Whether a page would have both in the same place."""
    number = getattr(one, "arid", "")
    if number and number == getattr(other, "arid", ""):
        return True
    if folded(one.name) != folded(other.name) or ByMarkup in (type(one.way), type(other.way)):
        return False
    if isinstance(one.find, Labelled) and isinstance(other.find, Labelled):
        return (one.find.kind, one.find.part) == (other.find.kind, other.find.part)
    return one.kind is other.kind
