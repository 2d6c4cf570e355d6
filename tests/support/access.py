"""What axe finds on a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: what fades in has other colours until it is there; what turns without end is left alone
SETTLED = """() => Promise.allSettled(document.getAnimations()
    .filter(a => a.effect.getComputedTiming().endTime < Infinity).map(a => a.finished))"""


def serious(page: Page, *, dialog: bool = False) -> list[str]:
    """In a ``dialog`` without contrast: axe takes the page below for what lies behind its buttons,
    whose colours are those of every page's."""
    page.evaluate(SETTLED)
    found = Axe().run(page).response["violations"]
    return [
        f"{problem['id']}: {node['html'][:200]}; {node['failureSummary']}"
        for problem in found
        if problem["impact"] in ("serious", "critical")
        and not (dialog and problem["id"] == "color-contrast")
        for node in problem["nodes"]
    ]
