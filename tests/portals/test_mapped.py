"""A page whose portal calls things otherwise, as its map says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pages.contract.errors import PageChanged, SessionLost
from pages.contract.records import Record
from pages.core.choices import choice
from pages.core.elements import Bound, Element, beginning, by_title, field, shown, term
from pages.core.grid import captioned, headed
from pages.core.inspection import Inspection
from pages.core.page import PortalPage
from pages.core.page_part import PagePart
from pages.core.portal_map import Override, PortalMap, Word
from pages.core.shown_texts import ShownTexts
from pages.core.tabs import tab
from pages.core.tabular import Column
from pages.core.whole import Shown
from pages.siac.work import group

Run = Callable[..., Any]

HTML = """
<table><tr><td>R.U.C.:<td>20100047218<tr><td>Situación:<td>Finalizado
<tr><td>RUC del vendedor:<td>20990001019</table>
<div id=oferta>Descuento de S/ 10</div>
<label for=c>Bandeja</label><select id=c><option>Otra<option>Variaciones Corp.</select>
<table><caption>Detalle</caption><tr><th>Nro.<th>Estado actual<tr><td>1<td>Finalizado</table>
<table><tr><th>Código<tr><td>7</table>
<div role=tablist><a role=tab aria-selected=true>Resumen</a></div>
<p>Todos</p><input title="Buscar un elemento" value="Buscar un elemento">
"""


class Datos(Record):
    ruc: str
    estado: str
    oferta: str


class Ficha(PortalPage):
    title = "Ficha"
    ruc = shown("RUC")
    estado = term("Estado")
    oferta = shown("Descuento u oferta especial")
    cola = choice("Cola")
    lineas = captioned("Líneas", numero="Número", estado=Column("Estado", is_term=True))
    codigos = headed("códigos", codigo="Código de ítem")
    general = tab("General")
    buscar = Element(Bound, "Hallar un elemento", by_title)


NAMES = PortalMap(
    {
        ("Ficha", "ruc"): Override(name="R.U.C."),
        ("Ficha", "estado"): Override(name="Situación"),
        ("Ficha", "oferta"): Override(selector="#oferta"),
        ("Ficha", "cola"): Override(name="Bandeja"),
        ("Ficha", "lineas"): Override(
            name="Detalle", columns={"numero": "Nro.", "estado": "Estado actual"}
        ),
        ("Ficha", "codigos"): Override(columns={"codigo": "Código"}),
        ("Ficha", "general"): Override(name="Resumen"),
        ("Ficha", "buscar"): Override(name="Buscar un elemento"),
    },
    words={"Cerrado": "Finalizado", "Variaciones Corporativas": "Variaciones Corp."},
    messages={"session_lost": ("Sesión finalizada",), "accept": ("¿Va a registrar",)},
)


@pytest.fixture
def ficha(show: Callable[..., Any]) -> Ficha:
    page: Ficha = show(Ficha, HTML, limit=5.0)
    page.portal.account = replace(page.portal.account, names=NAMES)
    return page


def test_everything_is_read_by_the_portals_names_and_told_in_our_words(
    ficha: Ficha, run: Run
) -> None:
    assert run(ficha.fields_of(Datos)) == {
        "ruc": "20100047218",
        "estado": "Cerrado",
        "oferta": "Descuento de S/ 10",
    }
    assert run(ficha.estado.read()) == "Cerrado"
    assert run(ficha.lineas.rows()) == [{"numero": "1", "estado": "Cerrado"}]
    assert run(ficha.codigos.rows()) == [{"codigo": "7"}]
    assert run(ficha.general.is_shown())


def test_what_is_chosen_is_the_portals_word(ficha: Ficha, run: Run) -> None:
    run(ficha.cola.fill("Variaciones Corporativas"))
    assert run(ficha.cola.read()) == "Variaciones Corporativas"
    assert run(ficha.scope.locator("select").input_value()) == "Variaciones Corp."


def test_without_the_map_none_of_it_is_there(show: Callable[..., Any], run: Run) -> None:
    page: Ficha = show(Ficha, HTML, limit=0.2)
    for use in (page.ruc.read(), page.lineas.rows(), page.cola.fill("Otra")):
        with pytest.raises(PageChanged):
            run(use)


def test_a_selector_that_cannot_be_read_is_told(ficha: Ficha, run: Run) -> None:
    elements = {
        ("Ficha", "ruc"): Override(selector="div[class="),
        ("Ficha", "oferta"): Override(selector="#oferta"),
    }
    account = replace(ficha.portal.account, names=PortalMap(elements))
    ficha.portal.account = account
    see = Inspection()
    run(see.try_selectors(ficha.portal))
    assert see.missing == ["Ficha.ruc: el selector «div[class=» no se entiende"]


def test_what_is_missing_has_candidates_of_its_kind(ficha: Ficha, run: Run) -> None:
    elements = {("Ficha", "ruc"): Override(name="R. U. C. del cliente")}
    ficha.portal.account = replace(ficha.portal.account, names=PortalMap(elements))
    see = Inspection()
    run(see.look(ficha, "ruc", "lineas", "general", "buscar"))
    found = {one.key: [candidate.name for candidate in one.candidates] for one in see.absent}
    assert found["Ficha.ruc"][0] == "R.U.C."
    assert found["Ficha.lineas"][0] == "Detalle"
    assert found["Ficha.general"] == ["Resumen"]
    assert found["Ficha.buscar"] == ["Buscar un elemento"]
    # what somebody wrote there is no name of anything
    told = str(see.absent)
    assert "20100047218" not in told and "20990001019" not in told


class Signs:
    mostrados = beginning("Mostrados:")


class Around(PortalPage):
    title = "Alrededor"
    filas = headed("Filas", numero="Número").telling(whole=Shown(Signs.mostrados))


AROUND = """
<table><caption>Filas</caption><tr><th>Nro.<tr><td>1</table>
<p>Visibles: 1</p>
"""


def test_a_table_that_is_there_lacks_its_columns(show: Callable[..., Any], run: Run) -> None:
    page, see = show(Around, AROUND, limit=0.1), Inspection(patience=0)
    run(see.look(page, "filas"))
    assert [one.key for one in see.absent] == ["Around.filas.numero"]
    assert [one.name for one in see.absent[0].candidates] == ["Nro."]


class Grids(PortalPage):
    title = "Grillas"
    recibos = headed("Recibos", mes="Mes", monto="Monto")
    bitacora = headed("Bitácora", dia="Día", suceso="Suceso")


GRIDS = """
<table><tr style="background: #ccc"><td>Mes<td>Monto<tr><td>1<td>10<tr><td>2<td>20</table>
<table><tr style="font-weight: bold"><td>Fecha<td>Suceso ocurrido
<tr><td>1<td>Alta<tr><td>2<td>Baja</table>
<table><tr><td><b>Razón social</b><td>Textiles S.A.C.<tr><td><b>Fecha</b><td>hoy</table>
<table><tr><td>Textiles<td>Rosa<tr><td>Hilados<td>Ana</table>
"""


def test_a_table_without_a_name_lacks_its_columns_too(show: Callable[..., Any], run: Run) -> None:
    """Neither the one that is found as another, nor a layout, whose words are somebody's."""
    page, see = show(Grids, GRIDS, limit=0.1), Inspection(patience=0)
    run(see.look(page))
    found = {one.key: [candidate.name for candidate in one.candidates] for one in see.absent}
    headers = {"Fecha", "Suceso ocurrido"}
    assert {key: set(names) for key, names in found.items()} == {
        "Grids.bitacora.dia": headers,
        "Grids.bitacora.suceso": headers,
    }
    assert found["Grids.bitacora.suceso"][0] == "Suceso ocurrido"


