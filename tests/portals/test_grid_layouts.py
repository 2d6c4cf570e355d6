"""Grids of all kinds that such pages have: what is read is what a person reads there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pages.contract.errors import PortalError
from pages.core import grid
from pages.core.aspnet import AspNetPage
from tests.support.grid_layouts import Layout, layouts, page_of

Run = Callable[[Any], Any]

#: a page with 25 grids for each
SEEDS = range(100)


class Grids(AspNetPage):
    title = "Grillas"


@pytest.mark.sample(1)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_grid_is_read_as_people_read_it(
    show: Callable[..., Any], run: Run, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(grid, "QUIET", 0.05)  # nothing changes by itself here but what says so
    made = layouts(str(seed), 25)
    grids = show(Grids, page_of(made), limit=8)
    wrong = [told for one in made if (told := run(difference(grids, one)))]
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
