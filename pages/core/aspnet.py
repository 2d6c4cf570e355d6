"""ASP.NET pages: postbacks that must settle before anything is touched."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from pages.contract.errors import BrowserLost, PageChanged, PortalDown
from pages.contract.text import clean, same
from pages.core.elements import Bound, BoundChoice, BoundField, Element, labelled
from pages.core.messages import quoted, refusal, refused
from pages.core.page import PortalPage

# A whole postback replaces the document, and its mark with it. A partial one says that it has
# ended; on an error, and on an answer that is no delta, its parts show what they showed before.
# Measured: an empty answer ends without any error. One that was aborted has made room for another,
# which answers; a Timer's asks nothing for us.
# A page that is not ready yet is waited for in the page, for some moments: each look costs more.
_POSTBACK = r"""async ({ refusals }, [root], what) => {
  if (!root) return null;
  const doc = root.ownerDocument, view = doc.defaultView;
  const isLoading = () => !doc.body || doc.readyState !== 'complete';
  const isAwaited = ({begun, answer} = {}) => what === 'answered' && begun && !answer;
  for (let looks = 0; looks < 10; looks += 1) {
    if (!isLoading() && !isAwaited(view.cargofijoPostback)) break;
    await new Promise((go) => { view.setTimeout(go, 20); });
  }
  if (isLoading()) return null;
  const mark = view.cargofijoPostback;
  if (what === 'answered' && mark && !mark.answer) {
    const summaries = Array.from(view.Page_ValidationSummaries || []);
    return {begun: mark.begun, told: refusals(root),
      tells: summaries.some((e) => e && e.showmessagebox === 'True')};
  }
  const forms = view.Sys && view.Sys.WebForms;
  const manager = forms && forms.PageRequestManager.getInstance();
  if (manager && manager.get_isInAsyncPostBack()) return null;
  if (what === 'answered') return {begun: true, answer: mark ? mark.answer : {}};
  if (what === 'mark') {
    if (!mark) {
      const isTimer = (element) => {
        const timer = view.Sys.UI && view.Sys.UI._Timer, component = element && view.$find;
        return Boolean(timer && component && view.$find(element.id) instanceof timer);
      };
      let ticks = false;
      const begun = () => { view.cargofijoPostback.begun = true; };
      view.addEventListener('beforeunload', begun);
      if (manager) {
        manager.add_beginRequest((sender, args) => {
          ticks = isTimer(args.get_postBackElement());
          if (!ticks) begun();
        });
        manager.add_endRequest((sender, args) => {
          const response = args.get_response(), error = args.get_error();
          if (ticks || (response && response.get_aborted())) return;
          // Measured: an answer that brought scripts cannot be read any more, and was a delta.
          let source = '0|';
          try { source = (response && response.get_responseData()) || ''; } catch (gone) {}
          view.cargofijoPostback.answer = error || !/^\d+\|/.test(source)
            ? {error: error ? error.message : '', source} : {};
        });
      }
    }
    view.cargofijoPostback = {begun: false, answer: null};
    return {told: refusals(root)};
  }
  return {};
}"""

#: seconds in which what a click sends has begun, however busy its page is
_QUIET = 1.0


class AspNetPage(PortalPage):
    """A page that posts back to its own address, whole or in parts."""

    async def settled(self) -> None:
        """Wait until no postback is under way: a click during one throws its answer away."""
        await self._settle("")

    @asynccontextmanager
    async def postback(self, unless: Bound | None = None) -> AsyncIterator[None]:
        """Context of the one action that posts back: on leaving, the answer is on the page, or was
        a file, or closed the pop-up window that asked.

        ``unless``: what is in sight where the page had its answer before and so asks for nothing.
        Raises what the portal answered instead, so that what stood there before (an earlier
        search's results) is never taken for the answer; `FormRefused` where the page's own
        validators let nothing go out.
        """
        portal, window = self.portal, self.scope.locator(":root").page
        is_popup, files = window in portal.popups, portal.downloads
        told = quoted((await self._settle("mark"))["told"])
        try:
            yield
            await self._answered(files, unless, told)
        except BrowserLost:
            if not (is_popup and await portal.has_closed(window)):
                raise
        await portal.diagnose()

    async def _settle(self, what: Literal["", "mark"]) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            return await self._look(what)

        return await self.portal.until(look, self.title, "fin de la actualización")

    async def _look(self, what: Literal["", "mark", "answered"]) -> dict[str, Any] | None:
        """The state of the page's postback; None while it cannot be told."""
        state: dict[str, Any] | None = await self.ask(_POSTBACK, what)
        return state

    async def _answered(self, files: int, unless: Bound | None, told: str) -> None:
        """``told`` is what the form refused before: to see it still says something only where
        nothing has gone out in all the time there is."""
        quiet = time.monotonic() + _QUIET
        is_sent = False

        async def look() -> dict[str, str] | None:
            nonlocal is_sent
            if self.portal.downloads > files:
                return {}
            state = await self._look("answered")
            if state is None or state["begun"]:
                is_sent = is_sent or state is not None
                return state and state.get("answer")
            if state["tells"] and self.portal.unexpected:
                raise refused(self, self.portal.unexpected)
            if time.monotonic() < quiet:
                return None
            if (words := quoted(state["told"])) and words != told:
                raise refused(self, words)
            return {} if unless is not None and await unless.is_shown() else None

        try:
            answer = await self.portal.until(look, self.title, "fin de la actualización")
        except PageChanged as error:
            if not is_sent and (words := await refusal().on(self).words()):
                raise refused(self, words) from error
            raise
        if "error" in answer:
            self.portal.recognise(answer["error"], self.title)
            self.portal.recognise_page(answer["source"], self.title)
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
            await self.choose(text)
        await self.expect(text)


class BoundLookedUp(BoundField):
    """A field whose value the portal looks up by a postback."""

    async def fill(self, value: str) -> None:
        if await self.read() == clean(value):
            return  # what does not change is not asked for
        async with aspnet_page(self).postback():
            await self._type(value)
        await self.expect(value)


def cascade(label: str) -> Element[BoundCascade]:
    return Element(BoundCascade, label, labelled("choice"))


def looked_up(label: str) -> Element[BoundLookedUp]:
    return Element(BoundLookedUp, label, labelled("field"))
