"""Asking a page: what a script of ours makes of what is on it, in one call.

The long scripts are in each document of our browser from its beginning (`KEEP_TOOLS`), under a
symbol where no script of the portal's meets them; a document that lacks them is given them when it
is first asked. What travels is short, and JSON. Measured: to ask a document itself costs a third of
what it costs to ask an element that Playwright has found there, and spares it Playwright's own
300 KB of scripts in the world of the page, which are read anew in each document.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any, cast

from playwright.async_api import Frame, FrameLocator, Locator, Page

from pages.core.scripts import BRING_TOOLS, KEPT_TOOLS

Scope = Page | Frame | FrameLocator | Locator
#: a selector engine of ours, and what it is asked for
Step = tuple[str, str]
#: engines one within the other; None where there is nothing that they alone can find
Way = tuple[Step, ...] | None

#: milliseconds for which a page is asked to wait for what is not there yet
PATIENCE = 200

#: between what several are given in one call: JSON has none
_APART = "\0"


def root_of(scope: Scope) -> Locator:
    """The element that holds all of it."""
    return scope if isinstance(scope, Locator) else scope.locator(":root")


async def frame_with(scope: Scope) -> Frame:
    """The frame that it is in."""
    frame = await (await root_of(scope).element_handle()).owner_frame()
    assert frame is not None
    return frame


#: within `together`: of each document what it is to be asked in one call, and that call
_Round = tuple[list[tuple[str, str]], "asyncio.Task[list[Any]]"]
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
    given = json.dumps([way, argument, patience])
    for bring in ("undefined", BRING_TOOLS):
        asking = _asking(script, bring)
        if isinstance(scope, Page | Frame):
            told = await _told(scope, asking, given)
        else:
            told = json.loads(await root_of(scope).evaluate_all(asking, given))
        if told is not None:
            if not told:
                raise InDoubt
            return told[0]
    return None


def _asking(script: str, bring: str) -> str:
    """The script as Playwright has it, with the tools: it gives JSON, null where it does not find
    any, and an empty list where it is in doubt."""
    return f"""async (roots, given) => {{
  const tools = {KEPT_TOOLS} || {bring};
  return tools ? tools().ask({script}, roots, given) : "null";
}}"""


async def _told(document: Page | Frame, asking: str, given: str) -> list[Any] | None:
    """What it answers: asked by itself, or with what else it is asked now."""
    rounds = _rounds.get()
    if rounds is None:
        alone = await document.evaluate(f"(given) => ({asking})(document, given)", given)
        return cast(list[Any] | None, json.loads(alone))
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
    askings = [f"({asking})(document, all[{at}])" for at, (asking, _) in enumerate(questions)]
    script = f"""async (given) => {{
  const all = given.split("\\0"), told = await Promise.all([{", ".join(askings)}]);
  return "[" + told.join(",") + "]";
}}"""
    answers = await document.evaluate(script, _APART.join(given for _, given in questions))
    return cast(list[Any], json.loads(answers))
