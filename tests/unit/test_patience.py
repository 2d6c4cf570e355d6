"""How long something is waited for on a page."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

import pages.core.waiting
from pages.contract.errors import PageChanged
from pages.core.account import Account, Limits
from pages.core.waiting import Waiting


class Quiet(Waiting):
    """A portal that says nothing at all."""

    name = "PORTAL"

    async def diagnose(self, known: Any = None) -> None:
        """Nothing is wrong."""


@pytest.mark.parametrize(("lacking", "seconds"), [("", 20), ("Otra", 20), ("Página", 10)])
def test_what_was_missed_a_moment_ago_is_waited_for_half_as_long(
    lacking: str, seconds: int, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = itertools.count(1000)
    now = 0

    def tick() -> float:
        nonlocal now
        now = next(clock)
        return now

    monkeypatch.setattr(pages.core.waiting, "time", SimpleNamespace(monotonic=tick))
    nobody: Any = SimpleNamespace(on=lambda *_: None, pages=[])
    portal = Quiet(nobody, Account("http://portal.example", "robot", str), Limits(visible=20))
    portal.lacking = lacking

    async def look() -> None:
        return None

    with pytest.raises(PageChanged, match="no se encuentra «Cargo»"):
        run(portal.until(look, "Página", "Cargo"))
    assert seconds <= now - 1000 <= seconds + 4
