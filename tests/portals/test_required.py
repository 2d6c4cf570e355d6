"""A form that asks for what nobody has mapped is not gone on with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pages.contract.errors import PageChanged
from pages.contract.records import Record
from pages.core.choices import choice
from pages.core.elements import field
from pages.core.form import Form, typed

Run = Callable[..., Any]


class Borrador(Record):
    ruc: str
    cola: str


class Alta(Form[Borrador]):
    title = "Alta"
    ruc = typed(field("RUC"))
    cola = typed(choice("Cola"))
    observacion = field("Observación")


DRAFT = Borrador(ruc="20100047218", cola="Altas")
OWN = """<p><label for=r>RUC *</label><input id=r required>
<p><label for=c>Cola</label><select id=c><option><option>Altas</select>
<p><label for=o>Observación</label><input id=o required>"""
MOTIVO = "<label for=m>Motivo</label>"
VALIDATED = f"""{MOTIVO}<input id=m><script>
var Page_Validators = [{{ controltovalidate: "m", initialvalue: "", enabled: %s }}]</script>"""
ASKING = {
    "by its markup": f"{MOTIVO}<input id=m required>",
    "for assistive technology": f'{MOTIVO}<textarea id=m aria-required="true"></textarea>',
    "by an asterisk": "<table><tr><td>Motivo: *<td><input></table>",
    "a list": f"{MOTIVO}<select id=m required><option>Seleccione<option>A</select>",
    "by a validator": VALIDATED % "true",
    "in Nintex": """<div class=nf-filler-control-border><label>Motivo <span>*</span></label>
        <div class=nf-filler-control data-controlname=Motivo><input></div></div>""",
    "in the Mid-Tier": """<div arid=536870999 class="df req"><label>Motivo</label>
        <textarea></textarea></div>""",
}
NOT_ASKING = {
    "what is given": f"{MOTIVO}<input id=m required value=Otro>",
    "what is hidden": f"<div style='display: none'>{MOTIVO}<input id=m required></div>",
    "a validator that is off": VALIDATED % "false",
    "what may stay empty": f"{MOTIVO}<input id=m>",
    "a note": "<p>Los campos con * son obligatorios *</p>",
}


def filled(show: Callable[..., Alta], run: Run, more: str) -> Alta:
    form = show(Alta, f"<form>{OWN}{more}</form>", 30.0)
    run(form.fill(DRAFT))
    return form


@pytest.mark.parametrize("more", ASKING.values(), ids=ASKING)
def test_what_nobody_has_mapped_is_told_by_its_label(
    more: str, show: Callable[..., Alta], run: Run
) -> None:
    form = filled(show, run, more)
    with pytest.raises(PageChanged, match="Alta: pide lo que el robot no conoce: «Motivo"):
        run(form.expect(DRAFT))


@pytest.mark.parametrize("more", ["", *NOT_ASKING.values()], ids=["nothing", *NOT_ASKING])
def test_a_form_that_asks_for_no_more_is_gone_on_with(
    more: str, show: Callable[..., Alta], run: Run
) -> None:
    run(filled(show, run, more).expect(DRAFT))
