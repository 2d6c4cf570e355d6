"""Asking a page: what a script of ours makes of what is on it, in one call.

The long scripts (`TOOLS`) are in each document of our browser from its beginning (`KEEP_TOOLS`),
under a symbol where no script of the portal's meets them; a document that lacks them is given them
when it is first asked. What travels is short. Measured: to ask a document itself costs a third of
what it costs to ask an element that Playwright has found there, and spares it Playwright's own
300 KB of scripts in the world of the page, which are read anew in each document.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any

from playwright.async_api import Frame, FrameLocator, Locator, Page

from pages.core.scripts import TOOLS

Scope = Page | Frame | FrameLocator | Locator
#: a selector engine of ours, and what it is asked for
Step = tuple[str, str]
#: engines one within the other; None where there is nothing that they alone can find
Way = tuple[Step, ...] | None

#: milliseconds for which a page is asked to wait for what is not there yet
PATIENCE = 200

_KEY = 'Symbol.for("cargofijo")'
#: puts them where no script of the page's enumerates or replaces them
KEEP_TOOLS = f"Object.defineProperty(globalThis, {_KEY}, {{ value: {TOOLS} }})[{_KEY}]"


def root_of(scope: Scope) -> Locator:
    """The element that holds all of it."""
    return scope if isinstance(scope, Locator) else scope.locator(":root")


async def frame_with(scope: Scope) -> Frame:
    """The frame that it is in."""
    frame = await (await root_of(scope).element_handle()).owner_frame()
    assert frame is not None
    return frame


#: within `together`: of each document what it is to be asked in one call, and that call
_Round = tuple[list[tuple[str, list[Any]]], "asyncio.Task[list[Any]]"]
_rounds: ContextVar[dict[Page | Frame, _Round] | None] = ContextVar("rounds", default=None)


class InDoubt(Exception):
    """What is asked for cannot be found for certain by a script: Playwright is to look for it."""


async def together(*looks: Coroutine[Any, Any, Any]) -> list[Any]:
    """Results of looks that begin at once. What they ask a document in the same moment is one call,
    and so of one moment on the page, too. Raises what the first of them does, once all are over."""
    token = _rounds.set({}) if _rounds.get() is None else None
    try:
        results = await asyncio.gather(*looks, return_exceptions=True)
    finally:
        if token is not None:
            _rounds.reset(token)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


async def ask(
    scope: Scope, script: str, argument: object = None, *way: Step, patience: int = 0
) -> Any:
    """What the script makes of all elements to which the ``way`` leads from the scope, as they are
    now: it gets the tools, the elements and the argument.

    For ``patience`` milliseconds it waits in the page for an answer that is not null, which costs
    less than to ask again. Raises `InDoubt`.
    """
    given = [way, argument, patience]
    for bring in ("undefined", KEEP_TOOLS):
        told: list[Any] | None
        if isinstance(scope, Page | Frame):
            told = await _told(scope, _asking(script, bring), given)
        else:
            told = await root_of(scope).evaluate_all(_asking(script, bring), given)
        if told is not None:
            if not told:
                raise InDoubt
            return told[0]
    return None


def _asking(script: str, bring: str) -> str:
    """The script as Playwright has it, with the tools; null where it does not find any, and nothing
    where it is in doubt."""
    return f"""async (roots, [way, argument, patience]) => {{
  const tools = globalThis[{_KEY}] || {bring};
  return tools ? tools.ask({script}, roots, way, argument, patience) : null;
}}"""


async def _told(document: Page | Frame, asking: str, given: list[Any]) -> list[Any] | None:
    """What it answers: asked by itself, or with what else it is asked now."""
    rounds = _rounds.get()
    if rounds is None:
        alone: list[Any] | None = await document.evaluate(
            f"(given) => ({asking})(document, given)", given
        )
        return alone
    if document not in rounds:
        task = asyncio.create_task(_asked_at_once(document, rounds))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        rounds[document] = [], task
    questions, task = rounds[document]
    questions.append((asking, given))
    place = len(questions) - 1
    # one that gives up takes nothing from the others
    answers: list[list[Any] | None] = await asyncio.shield(task)
    return answers[place]


async def _asked_at_once(document: Page | Frame, rounds: dict[Page | Frame, _Round]) -> list[Any]:
    """Begins when all have asked who had something to ask at that moment."""
    questions, _ = rounds.pop(document)
    askings = ", ".join(asking for asking, _ in questions)
    script = f"(all) => Promise.all([{askings}].map((ask, place) => ask(document, all[place])))"
    answers: list[Any] = await document.evaluate(script, [given for _, given in questions])
    return answers
