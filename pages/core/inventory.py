"""Inventory of what is declared of a portal's surface: all that a map may name."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pages.core.portal import Portal
from pages.core.portal_map import Mappable


def surface_of(portal: type[Portal]) -> Iterator[Mappable]:
    """Every declaration of the portal's room, class by class in the order of the files."""
    room = portal.__module__.rpartition(".")[0]
    modules = [module for name, module in sorted(sys.modules.items()) if _is_in(name, room)]
    for module in modules:
        for kind in vars(module).values():
            if not isinstance(kind, type) or kind.__module__ != module.__name__:
                continue
            seen: list[Mappable] = []
            for one in vars(kind).values():
                if isinstance(one, Mappable) and one.owner == kind.__name__ and one not in seen:
                    seen.append(one)
                    yield one


def _is_in(name: str, room: str) -> bool:
    return name.startswith(f"{room}.")
