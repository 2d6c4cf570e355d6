"""Pagers: which of their controls leads to the first page, and which to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Fact = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """A control to use, and the page that is shown then, where that can be told."""

    item: Fact
    page: int | None


class Pager:
    """What a table's pagers say, above and below it.

    Raises ValueError, here and where a step is asked for, where that cannot be understood.
    """

    def __init__(self, facts: Sequence[Fact]) -> None:
        shown = {fact["shown"] for fact in facts if fact["shown"] is not None}
        if len(shown) > 1:
            raise ValueError("two pagers show two pages")
        self.shown: int | None = next(iter(shown), None)
        self.pages: int | None = max((fact["pages"] or 0 for fact in facts), default=0) or None
        #: of the first pager that has any
        items: list[Fact] = next((fact["items"] for fact in facts if fact["items"]), [])
        self._live = [item for item in items if not item.get("off")]
        self._numbers: dict[int, Fact] = {}
        for item in self._live:
            if item["kind"] == "number":
                self._numbers.setdefault(item["page"], item)
        if self.shown is None and self._numbers:
            raise ValueError("the page that is shown is not told")

    def _dots(self, ahead: bool) -> Fact | None:
        """Dots behind the numbers, or before them."""
        dots = (item for item in self._live if item["kind"] == "more")
        return next((item for item in dots if item["ahead"] is ahead), None)

    def _first(self, kind: str) -> Fact | None:
        return next((item for item in self._live if item["kind"] == kind), None)

    @property
    def is_alone(self) -> bool:
        """Whether there is no other page."""
        return self.back() is None and self.on() is None

    def back(self) -> Step | None:
        """Towards the first page; None where it is shown."""
        if self.shown == 1:
            return None
        if 1 in self._numbers:
            return Step(self._numbers[1], 1)
        if first := self._first("first"):
            return Step(first, 1)
        lowest = min(self._numbers, default=0)
        if self.shown is not None and 0 < lowest < self.shown:
            return Step(self._numbers[lowest], lowest)
        if previous := self._first("previous"):
            return Step(previous, None if self.shown is None else self.shown - 1)
        if dots := self._dots(ahead=False):
            return Step(dots, None)
        if self.shown is not None:
            raise ValueError("there is no way back to the first page")
        return None

    def on(self) -> Step | None:
        """To the next page; None where the last one is shown."""
        following = None if self.shown is None else self.shown + 1
        if following in self._numbers:
            return Step(self._numbers[following], following)
        if found := self._first("next") or self._dots(ahead=True):
            return Step(found, following)
        if following is not None and (self.pages or max(self._numbers, default=0)) >= following:
            raise ValueError("there is no way to the next page")
        if following is not None and (last := self._first("last")):
            return Step(last, following)
        return None
