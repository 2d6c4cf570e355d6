"""A guided case from its first part to its end, as somebody with a screen reader meets it."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from robots.console.user_store import Role
from tests.support.access import serious
from tests.support.console import PATIENCE, PDF, Place, drop
from tests.support.mini_world import MiniWorld

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

#: each scheme files a case of its own
SCHEMES = {"light": 1, "dark": 2}
UNREADABLE = 3


@pytest.fixture(scope="module")
def place(open_place: Callable[..., Place]) -> Place:
    mini = MiniWorld()
    for _ in SCHEMES:
        mini.configuration()
    mini.sale(description="algo raro")
    return open_place(mini, ana=Role.ASESOR)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nothing_serious_stands_in_the_way_of_a_guided_case(place: Place, scheme: str) -> None:
    page = place.of("ana", color_scheme=scheme)
    page.get_by_role("button", name="Validar", exact=True).click()
    page.get_by_text("falta este dato, que es obligatorio").first.wait_for()
    page.get_by_text("Más datos, si los hay").click()
    drop(page, "oferta.pdf", PDF)
    page.get_by_role("button", name="Quitar oferta.pdf").click()
    assert serious(page) == [], "what is missing is marked"
    place.type_case(page, SCHEMES[scheme])
    page.get_by_role("button", name="Validar", exact=True).click()
    page.get_by_text("Procede", exact=True).wait_for(timeout=PATIENCE)
    assert serious(page) == [], "the portals have answered"
    page.get_by_role("button", name="Pestaña Descripción de la SEC: ampliar").click()
    page.get_by_role("button", name="Cerrar").wait_for()
    assert serious(page, dialog=True) == [], "a picture is shown large"
    page.get_by_role("button", name="Cerrar").click()
    page.get_by_role("button", name="Cerrar").wait_for(state="hidden")
    page.get_by_role("button", name="Siguiente").click()
    page.get_by_role("button", name="Registrar").wait_for()
    assert serious(page) == [], "what would be filed is shown"
    place.mock.fault({"portal": "nintex", "kind": "slow", "ms": 8000, "times": 1})
    page.get_by_role("button", name="Registrar").click()
    page.get_by_text("Caso SIAC 7").wait_for(timeout=PATIENCE)
    assert serious(page) == [], "the steps come one by one"
    page.get_by_text("Paso 3 de 3 · Seguimiento").wait_for(timeout=PATIENCE)
    assert serious(page) == [], "it is filed"
    page.get_by_role("link", name="Ver el caso").click()
    page.get_by_text("Nada más por hacer").wait_for()
    page.get_by_text("SISACT: datos de la evaluación").click()
    page.get_by_text("SIAC Único: cliente, líneas y facturas").click()
    assert serious(page) == [], "its page, with all that the portals said"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nor_where_a_case_does_not_proceed(place: Place, scheme: str) -> None:
    page = place.of("ana", color_scheme=scheme)
    place.type_case(page, UNREADABLE)
    page.get_by_role("button", name="Validar", exact=True).click()
    page.get_by_text("No se puede leer un único cargo en la Descripción").wait_for(timeout=PATIENCE)
    assert serious(page) == []
    page.get_by_role("button", name="Siguiente").click()
    page.get_by_role("button", name="Dejar constancia").wait_for()
    assert serious(page) == []
