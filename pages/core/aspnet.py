"""What the ASP.NET portals share: postbacks that must settle before anything is touched."""

from __future__ import annotations

from pages.core.page import PortalPage

_SETTLED = """(root) => {
  const doc = root.ownerDocument;
  if (doc.readyState !== 'complete') return false;
  const forms = doc.defaultView.Sys && doc.defaultView.Sys.WebForms;
  return !forms || !forms.PageRequestManager.getInstance().get_isInAsyncPostBack();
}"""


class AspNetPage(PortalPage):
    """A page that posts back to its own address, whole or in parts."""

    async def settled(self) -> None:
        """Wait until no postback is under way: a click during one is lost."""
        root = self.scope.locator(":root")

        async def look() -> bool | None:
            return True if await root.evaluate(_SETTLED) else None

        await self.portal.until(look, self.title, "fin de la actualización")
