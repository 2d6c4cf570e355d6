"""A portal's map: what its surface is called where that differs from the declarations in code.

Whatever has a name on a portal's surface and is declared in a class (an element of a page, a
window's title) is `Mappable`: the map knows it by the class and the attribute.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Protocol, Self, overload

from pydantic import BaseModel, ConfigDict

from pages.contract.text import same


class Override(BaseModel):
    """What a map says of an element. ``name`` is what people see; ``selector`` is Playwright's, the
    last resort; ``arid`` is a Mid-Tier field's number; ``columns`` are headers of a table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    selector: str = ""
    arid: str = ""
    columns: Mapping[str, str] = {}


@dataclass(frozen=True, eq=False)
class PortalMap:
    """Overrides by page and attribute, and the whole map of one of the portal's sites by the site.

    ``words`` are the portal's for those of ours that are chosen in lists and shown as states;
    ``messages`` are texts that it says, by what they mean (`pages.core.diagnosis`).
    """

    elements: Mapping[tuple[str, str], Override] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sites: Mapping[str, PortalMap] = field(default_factory=dict)
    #: by which its content is known again; empty where there is none
    version: str = ""

    def at(self, site: str) -> PortalMap:
        """The map as it is at this site."""
        return self.sites.get(site, self)

    def override(self, one: Mappable) -> Override | None:
        """What it says of a declaration."""
        keys = ((one.owner, attribute) for attribute in one.attributes)
        return next((found for key in keys if (found := self.elements.get(key))), None)

    def said(self, word: str) -> str:
        """The portal's word for ours."""
        return self.words.get(word, word)

    def understood(self, text: str) -> str:
        """Our word for the portal's."""
        return next((ours for ours, theirs in self.words.items() if same(theirs, text)), text)


class Mappable:
    """A declaration with a name on the portal's surface; it learns where it stands."""

    name: str
    #: the class that declares it, and its attributes there
    owner = ""
    attributes: tuple[str, ...] = ()

    def __set_name__(self, owner: type[object], attribute: str) -> None:
        if self.owner in ("", owner.__name__):
            self.owner = owner.__name__
            self.attributes = (*self.attributes, attribute)

    @property
    def attribute(self) -> str:
        """Its key in a map: the first of its attributes, but for ``ready``."""
        return next((one for one in self.attributes if one != "ready"), "ready")

    @property
    def key(self) -> str:
        """Where it stands in a map: ``PAGE.ELEMENT``."""
        return f"{self.owner}.{self.attribute}"

    def here(self, names: PortalMap) -> Self:
        """Itself as this map has it."""
        raise NotImplementedError


class OnSurface(Protocol):
    """A page, or its portal."""

    @property
    def names(self) -> PortalMap: ...


class Word(Mappable):
    """Words of the surface that are no element: a window's title, what a row's button is called.

    What changes in them stands in braces, see `SLOTS`; anything else there is a text.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, one: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, one: OnSurface, owner: type[object]) -> str: ...
    def __get__(self, one: OnSurface | None, owner: type[object]) -> Self | str:
        return self if one is None else self.on(one)

    def on(self, one: OnSurface) -> str:
        """As the portal has it."""
        return self.here(one.names).name

    def here(self, names: PortalMap) -> Self:
        other = names.override(self)
        if not (other and other.name):
            return self
        one = copy(self)
        one.name = other.name
        return one


def declared_by(owner: type[object]) -> Iterator[Mappable]:
    """What a class and those that it is made from declare, each once."""
    seen: list[object] = []
    for part in reversed(owner.__mro__):
        for one in vars(part).values():
            if isinstance(one, Mappable) and not any(one is other for other in seen):
                seen.append(one)
                yield one


def kinds_beside(portal: type) -> Iterator[type]:
    """The classes of a portal's room, as far as it is imported."""
    room = portal.__module__.rpartition(".")[0]
    for name, module in sorted(sys.modules.items()):
        if name.startswith(f"{room}."):
            for kind in vars(module).values():
                if isinstance(kind, type) and kind.__module__ == name:
                    yield kind


#: what may stand in a place of a word, by the place's name
SLOTS = {
    "numero": r"(\d+)",
    "momento": r"(\d\d/\d\d/\d{4} \d\d:\d\d:\d\d)",
    "fecha": r"(\d\d/\d\d/\d{4})",
    "equipo": r"([\w.:-]*\w)",
}


def phrase(words: str) -> re.Pattern[str]:
    """The words with what changes in them, each as a group."""
    parts = re.split(r"\{(\w*)\}", words)
    slots = {at: SLOTS.get(parts[at], "(.+?)") for at in range(1, len(parts), 2)}
    texts = (r"\s*".join(map(re.escape, part.split(" "))) for part in parts)
    return re.compile("".join(slots.get(at, text) for at, text in enumerate(texts)), re.IGNORECASE)
