"""Tables as people read them: by their headers, when they are whole."""

from __future__ import annotations

from playwright.async_api import Frame, Locator, Page

from pages.contract.text import clean, folded
from pages.core.elements import Bound, Element, Find, exactly, look_at

_READ = """(table) => {
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


class BoundGrid(Bound):
    """A table with a header row; rows of another width (pager, footer) are not records."""

    async def rows(self) -> list[dict[str, str]]:
        """The rows of this page of the grid, each by its *folded* header (see `text.folded`)."""
        table = await self.wait()
        read = await self.page.portal.until(
            lambda: _whole(table), self.page.title, f"tabla «{self.name}»"
        )
        names = [folded(name) for name in read["names"]]
        return [dict(zip(names, map(clean, row), strict=True)) for row in read["rows"]]

    async def row(self, value: str) -> Locator:
        """The one row with a cell that says exactly this."""
        table = await self.wait()
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


async def _whole(table: Locator) -> dict[str, list[str]] | None:
    """What the table holds, or None while it is still being filled."""
    read = await look_at(table, _READ)
    return None if read is None or read["busy"] else read


def grid(name: str, find: Find) -> Element[BoundGrid]:
    """A table, found by what names it: a caption, a summary, a heading over it."""
    return Element(BoundGrid, name, find)


def captioned(caption: str) -> Element[BoundGrid]:
    """A table with this caption."""
    return grid(caption, lambda scope: scope.get_by_role("table", name=exactly(caption)))