def test_what_tells_that_a_table_is_whole_is_named(show: Callable[..., Any], run: Run) -> None:
    page = show(Around, AROUND.replace("Nro.", "Número"), limit=1.0)
    with pytest.raises(PageChanged, match="la tabla «Filas» no muestra «Mostrados:»"):
        run(page.filas.rows())


class Search(PortalPage):
    title = "Búsqueda del cliente"
    ruc = field("Nro. RUC")


class Summary(PortalPage):
    title = "Resumen del cliente"
    ruc = shown("RUC")


def test_what_another_page_has_there_is_no_candidate(show: Callable[..., Any], run: Run) -> None:
    """A search and what it found stand on one page: the box is no value, whatever it is called."""
    beside = "<label>Nro. RUC <input value=20100047218></label>"
    told = "<table><tr><td>Documento:<td>20100047218</table>"
    search, see = show(Search, beside + told), Inspection(patience=0)
    run(see.look(search))
    error = PageChanged("PRUEBA", Summary.title, "no se encuentra «RUC»")
    run(see.blocked(error, search.portal))
    (missing,) = see.absent
    assert missing.key == "Summary.ruc"
    assert [one.name for one in missing.candidates] == ["Documento"]


class Holder(PortalPage):
    title = "Datos del titular"
    ruc = shown("RUC")


