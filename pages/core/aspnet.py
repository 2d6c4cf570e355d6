"""ASP.NET pages: postbacks that must settle before anything is touched."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal, Protocol

from playwright.async_api import Frame, Page

from pages.contract.errors import BrowserLost, PageChanged, PortalDown
from pages.core.asking import Way
from pages.core.choices import BoundChoice
from pages.core.elements import Bound, BoundField, Element, IsKept, labelled
from pages.core.messages import quoted, refusal, refused
from pages.core.page import PortalPage

_POSTBACK = "({ postback }, all, what) => postback(what)"
#: what is done to an element once the page's postbacks are at their end, and another one is meant
_MARKED = """async (tools, all, given) => {
  const marked = await tools.postback("mark");
  const told = marked && await (%s)(tools, all, given);
  return told ? { ...told, marked } : null;
}"""
#: The same with what the window shows then, where one server's are all of its documents; and of
#: two ways whether what one leads to is visible, and what that holds to which the other one does.
_ANSWERED = """async ({ postback, seen, found, isShown, reading }, all, [shows, reads]) => {
  const state = await postback("answered");
  if (!state || !state.begun || !state.answer) return state;
  return { ...state, seen: seen(top, true), shown: isShown(shows),
    held: reads && found(reads).map(reading.value) };
}"""
#: how many of these are visible; where none is, the page is told that an answer is awaited
_THERE = """async ({ visible, postback }, all) => {
  const count = all.filter(visible).length;
  const marked = count ? null : await postback("mark");
  return count || marked ? { count, marked } : null;
}"""

#: seconds in which what a click sends has begun, however busy its page is, and has most often
_QUIET, _SOON = 1.0, 0.05


class AspNetPage(PortalPage):
    """A page that posts back to its own address, whole or in parts."""

    async def settled(self) -> None:
        """Wait until no postback is under way: a click during one throws its answer away."""
        await self._settle("")

    #: what that holds now which the last postback was to read
    answer_holds: Sequence[str | None] | None = None
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

    async def is_there(self) -> bool:
        """Whether it is what is shown now; where it is not, another answer is awaited from here on,
        so that it can be asked for (``is_marked``)."""
        ready = type(self).ready.on(self)

        async def look() -> dict[str, Any] | None:
            told: dict[str, Any] | None = await ready.ask(_THERE)
            return told

        told = await self.portal.until(look, self.title, ready.name)
        if not told["count"]:
            self._refused = quoted(told["marked"]["told"])
        return bool(told["count"])

    @asynccontextmanager
    async def postback(
        self,
        unless: Bound | None = None,
        by: Bound | None = None,
        *,
        shows: Bound | None = None,
        reads: Bound | None = None,
        is_marked: bool = False,
    ) -> AsyncIterator[None]:
        """Context of the one action that posts back: on leaving, the answer is on the page, or was
        a file, or closed the pop-up window that asked.

        ``unless``: what is in sight where the page had its answer before and so asks for nothing.
        ``by``: the element of this page that it is done by, where that is known: marking the page
        and acting are one look then. ``is_marked``: it has been marked. What the answer, in
        the place of this page, ``shows`` and ``reads`` is looked at together with it, and found by
        `has_come` and in ``answer_holds``.
        Raises what the portal answered instead, so that what stood there before (an earlier
        search's results) is never taken for the answer; `FormRefused` where the page's own
        validators let nothing go out.
        """
        portal, window = self.portal, self.scope.locator(":root").page
        is_popup, before = window in portal.popups, (portal.downloads, portal.asked)
        self._unmarked, seen = not is_marked, None
        self.answer_holds = None
        if shows is not None:
            shows.page.came = frozenset()
        along = (shows.way if shows else None, reads.way if reads else None)
        if by is None or by.page is not self:
            await self.before_acting()
        try:
            yield
            answer = await self._answered(before, unless, self._refused, along)
            seen, self.answer_holds = answer.get("seen"), answer.get("held")
            if shows is not None and answer.get("shown"):
                shows.page.came = frozenset((shows.name,))
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

    async def _look(self, what: Literal["", "mark"]) -> dict[str, Any] | None:
        """The state of the page's postback; None while it cannot be told."""
        state: dict[str, Any] | None = await self.ask(_POSTBACK, what)
        return state

    async def _answered(
        self, before: tuple[int, int], unless: Bound | None, told: str, along: tuple[Way, Way]
    ) -> dict[str, Any]:
        """What was seen together with the answer. ``before`` are the files that had come and the
        requests that had been made. ``told`` is what the form refused before: to see it still says
        something only where nothing has gone out in all the time there is."""
        quiet = time.monotonic() + _QUIET
        is_sent = False
        files, asked = before
        if self.portal.asked == asked:
            await self.portal.stirs(_SOON)

        seen: dict[str, Any] = {}

        async def look() -> dict[str, str] | None:
            nonlocal is_sent, seen
            if self.portal.downloads > files:
                return {}
            if await self._is_left():
                return None
            state: dict[str, Any] | None = await self.ask(_ANSWERED, along)
            if state is None or state["begun"]:
                is_sent = is_sent or state is not None
                seen = state or {}
                return seen.get("answer")
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

    async def _is_left(self) -> bool:
        """Whether its document makes room for another one: what that is asked meanwhile it does not
        live to answer. The other one is waited for as long as one look may take."""
        scope, portal = self.scope, self.portal
        frame = scope.main_frame if isinstance(scope, Page) else scope
        if not isinstance(frame, Frame) or not portal.is_leaving(frame):
            return False
        await portal.stirs(portal.limits.look)
        return portal.is_leaving(frame)


def aspnet_page(element: Bound) -> AspNetPage:
    """The page of an element that posts back; TypeError where it is no `AspNetPage`."""
    page = element.page
    if not isinstance(page, AspNetPage):
        raise TypeError(f"{type(page).__name__} has «{element.name}» and is no AspNetPage")
    return page


class _Fills(Protocol):
    """Choosing in a list, or typing into a field, unless it is so already."""

    async def __call__(self, value: str, /, *, may_stay: bool) -> object: ...


async def _answered_for(one: BoundCascade | BoundLookedUp, value: str, fill: _Fills) -> bool:
    """Fill what posts the page back, and see that it stays; False where it held that already: what
    does not change is not asked for."""
    page = aspnet_page(one)
    try:
        async with page.postback(by=one, reads=one):
            await fill(value, may_stay=True)
    except IsKept:
        return False
    if not one.holds(value, page.answer_holds or ()):
        await one.expect(value)
    return True


class BoundCascade(BoundChoice):
    """A list whose choice fills the one below it by a postback."""

    async def fill(self, text: str) -> None:
        await self.switch(text)

    async def switch(self, text: str) -> bool:
        """The same; whether it was chosen now, and what hangs on it came with the answer."""
        return await _answered_for(self, text, self.choose)


class BoundLookedUp(BoundField):
    """A field whose value the portal looks up by a postback."""

    async def fill(self, value: str) -> None:
        await _answered_for(self, value, self.type)


def cascade(label: str) -> Element[BoundCascade]:
    return Element(BoundCascade, label, labelled("choice"))


def looked_up(label: str) -> Element[BoundLookedUp]:
    return Element(BoundLookedUp, label, labelled("field"))
