"""Grids as such pages have them, one by one: pagers, rows that are no records, controls in cells.

What is read is what a person reads there; where that cannot be told, it is an error.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from playwright.async_api import Page, Route

from pages.contract.errors import PageChanged
from pages.core.aspnet import AspNetPage
from pages.core.elements import beginning, by_css, marked
from pages.core.grid import captioned, grid, headed
from pages.core.paged import paged
from pages.core.tabular import Column
from pages.core.whole import Answered, Counted, Shown

Run = Callable[[Awaitable[Any]], Any]
Open = Callable[[str], "Grillas"]


class Grillas(AspNetPage):
    title = "Grillas"
    lineas = captioned("Líneas", numero="Número", estado="Estado")
    una = captioned("Líneas", numero="Número")
    paginas = paged("Líneas", numero="Número")
    por_columnas = headed("líneas", numero="Número", estado="Estado")
    por_signos = headed("líneas", numero="N° de línea", estado="Estado")
    paginas_por_columnas = paged("líneas", numero="Número").by_headers()
    en_su_sitio = grid("líneas", by_css("#sitio"), numero="Número")
    cargos = captioned("Líneas", numero="Número", cargo="Cargo Lista", oferta="Oferta")
    marcas = captioned("Líneas", numero="Número", activo=Column("Activo", box=True))
    palabras = captioned("Líneas", numero="Número", activo=Column("Activo", box=False))
    sin_decir = captioned("Líneas", numero="Número", activo="Activo")
    contada = captioned("Líneas", numero="Número").telling(whole=Counted(marked("#cuenta")))
    señalada = captioned("Líneas", numero="Número").telling(
        whole=Shown(marked("#cargando"), gone=True)
    )
    pedida = captioned("Líneas", numero="Número").telling(whole=Answered("lineas.ashx"))
    vacia = headed("líneas", numero="Número").telling(empty=beginning("No tiene líneas"))
    aparte = paged("Líneas", numero="Número").telling(pager=marked("#paginador"))


@pytest.fixture
def open_(show: Callable[..., Any]) -> Open:
    return partial(show, Grillas, limit=2.0)


HEAD = "<tr><th scope=col>Número</th><th scope=col>Estado</th></tr>"
ONE = "<tr><th scope=col>Número</th></tr>"
ROW = "<tr><td>{}</td><td>Alta</td></tr>"
EMPTY = "No se encontraron registros"


def table(*rows: str, caption: str = "Líneas") -> str:
    """A table that says itself that it is whole."""
    name = f"<caption>{caption}</caption>" if caption else ""
    return f"<table aria-busy=false>{name}{''.join(rows)}</table>"


def numbers(rows: list[dict[str, str]]) -> list[str]:
    return [row["numero"] for row in rows]


# rows that are no records

BETWEEN = {
    "pager of the old kind": "<tr><td colspan=2><span>1</span></td></tr>",
    "pager of one page": "<tr><td colspan=2><table><tr><td><span>1</span></td></tr></table></td>"
    "</tr>",
    "spacer": "<tr style='height:4px'><td></td><td></td></tr>",
    "spacer with a picture": "<tr><td colspan=2><img width=1 height=1></td></tr>",
    "blank footer": "<tr><td>&nbsp;</td><td>&nbsp;</td></tr>",
    "hidden": "<tr style='display:none'><td>9</td><td>Alta</td></tr>",
    "invisible": "<tr style='visibility:hidden'><td>9</td><td>Alta</td></tr>",
    "total": "<tr><td>Total</td><td></td></tr>",
    "bold total": "<tr style='font-weight:bold'><td>Total</td><td>2</td></tr>",
    "wide total": "<tr><td colspan=2>Total: 118.00</td></tr>",
    "total of headers": "<tr><th>Total</th><th>2</th></tr>",
    "number of records": "<tr><td colspan=2>Total de registros: 2</td></tr>",
    "range of records": "<tr><td colspan=2>Registros 1 - 2 de 2</td></tr>",
    "new record": "<tr><td><input></td><td><select><option>Alta</select> <a href=#>Agregar</a></td>"
    "</tr>",
    "header again": HEAD,
    "details": "<tr><td colspan=2><table><tr><th>Servicio</th></tr><tr><td>Voz</td></tr></table>",
}


@pytest.mark.sample(3)
@pytest.mark.parametrize("other", BETWEEN.values(), ids=BETWEEN.keys())
def test_what_is_no_record_is_not_read(open_: Open, run: Run, other: str) -> None:
    shown = open_(table(HEAD, ROW.format(1), ROW.format(2), other))
    assert run(shown.lineas.rows()) == [
        {"numero": "1", "estado": "Alta"},
        {"numero": "2", "estado": "Alta"},
    ]


GROUPED = {
    "headers": "<tr><th colspan=2>Grupo {}</th></tr>",
    "cells": "<tr class=g><td colspan=2>Grupo {}</td></tr>",
}


@pytest.mark.sample(1)
@pytest.mark.parametrize("group", GROUPED.values(), ids=GROUPED.keys())
def test_titles_of_groups_are_no_records(open_: Open, run: Run, group: str) -> None:
    rows = group.format("A"), ROW.format(1), group.format("B"), ROW.format(2)
    assert numbers(run(open_(table(HEAD, *rows)).lineas.rows())) == ["1", "2"]


def test_a_filter_below_the_header_is_no_record(open_: Open, run: Run) -> None:
    boxes = "<tr><td><input></td><td><select><option>Todos</select></td></tr>"
    assert numbers(run(open_(table(HEAD, boxes, ROW.format(1))).lineas.rows())) == ["1"]


def test_a_row_that_is_edited_is_a_record(open_: Open, run: Run) -> None:
    edited = "<tr><td>2</td><td><input value=Baja> <a href=#>Actualizar</a></td></tr>"
    rows = run(open_(table(HEAD, ROW.format(1), edited)).lineas.rows())
    assert rows == [
        {"numero": "1", "estado": "Alta"},
        {"numero": "2", "estado": "Baja Actualizar"},
    ]


def test_a_box_for_a_new_record_among_boxes_is_none(open_: Open, run: Run) -> None:
    edited = "<tr><td><input value={}></td><td>Alta</td></tr>"
    new = "<tr><td><input></td><td><a href=#>Agregar</a></td></tr>"
    shown = open_(table(HEAD, edited.format(1), edited.format(2), new))
    assert numbers(run(shown.lineas.rows())) == ["1", "2"]


def test_the_only_record_is_one_whatever_is_empty_beside_its_number(open_: Open, run: Run) -> None:
    only = "<tr><td><a href=#>1</a></td><td><input disabled></td></tr>"
    new = "<tr><td><input></td><td><a href=#>Agregar</a></td></tr>"
    rows = run(open_(table(HEAD, only, new)).lineas.rows())
    assert rows == [{"numero": "1", "estado": ""}]


DOUBTFUL = {
    "words": "<tr><td colspan=2>Refine su búsqueda</td></tr>",
    "a title of one group": "<tr><td colspan=2>Grupo A</td></tr>" + ROW.format(3),
    "links that ask the portal": "<tr><td colspan=2><a href=\"javascript:__doPostBack('x','')\">"
    "Ver más</a></td></tr>",
    "letters": "<tr><td colspan=2><a href=\"javascript:__doPostBack('x','')\">A</a> <a href="
    "\"javascript:__doPostBack('y','')\">B</a></td></tr>",
    "merged cells": "<tr><td colspan=2>3 Alta</td></tr>",
    "too few cells": "<tr><td>3</td></tr>",
    "too many cells": "<tr><td>3</td><td>Alta</td><td>x</td></tr>",
    "a failure": "<tr><td colspan=2>No hay conexión con el servicio</td></tr>",
    "sum of words": "<tr><td>Total</td><td>Parcial</td></tr>",
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("other", DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_a_row_that_is_not_understood_is_told(open_: Open, run: Run, other: str) -> None:
    first = "<tr><td>Uno</td><td>Alta</td></tr>"
    with pytest.raises(PageChanged) as raised:
        run(open_(table(HEAD, first, other)).lineas.rows())
    told = "la tabla «Líneas» tiene una fila que no se entiende"
    assert str(raised.value) == f"PRUEBA, Grillas: {told}"


# headers

HEADERS = {
    "cells": "<tr><td>Número</td><td>Estado</td></tr>",
    "sections": "<thead>" + HEAD + "</thead>",
    "links that sort": "<tr><th><a href=#>Número</a> ▲</th><th><a href=#>Estado</a></th></tr>",
    "lists that filter": "<tr><th>Número</th><th>Estado <select><option>Todos</select></th></tr>",
    "the other sign of number": HEAD.replace("Número", "Número:"),
    "a title above": "<tr><th colspan=2>Líneas</th></tr>" + HEAD,
    "a title above cells": "<tr><td colspan=2>Líneas</td></tr><tr><td>Número</td><td>Estado</td>"
    "</tr>",
    "filters in the head": f"<thead>{HEAD}<tr><td><input></td><td></td></tr></thead>",
    "levels": "<tr><th rowspan=2>Número</th><th colspan=1>Datos</th></tr><tr><th>Estado</th></tr>",
    "levels of cells": "<tr><td rowspan=2>Número</td><td>Datos</td></tr><tr><td>Estado</td></tr>",
    "a hidden column": "<tr><th>Número</th><th style='display:none'>Estado</th><th>Estado</th>",
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_columns_are_named_by_whatever_heads_them(open_: Open, run: Run, header: str) -> None:
    for caption in ("Líneas", ""):
        shown = open_(table(header, ROW.format(1), ROW.format(2), caption=caption))
        read = shown.lineas if caption else shown.por_columnas
        assert run(read.rows()) == [
            {"numero": "1", "estado": "Alta"},
            {"numero": "2", "estado": "Alta"},
        ]


@pytest.mark.parametrize("below", ["pager of the old kind", "number of records"])
def test_what_stands_below_one_column_reaches_over_hidden_ones(
    open_: Open, run: Run, below: str
) -> None:
    hidden = "<td style='display:none'>x</td>"
    rows = [f"<tr><td>{number}</td>{hidden}</tr>" for number in (1, 2)]
    header = f"<tr><th>Número</th>{hidden}</tr>"
    shown = open_(table(header, *rows, BETWEEN[below]))
    assert numbers(run(shown.una.rows())) == ["1", "2"]


def test_headers_of_two_levels_name_a_column_together(open_: Open, run: Run) -> None:
    header = (
        "<tr><th rowspan=2>Número<th colspan=2>Cargo<th colspan=2>Descuento</tr>"
        "<tr><th>Lista<th>Oferta<th>Lista<th>Campaña</tr>"
    )
    rows = "<tr><td>1<td>59.90<td>49.90<td>0<td>Sí</tr>"
    assert run(open_(table(header, rows)).cargos.rows()) == [
        {"numero": "1", "cargo": "59.90", "oferta": "49.90"}
    ]


def test_headers_of_rows_and_cells_over_several_rows(open_: Open, run: Run) -> None:
    rows = "<tr><th scope=row>1</th><td rowspan=2>Alta</td></tr><tr><th scope=row>2</th></tr>"
    assert run(open_(table(HEAD, rows)).lineas.rows()) == [
        {"numero": "1", "estado": "Alta"},
        {"numero": "2", "estado": "Alta"},
    ]


def test_a_table_by_its_columns_is_the_innermost_and_only_one(open_: Open, run: Run) -> None:
    other = "<table><tr><th>Número</th><th>Plan</th></tr></table>"
    around = "<table><tr><td>Número</td><td>Estado</td></tr><tr><td>{}</td><td>x</td></tr></table>"
    inner = table(HEAD, ROW.format(7), caption="")
    assert numbers(run(open_(other + around.format(inner)).por_columnas.rows())) == ["7"]
    with pytest.raises(PageChanged, match="hay más de un «líneas»"):
        run(open_(inner + inner).por_columnas.rows())


def test_the_column_that_a_table_lacks_is_named(open_: Open, run: Run) -> None:
    shown = open_(table("<tr><th>Número</th><th>Situación</th></tr>", ROW.format(1), caption=""))
    told = "la tabla «líneas» no tiene la columna «Estado»"
    assert run(shown.por_columnas.absent()) == [told]
    with pytest.raises(PageChanged) as raised:
        run(shown.por_columnas.rows())
    assert str(raised.value) == f"PRUEBA, Grillas: {told}"


@pytest.mark.parametrize("header", ["N° de línea", "Nº de Línea:", "No de linea"])
def test_a_header_is_found_however_its_sign_is_written(open_: Open, run: Run, header: str) -> None:
    shown = open_(table(HEAD.replace("Número", header), ROW.format(7), caption=""))
    assert numbers(run(shown.por_signos.rows())) == ["7"]


def test_a_header_apart_from_its_rows_is_no_empty_table(open_: Open, run: Run) -> None:
    rows = f"<table style='margin:0'>{ROW.format(1)}</table>"
    with pytest.raises(PageChanged, match="una fila que no se entiende"):
        run(open_(table(HEAD) + rows).lineas.rows())


# no records

NONE = {
    "words in place of the header": f"<tr><td colspan=2>{EMPTY}</td></tr>",
    "words below the header": HEAD + f"<tr><td colspan=2>{EMPTY}</td></tr>",
    "words in the first cell": HEAD + f"<tr><td>{EMPTY}</td><td></td></tr>",
    "only a header": HEAD,
    "only a header of cells": "<tr><td>Número</td><td>Estado</td></tr>",
    "other words": "<tr><td colspan=2>El cliente no tiene líneas</td></tr>",
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("rows", NONE.values(), ids=NONE.keys())
def test_an_empty_grid_has_no_rows(open_: Open, run: Run, rows: str) -> None:
    assert run(open_(table(rows)).lineas.rows()) == []
    assert run(open_(table(rows)).paginas.all_rows()) == []


@pytest.mark.sample(1)
@pytest.mark.parametrize(
    "place",
    ["<div id=sitio></div>", f"<div id=sitio>{EMPTY}</div>", f"<div id=sitio>{table()}</div>"],
)
def test_an_empty_place_has_no_rows(open_: Open, run: Run, place: str) -> None:
    place = place.replace("<caption>Líneas</caption>", f"<tr><td>{EMPTY}</td></tr>")
    assert run(open_(place).en_su_sitio.rows()) == []


def test_words_in_place_of_a_table(open_: Open, run: Run) -> None:
    assert run(open_("<p>No tiene líneas</p>").vacia.rows()) == []
    assert numbers(run(open_(table(ONE, "<tr><td>1</td></tr>")).vacia.rows())) == ["1"]


@pytest.mark.sample(1)
@pytest.mark.parametrize("words", ["Seleccione un cliente", "No se pudo consultar", "Error 7"])
def test_other_words_are_no_empty_grid(open_: Open, run: Run, words: str) -> None:
    with pytest.raises(PageChanged, match="una fila que no se entiende"):
        run(open_(table(f"<tr><td colspan=2>{words}</td></tr>")).lineas.rows())


@pytest.mark.sample(1)
@pytest.mark.parametrize(
    "other",
    [
        "<tr><td><table><tr><td><span>1</span></td><td><a href=\"javascript:__doPostBack('gv',"
        "'Page$2')\">2</a></td></tr></table></td></tr>",
        "<tr><td><span>1</span>&nbsp;<a href=\"javascript:__doPostBack('dg$ctl01','')\">2</a>"
        "</td></tr>",
    ],
    ids=["new pager", "old pager"],
)
def test_a_pager_in_one_column_is_no_record(open_: Open, run: Run, other: str) -> None:
    shown = open_(table(ONE, "<tr><td>987</td></tr>", other))
    assert numbers(run(shown.paginas.rows())) == ["987"]
    with pytest.raises(PageChanged, match="tiene más de una página"):
        run(shown.una.rows())


@pytest.mark.parametrize("spans", ["", "colspan=1"])
def test_an_empty_grid_of_one_column(open_: Open, run: Run, spans: str) -> None:
    notice = f"<tr><td {spans}>{EMPTY}</td></tr>"
    assert run(open_(table(ONE, notice)).una.rows()) == []
    assert run(open_(table(notice)).una.rows()) == []


# cells

CELLS = {
    "text": ("Alta &amp; Baja", "Alta & Baja"),
    "list": ("<select><option>Alta<option selected>Baja</select>", "Baja"),
    "locked list": ("<select disabled><option>Alta<option selected>Baja</select>", "Baja"),
    "long list": (
        "<select multiple><option selected>A<option>B<option selected>C</select>",
        "A, C",
    ),
    "list without choice": ("<select size=3><option>A</select>", ""),
    "text box": ("<input value=Alta>", "Alta"),
    "locked text box": ("<input value=Alta readonly disabled>", "Alta"),
    "text area": ("<textarea>Alta</textarea>", "Alta"),
    "hidden input": ("<input type=hidden value=9>Alta", "Alta"),
    "password": ("<input type=password value=abc>", "•••"),
    "checked": ("<input type=checkbox checked>", "sí"),
    "not checked": ("<span disabled><input type=checkbox disabled></span>", "no"),
    "radio button": ("<input type=radio checked>", "sí"),
    "radio buttons": (
        "<input type=radio id=n><label for=n>Natural</label>"
        "<input type=radio id=j checked><label for=j>Jurídica</label>",
        "Jurídica",
    ),
    "radio buttons with bare words": (
        "Tipo: <input type=radio>Natural <input type=radio checked>Jurídica",
        "Tipo: Jurídica",
    ),
    "no radio button": (
        "<label><input type=radio>Natural</label><label><input type=radio>Jurídica</label>",
        "",
    ),
    "check boxes": (
        "<label><input type=checkbox checked>Fijo</label><label><input type=checkbox>Cable</label>"
        "<label><input type=checkbox checked>Móvil</label>",
        "Fijo, Móvil",
    ),
    "several controls": (
        "S/ <input value=59.90> por <select><option>Día<option selected>Mes</select>",
        "S/ 59.90 por Mes",
    ),
    "button beside": ("Alta <button>Ver</button><input type=button value=Ir>", "Alta"),
    "button alone": ("<input type=button value=987>", "987"),
    "picture": ("<img alt=Activa width=9 height=9>", "Activa"),
    "spacer": ("<img width=1 height=1>", ""),
    "unseen words": (
        "Alta<i style='display:none'>1</i><i style='visibility:hidden'>2</i>"
        "<i style='opacity:0'>3</i><i style='position:absolute;left:-9999px'>4</i>",
        "Alta",
    ),
    "lines": ("Alta<br>hoy", "Alta hoy"),
    "box called like its column": ("<label><input type=checkbox checked>Estado</label>", "sí"),
}


@pytest.mark.sample(4)
@pytest.mark.parametrize(("cell", "read"), CELLS.values(), ids=CELLS.keys())
def test_what_a_cell_holds(open_: Open, run: Run, cell: str, read: str) -> None:
    shown = open_(table(HEAD, f"<tr><td>1</td><td>{cell}</td></tr>"))
    assert run(shown.lineas.rows()) == [{"numero": "1", "estado": read}]


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    "cell",
    [
        "<img width=16 height=16>",
        "<label><input type=checkbox>Alta</label>",
        "Natural <input type=radio checked> Jurídica <input type=radio>",
        "<input type=file>",
    ],
    ids=["picture", "box with words", "words before", "file"],
)
def test_a_cell_that_cannot_be_told(open_: Open, run: Run, cell: str) -> None:
    shown = open_(table(HEAD, f"<tr><td>1</td><td>{cell}</td></tr>"))
    with pytest.raises(PageChanged, match="«Líneas › Estado» es ilegible"):
        run(shown.lineas.rows())
    assert numbers(run(shown.una.rows())) == ["1"]


def test_a_box_with_words_is_read_as_it_is_declared(open_: Open, run: Run) -> None:
    header = "<tr><th>Número</th><th>Activo</th></tr>"
    row = "<tr><td>1</td><td><label><input type=checkbox checked>987</label></td></tr>"
    shown = open_(table(header, row))
    assert run(shown.marcas.rows()) == [{"numero": "1", "activo": "sí"}]
    assert run(shown.palabras.rows()) == [{"numero": "1", "activo": "987"}]
    with pytest.raises(PageChanged, match="«Líneas › Activo» es ilegible"):
        run(shown.sin_decir.rows())


# rows

PRESSED = {
    "link": "<a href='javascript:void(hit=1)'>Ver</a>",
    "link without address": "<a onclick='hit=1'>Ver</a>",
    "button": "<button type=button onclick='hit=1'>Ver</button>",
    "input": "<input type=button value=Ver onclick='hit=1'>",
    "submit": "<input type=submit value=Ver onclick='hit=1; return false'>",
    "image": "<input type=image alt=Ver onclick='hit=1; return false'>",
    "picture": "<img alt=Ver width=9 height=9 onclick='hit=1'>",
    "picture in a link": "<a href='javascript:void(hit=1)'><img alt=Ver width=9 height=9></a>",
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("control", PRESSED.values(), ids=PRESSED.keys())
def test_what_is_pressed_in_a_row(open_: Open, run: Run, page: Page, control: str) -> None:
    row = "<tr><td><input value={}></td><td>{}</td></tr>"
    other = "<button type=button onclick='hit=2'>Ver</button>"
    shown = open_(table(HEAD, row.format("0987", other), row.format("987", control)))
    run(shown.lineas.press("987", "Ver"))
    run(page.wait_for_function("window.hit"))
    assert run(page.evaluate("hit")) == 1


# when it is whole

FILLED = """<table id=t><caption>Líneas</caption><tr><th>Número</th></tr></table>
<p id=cuenta>Registros: 0</p><p id=cargando>Cargando</p><script>
let n = 0;
const next = () => {
  t.insertAdjacentHTML('beforeend', `<tr><td>${++n}</td></tr>`);
  if (n < 8) return setTimeout(next, %s);
  cargando.remove();
};
cuenta.textContent = 'Registros: 8';
setTimeout(next, 50);
</script>"""
EIGHT = [str(n) for n in range(1, 9)]


@pytest.mark.parametrize(
    ("name", "pause"), [("una", 60), ("contada", 60), ("señalada", 60), ("señalada", 150)]
)
def test_a_table_that_a_script_fills(open_: Open, run: Run, name: str, pause: int) -> None:
    read: Any = getattr(open_(FILLED % pause), name)
    assert numbers(run(read.rows())) == EIGHT


def test_a_table_that_never_has_as_many_rows_as_it_says(open_: Open, run: Run) -> None:
    rows = "<tr><td>1</td></tr><tr><td>Registros 1 - 2 de 2</td></tr>"
    with pytest.raises(PageChanged, match="no muestra tantos registros como dice"):
        run(open_(table(ONE, rows)).una.rows())


def test_words_that_say_that_rows_are_still_to_come(open_: Open, run: Run) -> None:
    late = (
        table(HEAD, "<tr id=r><td colspan=2>Cargando...</td></tr>")
        + "<script>setTimeout(() => {"
        + "r.outerHTML = '<tr><td>1</td><td>Alta</td></tr>'; }, 300)</script>"
    )
    assert numbers(run(open_(late).lineas.rows())) == ["1"]


def test_a_table_whose_rows_are_asked_for(open_: Open, run: Run, page: Page) -> None:
    async def answer(route: Route) -> None:
        headers = {"Access-Control-Allow-Origin": "*"}
        await route.fulfill(json=["1", "2"], headers=headers)

    run(page.route("**/lineas.ashx", answer))
    shown = open_(
        "<table id=t><caption>Líneas</caption><tr><th>Número</th></tr></table><script>"
        "setTimeout(() => fetch('http://127.0.0.1:9/lineas.ashx').then((r) => r.json()).then("
        "(all) => all.forEach((n) => t.insertAdjacentHTML('beforeend', `<tr><td>${n}</td></tr>`)"
        ")), 700)</script>"
    )
    try:
        assert numbers(run(shown.pedida.rows())) == ["1", "2"]
    finally:
        run(page.unroute("**/lineas.ashx"))
