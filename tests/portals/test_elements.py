"""What pages declare is found as a person would find it: by the label, whatever the markup."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from playwright.async_api import Page

from pages.contract.errors import FormAltered, PageChanged
from pages.contract.text import amount
from pages.core.choices import choice
from pages.core.elements import button, field, link, secret, shown, text
from pages.core.grid import BoundGrid, captioned
from pages.core.page import PortalPage
from pages.core.tabs import tab
from pages.core.tabular import Column
from pages.core.whole import QUIET

Run = Callable[[Awaitable[Any]], Any]


class Form(PortalPage):
    title = "Formulario"
    ruc = shown("RUC")
    numero = field("N° de SEC")
    clave = secret("Contraseña")
    campana = shown("Campaña")
    estado = choice("Estado")
    descripcion = shown("Descripción")
    descripcion_tab = tab("Descripción")
    guardar = button("Guardar")
    ver = link("Ver detalle")
    vacio = text("No se encontraron registros")
    lineas = captioned("Líneas de la SEC", numero="Número", plan="Plan")
    recibos = captioned("Recibos", periodo="Período", cargo=Column("Cargo fijo", amount))


@pytest.fixture
def form(show: Callable[[type[Form], str], Form]) -> Callable[[str], Form]:
    return partial(show, Form)


@pytest.fixture
def patient(show: Callable[..., Form]) -> Callable[[str], Form]:
    """For what takes a while: a grid is whole once nothing has changed in it."""
    return partial(show, Form, limit=20.0)


LAID_OUT = {
    "label for": "<label for=a>RUC</label> <input id=a value=20990001019>",
    "label for a span": "<label for=a>RUC</label> <b>x</b> <span id=a>20990001019</span>",
    "label around": "<label>RUC <input value=20990001019></label>",
    "label beside": "<label>RUC</label><span>20990001019</span>",
    "cell": "<table><tr><td>RUC</td><td>20990001019</td></tr></table>",
    "cell with input": "<table><tr><td>RUC:</td><td><div><input value=20990001019></div></td></tr>"
    "</table>",
    "cell of its own for the colon": "<table><tr><td>RUC</td><td>:</td><td>20990001019</td></tr>"
    "</table>",
    "same cell": "<table><tr><td>RUC: <input value=20990001019></td><td>Otro</td></tr></table>",
    "row header": "<table><tr><th>RUC</th><td>20990001019</td></tr></table>",
    "two pairs": "<table><tr><td>Tipo</td><td>x</td><td>RUC</td><td>20990001019</td></tr></table>",
    "definition": "<dl><dt>RUC</dt><dd>20990001019</dd><dt>Campaña</dt><dd>x</dd></dl>",
    "wrapped label": "<div><div><b>RUC</b></div><div>20990001019</div></div>",
    "deep in a cell": "<table><tr><td><font><b><i><u>RUC</u></i></b></font></td><td>20990001019"
    "</td></tr></table>",
    "around a select": "<label>RUC <select><option>x<option selected>20990001019</select></label>",
    "select in the same cell": "<table><tr><td>RUC: <select><option>20990001019</select></td>"
    "<td>Otro</td></tr></table>",
    "select": "<label>RUC</label><select><option>x<option selected>20990001019</select>",
    "textarea": "<label>RUC</label><textarea>20990001019</textarea>",
    "other case and spaces": "<p><span> &nbsp;ruc&nbsp;: </span>"
    "<span>\u200b20990001019&nbsp;</span></p>",
    "soft hyphen": "<p><span>R\u00adU\u200bC\ufeff</span><span>20990001019</span></p>",
    "required mark": "<p><label>RUC <i>(*)</i></label><span></span><input value=20990001019></p>",
    "button beside": "<p><label>RUC</label><span>20990001019</span>"
    "<input type=button value=Ver></p>",
    "hidden input first": "<p><label>RUC</label><input type=hidden value=1><span>20990001019</span>"
    "</p>",
    "invisible twin first": "<p><label>RUC</label><input style='display:none' value=1>"
    "<input value=20990001019></p>",
    "twin with its label": "<div style='display:none'><label>RUC</label><input value=1></div>"
    "<p><label>RUC</label><input value=20990001019></p>",
    "twin of visibility": "<p style='visibility:hidden'><label>RUC</label><b>1</b></p>"
    "<p><label>RUC</label><b>20990001019</b></p>",
    "twin off-screen": "<p style='position:absolute;left:-9999px'><label>RUC</label><b>1</b></p>"
    "<p><label>RUC</label><b>20990001019</b></p>",
    "twin of no size": "<div style='height:0;overflow:hidden;width:0'></div><p><label>RUC</label>"
    "<input style='width:0;padding:0;border:0' value=1><input value=20990001019></p>",
    "column of that name": "<table><tr><th>RUC</th><th>Nombre</th></tr>"
    "<tr><td>1</td><td>x</td></tr></table><p><label>RUC</label><b>20990001019</b></p>",
    "tab of that name": "<span role=tab>RUC</span><span role=tab>Otra</span>"
    "<p><label>RUC</label><b>20990001019</b></p>",
    "title of that name": "<table><caption>RUC</caption><tr><td>1</td></tr></table>"
    "<p><label>RUC</label><b>20990001019</b></p>",
    "longer labels": "<p><label>RUC del representante</label><b>1</b></p>"
    "<p><label>RUC</label><b>20990001019</b></p>",
}


@pytest.mark.parametrize("markup", LAID_OUT.values(), ids=LAID_OUT.keys())
def test_value_is_read_by_its_label(form: Callable[[str], Form], run: Run, markup: str) -> None:
    assert run(form(markup).ruc.read()) == "20990001019"


@pytest.mark.parametrize(
    "label",
    ["N° de SEC", "N°&nbsp;de&nbsp;SEC:", "N<sup>°</sup> de SEC", "n° \u200bde S<b>E</b>C *"],
)
def test_field_is_found_by_a_broken_label(
    form: Callable[[str], Form], run: Run, page: Page, label: str
) -> None:
    shown_form = form(f"<table><tr><td>{label}</td><td><input id=a></td></tr></table>")
    run(shown_form.numero.fill("0012345678"))
    assert run(page.input_value("#a")) == "0012345678"


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td>Campaña</td><td></td><td>RUC</td><td>1</td></tr></table>",
        "<p><span>Campaña</span><span></span><span>RUC</span><span>1</span></p>",
        "<dl><dt>Campaña</dt><dd></dd><dt>RUC</dt><dd>1</dd></dl>",
        "<div><div><label>Campaña</label><span></span></div><div><b>RUC</b><b>1</b></div></div>",
        "<table><tr><td><div><b>Campaña</b></div></td><td><span></span></td><td>RUC</td></tr>"
        "</table>",
        "<p><label>Campaña</label><input value=''><label>RUC</label><input value=1></p>",
    ],
)
def test_empty_value_is_not_its_neighbours(
    form: Callable[[str], Form], run: Run, markup: str
) -> None:
    assert run(form(markup).campana.read()) == ""


@pytest.mark.parametrize(
    ("markup", "what"),
    [
        ("<p><label>RUC</label><b>1</b></p><p><label>RUC:</label><b>2</b></p>", "hay más de un"),
        ("<table><tr><th>RUC</th><th>Nombre</th></tr></table>", "no se encuentra"),
        ("<table><tr><td><i>RUC</i><b></b></td><td>1</td></tr></table>", "no se encuentra"),
        ("<p><b>RUC:</b> 20990001019 <b>Nombre:</b> x</p>", "no se encuentra"),
        ("<p style='display:none'><label>RUC</label><b>1</b></p>", "no se encuentra"),
        ("<p><label for=a>RUC</label><input id=a style='display:none'><b>1</b></p>", "no se enc"),
    ],
)
def test_what_cannot_be_told_is_no_value(
    form: Callable[[str], Form], run: Run, markup: str, what: str
) -> None:
    with pytest.raises(PageChanged, match=what):
        run(form(markup).ruc.read())


def test_two_fields_of_one_label_are_not_typed_into(form: Callable[[str], Form], run: Run) -> None:
    two = "<label>N° de SEC</label><input id=a><br><label>N° de SEC</label><input>"
    with pytest.raises(PageChanged, match="hay más de un"):
        run(form(two).numero.fill("1"))


def test_field_that_changes_what_is_typed(form: Callable[[str], Form], run: Run) -> None:
    cut = "<label>N° de SEC<input onchange='this.value = this.value.slice(0, 3)'></label>"
    with pytest.raises(FormAltered) as raised:
        run(form(cut).numero.fill("0012345678"))
    assert "0012345678" not in str(raised.value)


def test_typing_tells_the_page(form: Callable[[str], Form], run: Run, page: Page) -> None:
    told = "<label>N° de SEC<input oninput='heard = 1' onchange='changed = this.value'></label>"
    run(form(told).numero.fill("7"))
    assert run(page.evaluate("[heard, changed]")) == [1, "7"]


@pytest.mark.usefixtures("hasty")
def test_password_is_in_no_error(form: Callable[[str], Form], run: Run) -> None:
    locked = form("<label>Contraseña<input type=password readonly></label>")
    with pytest.raises(PageChanged) as raised:
        run(locked.clave.fill(lambda: "s3creto!"))
    error: BaseException | None = raised.value
    while error is not None:
        assert "s3creto!" not in str(error)
        error = error.__cause__ or error.__context__


def test_choice_waits_for_the_option(form: Callable[[str], Form], run: Run, page: Page) -> None:
    late = form(
        "<label>Estado<select id=a><option>Cargando...</select></label><script>setTimeout(() => {"
        "a.innerHTML = '<option>Otra<option>En\\u00a0atenci\\u200b\\u00f3n'; }, 200)</script>"
    )
    run(late.estado.fill("En atención"))
    assert run(page.evaluate("a.selectedIndex")) == 1


def test_choice_without_the_option(form: Callable[[str], Form], run: Run) -> None:
    with pytest.raises(PageChanged, match="Estado › Cerrado"):
        run(form("<label>Estado<select><option>Otra</select></label>").estado.fill("Cerrado"))


@pytest.mark.parametrize(
    "markup",
    [
        "<input type=button value='Guardar' onclick='window.hit=1'>",
        "<input type=submit value=' Guardar&nbsp;' onclick='window.hit=1; return false'>",
        "<button onclick='window.hit=1'>Gu\u200bardar</button><button hidden>Guardar</button>",
        "<button>Guardar como</button><button onclick='window.hit=1'>GUARDAR</button>",
    ],
)
def test_button_by_its_name(form: Callable[[str], Form], run: Run, page: Page, markup: str) -> None:
    run(form(markup).guardar.click())
    assert run(page.evaluate("window.hit")) == 1


#: a form's field whose check takes the focus back, without a word
HOLDING = (
    "<p><label>N° de SEC <input id=sec onblur='this.value.length == 8 || this.focus()'></label></p>"
    "<p><label>Contraseña <input type={} id=clave></label></p>"
    "<script>sec.value = 'ana'; sec.focus()</script>"
)
#: as one shows what it is for until somebody wants to type in it
SWAPPED = (
    "<p>Contraseña <input id=words value=Contraseña onfocus=\"this.style.display = 'none';"
    " clave.style.display = 'inline'; clave.focus()\">"
    "<input type=password id=clave style='display: none'></p>"
)


@pytest.mark.parametrize("kind", ["password", "text", "number"])
def test_nothing_is_typed_where_another_field_keeps_the_focus(
    form: Callable[[str], Form], run: Run, page: Page, kind: str
) -> None:
    shown = form(HOLDING.format(kind))
    with pytest.raises(FormAltered, match="otro campo no deja escribir en «Contraseña»"):
        run(shown.clave.fill(lambda: "31415926"))
    assert run(page.evaluate("[sec.value, clave.value]")) == ["ana", ""]


def test_a_field_that_takes_the_place_of_another_is_typed_into(
    form: Callable[[str], Form], run: Run, page: Page
) -> None:
    run(form(SWAPPED).clave.fill(lambda: "s3creto!"))
    assert run(page.evaluate("[words.value, clave.value]")) == ["Contraseña", "s3creto!"]


def test_what_lies_over_a_button_is_waited_for(
    patient: Callable[[str], Form], run: Run, page: Page
) -> None:
    covered = patient(
        "<button onclick='window.under = 1'>Guardar</button><div id=shade style='position:fixed;"
        "inset:0'>Procesando...</div><script>setTimeout(() => shade.remove(), 1500)</script>"
    )
    run(covered.guardar.click())
    assert run(page.evaluate("window.under")) == 1


def test_tab_is_open_when_the_page_says_so(form: Callable[[str], Form], run: Run) -> None:
    late = form(
        '<span role=tab aria-selected=false onclick="setTimeout(() => '
        "this.setAttribute('aria-selected', 'true'), 150)\">Descripci&oacute;n</span>"
    )
    run(late.descripcion_tab.open())
    assert run(late.descripcion_tab.locator.get_attribute("aria-selected")) == "true"
    dead = form("<span role=tab aria-selected=false>Descripción</span>")
    with pytest.raises(PageChanged, match="pestaña «Descripción»"):
        run(dead.descripcion_tab.open())


def test_grid_is_read_when_it_is_whole(patient: Callable[[str], Form], run: Run) -> None:
    filling = patient(
        "<table id=t aria-busy=true><caption>Líneas de la SEC</caption>"
        "<tr><th>NUMERO:</th><th></th><th>Plan</th></tr></table><script>"
        "setTimeout(() => { t.insertAdjacentHTML('beforeend', '<tr><td><input value=\"987654321\">"
        "</td><td>Ver</td><td>Max&nbsp;59</td></tr><tr><td colspan=3>1 2 3</td></tr>');"
        "t.removeAttribute('aria-busy'); }, 200)</script>"
    )
    assert run(filling.lineas.rows()) == [{"numero": "987654321", "plan": "Max 59"}]


CHANGING = (
    "<table id=t><caption>Líneas de la SEC</caption><tr><th>Número</th><th>Plan</th></tr>"
    "<tr><td>1</td><td>Max</td></tr></table>"
)
LATE_ROW = "t.insertAdjacentHTML('beforeend', '<tr><td>2</td><td>Max</td></tr>')"


def _watched_before(grid: BoundGrid, seconds: float) -> BoundGrid:
    """As if it had been looked at so long ago."""
    facts, since = grid._watched
    grid._watched = facts, since - seconds
    return grid


@pytest.mark.parametrize("after", [0, 2 * QUIET])
def test_what_changed_after_the_first_look_is_read(
    patient: Callable[[str], Form], run: Run, page: Page, after: float
) -> None:
    """The calm of a table that says nothing begins with that look, and anew with each change."""

    async def look() -> tuple[list[Any], float]:
        grid = _watched_before(await made.lineas.watch(), after)
        await page.evaluate(LATE_ROW)
        begun = time.monotonic()
        return await grid.rows(), time.monotonic() - begun

    made = patient(CHANGING)
    rows, seconds = run(look())
    assert [row["numero"] for row in rows] == ["1", "2"]
    assert seconds >= QUIET


def test_the_calm_that_has_passed_is_not_waited_for_again(
    patient: Callable[[str], Form], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[float] = []
    glance = BoundGrid._glance

    async def counted(self: BoundGrid, *given: Any, still: float = 0.0, **more: Any) -> Any:
        looks.append(still)
        return await glance(self, *given, still=still, **more)

    async def look() -> list[Any]:
        return await _watched_before(await made.lineas.watch(), 2 * QUIET).rows()

    made = patient(CHANGING)
    monkeypatch.setattr(BoundGrid, "_glance", counted)
    assert [row["numero"] for row in run(look())] == ["1"]
    assert looks == [0.0, 0.0], "nothing is waited for"


@pytest.mark.parametrize(
    ("headers", "what"),
    [
        ("<th>Nº de línea</th><th>Plan</th>", "no tiene la columna «Número»"),
        ("<th>Número</th>", "no tiene la columna «Plan»"),
        ("<th>Número</th><th>Plan</th><th>plan:</th>", "repite la columna «Plan»"),
    ],
)
def test_a_column_that_is_not_where_it_was(
    form: Callable[[str], Form], run: Run, headers: str, what: str
) -> None:
    cells = "<td><a>12345</a></td>" * headers.count("<th>")
    grid = form(
        f"<table><caption>Líneas de la SEC</caption><tr>{headers}</tr><tr>{cells}</tr></table>"
    ).lineas
    told = f"la tabla «Líneas de la SEC» {what}"
    with pytest.raises(PageChanged) as raised:
        run(grid.rows())
    assert str(raised.value) == f"PRUEBA, Formulario: {told}"
    assert run(grid.absent()) == [told]


def test_a_cell_that_cannot_be_read_is_named_and_not_quoted(
    patient: Callable[[str], Form], run: Run
) -> None:
    grid = patient(
        "<table><caption>Recibos</caption><tr><th>Período</th><th>Cargo fijo</th></tr>"
        "<tr><td>10/2026</td><td>S/ 59,9O</td></tr></table>"
    ).recibos
    with pytest.raises(PageChanged) as raised:
        run(grid.rows())
    assert str(raised.value) == "PRUEBA, Formulario: «Recibos › Cargo fijo» es ilegible"
    assert raised.value.__cause__ is raised.value.__context__ is None


def test_row_with_exactly_this_value(patient: Callable[[str], Form], run: Run, page: Page) -> None:
    rows = "".join(
        f"<tr><td>{number}</td><td><a href='javascript:void(hit=\"{number}\")'>Ver</a></td></tr>"
        for number in ("0012345", "12345", "123456")
    )
    grid = patient(
        f"<table><caption>Líneas de la SEC</caption><tr><th>Número</th><th>Plan</th></tr>{rows}"
        "</table>"
    ).lineas
    run(grid.press("12345", "Ver"))
    run(page.wait_for_function("window.hit"))
    assert run(page.evaluate("hit")) == "12345"


class Details(PortalPage):
    title = "Detalle"
    razon = shown("Razón social")
    segmento = shown("Segmento")
    ejecutivo = shown("Ejecutivo")
    zona = shown("Zona")


DETAILS = {
    "razon": ("Razón social", "ACME S.A.C."),
    "segmento": ("Segmento", "Corporativo"),
    "ejecutivo": ("Ejecutivo", "Rosa Díaz"),
    "zona": ("Zona", "Lima"),
}


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "all at once"])
@pytest.mark.parametrize("title", ["", "<tr><td colspan=2>Datos del cliente</td></tr>"])
@pytest.mark.parametrize("count", [2, 3, 4])
def test_plain_details_are_read_by_what_else_the_page_declares(
    show: Callable[..., Details], run: Run, count: int, title: str, together: bool
) -> None:
    pairs = dict(list(DETAILS.items())[:count])
    cells = (f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in pairs.values())
    page = show(Details, f"<table>{title}{''.join(cells)}</table>")
    read = run(page.texts(*pairs)) if together else {n: run(getattr(page, n).read()) for n in pairs}
    assert read == {name: value for name, (_, value) in pairs.items()}