class Enquiry(PortalPage):
    title = "Consulta del titular"
    grupo = group("Titular")
    datos = PagePart(Holder, grupo)


def test_nothing_is_found_in_a_part_that_is_called_otherwise(
    show: Callable[..., Any], run: Run
) -> None:
    """It is the part that is missing, with what may be it, and not what stands in it."""
    told = "<table><tr><td>RUC:<td>20100047218</table>"
    page = show(Enquiry, f"<fieldset><legend>Ficha</legend>{told}</fieldset>", limit=0.5)
    with pytest.raises(PageChanged, match="Datos del titular: no se encuentra «RUC»") as raised:
        run(page.datos.ruc.read())
    see = Inspection(patience=0)
    run(see.blocked(raised.value, page.portal))
    (missing,) = see.absent
    assert missing.key == "Enquiry.grupo"
    assert "Ficha" in [one.name for one in missing.candidates]


def test_a_text_counts_as_shown_where_it_stands_by_itself(ficha: Ficha, run: Run) -> None:
    see = ShownTexts(patience=0)
    run(see.look(ficha, "ruc"))
    shown = [
        word for word in ("finalizado", "Todos", "Otra", "Variaciones", "Rúc") if see.shows(word)
    ]
    assert shown == ["finalizado", "Todos", "Otra"]


class Rows(PortalPage):
    title = "Filas"
    mirar = Word("Mirar")
    ventana = Word("Ficha ajena")


@pytest.mark.parametrize(
    ("shown", "what", "told"),
    [
        ("Abrir", "Filas › Mirar", [("Rows.mirar", ["Abrir"])]),
        ("Mirar", "Filas › Mirar", []),
        # a window that did not come is not called otherwise
        ("Abrir", "Ficha ajena", []),
    ],
)
def test_words_of_no_element_are_named_with_what_is_nobodys(
    show: Callable[..., Any], run: Run, shown: str, what: str, told: list[tuple[str, list[str]]]
) -> None:
    """A row has its record's name as a link, too."""
    page = show(Rows, f"<a href=#>Juan Quispe Mamani</a> <a href=#>{shown}</a>")
    see = Inspection(patience=0)
    run(see.blocked(PageChanged("PRUEBA", Rows.title, f"no se encuentra «{what}»"), page.portal))
    assert [(one.key, [c.name for c in one.candidates]) for one in see.absent] == told


def test_its_messages_mean_what_the_map_says(ficha: Ficha, run: Run) -> None:
    with pytest.raises(SessionLost, match="Sesión finalizada"):
        ficha.portal.recognise("Aviso: SESIÓN  finalizada por inactividad.", "Ficha")


def test_its_dialogs_are_answered(ficha: Ficha, run: Run) -> None:
    async def watch() -> None:  # on the loop that the window is on
        ficha.portal.watch(ficha.scope)

    run(watch())
    for words, yes in (("¿Va a registrar el caso 12?", True), ("¿Borrar todo?", False)):
        assert run(ficha.scope.evaluate(f"() => confirm({json.dumps(words)})")) is yes
