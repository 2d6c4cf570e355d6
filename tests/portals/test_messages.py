"""What a page says to what was done: that it is done, or what its form refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pages.contract.errors import FormRefused
from pages.core.messages import message, refusal
from pages.core.page import PortalPage

Run = Callable[..., Any]

#: as the validators' script leaves them
SCRIPT = "<script>Page_Validators = [v]; Page_ValidationSummaries = [s]</script>"
SUMMARY = '<div id=s style="color:Red;display:{}">Verifique:<ul><li>Ingrese el RUC</li></ul></div>'
VALIDATOR = '<span id=v style="color:Red;visibility:{}">{}</span>'


class Answered(PortalPage):
    title = "Caso"
    saved = message("correctamente|se registró")
    refused = refusal()


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (SUMMARY.format("block") + VALIDATOR.format("hidden", "*") + SCRIPT,
         "Verifique: Ingrese el RUC"),
        (SUMMARY.format("none") + VALIDATOR.format("visible", "Ingrese el RUC") + SCRIPT,
         "Ingrese el RUC"),
        (SUMMARY.format("none") + VALIDATOR.format("visible", "*") + SCRIPT, "*"),
        (SUMMARY.format("block") + VALIDATOR.format("visible", "Ingrese el RUC") + SCRIPT,
         "Verifique: Ingrese el RUC"),
        (SUMMARY.format("block") + VALIDATOR.format("visible", "*") + SCRIPT,
         "Verifique: Ingrese el RUC"),
        ("<span style='color:Red'>El RUC 20990001019 no existe</span>",
         "El RUC ########### no existe"),
        ("<font color=red>Debe elegir una clase</font>", "Debe elegir una clase"),
        ("<div role=alert>No se guardó</div>", "No se guardó"),
        ("<div role=alert><span style='color:red'>No se guardó</span></div>", "No se guardó"),
        ("<div class='validation-summary-errors'><ul><li>Falta la clase</li></ul></div>",
         "Falta la clase"),
        ("<span data-val-controltovalidate=txtRuc style='color:#cc0000'>Falta</span>", "Falta"),
    ],
)  # fmt: skip
def test_what_a_form_refuses_is_told_in_its_words(
    show: Callable[..., Answered], run: Run, html: str, words: str
) -> None:
    page = show(Answered, html)
    assert run(page.refused.is_shown())
    with pytest.raises(FormRefused) as raised:
        run(page.refused.diagnose())
    assert str(raised.value) == f"PRUEBA, Caso: el formulario no aceptó: {words}"


@pytest.mark.parametrize(
    "html",
    [
        SUMMARY.format("none") + VALIDATOR.format("hidden", "Ingrese el RUC") + SCRIPT,
        "<td>RUC <span style='color:red'>*</span></td>",
        "<span style='color:red'>(*) Campos obligatorios</span>",
        "<span style='color:red'>Los campos con * son obligatorios</span>",
        "<div role=alert></div>",
        "<a style='color:red' href='#'>Eliminar</a>",
        "<span style='color:green'>Se guardó</span>",
    ],
)
def test_what_refuses_nothing(show: Callable[..., Answered], run: Run, html: str) -> None:
    page = show(Answered, html)
    assert not run(page.refused.is_shown())
    run(page.refused.diagnose())


@pytest.mark.parametrize(
    ("html", "is_saved"),
    [
        ("<div role=status>Guardado</div>", True),
        ("<span id=lblOk style='color:Blue'>Se registró el caso N° 501.</span>", True),
        ("<span>Los datos se guardaron correctamente.</span>", True),
        ("<span style='display:none'>Los datos se guardaron correctamente.</span>", False),
        ("<span>Registrar</span>", False),
    ],
)
def test_what_was_done_is_told(
    show: Callable[..., Answered], run: Run, html: str, is_saved: bool
) -> None:
    assert run(show(Answered, html).saved.is_shown()) is is_saved
