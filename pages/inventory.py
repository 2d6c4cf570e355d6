"""Inventory of the portals' surfaces: all that is declared of them, which a map may name."""

from __future__ import annotations

from collections.abc import Iterator

from pages.contract.ports import NINTEX, REMEDY, SIAC, SISACT
from pages.core.base_portal import Portal
from pages.core.portal_map import Mappable, kinds_beside
from pages.nintex.portal import NintexPortal
from pages.remedy.portal import RemedyPortal
from pages.siac.portal import SiacPortal
from pages.sisact.portal import SisactPortal

KINDS: dict[str, type[Portal]] = {
    SISACT: SisactPortal,
    SIAC: SiacPortal,
    NINTEX: NintexPortal,
    REMEDY: RemedyPortal,
}


def surface_of(portal: type[Portal]) -> Iterator[Mappable]:
    """Every declaration of the portal's room, class by class."""
    for kind in kinds_beside(portal):
        yield from _declared_here(kind)


def _declared_here(kind: type) -> list[Mappable]:
    found: list[Mappable] = []
    for one in vars(kind).values():
        if isinstance(one, Mappable) and one.owner == kind.__name__ and one not in found:
            found.append(one)
    return found
