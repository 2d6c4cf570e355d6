"""A page that is captured: what its portal says is kept, and nothing that is anybody's."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from pages.contract.records import Record
from pages.contract.text import amount, day
from pages.core.base_portal import Portal
from pages.core.capture import Capture
from pages.core.captured import Captured, CaptureUnusable
from pages.core.choices import choice
from pages.core.elements import field, shown, term
from pages.core.grid import headed
from pages.core.page import PortalPage
from pages.core.portal_map import declared_by
from tests.support.captured import People, found_in

Run = Callable[..., Any]
ONE, OTHER = People("Zarzamora", 3), People("Quebrantahuesos", 6)


class Datos(Record):
    ruc: str
    estado: str
    fecha: date
    cargo: Decimal


class Ficha(PortalPage):
    title = "Ficha"
    ruc = shown("RUC")
    estado = term("Estado")
    fecha = shown("Fecha", day)
    cargo = shown("Cargo fijo", amount)
    nota = field("Nota")
    cola = choice("Cola")
    lineas = headed("líneas", numero="N° línea", titular="Titular")


def html(people: People) -> str:
    """All that a page may keep somebody's data in."""
    mark, ruc, line = people.mark, people.ruc, people.line
    day = f"1{people.digit}/0{people.digit}/2026"
    return f"""<title>Ficha de {mark}</title>
<!-- {mark} --><meta name=owner content="{mark}"><script>var cliente = "{mark} {ruc}"</script>
<style>.{mark}-x {{ color: red }} .v {{ background: url(/{mark}.png) }}</style>
<h1>Ficha</h1><div><span>Datos</span><span>Historial</span> <a href=x>Recibos</a></div>
<h2>Cliente: {mark}</h2><p>Bienvenido, {mark}</p>
<p>Hola <b>{mark}</b>, son S/ {people.charge}</p>
<input type=hidden name=__VIEWSTATE value="{mark}{ruc}">
<img alt="{mark}" src="/{ruc}.png"><a href="/ver?ruc={ruc}" title="Ver a {mark}">Ver</a>
<table>
<tr><td>RUC:<td>{ruc}<td>Esta<font>do</font>:<td>Activa
<tr><td>Fecha:<td>{day}<td>Cargo fijo:<td>S/ <b>{people.charge}</b>
<tr><td>Asesor comercial:<td>{mark} Díaz<td>Correo:<td>{mark}@{mark}.example
<tr><td><label for=n>Nota</label><td><textarea id=n>Pidió {mark}
que llamen al {line}</textarea>
<td>Dirección:<td data-cliente="{mark}" onclick="abrir('{ruc}')">Av. {mark} 123
</table>
<label for=c>Cola</label><select id=c><option>Variaciones Corporativas<option>{mark}</select>
<label><input type=checkbox checked>{mark} y otros</label>
<table><tr><th>N° línea<th>Titular<th>Referencia
<tr><td>{line}<td>{mark}<td>CF-{people.sec}-00{people.digit}{people.digit}aa</table>
<ul><li>{mark}<li>{people.number(8, "4")}</ul><div>Registros mostrados: 1</div>
<iframe srcdoc="&lt;p&gt;{mark}"></iframe>"""


@pytest.fixture
def capture(
    page: Page, run: Run, mill: Callable[..., Portal], tmp_path: Path
) -> Callable[[People], Path]:
    def captured(people: People) -> Path:
        folder = tmp_path / people.mark
        folder.mkdir()
        run(page.set_content(html(people)))
        live = run(page.content())
        words = ("Activa", "Variaciones Corporativas")
        see = Capture("Mill", folder, declared_by(Ficha), words)
        run(see.look(Ficha(mill(30.0), page)))
        assert see.absent == [] and run(page.content()) == live
        run(see.take_pictures(page.context))
        run(page.context.unroute_all())
        return folder

    return captured


def test_nothing_is_left_of_anybody(capture: Callable[[People], Path]) -> None:
    folders = {people: capture(people) for people in (ONE, OTHER)}
    for people, folder in folders.items():
        files = {file.name: file.read_bytes() for file in folder.iterdir()}
        assert {name: [*found_in(kept, people)] for name, kept in files.items()} == {
            name: [] for name in files
        }
    one, other = folders.values()
    (picture,) = [file.name for file in one.iterdir() if file.suffix == ".png"]
    assert (one / picture).read_bytes() == (other / picture).read_bytes()


def test_what_the_portal_says_stays(capture: Callable[[People], Path]) -> None:
    (kept,) = capture(ONE).glob("*-0.html")
    text = kept.read_text(encoding="utf-8")
    for said in (
        "RUC:",
        "Asesor comercial:",
        "Dirección:",
        "Titular",
        "Activa",
        ">Ver<",
        ">Datos<",
        ">Recibos<",
    ):
        assert said in text
    assert "Registros mostrados: 1" in text and "Variaciones Corporativas" in text


def test_its_page_object_reads_it(
    capture: Callable[[People], Path], run: Run, mill: Callable[..., Portal]
) -> None:
    captured = Captured(capture(ONE))

    async def read() -> tuple[dict[str, Any], list[dict[str, Any]]]:
        async with captured.page(Ficha, mill(30.0)) as ficha:
            return await ficha.fields_of(Datos), await ficha.lineas.rows()

    fields, rows = run(read())
    assert fields == {
        "ruc": "20000000001",
        "estado": "Activa",
        "fecha": date(2020, 1, 1),
        "cargo": Decimal("100.00"),
    }
    assert rows == [{"numero": "900000000", "titular": "Texto de ejemplo"}]


@pytest.mark.parametrize("index", [None, "{}", "no", json.dumps({"version": 0, "portal": "x"})])
def test_a_folder_without_a_capture_is_refused(index: str | None, tmp_path: Path) -> None:
    if index is not None:
        (tmp_path / "captura.json").write_text(index, encoding="utf-8")
    with pytest.raises(CaptureUnusable, match="no contiene una captura"):
        Captured(tmp_path)
