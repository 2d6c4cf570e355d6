"""A survey's pictures: what was found, and what may be the rest, is where the boxes say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page

from pages.contract.errors import PageChanged
from pages.contract.text import amount
from pages.core.base_portal import Portal
from pages.core.elements import shown
from pages.core.grid import headed
from pages.core.likeness import Candidate, SeenElement
from pages.core.page import PortalPage
from pages.core.survey import Box, Pictured, Survey

Run = Callable[..., Any]

HTML = """<h1>Ficha</h1><div style="height: 900px; overflow: auto"><div style="height: 1200px">
<table><tr><td>RUC:<td id=ruc>20000000001<td>Cargo fijo:<td id=cargo>S/ 100.00</table></div>
<table><tr><th>N° línea<th id=titular>Titular<th>Plan
<tr><td>900000000<td id=first>Texto de ejemplo<td>A
<tr><td>900000000<td id=last>Texto de ejemplo<td>A</table></div>"""


class Ficha(PortalPage):
    title = "Ficha de prueba"
    ruc = shown("RUC")
    cargo = shown("Renta", amount)
    lineas = headed("líneas", numero="N° línea", dueno="Dueño")


async def box_of(locator: Locator) -> Box:
    box = await locator.bounding_box()
    assert box is not None
    return (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])


def test_boxes_are_where_people_see_the_things(
    page: Page, run: Run, mill: Callable[..., Portal]
) -> None:
    async def surveyed() -> tuple[Survey, dict[str, Box]]:
        await page.set_content(HTML)
        see = Survey()
        await see.look(Ficha(mill(30.0), page))
        # as high as it was for the picture, in which nothing has to be scrolled
        await page.set_viewport_size({"width": 1280, "height": 1600})
        await page.add_style_tag(
            content="div { height: auto !important } div > div { height: 1200px !important }"
        )
        return see, {n: await box_of(page.locator(f"#{n}")) for n in ("ruc", "cargo", "last")}

    see, places = run(surveyed())
    (pictured,) = see.pages
    assert pictured.looked == {
        "Ficha.ruc", "Ficha.cargo", "Ficha.lineas", "Ficha.lineas.numero", "Ficha.lineas.dueno",
    }  # fmt: skip
    assert pictured.found.keys() == {"Ficha.ruc"}
    assert pictured.found["Ficha.ruc"] == pytest.approx(places["ruc"], abs=1)
    charge = named(pictured, see, "Ficha.cargo", "Cargo fijo", "value")
    assert charge.value == "S/ 100.00"
    assert charge.box[2:] == pytest.approx(places["cargo"][2:], abs=1)
    owner = named(pictured, see, "Ficha.lineas.dueno", "Titular", "column")
    assert owner.value == "Texto de ejemplo"
    assert owner.box[2:] == pytest.approx(places["last"][2:], abs=1)
    assert owner.box[1] < places["last"][1], "from its header on"
    assert places["last"][3] < pictured.size[1] < places["last"][3] + 100


def named(pictured: Pictured, see: Survey, key: str, name: str, kind: str) -> SeenElement:
    (missing,) = [one for one in see.absent if one.key == key]
    (candidate,) = [one for one in missing.candidates if one.name == name]
    found = pictured.shown(candidate, kind)
    assert found is not None
    return found


def test_what_is_in_a_frame_has_its_place_in_the_window(
    page: Page, run: Run, mill: Callable[..., Portal]
) -> None:
    frame = "<iframe style='margin: 60px 0 0 70px; border: 5px solid' srcdoc='<p>a<button>Ir'>"

    async def surveyed() -> tuple[Survey, Box]:
        await page.set_content(frame)
        portal = mill(30.0)
        see = Survey()
        for _ in range(2):  # two ways may end at the same
            await see.blocked(PageChanged("Mill", "Marco", "no se encuentra «Seguir»"), portal)
        return see, await box_of(page.frame_locator("iframe").get_by_role("button"))

    see, place = run(surveyed())
    (pictured,) = see.pages
    assert pictured.problem == "no se encuentra «Seguir»"
    (button,) = [one for one in pictured.seen if one.kind == "pressed"]
    assert button.box == pytest.approx(place, abs=1) and place[0] > 70 and place[1] > 60


def test_a_way_that_ends_for_want_of_a_column_lacks_that_column_alone(
    page: Page, run: Run, mill: Callable[..., Portal]
) -> None:
    what = "la tabla «líneas» no tiene la columna «Dueño»"

    async def surveyed() -> Survey:
        await page.set_content(HTML)
        see = Survey()
        await see.blocked(PageChanged("Mill", Ficha.title, what), mill(30.0))
        return see

    see = run(surveyed())
    assert [one.key for one in see.absent] == ["Ficha.lineas.dueno"]
    assert [one.name for one in see.absent[0].candidates] == ["Titular", "Plan"]


def test_what_a_page_has_twice_is_not_pointed_at(
    page: Page, run: Run, mill: Callable[..., Portal]
) -> None:
    async def surveyed() -> Survey:
        await page.set_content(HTML + HTML)
        see = Survey()
        await see.look(Ficha(mill(30.0), page))
        return see

    (pictured,) = run(surveyed()).pages
    candidate = next(one for one in pictured.seen if one.kind == "column")
    assert pictured.shown(Candidate(candidate.name, 0.5, ""), "column") is None
