"""Accounts and limits: where a portal is, who works in it, how long anything there may take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from pages.core.origin import Origin
from pages.core.portal_map import PortalMap


@dataclass(frozen=True)
class Account:
    """A portal's address and its user. The password is asked for when it is typed.

    ``sites``: whole addresses of its parts that are not at ``url``, which may be on other servers,
    by the part's name; empty where it is at ``url`` all the same. ``names``: what the portal calls
    its surface; ``latest`` gives that as its map has it by now.
    """

    url: str
    username: str
    password: Callable[[], str]
    sites: Mapping[str, str] = field(default_factory=dict)
    names: PortalMap = field(default_factory=PortalMap)
    latest: Callable[[], PortalMap] | None = None

    def by_now(self) -> Account:
        """Itself with its map as it is now."""
        names = self.latest() if self.latest else self.names
        return self if names is self.names else replace(self, names=names)

    @cached_property
    def origins(self) -> frozenset[Origin]:
        """Every server that this user is known to."""
        found = map(Origin.of, (self.url, *self.sites.values()))
        return frozenset(origin for origin in found if origin)


@dataclass(frozen=True)
class Limits:
    """Timeouts in seconds: for anything to show, and between two looks for errors."""

    visible: float = 20.0
    look: float = 0.4
