"""Grids: tables as people read them, by their headers, when they are whole."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator

from pages.contract.errors import PageChanged
from pages.core.asking import InDoubt, Step
from pages.core.elements import Bound, BoundButton, Declared, OpenPage, named
from pages.core.engines import (
    Engine,
    Find,
    Way,
    either,
    exactly,
    listening,
    sole,
    with_role,
    within,
)
from pages.core.portal_map import Override
from pages.core.scripts import COUNT, COUNT_VISIBLE, READ_GRID
from pages.core.table import Fact, Table, folded_header
from pages.core.table_reader import understood
from pages.core.tabular import BoundTabular, Column, Tabular
from pages.core.whole import QUIET, TableLook, Whole


@dataclass(frozen=True)
class Ways:
    """What a grid's declaration says of it besides its columns: see `Grid`."""

    whole: Whole | None = None
    empty: Declared | None = None
    pager: Declared | None = None
    #: the tables most like it, for telling which column is not there
    near: Find | None = None


class BoundGrid(BoundTabular):
    """A table of records under headers, on one page.

    Pagers, footers, titles of groups and what says that it is empty are no records; a row of
    another form that is none of these raises `PageChanged`.
    """

    def __init__(
        self,
        page: OpenPage,
        name: str,
        find: Find,
        columns: Mapping[str, Column],
        ways: Ways | None = None,
    ) -> None:
        super().__init__(page, name, find, columns)
        self.ways = ways or Ways()
        #: what a `watch` saw of it, and when (monotonic seconds)
        self._watched: tuple[Fact, float] = ({}, 0.0)

    async def watch(self) -> Self:
        """Itself, looked at once: where it is whole after some calm, that begins now, and may be
        over when its rows are asked for."""
        page = self.page
        if found := await page.portal.now(lambda: self._glance(self), page.title, self.name):
            self._watched = found[0], time.monotonic()
        return self

    async def rows(self) -> list[dict[str, Any]]:
        table = await self._table()
        if table.has_pages:
            raise self._changed("tiene más de una página")
        return self._records_of(table)

    async def absent(self) -> list[str]:
        of: Bound = self
        if self.ways.near is not None and not await self.ask(COUNT):
            near = Bound(self.page, self.name, self.ways.near)
            of = near if await near.ask(COUNT) == 1 else self
        found = await self._glance(of)
        if found is None or found[1].names is None:
            return [] if await self._is_empty() else await super().absent()
        return self._lacking(found[1].names)

    async def _is_empty(self) -> bool:
        """Whether the page tells in place of the table that there are no records.

        Not while a table is there that has most of the columns: the words are another's then.
        """
        empty, near = self.ways.empty, self.ways.near
        if empty is None or not await empty.on(self.page).is_shown():
            return False
        return near is None or not await Bound(self.page, self.name, near).ask(COUNT)

    async def shows(self, value: str) -> bool:
        """Whether one row that is shown now has a cell that says exactly this."""
        rows = Bound(self.page, f"fila de «{self.name}»", self._rows(value))
        count = await self.page.portal.now(lambda: rows.ask(COUNT), self.page.title, self.name)
        return bool(count == 1)

    def control(self, value: str, name: str) -> BoundButton:
        """The link or button with this name in the one row with a cell that says exactly this, of a
        table that has been read."""
        exact = exactly(name)
        ways = with_role("link", exact), with_role("button", exact), listening(exact)
        named = within(sole(self._rows(value)), either(*ways))
        return BoundButton(self.page, f"{self.name} › {name}", named)

    async def press(self, value: str, name: str) -> None:
        """Click the link or button with this name in the row of this value; see `control`."""
        await self.control(value, name).click()

    def _rows(self, value: str) -> Engine:
        table = self.find
        assert isinstance(table, Engine)
        return within(table, Engine("row", json.dumps(value)))

    # one look

    async def _glance(
        self, of: Bound, *, beside: bool = False, sign: Step | None = None, still: float = 0.0
    ) -> tuple[Fact, Table] | None:
        """What is known of a table now, and what of it is understood; None where it is not there.
        With it, whether what the page finds by ``sign`` is visible. For ``still`` seconds it is
        watched for changes, and what it is then is given.

        Raises `PageChanged` where there are several.
        """
        answer = self.ways.whole.answer if self.ways.whole else ""
        asked = {"answer": answer, "beside": beside, "sign": sign, "still": still * 1000}
        text: str | None = await of.ask(READ_GRID, asked)
        if text is None:
            return None
        facts: Fact = json.loads(text)
        if facts["many"]:
            raise PageChanged(
                self.page.portal.name, self.page.title, f"hay más de un «{self.name}»"
            )
        wanted = [column.header for column in self.columns.values()]
        return facts, understood(facts, wanted)

    async def _with_sign(
        self, *, beside: bool, still: float
    ) -> tuple[Any, tuple[Fact, Table] | None]:
        """What tells that the table is whole, and what is seen of it then: rows come before it."""
        whole = self.ways.whole
        step = None if isinstance(self.page.scope, Locator) else whole and whole.step(self.page)
        if step:
            with suppress(InDoubt):
                found = await self._glance(self, beside=beside, sign=step, still=still)
                return found and found[0]["signed"], found
        sign = await whole.sign(self.page) if whole else None
        return sign, await self._glance(self, beside=beside, still=still)

    async def _table(self, *, beside: bool = False) -> Table:
        """The table once all of its rows are there, under all declared columns."""
        portal, title = self.page.portal, self.page.title
        (before, since), self._watched = self._watched, ({}, 0.0)
        # what is watched says nothing of itself: the rest of its calm passes in the first look
        still = max(QUIET - (time.monotonic() - since), 0.0) if before else 0.0
        told: Table | None = None
        was_filling = False

        async def look() -> Table | None:
            nonlocal since, still, before, told, was_filling
            watched, still = still, 0.0
            sign, found = await self._with_sign(beside=beside, still=watched)
            told = found[1] if found else None
            if found is None or not found[1].is_there:
                return Table() if await self._is_empty() else None
            facts, table = found
            if facts != before:
                since, before = time.monotonic(), facts
            was_filling |= facts["filling"]
            lasting = self._lasting(facts, table, was_filling, sign)
            still = max((lasting or 0.0) - (time.monotonic() - since), 0.0)
            return table if lasting is not None and not still else None

        try:
            table = await portal.until(look, title, f"tabla «{self.name}»")
        except PageChanged as error:
            raise await self._why(told) or error from None
        if table.names is not None:
            self._check(table.names)
        if table.doubts:
            raise self._changed("tiene una fila que no se entiende")
        return table

    def _lasting(self, facts: Fact, table: Table, was_filling: bool, sign: object) -> float | None:
        """For how many seconds it must not change yet to be whole; None where rows are to come."""
        if facts["filling"] or facts["loading"] or table.is_loading or table.is_counted is False:
            return None
        if self.ways.whole is not None:
            answered = facts.get("answered", 0)
            look = TableLook(sign, len(table.rows), table.has_pages, answered)
            return self.ways.whole.lasting(look)
        return 0.0 if was_filling or facts["filled"] or table.is_counted else QUIET

    async def _why(self, table: Table | None) -> PageChanged | None:
        """Why a table that is looked for never came to be whole, where that can be told."""
        with suppress(PlaywrightError):  # a frame that was replaced: what is known is told
            for lacking in await self.absent():
                if "columna" in lacking:
                    return PageChanged(self.page.portal.name, self.page.title, lacking)
        if table is not None and table.is_counted is False:
            return self._changed("no muestra tantos registros como dice")
        if table is not None and table.doubts:
            return self._changed("tiene una fila que no se entiende")
        sign = getattr(self.ways.whole, "element", None)
        if table is not None and table.is_there and sign is not None:
            bound = sign.on(self.page)
            with suppress(PlaywrightError):
                if not await bound.ask(COUNT_VISIBLE):
                    return self._changed(f"no muestra «{bound.name}»")
        return None

    def _changed(self, what: str) -> PageChanged:
        return PageChanged(self.page.portal.name, self.page.title, f"la tabla «{self.name}» {what}")

    def _records_of(self, table: Table) -> list[dict[str, Any]]:
        if table.names is None:
            return []
        boxes = {folded_header(column.header): column.box for column in self.columns.values()}
        names = [folded_header(name) for name in table.names]
        rows = [
            [_told(cell, name, boxes.get(name)) for name, cell in zip(names, row, strict=True)]
            for row in table.rows
        ]
        return self._records(table.names, rows)


