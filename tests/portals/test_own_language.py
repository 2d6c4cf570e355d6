"""Pages whose scripts put functions of their own in the place of the language's: those of Prototype
and MooTools, old lists called `Map`, shims. What is read there is what a person sees."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page

from pages.core.choices import choice
from pages.core.elements import button, field, shown
from pages.core.grid import captioned
from pages.core.page import PortalPage
from pages.core.paged import paged
from pages.core.picture import joined, save_picture

Run = Callable[[Awaitable[Any]], Any]

#: each as old libraries and portals have it
OWN = {
    "nothing": "",
    "a list called Map": "function Map() { this.items = {}; } Map.prototype.put = function () {};",
    "a list called Set": "function Set() { this.items = []; }",
    "reduce gives the list back": "Array.prototype.reduce = function () { return this; };",
    "from knows no sets": "Array.from = function (list) { var all = [];"
    " for (var at = 0; at < list.length; at += 1) all.push(list[at]); return all; };",
    "filter has all": "Array.prototype.filter = function () { return this; };",
    "lists and texts say themselves as JSON": "Array.prototype.toJSON = String.prototype.toJSON ="
    " function () { return 'JSON'; };",
    "JSON of its own": "var JSON = { encode: function () {}, decode: function () {} };",
    "trim takes nothing away": "String.prototype.trim = function () { return String(this); };",
    "no clock": "window.setTimeout = function () {};",
}
PAGE = """<script>{own}</script><form onsubmit="return false">
<p>N° de SEC <input id=sec></p><p>Razón social: <b>Textiles del Sur</b></p>
<p>Estado <select id=state><option>Alta<option>Baja</select></p>
<table aria-busy=false><caption>Líneas</caption><tr><th>Número<th>Plan</tr>
<tr><td>987654321<td>Plan 1</tr><tr><td>987654322<td>Plan 2</tr></table>
<input type=button value=Buscar onclick="document.title = sec.value + state.value"></form>"""


class Consulta(PortalPage):
    title = "Consulta"
    sec = field("N° de SEC")
    razon = shown("Razón social")
    estado = choice("Estado")
    lineas = captioned("Líneas", numero="Número", plan="Plan")
    todas = paged("Líneas", numero="Número")
    ready = buscar = button("Buscar")


@pytest.mark.parametrize("own", OWN.values(), ids=OWN.keys())
def test_a_page_is_read_and_used_whatever_its_scripts_have_made_of_the_language(
    show: Callable[..., Consulta], page: Page, run: Run, own: str
) -> None:
    shown = show(Consulta, PAGE.format(own=own), limit=5.0)
    assert run(shown.razon.read()) == "Textiles del Sur"
    assert [row["plan"] for row in run(shown.lineas.rows())] == ["Plan 1", "Plan 2"]
    assert len(run(shown.todas.all_rows())) == 2
    run(shown.sec.fill("46000001"))
    run(shown.estado.fill("Baja"))
    run(shown.buscar.click())
    assert run(page.title()) == "46000001Baja"
    assert len(page.frames) == 1


def test_it_is_pictured_as_well(
    show: Callable[..., Consulta], page: Page, run: Run, tmp_path: Any
) -> None:
    frame = f'<iframe srcdoc="{PAGE.format(own="").replace(chr(34), "&quot;")}"></iframe>'
    shown = show(Consulta, PAGE.format(own=OWN["a list called Map"]) + frame, limit=5.0)
    run(shown.ready.appear())
    run(save_picture(page, tmp_path / "page.png"))
    run(save_picture(page.frames[1], tmp_path / "frame.png"))
    picture = (tmp_path / "page.png").read_bytes()
    assert run(joined(page, [picture, picture])).startswith(b"\x89PNG")
