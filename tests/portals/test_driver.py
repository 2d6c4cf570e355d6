"""Playwright's driver: what it keeps of the requests of a night."""

from __future__ import annotations

from typing import Any

import psutil
import pytest
from playwright.async_api import Page

from pages.core.browser import Browser
from tests.support.modes import Mode, choice
from tests.support.small_portal import opened

POST = 'async said => { await fetch("/trabajo", {method: "POST", body: "a=1"}); return said; }'
SAID = "x" * 30_000


async def _send(window: Page, times: int) -> None:
    """Between what is sent, much else is said, as with a page that is worked on."""
    for _ in range(times):
        await window.evaluate(POST, SAID)


def _driver_mb(others: set[psutil.Process]) -> float:
    driver = next(one for one in psutil.Process().children() if one not in others)
    return float(driver.memory_full_info().uss) / 2**20


@pytest.mark.browser
def test_keeps_little_of_what_was_sent(run: Any) -> None:
    async def grown() -> float:
        others = set(psutil.Process().children())
        async with (
            Browser(choice(Mode.ANY)) as browser,
            opened(await browser.context()) as small,
        ):
            window: Page = await small.main()
            await _send(window, 50)
            before = _driver_mb(others)
            await _send(window, 400)
            return _driver_mb(others) - before

    assert run(grown()) < 18, "some 28 where each keeps a slab"
