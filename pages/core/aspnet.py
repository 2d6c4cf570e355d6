"""ASP.NET pages: postbacks that must settle before anything is touched, and paged grids."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from pages.contract.errors import PageChanged, PortalDown
from pages.contract.text import same
from pages.core.elements import Bound, BoundChoice, BoundField, Element, Labelled, look_at
from pages.core.grid import BoundGrid, Column, Tabular, by_caption
from pages.core.page import PortalPage

# A whole postback replaces the window's document, and the mark with it; a partial one says that it
# has ended, and whether with an error: then the parts still show what they showed before.
_SETTLED = """(root, what) => {
  const doc = root.ownerDocument, view = doc.defaultView;
  if (!doc.body || doc.readyState !== 'complete') return false;
  if (what === 'answered' && view.cargofijoPostback) {
    return view.cargofijoPostback === 'failed' ? 'failed' : false;
  }
  const forms = view.Sys && view.Sys.WebForms;
  const manager = forms && forms.PageRequestManager.getInstance();
  if (manager && manager.get_isInAsyncPostBack()) return false;
  if (what === 'mark') {
    if (manager && !('cargofijoPostback' in view)) {
      manager.add_endRequest((sender, args) => {
        view.cargofijoPostback = args && args.get_error && args.get_error() ? 'failed' : false;
      });
    }
    view.cargofijoPostback = true;
  }
  return 'settled';
}"""


class AspNetPage(PortalPage):
    """A page that posts back to its own address, whole or in parts."""

    async def settled(self) -> None:
        """Wait until no postback is under way: a click during one is lost."""
        await self._settle("")

    @asynccontextmanager
    async def postback(self) -> AsyncIterator[None]:
        """Context of the one action that posts back: on leaving, the answer is on the page.

        Raises what the portal answered instead, so that what stood there before (an earlier
        search's results) is never taken for the answer.
        """
        await self._settle("mark")
        yield
        await self._settle("answered")
        await self.portal.diagnose()

    async def _settle(self, what: Literal["", "mark", "answered"]) -> None:
        root = self.scope.locator(":root")

        async def look() -> str | None:
            return await look_at(root, _SETTLED, what) or None

        if await self.portal.until(look, self.title, "fin de la actualización") == "failed":
            await self.portal.diagnose()
            raise PortalDown(self.portal.name, self.title, "la actualización terminó con un error")


def _aspnet(element: Bound) -> AspNetPage:
    page = element.page
    if not isinstance(page, AspNetPage):
        raise TypeError(f"{type(page).__name__} has «{element.name}» and is no AspNetPage")
    return page


class BoundCascade(BoundChoice):
    """A list whose choice fills the one below it by a postback."""

    async def fill(self, text: str) -> None:
        if same(await self.read(), text):
            return
        async with _aspnet(self).postback():
            await super().fill(text)


class BoundLookedUp(BoundField):
    """A field whose value the portal looks up by a postback."""

    async def fill(self, value: str) -> None:
        async with _aspnet(self).postback():
            await super().fill(value)


def cascade(label: str) -> Element[BoundCascade]:
    return Element(BoundCascade, label, Labelled(label, "choice"))


def looked_up(label: str) -> Element[BoundLookedUp]:
    return Element(BoundLookedUp, label, Labelled(label, "field"))


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
        page = _aspnet(self)
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
