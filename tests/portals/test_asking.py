"""A page is asked by scripts that are in it once: `pages.core.asking`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from pages.core.asking import ask, together
from pages.core.browser import Browser
from pages.core.scripts import COUNT_VISIBLE, VALUE_OF_EACH

ADDRESS = "http://reloj.test/"
#: its own timer does nothing, and something comes by the browser's
STILL = """<script>const soon = setTimeout; window.setTimeout = () => 0;
soon(() => { document.body.innerHTML = "<b>1</b>"; }, 300);</script>"""

Run = Callable[..., Any]

RUC = "<body><p>RUC: <span>20100000001</span></p>"
WAY = ("labelled", "RUC")


async def _shown(page: Page) -> Page:
    await page.set_content(RUC)  # writes the document anew
    return page


async def _popup(page: Page) -> Page:
    async with page.expect_popup() as opened:
        await page.evaluate(f"void open('').document.write({RUC!r})")
    return await opened.value


async def _deprived(page: Page) -> Page:
    """As a document to which no script of ours has come."""
    other = await page.context.browser.new_context()  # type: ignore[union-attr]
    return await _shown(await other.new_page())


@pytest.mark.parametrize("made", [_shown, _popup, _deprived])
def test_every_document_can_be_asked(context: BrowserContext, run: Run, made: Any) -> None:
    async def read() -> list[list[str]]:
        page = await made(await context.new_page())
        parts = (page, page.main_frame, page.locator("p"))
        return [await ask(part, VALUE_OF_EACH, None, WAY) for part in parts]

    assert run(read()) == [["20100000001"]] * 3


def test_a_document_that_comes_in_between_is_asked_as_well(
    context: BrowserContext, run: Run
) -> None:
    async def read() -> list[Any]:
        page = await _shown(await context.new_page())
        await page.evaluate(
            "document.body.innerHTML = `<iframe srcdoc='<p>RUC: <b>1</b></p>'></iframe>`"
        )
        inner = page.frame_locator("iframe")
        await inner.locator("b").wait_for()
        return [
            await ask(inner, VALUE_OF_EACH, None, WAY),
            await ask(page.frames[1], VALUE_OF_EACH, None, WAY),
        ]

    assert run(read()) == [["1"], ["1"]]


def test_no_script_of_the_page_meets_ours(context: BrowserContext, run: Run) -> None:
    async def seen() -> list[Any]:
        page = await _shown(await context.new_page())
        await ask(page, VALUE_OF_EACH, None, WAY)
        mine = await page.evaluate(
            "() => Object.getOwnPropertyDescriptor(window, Symbol.for('cargofijo'))"
            ".enumerable || Object.keys(window).some((name) => /cargofijo/i.test(name))"
        )
        await page.evaluate("window[Symbol.for('cargofijo')] = null")
        return [mine, await ask(page, VALUE_OF_EACH, None, WAY)]

    assert run(seen()) == [False, ["20100000001"]]


def test_a_page_with_another_clock_is_waited_for_by_the_browsers(
    browser: Browser, run: Run
) -> None:
    """Libraries put their own timers in its place, and may let them stand still."""

    async def waited() -> list[Any]:
        context = await browser.context()
        page = await context.new_page()
        await page.route(ADDRESS, lambda route: route.fulfill(body=STILL, content_type="text/html"))
        await page.goto(ADDRESS)
        missed = await ask(page, COUNT_VISIBLE, None, ("css", '{"selector": "i"}'), patience=100)
        shown = await ask(page, COUNT_VISIBLE, None, ("css", '{"selector": "b"}'), patience=5000)
        await context.close()
        return [missed, shown]

    assert run(waited()) == [None, 1]


def test_a_script_gets_nothing_where_nothing_is(browser: Browser, run: Run) -> None:
    async def read() -> Any:
        context = await browser.context()
        page = await context.new_page()
        found = await ask(page, VALUE_OF_EACH, None, WAY)
        await context.close()
        return found

    assert run(read()) == []


def test_what_is_asked_together_is_one_call(context: BrowserContext, run: Run) -> None:
    calls: list[str] = []

    async def read() -> tuple[list[Any], list[Any]]:
        page = await _shown(await context.new_page())
        frame = page.main_frame
        evaluate = frame.evaluate

        async def counted(script: str, given: Any) -> Any:
            calls.append(script)
            return await evaluate(script, given)

        frame.evaluate = counted  # type: ignore[method-assign]

        async def of_two() -> list[Any]:
            return await together(ask(frame, COUNT_VISIBLE), ask(frame, VALUE_OF_EACH, None, WAY))

        both = await together(of_two(), ask(frame, COUNT_VISIBLE, None, WAY))
        return both, [await ask(frame, COUNT_VISIBLE, None, WAY)]

    both, alone = run(read())
    assert both == [[1, ["20100000001"]], 1]
    assert alone == [1]
    assert len(calls) == 2


def test_each_of_those_asked_together_has_its_own_answer(context: BrowserContext, run: Run) -> None:
    async def read() -> Any:
        page = await _deprived(await context.new_page())
        late = "(tools, all) => document.querySelector('i') ? 'late' : null"
        await page.evaluate(
            "setTimeout(() => document.body.append(document.createElement('i')), 50)"
        )
        told = together(ask(page, late, patience=5000), ask(page, VALUE_OF_EACH, None, WAY))
        one, two = await told
        with pytest.raises(PlaywrightError):
            await together(ask(page, "() => nothing.at.all"), ask(page, COUNT_VISIBLE))
        return one, two

    assert run(read()) == ("late", ["20100000001"])


def test_one_that_gives_up_takes_nothing_from_the_others(context: BrowserContext, run: Run) -> None:
    async def brief(look: Any) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await look

    async def read() -> Any:
        page = await _shown(await context.new_page())
        never = ask(page, "() => null", patience=1000)
        return await together(brief(never), ask(page, VALUE_OF_EACH, None, WAY))

    assert run(read()) == [None, ["20100000001"]]
