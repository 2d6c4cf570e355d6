"""Grids of several pages, turned as a person turns them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import nullcontext
from typing import Any, TypeVar

from pages.contract.errors import PageChanged
from pages.core.aspnet import aspnet_page
from pages.core.elements import named
from pages.core.grid import BoundGrid, Grid
from pages.core.pager import Pager, Step
from pages.core.scripts import PICK_ITEM, READ_PAGER
from pages.core.table import Table
from pages.core.tabular import Column
from pages.core.whole import Counted

V = TypeVar("V")


class BoundPagedGrid(BoundGrid):
    """A grid of one page or several."""

    async def rows(self) -> list[dict[str, Any]]:
        """The rows of the page that is shown."""
        return self._records_of(await self._table())

    async def all_rows(
        self, shown: Callable[[], Awaitable[None]] | None = None
    ) -> list[dict[str, Any]]:
        """The rows of all of its pages, from the first; each page has been ``shown`` once.

        Raises `PageChanged` where it cannot be told how its pages are turned, or that they are all.
        """
        records: list[dict[str, Any]] = []
        async for page in self._pages(await self._table(beside=True)):
            records += page
            if shown is not None:
                await shown()
        return records

    async def only_page(self) -> list[dict[str, Any]] | None:
        """The rows, where the page that is shown has them all; None where there are others."""
        table = await self._table(beside=True)
        pager = await self._pager(table)
        return self._records_of(table) if self._told(lambda: pager.is_alone) else None

    async def show(self, column: str, value: object) -> dict[str, Any] | None:
        """The first record with this value, and its page is the one that is shown then, so that its
        row can be pressed; None where none of its pages has one. A search that takes what contains
        the words, too, has more pages than a person expects.
        """
        table = await self._table(beside=True)
        found = _with(value, column, self._records_of(table))
        if found is None:
            async for page in self._pages(table):
                if found := _with(value, column, page):
                    break
        return found

    async def _pages(self, table: Table) -> AsyncIterator[list[dict[str, Any]]]:
        """Records page by page from the first, each while it is shown; raises at the end where they
        were not all."""
        pager = await self._pager(table)
        while step := self._told(pager.back):
            table, pager = await self._turn(table, step)
        count, seen = 0, []
        while True:
            if table.texts in seen:
                raise self._changed("repite una página")
            seen.append(table.texts)
            records = self._records_of(table)
            count += len(records)
            yield records
            step = self._told(pager.on)
            if not step:
                break
            table, pager = await self._turn(table, step)
        expected = [table.total]
        if isinstance(self.ways.whole, Counted):
            expected.append(await self.ways.whole.sign(self.page))
        if any(total is not None and total != count for total in expected):
            raise self._changed("no muestra tantos registros como dice")

    async def has_pages(self) -> bool:
        """Whether there is more than the page that is shown."""
        pager = await self._pager(await self._table(beside=True))
        return not self._told(lambda: pager.is_alone)

    async def _pager(self, table: Table) -> Pager:
        """Its own, above and below it; else the one that is declared, or stands beside it."""
        facts = table.pagers
        if self.ways.pager is not None:
            found = await self.ways.pager.on(self.page).ask(READ_PAGER)
            facts = json.loads(found)
            if None in facts or any(fact["unknown"] for fact in facts):
                raise self._changed("tiene un paginador que no se entiende")
        elif not facts:
            facts = table.beside
            # *Anterior* and *Siguiente* alone may be about something else than the table.
            if any(fact["shown"] is None and fact["total"] is None for fact in facts):
                raise self._changed("no dice si lo que está junto a ella pasa sus páginas")
        return self._told(lambda: Pager(facts))

    def _told(self, ask: Callable[[], V]) -> V:
        try:
            return ask()
        except ValueError:
            raise self._changed("tiene un paginador que no se entiende") from None

    async def _turn(self, before: Table, step: Step) -> tuple[Table, Pager]:
        item, title = step.item, self.page.title
        what = f"{self.name} › {step.page or item['kind']}"
        with_answer = aspnet_page(self).postback() if item["posts"] else nullcontext()
        async with with_answer, self.page.portal.acting(title, what):
            handle = await self.locator.filter(visible=True).evaluate_handle(
                PICK_ITEM, json.dumps(item)
            )
            control = handle.as_element()
            if control is None:
                raise self._changed("cambió mientras se leía")
            if "option" in item:
                await control.select_option(index=item["option"])
            else:
                await control.click()
        if not item["posts"]:
            await self._other(before)
        table = await self._table(beside=True)
        pager = await self._pager(table)
        is_other = step.page is None or pager.shown in (None, step.page)
        if not is_other or table.texts == before.texts:
            raise self._changed("no cambió de página")
        return table, pager

    async def _other(self, before: Table) -> None:
        """Wait until a page that no postback brings is there."""

        async def look() -> bool | None:
            found = await self._glance(self, beside=True)
            return (found is not None and found[1].texts != before.texts) or None

        try:
            await self.page.portal.until(look, self.page.title, f"otra página de «{self.name}»")
        except PageChanged:
            raise self._changed("no cambió de página") from None


def _with(value: object, column: str, records: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    return next((record for record in records if record[column] == value), None)


def paged(caption: str, **columns: Column | str) -> Grid[BoundPagedGrid]:
    """A table with this caption, of one page or several."""
    return Grid(BoundPagedGrid, caption, named("table"), columns)
