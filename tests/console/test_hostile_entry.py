"""Markup and formulas typed into each field of a new case: text, and never more than that."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from robots.console.user_store import Role
from tests.support.console import PATIENCE, Place
from tests.support.mini_world import MiniWorld

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

HOSTILE = (
    "<script>document.title='dentro'</script>",
    '"><img src=x onerror="document.title=\'dentro\'">',
    '=1+1+HYPERLINK("http://x","y")',
    "@SUM(A1:A9)",
)
#: what each field that has rules says of any of them
SAYS = {
    "N° SEC *": "se espera un número de SEC",
    "RUC *": "se espera un RUC de 11 dígitos",
    "Fecha de solicitud *": "se espera una fecha que exista",
    "Líneas *": "se esperan uno o más números móviles",
    "Cargo fijo ofrecido *": "se espera un importe en soles",
    "N° caso SIAC (si ya existe)": "se espera el número de un caso",
    "Contacto *": "se espera un nombre",
    "DNI del contacto *": "se espera un DNI de 8 dígitos",
    "Correo del cliente *": "se espera una dirección de correo",
    "Oferta vigente hasta": "se espera una fecha que exista",
    "Aprobado por": "se espera un nombre",
}


@pytest.fixture(scope="module")
def place(open_place: Callable[..., Place]) -> Place:
    mini = MiniWorld()
    mini.configuration()
    return open_place(mini, ana=Role.ASESOR, sonia=Role.SUPERVISOR)


def nothing_ran(page: Page) -> None:
    assert page.title() != "dentro"
    assert not page.locator("img[src='x']").count()


def test_every_field_with_rules_says_its_sentence(place: Place) -> None:
    page = place.of("ana")
    for text in HOSTILE:
        for label in SAYS:
            page.get_by_label(label, exact=True).fill(text)
        for label, sentence in SAYS.items():
            field = page.locator(".q-field", has=page.get_by_label(label, exact=True))
            field.get_by_text(sentence).wait_for()
            assert page.get_by_label(label, exact=True).input_value() == text
        page.get_by_role("button", name="Validar", exact=True).click()
        page.get_by_text(f"Faltan o no valen {len(SAYS)} datos").last.wait_for()
        nothing_ran(page)
    page.get_by_label("Pegar una fila de Excel").fill(HOSTILE[0])
    page.get_by_text("Eso no es una fila copiada de Excel.").wait_for()
    nothing_ran(page)
    assert place.mock.requests("sisact") == 0, "nothing of it has left the page"


def test_where_any_text_may_stand_it_stays_text_to_the_end(place: Place) -> None:
    free = " ".join(HOSTILE)
    page = place.of("ana")
    place.type_case(page, 1, contacto=f"Rosa {HOSTILE[1]}", id=HOSTILE[2], observaciones=free)
    page.get_by_role("button", name="Validar", exact=True).click()
    page.get_by_text("Procede", exact=True).wait_for(timeout=PATIENCE)
    assert page.get_by_text(f"Rosa {HOSTILE[1]}").first.is_visible()
    nothing_ran(page)
    page.get_by_role("button", name="Siguiente").click()
    page.get_by_role("button", name="Registrar").wait_for()
    nothing_ran(page)
    page.get_by_role("button", name="Registrar").click()
    page.get_by_text("Paso 3 de 3 · Seguimiento").wait_for(timeout=PATIENCE)
    nothing_ran(page)
    page.get_by_role("link", name="Ver el caso").click()
    page.get_by_text("Nada más por hacer").wait_for()
    for text in (f"Rosa {HOSTILE[1]}", free):
        assert page.get_by_text(text).first.is_visible()
    nothing_ran(page)
    supervisor = place.of("sonia")
    for path in ("/casos", "/corridas", "/auditoria"):
        place.go(supervisor, path)
        supervisor.get_by_text(place.mini.rows[0]["sec"]).first.or_(
            supervisor.get_by_role("link", name="Descargar").first
        ).first.wait_for()
        nothing_ran(supervisor)