def _told(cell: Fact | None, header: str, box: bool | None) -> str | None:
    """What a cell holds; None where it cannot be told: of a box with words beside it, where the
    declaration does not say which of them counts and the words are not just the header's."""
    if cell is None:
        return None
    text: str | None = cell["text"]
    if text is not None and "box" in cell and box is not False:
        if box or folded_header(text) == header:
            return "sí" if cell["box"] else "no"
        return None
    return text


G = TypeVar("G", bound=BoundGrid)


class Grid(Tabular[G]):
    """A declared grid, and what the page tells of it besides its rows."""

    ways = Ways()

    def bound(self, page: OpenPage) -> G:
        return self.kind(page, self.name, self.find, self.columns, self.ways)

    def telling(
        self,
        *,
        whole: Whole | None = None,
        empty: Declared | None = None,
        pager: Declared | None = None,
    ) -> Self:
        """Itself, on a page that tells more: by ``whole`` that all rows are there (see
        `pages.core.whole`), by ``empty``, shown in place of the table, that there are none; and
        ``pager`` turns its pages where that stands apart from it."""
        self.ways = replace(self.ways, whole=whole, empty=empty, pager=pager)
        return self

    def by_headers(self) -> Self:
        """Itself, found by its columns: the one table that has all of them."""

        def engine(near: str = "") -> Find:
            headers = [column.header for column in self.columns.values()]
            body = json.dumps({"headers": headers, "near": near})
            return Engine("headed", body)

        vars(self).pop("find", None)
        self.is_headed, self.way = True, lambda _: engine()
        self.ways = replace(self.ways, near=engine(near=self.name))
        return self

    def under(self, other: Override) -> Self:
        one = super().under(other)
        if not self.is_headed:
            return one
        if not other.selector:
            return one.by_headers()
        one.is_headed, one.ways = False, replace(one.ways, near=None)
        return one


def grid(name: str, way: Way, **columns: Column | str) -> Grid[BoundGrid]:
    """A table, found by what names it (a caption, a summary) or by what it alone stands in."""
    return Grid(BoundGrid, name, way, columns)


def captioned(caption: str, **columns: Column | str) -> Grid[BoundGrid]:
    """A table with this caption."""
    return grid(caption, named("table"), **columns)


def headed(name: str, **columns: Column | str) -> Grid[BoundGrid]:
    """A table without caption, called by this name: the one that has all of these columns."""
    return captioned(name, **columns).by_headers()
