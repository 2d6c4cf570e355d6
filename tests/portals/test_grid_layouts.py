"""Grids of all kinds that such pages have: what is read is what a person reads there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.async_api import Page

from pages.contract.errors import PortalError
from pages.core import grid
from pages.core.account import Account, Limits
from pages.core.aspnet import AspNetPage
from pages.core.browser import Browser
from pages.core.portal import Portal
from tests.support.grid_layouts import Layout, layouts, page_of

Run = Callable[[Any], Any]

#: a page with 25 grids for each
SEEDS = range(100)


class Mill(Portal):
    name = "PRUEBA"


class Grids(AspNetPage):
    title = "Grillas"


@pytest.fixture(scope="module")
def page(browser: Browser, run: Run) -> Iterator[Page]:
    async def opened() -> Page:
        return await (await browser.context()).new_page()

    page = run(opened())
    yield page
    run(page.context.close())


@pytest.mark.sample(2)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_grid_is_read_as_people_read_it(
    page: Page, run: Run, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(grid, "QUIET", 0.05)  # nothing changes by itself here but what says so
    made = layouts(str(seed), 25)
    account = Account("http://127.0.0.1", "robot", lambda: "secreto")
    portal = Mill(page.context, account, limits=Limits(visible=8, look=1))
    run(page.goto("about:blank"))  # another window, in which no postback was
    run(page.set_content(page_of(made)))
    wrong = [told for one in made if (told := run(difference(Grids(portal, page), one)))]
    assert not wrong, "\n\n".join(wrong)


async def difference(page: Grids, layout: Layout) -> str:
    """What is wrong with what is read, and in which markup; empty where nothing is."""
    bound = layout.declared.on(page)
    read: object
    try:
        read = await (bound.all_rows() if layout.has_pager else bound.rows())
    except PortalError as error:
        read = error
    if read == layout.records:
        return ""
    shown = layout.pages[layout.start]["html"]
    return f"{layout.traits}\nshould be {layout.records}\nbut is {read!r}\n{shown}"
