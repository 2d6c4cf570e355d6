"""Tables of records, whatever they are made of: declared columns, and records by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self, TypeVar

from pages.contract.errors import PageChanged
from pages.core.elements import Bound, Element, OpenPage, look_at, readable
from pages.core.engines import Find, Way
from pages.core.noted import columns_of
from pages.core.portal_map import Override
from pages.core.table import folded_header


@dataclass(frozen=True)
class Column:
    """A column by its header, and what a cell's text is read as; by itself its text, normalised.

    The text of a check box alone is ``sí`` or ``no``. Where words stand beside it, ``box`` says
    whether the box counts or the words do; without it such a cell is not read.
    """

    header: str
    codec: Callable[[str], Any] = str
    box: bool | None = None
    #: whether its cells hold one of the portal's words
    is_term: bool = False


class BoundTabular(Bound):
    """Records in rows, under the headers that the declaration names; other columns do not count."""

    def __init__(
        self, page: OpenPage, name: str, find: Find, columns: Mapping[str, Column]
    ) -> None:
        super().__init__(page, name, find)
        self.columns = columns

    async def rows(self) -> list[dict[str, Any]]:
        """The rows that are shown, when all are there, each by the names of the declared columns.

        Raises `PageChanged` where a column is not there, or holds what its codec cannot read.
        """
        raise NotImplementedError

    def _check(self, names: Sequence[str]) -> None:
        for lacking in self._lacking(names):
            raise PageChanged(self.page.portal.name, self.page.title, lacking)
        self.page.portal.meet(self.page.title, self.name)

    def _records(
        self, names: Sequence[str], rows: Sequence[Sequence[str | None]]
    ) -> list[dict[str, Any]]:
        headers = [folded_header(name) for name in names]
        read = [
            (attribute, headers.index(folded_header(column.header)), column)
            for attribute, column in self.columns.items()
        ]
        return [
            {attribute: self._value(column, row[place]) for attribute, place, column in read}
            for row in rows
        ]

    def _value(self, column: Column, text: str | None) -> Any:
        def codec(text_: str) -> Any:
            if text is None:
                raise ValueError("what is there has no words")
            names = self.page.portal.names
            return column.codec(names.understood(text_) if column.is_term else text_)

        return readable(self.page, f"{self.name} › {column.header}", codec, text or "")

    def _lacking(self, names: Sequence[str]) -> list[str]:
        """What is wrong with the declared columns, a clause for each; the portal notes all that are
        there where nothing is."""
        headers = [folded_header(name) for name in names]
        counts = {c.header: headers.count(folded_header(c.header)) for c in self.columns.values()}
        found = [
            f"la tabla «{self.name}» {'repite' if count else 'no tiene'} la columna «{header}»"
            for header, count in counts.items()
            if count != 1
        ]
        if not found:
            portal = self.page.portal
            portal.saw(columns_of(portal.part, self.page.title, self.name, names))
        return found


class BoundScripted(BoundTabular):
    """``script`` gives the headers and cells of a table (``names`` and ``rows``) as it is now, or
    null while it shows no header."""

    script: ClassVar[str]

    async def rows(self) -> list[dict[str, Any]]:
        read = await self._whole()
        return self._records(read["names"], read["rows"])

    async def absent(self) -> list[str]:
        read = await look_at(self.locator.filter(visible=True), self.script)
        return await super().absent() if read is None else self._lacking(read["names"])

    async def _whole(self) -> dict[str, Any]:
        """What the script gives once all rows are there, under all declared columns."""
        table = await self.wait()

        async def look() -> dict[str, Any] | None:
            read: dict[str, Any] | None = await look_at(table, self.script)
            return read if read is not None and self._is_whole(read) else None

        read = await self.page.portal.until(look, self.page.title, f"tabla «{self.name}»")
        self._check(read["names"])
        return read

    def _is_whole(self, read: dict[str, Any]) -> bool:
        """Whether no row is still to come."""
        raise NotImplementedError


T = TypeVar("T", bound=BoundTabular)


class Tabular(Element[T]):
    """A declared table with its columns, each by the name that its rows have here."""

    #: whether it is found by its columns
    is_headed = False

    def __init__(
        self, kind: type[T], name: str, way: Way, columns: Mapping[str, Column | str]
    ) -> None:
        super().__init__(kind, name, way)
        self.columns = {
            attribute: Column(column) if isinstance(column, str) else column
            for attribute, column in columns.items()
        }

    def bound(self, page: OpenPage) -> T:
        return self.kind(page, self.name, self.find, self.columns)

    def under(self, other: Override) -> Self:
        one = super().under(other)
        one.columns = {
            attribute: replace(column, header=other.columns.get(attribute, column.header))
            for attribute, column in self.columns.items()
        }
        return one
