"""Check boxes, lists of boxes, files and several controls behind one label, in a form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from pages.contract.errors import FormAltered, PageChanged
from pages.contract.records import Record
from pages.core.choices import choice
from pages.core.codecs import CHECKED, MARKED, UPLOADS
from pages.core.controls import checkbox, checklist, radio, upload
from pages.core.elements import field
from pages.core.form import Form, typed
from pages.core.inspection import Inspection

Run = Callable[..., Any]


class Draft(Record):
    tipo: str
    numero: str
    persona: str
    acepta: bool
    servicios: tuple[str, ...]
    adjuntos: tuple[Path, ...]


class ClientForm(Form[Draft]):
    title = "Cliente"
    tipo = ready = typed(choice("Doc"))
    numero = typed(field("Doc"), "Número de documento")
    persona = typed(radio("Persona"))
    acepta = typed(checkbox("Acepta"))
    servicios = typed(checklist("Servicios"))
    adjuntos = typed(upload("Adjunto"))


HTML = """<table>
<tr><td>Doc:</td><td><select><option>DNI<option>RUC</select> <input></td></tr>
<tr><td>* Persona:</td><td><table><tr>
 <td><input type=radio name=p id=n checked><label for=n>Natural</label></td>
 <td><input type=radio name=p id=j><label for=j>Jur&iacute;dica</label></td></tr></table></td></tr>
<tr><td>Acepta:</td><td><input type=checkbox id=a></td></tr>
<tr><td>Servicios:</td><td><input type=checkbox id=v checked><label for=v>Voz</label><br>
 <input type=checkbox id=d><label for=d>Datos</label><br>
 <input type=checkbox id=r><label for=r>Roaming</label></td></tr>
<tr><td>Adjunto:</td><td><input type=file multiple></td></tr>
</table>"""


def draft(adjuntos: tuple[Path, ...], **other: Any) -> Draft:
    values: dict[str, Any] = {
        "tipo": "RUC",
        "numero": "20990001019",
        "persona": "Jurídica",
        "acepta": True,
        "servicios": ("Datos", "Roaming"),
        "adjuntos": adjuntos,
    }
    return Draft(**values | other)


@pytest.fixture
def form(show: Callable[..., ClientForm]) -> ClientForm:
    return show(ClientForm, HTML, 20.0)


def test_a_form_is_filled_and_read_back(
    form: ClientForm, run: Run, adjuntos: tuple[Path, ...]
) -> None:
    wanted = draft(adjuntos)
    run(form.fill(wanted))
    run(form.expect(wanted))
    held = run(form.held())
    assert held == {
        "tipo": "RUC",
        "numero": "20990001019",
        "persona": "Jurídica",
        "acepta": "sí",
        "servicios": "Datos, Roaming",
        "adjuntos": "correo del ejecutivo.msg/descripción.png",
    }
    assert form.altered(wanted, held) == []
    run(form.fill(draft(adjuntos[:1], acepta=False, servicios=())))
    with pytest.raises(FormAltered, match=r"Acepta, Servicios, Adjunto$"):
        run(form.expect(wanted))


def test_it_is_told_to_people(adjuntos: tuple[Path, ...]) -> None:
    assert ClientForm.described(draft(adjuntos)) == {
        "Doc": "RUC",
        "Número de documento": "20990001019",
        "Persona": "Jurídica",
        "Acepta": "sí",
        "Servicios": "Datos, Roaming",
        "Adjunto": "correo del ejecutivo.msg, descripción.png",
    }


def test_each_is_looked_for(form: ClientForm, run: Run) -> None:
    see = Inspection()
    run(see.look(form))
    assert not see.missing


@pytest.mark.parametrize(
    ("script", "label"),
    [
        ("a.onclick = () => false", "Acepta"),
        ("j.onclick = () => false", "Persona"),
        ("r.onclick = () => { v.checked = true }", "Servicios"),
    ],
)
def test_what_does_not_stay_is_told(
    form: ClientForm, run: Run, page: Page, adjuntos: tuple[Path, ...], script: str, label: str
) -> None:
    run(page.evaluate(f"void ({script})"))
    with pytest.raises(FormAltered, match=f"«{label}» no conserva lo elegido"):
        run(form.fill(draft(adjuntos)))


@pytest.mark.parametrize("wanted", [{"persona": "Otra"}, {"servicios": ("Voz", "Fax")}])
def test_a_box_that_is_not_there(
    show: Callable[..., ClientForm],
    run: Run,
    adjuntos: tuple[Path, ...],
    wanted: dict[str, Any],
) -> None:
    form = show(ClientForm, HTML)
    with pytest.raises(PageChanged, match=r"› (Otra|Fax)»"):
        run(form.fill(draft(adjuntos, **wanted)))


def test_a_box_may_post_the_page_back(form: ClientForm, run: Run, page: Page) -> None:
    """The box that was clicked is gone then, and another stands there."""
    other = "a.outerHTML = a.outerHTML.replace('>', ' checked>')"
    run(page.evaluate(f"void (a.onclick = () => setTimeout(() => {{ {other} }}, 150))"))
    run(form.acepta.fill("sí"))
    assert run(form.acepta.read()) == "sí"


@pytest.mark.parametrize(
    ("codec", "value", "text", "is_kept"),
    [
        (CHECKED, True, "Sí", True),
        (CHECKED, False, "NO", True),
        (CHECKED, True, "no", False),
        (MARKED, ("Voz", "Datos"), "Datos, Voz", True),
        (MARKED, ("Voz",), "Datos, Voz", False),
        (UPLOADS, (Path("/x/b.pdf"), Path("/y/a.png")), "a.png\nb.pdf", True),
        (UPLOADS, (Path("/x/b.pdf"),), "a.png/b.pdf", False),
    ],
)
def test_what_a_portal_keeps_of_them(codec: Any, value: Any, text: str, is_kept: bool) -> None:
    assert codec.is_kept(value, text) is is_kept
    assert codec.is_in_form(value, codec.typed(value)) or codec is UPLOADS


def test_what_is_neither_yes_nor_no() -> None:
    with pytest.raises(ValueError, match="neither"):
        CHECKED.read("quizá")
