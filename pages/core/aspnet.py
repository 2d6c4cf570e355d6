"""ASP.NET pages: postbacks that must settle before anything is touched."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from pages.contract.errors import PortalDown
from pages.contract.text import same
from pages.core.elements import Bound, BoundChoice, BoundField, Element, Labelled, look_at
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


def aspnet_page(element: Bound) -> AspNetPage:
    """The page of an element that posts back; TypeError where it is no `AspNetPage`."""
    page = element.page
    if not isinstance(page, AspNetPage):
        raise TypeError(f"{type(page).__name__} has «{element.name}» and is no AspNetPage")
    return page


class BoundCascade(BoundChoice):
    """A list whose choice fills the one below it by a postback."""

    async def fill(self, text: str) -> None:
        if same(await self.read(), text):
            return
        async with aspnet_page(self).postback():
            await super().fill(text)


class BoundLookedUp(BoundField):
    """A field whose value the portal looks up by a postback."""

    async def fill(self, value: str) -> None:
        async with aspnet_page(self).postback():
            await super().fill(value)


def cascade(label: str) -> Element[BoundCascade]:
    return Element(BoundCascade, label, Labelled(label, "choice"))


def looked_up(label: str) -> Element[BoundLookedUp]:
    return Element(BoundLookedUp, label, Labelled(label, "field"))
