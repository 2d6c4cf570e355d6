"""Filling several fields of one page, in as few looks as there can be."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pages.core.asking import PATIENCE, InDoubt, Step
from pages.core.choices import BoundChoice
from pages.core.elements import IN_THE_WAY, BoundButton, BoundField, BoundTyped
from pages.core.engines import Engine
from pages.core.scripts import FILL_AND_PRESS, FILL_EACH
from pages.core.waiting import AND

Entry = tuple[BoundTyped | BoundChoice, str]
Held = Sequence[str | None]


async def fill_each(entries: Sequence[tuple[BoundField | BoundChoice, str]]) -> None:
    """Fill fields and choose in lists of one page, in their order, and see that it stayed."""
    held = await type_each(entries)
    for (one, value), texts in zip(entries, held, strict=True):
        if texts is None or not one.holds(value, texts):
            await one.expect(value)


async def fill_and_press(entries: Sequence[tuple[BoundField, str]], button: BoundButton) -> None:
    """Fill fields and press a button of their page, in one look where all of it is ready, within
    the `postback` that is done by the button."""
    page = button.page
    if not isinstance(button.find, Engine):
        await fill_each(entries)
        await button.click()
        return
    asked = [_asked(one, text) for one, text in entries], button.step
    since = time.monotonic()

    async def look() -> dict[str, Any] | None:
        told: dict[str, Any] | None = None
        with suppress(InDoubt):
            told = await page.ask(FILL_AND_PRESS, asked, patience=PATIENCE)
        return told or ({"held": []} if time.monotonic() - since > IN_THE_WAY else None)

    names = AND.join(one.name for one, _ in entries)
    async with page.portal.doing(f"Escribir en «{names}» y pulsar «{button.name}»"):
        told = await page.portal.until(look, page.title, entries[0][0].name)
    held: list[Held] = told["held"]
    page.portal.meet(page.title, *(one.name for one, _ in entries[: len(held)]))
    page.acted(told)
    if told.get("done"):
        page.portal.meet(page.title, button.name)
        return
    for (one, value), texts in zip(entries, held, strict=False):
        if not one.holds(value, texts):
            await one.expect(value)
    await fill_each(entries[len(held) :])
    await button.click()


async def type_each(entries: Sequence[Entry]) -> list[Held | None]:
    """Type or choose, as many in one look as are ready for it then. What each held when it was
    left, where that is known."""
    held: list[Held | None] = []
    while len(held) < len(entries):
        held += await _type_some(entries[len(held) :])
    return held


async def _type_some(left: Sequence[Entry]) -> Sequence[Held | None]:
    """Type into as many as can be typed into now, or into the first."""
    first, value = left[0]
    page, fields = first.page, [_asked(one, text) for one, text in left]
    since = time.monotonic()

    async def look() -> list[Held] | None:
        held: list[Held] | None = None
        with suppress(InDoubt):
            held = await page.ask(FILL_EACH, fields, patience=PATIENCE)
        return held or ([] if time.monotonic() - since > IN_THE_WAY else None)

    names = AND.join(one.name for one, _ in left)
    async with page.portal.doing(f"Escribir en «{names}»"):
        held = await page.portal.until(look, page.title, first.name)
    page.portal.meet(page.title, *(one.name for one, _ in left[: len(held)]))
    if held:
        return held
    return [await (first.choose if isinstance(first, BoundChoice) else first.type)(value)]


def _asked(one: BoundTyped | BoundChoice, text: str) -> tuple[Step, str, str | None]:
    """What a field is found by, and what is typed into it, or of what words an option is chosen."""
    if isinstance(one, BoundChoice):
        return one.step, "", one.words(text)
    return one.step, text, None
