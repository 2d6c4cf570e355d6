"""Candidates: what on a page may be what is declared and is not found there.

Told by what people see; that something is found already as another makes it no candidate.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Error as PlaywrightError

from pages.contract.text import clean, folded
from pages.core.asking import Scope, ask
from pages.core.elements import BoundButton, ByMarkup, Element, Labelled, Value, by_title
from pages.core.likeness import Candidate, SeenElement, Wanted, candidates
from pages.core.portal_map import Mappable, PortalMap, declared_by
from pages.core.scripts import CANDIDATES
from pages.core.table import folded_header
from pages.core.tabular import Tabular

#: in a capture, in place of what is not kept (``capture.js``)
FILLER = "Texto de ejemplo"


@dataclass(frozen=True)
class Missing:
    """An element that is not found, with what may be it; ``key`` is the one of a map."""

    element: Mappable
    column: str
    candidates: tuple[Candidate, ...]

    @property
    def key(self) -> str:
        return ".".join(filter(None, (self.element.key, self.column)))


async def shown_on(scope: Scope) -> list[SeenElement]:
    """All that a person sees there now; nothing of a page that is being replaced."""
    try:
        found = await ask(scope, CANDIDATES) or []
    except PlaywrightError:
        return []
    return [_as_seen(one) for one in found]


def _as_seen(one: dict[str, Any]) -> SeenElement:
    lists = {name: tuple(one.get(name, ())) for name in ("columns", "box")}
    names = {"name": clean(one["name"]), "label": clean(one.get("label"))}
    return SeenElement(**one | lists | names | {"columns": tuple(map(clean, lists["columns"]))})


def kind_of(element: Element[Any]) -> str:
    """What it would be seen as; empty where its markup alone tells it."""
    if hasattr(element, "seen_as"):
        return str(element.seen_as)
    if isinstance(element, Tabular):
        return "table"
    if isinstance(element.way, ByMarkup):
        return ""
    if element.way is by_title:
        return "titled"
    if isinstance(element.find, Labelled):
        return element.find.kind or "value"
    return "pressed" if issubclass(element.kind, BoundButton) else "words"


class SeenPage:
    """What is seen on a page, and which of it is known as something that is declared there."""

    def __init__(
        self,
        page: type[object],
        names: PortalMap,
        seen: Sequence[SeenElement],
        found: Collection[str],
    ) -> None:
        self._seen = seen
        self._declared = [
            (one, one.here(names)) for one in declared_by(page) if isinstance(one, Element)
        ]
        self._found = {
            one.attribute: shown
            for one, here in self._declared
            if {*one.attributes} & {*found} and (shown := self._as_seen(here))
        }

    def _as_seen(self, here: Element[Any]) -> SeenElement | None:
        """What the element is seen as."""
        kind = kind_of(here)
        if isinstance(here, Tabular) and here.is_headed:
            return next((one for one in self._tables() if not _lacks(one, here)), None)
        fitting = (
            one for one in self._seen if one.kind == kind and folded(one.name) == folded(here.name)
        )
        return next(fitting, None)

    def missing(self, element: Element[Any]) -> Missing:
        """The element with all that it may be, best first."""
        here = self._here(element)
        kind = kind_of(here)
        taken = {id(one) for one in self._found.values()}
        free = [
            one
            for one in self._seen
            if one.kind == kind and id(one) not in taken and one.name != FILLER
        ]
        before, after = self._neighbours(element)
        reads = element.codec if isinstance(element, Value) else None
        columns: tuple[str, ...] = ()
        if isinstance(here, Tabular):
            columns = tuple(column.header for column in here.columns.values())
        wanted = Wanted(here.name, before, after, reads, columns)
        return Missing(element, "", tuple(candidates(wanted, _once(free))) if kind else ())

    def missing_column(self, element: Tabular[Any], column: str) -> Missing:
        here = self._here(element)
        assert isinstance(here, Tabular)
        known = {folded(one.header) for one in here.columns.values()}
        table = self._as_seen(here) or self._likest(here)
        free = [
            one for one in _columns(table) if folded(one.name) not in known and one.name != FILLER
        ]
        return Missing(
            element, column, tuple(candidates(Wanted(here.columns[column].header), free))
        )

    def lacking(self, element: Tabular[Any]) -> list[str]:
        """The columns that its table has not: the one of its name, or of a table that is found by
        its columns alone the likest."""
        here = self._here(element)
        assert isinstance(here, Tabular)
        table = self._as_seen(here) or (self._likest(here) if here.is_headed else None)
        return _lacks(table, here) if table else []

    def _here(self, element: Element[Any]) -> Element[Any]:
        """As the portal's map has it."""
        return next(here for one, here in self._declared if one is element)

    def _likest(self, here: Tabular[Any]) -> SeenElement | None:
        """The table that has most of its columns; of several one that is not found as another, and
        that has what is likest to them."""
        wanted = [Wanted(one.header) for one in here.columns.values()]
        known = {folded(one.name) for one in wanted}
        taken = {id(one) for one in self._found.values()}

        def likeness(table: SeenElement) -> tuple[int, bool, float]:
            shown = _columns(table)
            scores = [max((c.score for c in candidates(one, shown)), default=0) for one in wanted]
            common = sum(folded(one.name) in known for one in shown)
            return common, id(table) not in taken, sum(scores)

        return max(self._tables(), key=likeness, default=None)

    def _tables(self) -> Iterator[SeenElement]:
        return (one for one in self._seen if one.kind == "table")

    def _neighbours(self, element: Element[Any]) -> tuple[SeenElement | None, SeenElement | None]:
        """Of what is declared before and after it, the nearest that are there."""
        order = [one for one, _ in self._declared]
        at = order.index(element)
        before = next(self._there(reversed(order[:at])), None)
        after = next(self._there(order[at + 1 :]), None)
        return before, after

    def _there(self, elements: Any) -> Iterator[SeenElement]:
        return (self._found[one.attribute] for one in elements if one.attribute in self._found)


def _lacks(table: SeenElement, here: Tabular[Any]) -> list[str]:
    shown = {folded_header(header) for header in table.columns}
    return [key for key, one in here.columns.items() if folded_header(one.header) not in shown]


def _columns(table: SeenElement | None) -> list[SeenElement]:
    headers = table.columns if table else ()
    return [SeenElement("column", header, at) for at, header in enumerate(headers) if header]


def _once(seen: Sequence[SeenElement]) -> list[SeenElement]:
    """What the page has twice under one name could not be found by it."""
    names = [(folded(one.name), one.number) for one in seen]
    return [one for one, name in zip(seen, names, strict=True) if names.count(name) == 1]
