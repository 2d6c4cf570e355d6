"""What is noted of a page besides what was asked for: fields, options, columns; nobody's data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pages.core.elements import shown
from pages.core.grid import captioned
from pages.core.page import PortalPage
from tests.portals.test_required import DRAFT, Alta

Run = Callable[..., Any]


class Ficha(PortalPage):
    title = "Ficha"
    ruc = shown("RUC")
    campana = shown("Campaña")
    lineas = captioned("Líneas", numero="Número")


OWN = """<p><label for=r>RUC *</label><input id=r>
<p><label for=c>Cola:</label><select id=c><option>Seleccione<option>Altas<option>Bajas</select>"""
NEW = {
    "a field": ("<p><label for=n>Motivo</label><input id=n>", {("field", "Motivo")}),
    "in a table": (
        "<table><tr><td>Motivo:<td><textarea></textarea></table>",
        {("field", "Motivo")},
    ),
    "in a line": ("<p>Sustento: <input>", {("field", "Sustento")}),
    "beside a form's words": ("<p>Motivo <input>", {("field", "Motivo")}),
    "by its name alone": ("<input aria-label=Motivo>", {("field", "Motivo")}),
    "one that must be given": (
        "<p><label for=n>Motivo</label><input id=n required value=Otro>",
        {("field", "Motivo"), ("required", "Motivo")},
    ),
    "a list of words": (
        "<p><label for=n>Motivo</label><select id=n><option><option>Error<option>Venta</select>",
        {("field", "Motivo"), ("option", "Error"), ("option", "Venta")},
    ),
    "a list of people": (
        "<p><label for=n>Contacto</label><select id=n><option>Rosa Quispe</select>",
        {("field", "Contacto")},
    ),
    "in Nintex": (
        """<div class=nf-filler-control-border><label>Motivo <span>*</span></label>
        <div class=nf-filler-control data-controlname=Causa><input value=x></div></div>""",
        {("field", "Motivo"), ("required", "Motivo")},
    ),
    "in the Mid-Tier": (
        "<div arid=536870999 class=df><label>Motivo</label><textarea></textarea></div>",
        {("field", "Motivo")},
    ),
}
NOTHING = {
    "what is hidden": "<div style='display: none'><label for=n>Motivo</label><input id=n></div>",
    "what has no label": "<p><input>",
    "a line's own": """<table><tr><th>Línea<th>Cargo<tr><td>Uno<td><input></table>""",
    "a row of Nintex": """<div class=nf-repeater-row><label>Línea</label>
        <div class=nf-filler-control data-controlname=Linea><input></div></div>""",
    "what somebody may have written": "<p>Rosa Quispe <input>",
    "a value behind its label": "<p>Contacto: Rosa Quispe <input>",
    "what holds a number": "<p><label for=n>Línea 987654321</label><input id=n>",
}


def noted(form: Alta, run: Run) -> set[tuple[str, str]]:
    """The sorts and texts of what was seen, once its labels were read."""
    run(form.fill(DRAFT))
    run(form.expect(DRAFT))
    _, seen = form.portal.seen.values()
    return {(item.sort, item.text) for item in seen.items}


KNOWN = {("field", "RUC"), ("required", "RUC"), ("field", "Cola"), ("option", "Altas")}
KNOWN |= {("option", "Bajas")}


@pytest.mark.parametrize(("more", "told"), NEW.values(), ids=NEW)
def test_every_field_of_a_form_is_noted(
    more: str, told: set[tuple[str, str]], show: Callable[..., Alta], run: Run
) -> None:
    form = show(Alta, f"<form>{OWN}{more}</form>", 30.0)
    assert noted(form, run) == KNOWN | told


@pytest.mark.parametrize("more", NOTHING.values(), ids=NOTHING)
def test_what_is_no_field_of_it_is_not(more: str, show: Callable[..., Alta], run: Run) -> None:
    assert noted(show(Alta, f"<form>{OWN}{more}</form>", 30.0), run) == KNOWN


def test_where_something_else_is_chosen_it_is_another_place(
    show: Callable[..., Alta], run: Run
) -> None:
    form = show(Alta, f"<form>{OWN}</form>", 30.0)
    for cola in ("Altas", "Bajas"):
        draft = DRAFT.model_copy(update={"cola": cola})
        run(form.fill(draft))
        run(form.expect(draft))
    assert len(form.portal.seen) == 3  # and its labels


def test_labels_and_columns_are_noted_as_they_are_shown(
    show: Callable[..., Ficha], run: Run
) -> None:
    table = "<table><caption>Líneas</caption><tr><th>Número ▲<th>Observado<tr><td>1<td>No</table>"
    page = show(Ficha, f"<p>R.U.C.<p>RUC: <b>20100047218</b><p>CAMPAÑA : <b>X</b>{table}", 30.0)
    run(page.texts("ruc", "campana"))
    run(page.lineas.rows())
    seen = [(one.section, [item.text for item in one.items]) for one in page.portal.seen.values()]
    assert seen == [("", ["RUC", "CAMPAÑA"]), ("Líneas", ["Número", "Observado"])]
