"""Pictures of the guides: taken where a test does what a guide tells."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.sync_api import Page

SIZE = {"width": 1120, "height": 700}


class Album:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: list[str] = []

    def take(self, page: Page, name: str, *, down_to: str = "", height: int = 0) -> None:
        """The window as people have it, from the top of the page or down to what is named."""
        page.mouse.move(0, 0)
        page.set_viewport_size({**SIZE, "height": height or SIZE["height"]})
        if down_to:
            page.get_by_text(down_to, exact=True).first.scroll_into_view_if_needed()
        page.screenshot(path=self.folder / f"{name}.png", animations="disabled")
        self.taken.append(f"{name}.png")

    def check(self, guide: Path) -> None:
        """What was taken is what the guide shows, and what is kept."""
        shown = re.findall(rf"!\[[^\]]+\]\(img/{guide.stem}/([\w.]+)\)", guide.read_text())
        assert sorted(shown) == sorted(self.taken)
        assert {path.name for path in kept_for(guide).glob("*.png")} == set(shown)


def kept_for(guide: Path) -> Path:
    return guide.parent / "img" / guide.stem


def album_of(guide: Path, beside: Path) -> Album:
    """The guide's own pictures with CARGOFIJO_PICTURES=1, else an album beside it."""
    return Album(kept_for(guide) if os.environ.get("CARGOFIJO_PICTURES") else beside)
