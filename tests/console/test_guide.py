"""The advisor's guide in pictures: what it shows is done here in a browser, from login to charts.

With CARGOFIJO_PICTURES=1 the pictures of docs/asesor.md are made anew; without, they are made
beside, and only compared by name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import pytest

from robots.console.user_store import Role
from tests.support.album import SIZE, Album, album_of
from tests.support.console import PATIENCE, PDF, Place
from tests.support.incoming import mail, mailbox_settings, with_file
from tests.support.machine import ROOT
from tests.support.mini_world import MiniWorld

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

GUIDE = ROOT / "docs" / "asesor.md"


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Album:
    return album_of(GUIDE, tmp_path_factory.mktemp("album"))


@pytest.fixture(scope="module")
def place(open_place: Callable[..., Place]) -> Place:
    mini = MiniWorld()
    mini.configuration()  # 1
    mini.sale(id="VC-002")  # nothing shows the offer
    mini.sale(id="VC-003", description="ver correo del ejecutivo")
    mini.configuration(id="VC-004", ruc="20990009017", lineas="98700000")
    mini.sale(id="VC-005", evidencia="oferta.pdf", origen_evidencia="CAE")
    mini.configuration(id="VC-006")
    people = {"ana": Role.ASESOR, "sonia": Role.SUPERVISOR, "oscar": Role.OPERADOR}
    return open_place(mini, **people)


def test_a_case_from_the_login_to_its_end(place: Place, album: Album) -> None:
    outside = place.browser.new_page(locale="es-PE", viewport=SIZE)
    outside.goto(place.console.url)
    album.take(outside, "entrar", height=480)
    page = place.of("ana")
    place.type_case(page, 1)
    page.get_by_text("datos de la fila").wait_for(state="detached")
    album.take(page, "escenarios", height=1000)
    page.get_by_role("button", name="Validar", exact=True).click()
    page.get_by_text("Procede", exact=True).wait_for(timeout=PATIENCE)
    album.take(page, "validaciones", height=1240)
    page.get_by_role("button", name="Siguiente").click()
    page.get_by_role("button", name="Registrar").wait_for()
    album.take(page, "registro", height=900)
    page.get_by_role("button", name="Registrar").click()
    page.get_by_text("Paso 3 de 3 · Seguimiento").wait_for(timeout=PATIENCE)
    album.take(page, "resultado", height=1240)


def test_a_list_and_what_is_left_of_it_for_people(place: Place, album: Album) -> None:
    (place.folder / "oferta.pdf").write_bytes(PDF)
    whole = place.mini.rows
    place.mini.rows = whole[1:]
    path = place.mini.list_at(place.folder / "lista.xlsx")
    place.mini.rows = whole
    oscar = place.of("oscar")
    place.go(oscar, "/corridas")
    inputs = oscar.locator("input[type=file]")
    inputs.first.set_input_files(path)
    oscar.get_by_text("no existe ese archivo").wait_for()
    inputs.nth(1).set_input_files(place.folder / "oferta.pdf")
    oscar.get_by_role("button", name="Ejecutar 4 casos").wait_for()
    oscar.get_by_text("no existe ese archivo").wait_for(state="detached")
    album.take(oscar, "corridas", height=860)
    oscar.get_by_role("button", name="Ejecutar 4 casos").click()
    oscar.get_by_text("5 de 5 filas terminadas").wait_for(timeout=PATIENCE)
    for still in ("; en curso", re.compile("^En curso$")):
        oscar.get_by_text(still).first.wait_for(state="detached")
    album.take(oscar, "corrida", height=760)
    place.open_case(oscar, 2, "Pendiente de evidencia")
    oscar.get_by_text("Seguir con esta evidencia").wait_for()
    album.take(oscar, "evidencia")
    place.open_case(oscar, 3, "Requiere asesor")
    oscar.get_by_text("Qué hacer ahora").wait_for()
    album.take(oscar, "a_mano", height=620)
    sonia = place.of("sonia")
    place.go(sonia, "/aprobaciones")
    sonia.get_by_role("button", name="Aprobar").wait_for()
    album.take(sonia, "aprobaciones", height=1000)
    sonia.get_by_role("button", name="Aprobar").click()
    sonia.get_by_text("Nada espera su respuesta").wait_for()
    place.go(sonia, "/casos?estado=Atendido")
    sonia.get_by_text("1 a 3 de 3").wait_for(timeout=PATIENCE)
    place.go(sonia, "/graficos")
    sonia.locator("canvas").first.wait_for()
    album.take(sonia, "graficos", height=900)
    place.go(sonia, "/auditoria")
    sonia.get_by_role("cell", name="Aprobó la solicitud").wait_for()
    album.take(sonia, "auditoria")


def test_what_came_by_mail_and_what_is_billed(place: Place, album: Album) -> None:
    """Of a case that waits, an e-mail that nobody proves; and the first bills."""
    place.robot.settings = {**place.robot.settings, **mailbox_settings(place.mock)}
    oscar = place.of("oscar")
    place.go(oscar, "/casos?estado=Pendiente de evidencia")
    reference = oscar.locator("a[href^='/caso/CF-']").first.inner_text()
    stranger = mail("compras@textiles.example", f"RE: Evidencia {reference}", "Va la oferta.")
    place.mock.receives(with_file(stranger).as_bytes())
    lost = mail("luis@textiles.example", "Mi factura", "¿Cuándo baja lo que pago?")
    place.mock.receives(lost.as_bytes())
    assert place.robot.call("inbox", "--once").code == 0
    place.go(oscar, "/correos")
    oscar.get_by_role("link", name="Mi factura").wait_for()
    album.take(oscar, "correos", height=420)
    oscar.get_by_role("link", name=f"RE: Evidencia {reference}").click()
    oscar.get_by_role("button", name="Dárselo al caso").wait_for()
    album.take(oscar, "correo", height=1000)
    for serial, charge in ((1, "39.90"), (3, "39.90"), (6, "59.90")):
        place.mock.bills(place.mini.rows[serial - 1]["lineas"], charge)
    assert place.robot.call("follow").code == 0
    place.go(oscar, "/seguimiento")
    oscar.get_by_text("Desalineado").first.wait_for()
    album.take(oscar, "seguimiento", height=700)


def test_the_guide_shows_each_picture(album: Album) -> None:
    """Runs last: what was taken is what the guide shows and what is kept."""
    album.check(GUIDE)
