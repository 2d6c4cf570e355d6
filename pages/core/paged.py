"""Grids of several pages, which a postback turns."""

from __future__ import annotations

from typing import Any

from pages.contract.errors import PageChanged
from pages.core.aspnet import aspnet_page
from pages.core.elements import look_at
from pages.core.grid import BoundGrid, Column, Tabular, by_caption

# The links under a GridView turn its pages; the number of the page that is shown is no link. The
# dots after ten numbers are a link to the eleventh page.
_PAGER = r"""(table) => {
  const links = Array.from(table.querySelectorAll('a[href*="Page$"]'));
  if (!links.length) return null;
  const shown = Array.from(links[0].closest('tr').querySelectorAll('span'))
    .map((e) => e.innerText.trim()).find((e) => /^\d+$/.test(e));
  return {
    shown: Number(shown || 0),
    others: links.map((link) => Number(/Page\$(\d+)/.exec(link.getAttribute('href'))[1])),
  };
}"""


class BoundPagedGrid(BoundGrid):
    """A GridView of several pages, on an `AspNetPage`."""

    async def all_rows(self) -> list[dict[str, Any]]:
        """The rows of all of its pages, from the first."""
        rows = await self.rows()
        pager = await self._pager()
        while pager is not None and pager["shown"] > 1:
            pager, rows = await self._turn(min(pager["others"]))
        while pager is not None and (following := pager["shown"] + 1) in pager["others"]:
            pager, more = await self._turn(following)
            rows += more
        return rows

    async def has_pages(self) -> bool:
        """Whether there is more than the page that is shown."""
        return await self._pager() is not None

    async def _pager(self) -> dict[str, Any] | None:
        pager: dict[str, Any] | None = await look_at(self.locator, _PAGER)
        return pager

    async def _turn(self, wanted: int) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        page = aspnet_page(self)
        link = self.locator.locator(f"a[href*=\"'Page${wanted}'\"]")
        async with page.postback(), page.portal.acting(page.title, f"{self.name} › {wanted}"):
            await link.click()
        rows, pager = await self.rows(), await self._pager()
        if pager is None or pager["shown"] != wanted:
            raise PageChanged(page.portal.name, page.title, f"«{self.name}» no cambió de página")
        return pager, rows


def paged(caption: str, **columns: Column | str) -> Tabular[BoundPagedGrid]:
    """A table with this caption, of one page or several."""
    return Tabular(BoundPagedGrid, caption, by_caption(caption), columns)
