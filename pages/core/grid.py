"""Grids: tables as people read them, by their headers, when they are whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from playwright.async_api import Frame, Locator, Page

from pages.contract.errors import PageChanged
from pages.contract.text import folded
from pages.core.elements import Bound, Element, Find, OpenPage, exactly, look_at, readable


@dataclass(frozen=True)
class Column:
    """A column by its header, and what a cell's text is read as; by itself its text, normalised."""

    header: str
    codec: Callable[[str], Any] = str


class BoundTabular(Bound):
    """Records in rows, under the headers that the declaration names; other columns do not count.

    ``script`` gives the headers and cells of a table (``names`` and ``rows``) as it is now, or null
    while it shows no header.
    """

    script: ClassVar[str]

    def __init__(
        self, page: OpenPage, name: str, find: Find, columns: Mapping[str, Column]
    ) -> None:
        super().__init__(page, name, find)
        self.columns = columns

    async def rows(self) -> list[dict[str, Any]]:
        """The rows that are shown, when all are there, each by the names of the declared columns.

        Raises `PageChanged` where a column is not there, or holds what its codec cannot read.
        """
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

    def _check(self, names: Sequence[str]) -> None:
        for lacking in self._lacking(names):
            raise PageChanged(self.page.portal.name, self.page.title, lacking)

    def _records(self, names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
        headers = [folded(name) for name in names]
        read = [
            (attribute, headers.index(folded(column.header)), column)
            for attribute, column in self.columns.items()
        ]
        return [
            {
                attribute: readable(
                    self.page, f"{self.name} › {column.header}", column.codec, row[place]
                )
                for attribute, place, column in read
            }
            for row in rows
        ]

    def _lacking(self, names: Sequence[str]) -> list[str]:
        """What is wrong with the declared columns, a clause for each."""
        headers = [folded(name) for name in names]
        counts = {c.header: headers.count(folded(c.header)) for c in self.columns.values()}
        return [
            f"la tabla «{self.name}» {'repite' if count else 'no tiene'} la columna «{header}»"
            for header, count in counts.items()
            if count != 1
        ]


T = TypeVar("T", bound=BoundTabular)


class Tabular(Element[T]):
    """A declared table with its columns, each by the name that its rows have here."""

    def __init__(
        self, kind: type[T], name: str, find: Find, columns: Mapping[str, Column | str]
    ) -> None:
        super().__init__(kind, name, find)
        self.columns = {
            attribute: Column(column) if isinstance(column, str) else column
            for attribute, column in columns.items()
        }

    def on(self, page: OpenPage) -> T:
        return self.kind(page, self.name, self.find, self.columns)


class BoundGrid(BoundTabular):
    """A table with a header row; rows of another width (pager, footer) are not records."""

    script = """(table) => {
      const seen = (e) => e.getClientRects().length > 0;
      const value = (cell) => {
        const control = Array.from(cell.querySelectorAll('input, textarea'))
          .find((e) => seen(e) && !/^(button|submit|image|reset|checkbox|radio)$/.test(e.type));
        return control ? control.value : cell.innerText;
      };
      const rows = Array.from(table.rows).filter(seen);
      const header = rows.findIndex((row) => row.querySelector('th'));
      if (header < 0) return null;
      const names = Array.from(rows[header].cells).map((cell) => cell.innerText);
      return {
        busy: table.getAttribute('aria-busy') === 'true',
        names,
        rows: rows.slice(header + 1)
          .filter((row) => row.cells.length === names.length)
          .map((row) => Array.from(row.cells).map(value)),
      };
    }"""

    def _is_whole(self, read: dict[str, Any]) -> bool:
        return not read["busy"]

    async def row(self, value: str) -> Locator:
        """The one row with a cell that says exactly this."""
        await self._whole()
        table = self.locator
        scope = self.page.scope
        frame = scope if isinstance(scope, Page | Frame) else table.page  # must be the table's own
        cell = frame.get_by_role("cell", name=exactly(value))
        return await self.page.portal.visible(
            table.get_by_role("row").filter(has=cell), self.page.title, f"fila de «{self.name}»"
        )

    async def press(self, value: str, name: str) -> None:
        """Click the link with this name in the row of this value."""
        link = (await self.row(value)).get_by_role("link", name=exactly(name))
        async with self.page.portal.acting(self.page.title, f"{self.name} › {name}"):
            await link.click()


def grid(name: str, find: Find, **columns: Column | str) -> Tabular[BoundGrid]:
    """A table, found by what names it: a caption, a summary, a heading over it."""
    return Tabular(BoundGrid, name, find, columns)


def captioned(caption: str, **columns: Column | str) -> Tabular[BoundGrid]:
    """A table with this caption."""
    return grid(caption, by_caption(caption), **columns)


def by_caption(caption: str) -> Find:
    return lambda scope: scope.get_by_role("table", name=exactly(caption))
