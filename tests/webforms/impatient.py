"""A person who clicks again while the portal still works on the first click."""

from __future__ import annotations

import asyncio

from tests.support.machine import wait_for
from tests.support.webforms import WebForms
from tests.webforms import samples
from tests.webforms.pages.cases import QuickPage, RegisterPage
from tests.webforms.portal import Ventanilla


async def registered_twice(
    portal: Ventanilla, bench: WebForms, kind: type[QuickPage | RegisterPage]
) -> None:
    """Two clicks on *Registrar*: the second while the first has been saved and not answered."""
    page = await portal.open(kind)
    if isinstance(page, RegisterPage):
        await page.fill(samples.draft())
    else:
        await page.referencia.fill("REF-900")
    bench.control(retener=1)
    window = await portal.main()
    sent = asyncio.Event()
    async with page.postback():
        await page.registrar.click()
        await asyncio.to_thread(wait_for, lambda: len(bench.cases("REF-900")) == 1)
        window.on("request", lambda request: sent.set() if request.method == "POST" else None)
        # not by the mouse: whoever clicks twice is quicker than the overlay
        await page.registrar.locator.dispatch_event("click")
        await sent.wait()
        bench.control(soltar=1)
