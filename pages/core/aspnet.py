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
from pages.core.screen import Told

_POSTBACK = "({ postback }, all, what) => postback(what)"
#: what is done to an element once the page's postbacks are at their end, and another one is meant
_MARKED = """async (tools, all, given) => {
  const marked = await tools.postback("mark");
  const told = marked && await (%s)(tools, all, given);
  return told ? { ...told, marked } : null;
}"""
#: the same with what the window shows then, where one server's are all of its documents
_ANSWERED = """async ({ postback, seen }) => {
  const state = await postback("answered");
  return state && state.begun && state.answer ? { ...state, seen: seen(top, true) } : state;
}"""

#: seconds in which what a click sends has begun, however busy its page is
_QUIET = 1.0


class AspNetPage(PortalPage):
    """A page that posts back to its own address, whole or in parts."""

    async def settled(self) -> None:
        """Wait until no postback is under way: a click during one throws its answer away."""
        await self._settle("")

    #: whether the next action has to tell the page first that an answer is awaited
    _unmarked = False
    #: what the form refused before it
    _refused = ""

    def action(self, script: str) -> str:
        return _MARKED % script if self._unmarked else script

    def acted(self, told: dict[str, Any]) -> None:
        if "marked" in told:
            self._unmarked, self._refused = False, quoted(told["marked"]["told"])

    async def before_acting(self) -> None:
        if self._unmarked:
            self._refused = quoted((await self._settle("mark"))["told"])
            self._unmarked = False

    @asynccontextmanager
    async def postback(
        self, unless: Bound | None = None, by: Bound | None = None
    ) -> AsyncIterator[None]:
        """Context of the one action that posts back: on leaving, the answer is on the page, or was
        a file, or closed the pop-up window that asked.

        ``unless``: what is in sight where the page had its answer before and so asks for nothing.
        ``by``: the element of this page that it is done by, where that is known: marking the page
        and acting are one look then.
        Raises what the portal answered instead, so that what stood there before (an earlier
        search's results) is never taken for the answer; `FormRefused` where the page's own
        validators let nothing go out.
        """
        portal, window = self.portal, self.scope.locator(":root").page
        is_popup, files = window in portal.popups, portal.downloads
        self._unmarked, seen = True, None
        if by is None or by.page is not self:
            await self.before_acting()
        try:
            yield
            seen = await self._answered(files, unless, self._refused)
        except BrowserLost:
            if not (is_popup and await portal.has_closed(window)):
                raise
        finally:
            self._unmarked = False
        await portal.diagnose({window: seen} if seen else {})

    async def _settle(self, what: Literal["", "mark"]) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            return await self._look(what)

        return await self.portal.until(look, self.title, "fin de la actualización")

    async def _look(self, what: Literal["", "mark", "answered"]) -> dict[str, Any] | None:
        """The state of the page's postback; None while it cannot be told."""
        script = _ANSWERED if what == "answered" else _POSTBACK
        state: dict[str, Any] | None = await self.ask(script, what)
        return state

    async def _answered(self, files: int, unless: Bound | None, told: str) -> Told | None:
        """What the window shows with the answer, where that is known. ``told`` is what the form
        refused before: to see it still says something only where nothing has gone out in all the
        time there is."""
        quiet = time.monotonic() + _QUIET
        is_sent = False

        seen: Told | None = None

        async def look() -> dict[str, str] | None:
            nonlocal is_sent, seen
            if self.portal.downloads > files:
                return {}
            state = await self._look("answered")
            if state is None or state["begun"]:
                is_sent = is_sent or state is not None
                seen = state["seen"] if state and "seen" in state else None
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
        return seen


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
        async with aspnet_page(self).postback(by=self):
            await self.choose(text)
        await self.expect(text)


class BoundLookedUp(BoundField):
    """A field whose value the portal looks up by a postback."""

    async def fill(self, value: str) -> None:
        if await self.read() == clean(value):
            return  # what does not change is not asked for
        async with aspnet_page(self).postback(by=self):
            await self.type(value)
        await self.expect(value)


def cascade(label: str) -> Element[BoundCascade]:
    return Element(BoundCascade, label, labelled("choice"))


def looked_up(label: str) -> Element[BoundLookedUp]:
    return Element(BoundLookedUp, label, labelled("field"))
