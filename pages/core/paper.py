"""A document of ours on paper: a page that is printed to PDF by the browser that is there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Route

from pages.contract.errors import BrowserLost
from pages.core.browser import Browser, BrowserChoice

#: where the pictures of a document are, for its page; a name that nobody can have
PICTURES = "http://documento.invalid/"
#: seconds; a long document takes a few
_PATIENCE = 120.0


async def print_pdf(
    choice: BrowserChoice, html: str, pictures: Mapping[str, bytes], footer: str
) -> bytes:
    """The page as a PDF of A4 sheets. It names its pictures by `PICTURES` and their keys, and gets
    nothing else from anywhere. Raises `BrowserLost`.

    A window cannot print: whatever else the browser is set to, here it has none. ``footer`` stands
    under each sheet, as HTML that styles itself.
    """

    async def give(route: Route) -> None:
        name = urlsplit(route.request.url).path.removeprefix("/")
        if route.request.url.startswith(PICTURES) and name in pictures:
            await route.fulfill(body=pictures[name])
        else:
            await route.abort()

    try:
        async with (
            asyncio.timeout(_PATIENCE),
            Browser(replace(choice, headless=True)) as browser,
        ):
            page = await (await browser.context()).new_page()
            await page.route("**/*", give)
            await page.set_content(html, wait_until="load")
            return await page.pdf(
                format="A4",
                print_background=True,
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=footer,
                margin={"top": "16mm", "bottom": "20mm", "left": "16mm", "right": "16mm"},
                tagged=True,
                outline=True,
            )
    except (PlaywrightError, TimeoutError) as error:
        raise BrowserLost("Navegador", "impresión", "no pudo imprimir el documento") from error
