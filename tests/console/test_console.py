"""The console in a browser, on the mock portals: what each role does from beginning to end."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from robots.console.user_store import Role
from tests.support.console import LONG, PATIENCE, PDF, Place, drop
from tests.support.mini_world import MiniWorld

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

MARKUP = "<img src=x onerror=\"document.title='dentro'\"><b>Rosa</b>"


@pytest.fixture(scope="module")
def place(open_place: Callable[..., Place]) -> Place:
    mini = MiniWorld()
    mini.configuration()  # 1
    mini.sale()  # 2: nothing shows the offer
    mini.sale(description="algo raro")  # 3
    mini.configuration(ruc="20990009017")  # 4: no RUC at all
    mini.configuration()  # 5
    return open_place(mini, ana=Role.ASESOR, sonia=Role.SUPERVISOR, oscar=Role.OPERADOR)


@pytest.mark.full
def test_a_case_is_validated_and_filed_by_somebody_who_only_reads_the_page(place: Place) -> None:
    page = place.of("ana")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    place.type_case(page, 1)
    page.get_by_role("button", name="Validar", exact=True).click()
    page.get_by_text("Procede", exact=True).wait_for(timeout=PATIENCE)
    for text in (
        "CF especial S/ 39.90 (antes S/ 59.90)",
        "Rosa Quispe Mamani: contacto",
        "10/2026",
    ):
        assert page.get_by_text(text).first.is_visible()
    assert page.get_by_alt_text("Pestaña Descripción de la SEC: ampliar").is_visible()
    assert place.mock.state()["writes"] == 0
    assert not place.mock.requests("nintex") and not place.mock.requests("remedy")
    page.get_by_role("button", name="Siguiente").click()
    shown = page.locator(".cf-card", has_text="NINTEX Activaciones: la solicitud").inner_text()
    page.get_by_role("button", name="Registrar").click()
    page.get_by_text("Paso 3 de 3 · Seguimiento").wait_for(timeout=PATIENCE)
    (case,) = place.mock.state()["siac"]["cases"]
    (filed,) = place.mock.state()["nintex"]["activaciones"]
    for text in (filed["request_type"], filed["reference"], filed["sec"], "S/ 39.90"):
        assert text in shown
    for text in (f"Caso SIAC {case['number']}", f"Solicitud {filed['id']}", "Atendido"):
        assert page.get_by_text(text, exact=True).first.is_visible()
    assert page.get_by_alt_text("Registro de la solicitud: ampliar").is_visible()
    elsewhere = {urlsplit(url).netloc for url in asked if url.startswith("http")}
    assert elsewhere == {urlsplit(place.console.url).netloc}, "nothing comes from outside"


@pytest.mark.full
def test_data_are_checked_while_they_are_typed(place: Place) -> None:
    page = place.of("ana")
    page.get_by_label("RUC *").fill("20990009017")
    page.get_by_text("dígito verificador").wait_for()
    page.get_by_label("RUC *").fill(place.mini.rows[0]["ruc"])
    page.get_by_text("dígito verificador").wait_for(state="detached")
    page.get_by_role("button", name="Validar", exact=True).click()
    page.get_by_text("Faltan o no valen").wait_for()
    assert page.get_by_text("falta este dato, que es obligatorio").count() >= 5


@pytest.mark.full
def test_back_keeps_what_was_typed(place: Place) -> None:
    page = place.of("ana")
    place.type_case(page, 3)
    page.get_by_role("button", name="Validar", exact=True).click()
    page.get_by_text("No se puede leer un único cargo en la Descripción").wait_for(timeout=PATIENCE)
    page.get_by_role("button", name="Atrás").first.click()
    assert page.get_by_label("N° SEC *").input_value() == place.mini.rows[2]["sec"]


@pytest.mark.full
def test_a_list_is_looked_at_run_watched_and_reported(place: Place) -> None:
    page = place.of("oscar")
    place.go(page, "/corridas")
    path = place.mini.list_at(place.folder / "lista.xlsx")
    page.locator("input[type=file]").first.set_input_files(path)
    page.get_by_role("button", name="Ejecutar 4 casos").wait_for()
    assert page.get_by_text("1 fila tiene datos inválidos").is_visible()
    assert page.get_by_role("cell", name="RUC", exact=True).is_visible()
    page.get_by_role("button", name="Ejecutar 4 casos").click()
    page.get_by_text("5 de 5 filas terminadas").wait_for(timeout=PATIENCE)
    with page.expect_download() as download:
        page.get_by_role("button", name="Descargar el informe").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    place.go(page, "/casos")
    page.get_by_label("Buscar: RUC").fill(place.mini.rows[2]["lineas"])
    page.get_by_text("1 a 1 de 1").wait_for()
    place.go(page, "/graficos")
    page.locator("canvas").first.wait_for()


@pytest.mark.full
def test_evidence_and_approval_take_a_waiting_case_to_its_end(place: Place) -> None:
    """Runs after the list: its second row waits for evidence."""
    page = place.of("oscar")
    place.go(page, "/casos?estado=Pendiente de evidencia")
    page.locator(f"a[href^='/caso/CF-{place.mini.rows[1]['sec']}']").click()
    drop(page, "oferta.pdf", PDF)
    page.get_by_text("✓ oferta.pdf").wait_for()
    page.get_by_label("Origen de la evidencia").click()
    page.get_by_role("option", name="CAE").click()
    page.get_by_role("button", name="Seguir con esta evidencia").click()
    page.get_by_text("Espera a un supervisor").wait_for(timeout=PATIENCE)
    assert not place.mock.state()["nintex"]["operador"]
    supervisor = place.of("sonia")
    place.go(supervisor, "/aprobaciones")
    supervisor.get_by_text("mala práctica").first.wait_for()
    supervisor.get_by_role("button", name="Aprobar").click()
    supervisor.get_by_text("Nada espera su respuesta").wait_for()
    page.get_by_text("Atendido", exact=True).or_(page.get_by_text("En curso")).first.wait_for()
    place.go(page, "/casos?estado=Atendido")
    page.get_by_text(place.mini.rows[1]["lineas"]).wait_for(timeout=PATIENCE)
    page.locator(f"a[href^='/caso/CF-{place.mini.rows[1]['sec']}']").click()
    page.get_by_role("cell", name=re.compile("^aprobada por sonia, ")).wait_for()
    (filed,) = place.mock.state()["nintex"]["operador"]
    assert [file["name"] for file in filed["attachments"]] == [
        name for name in [file["name"] for file in filed["attachments"]] if "oferta.pdf" in name
    ]


@pytest.mark.full
def test_where_the_robot_stopped_people_go_on_by_hand(place: Place) -> None:
    """Runs after the list: its third row needs an advisor."""
    reason = "<b>llame</b> =1+1"
    supervisor = place.of("sonia")
    place.go(supervisor, "/casos?estado=Requiere asesor")
    supervisor.locator(f"a[href^='/caso/CF-{place.mini.rows[2]['sec']}']").click()
    supervisor.get_by_text("no quedó registrada ninguna solicitud").wait_for()
    supervisor.get_by_role("button", name="Devolver a un asesor").click()
    supervisor.get_by_label("A quién").click()
    supervisor.get_by_role("option", name="ana").click()
    supervisor.get_by_label("Por qué").fill(reason)
    supervisor.get_by_role("button", name="Devolver", exact=True).click()
    supervisor.get_by_text(f"Devuelto por sonia a ana: {reason}").first.wait_for()
    advisor = place.of("ana")
    place.go(advisor, "/casos?estado=Requiere asesor")
    advisor.locator(f"a[href^='/caso/CF-{place.mini.rows[2]['sec']}']").click()
    advisor.get_by_role("button", name="Hecho a mano").click()
    advisor.get_by_label("N° de la solicitud").fill("INC 1; <b>")
    advisor.get_by_role("button", name="Marcar como atendido").click()
    advisor.get_by_text("se espera el número").wait_for()
    advisor.get_by_label("N° de la solicitud").fill("INC000123")
    advisor.get_by_role("button", name="Marcar como atendido").click()
    advisor.get_by_text("Hecho a mano por ana: solicitud INC000123").first.wait_for()
    place.go(supervisor, "/auditoria")
    for what in ("Devolvió el caso", "Marcó como hecho a mano"):
        assert supervisor.get_by_role("cell", name=what).first.is_visible()


@pytest.mark.full
def test_markup_and_formulas_are_shown_as_they_are(place: Place) -> None:
    page = place.of("ana")
    place.type_case(page, 5, contacto=f"Rosa {MARKUP}", observaciones="=cmd|' /C calc'!A0")
    page.get_by_role("button", name="Validar", exact=True).click()
    page.get_by_text("Procede", exact=True).wait_for(timeout=PATIENCE)
    assert page.get_by_text(MARKUP).first.is_visible()
    assert page.title() != "dentro"
    assert not page.locator("img[src='x']").count()


@pytest.mark.full
def test_somebody_else_s_case_looks_like_none_and_a_session_ends_everywhere(place: Place) -> None:
    """Runs after the list, whose cases are the operator's."""
    operator, advisor = place.of("oscar"), place.of("ana")
    place.go(operator, "/casos?estado=No procede")
    place.go(operator, "/casos")
    path = operator.locator(f"a[href^='/caso/CF-{place.mini.rows[1]['sec']}']").first
    address = str(path.get_attribute("href"))
    reference = address.rsplit("/", 1)[-1]
    for guess in (address, "/caso/CF-0-20260101-000000"):
        place.go(advisor, guess)
        assert advisor.get_by_text("No existe ese caso, o no es suyo").is_visible()
    for guess in (
        f"/expediente/{reference}/descripcion.png",
        f"/expediente/{reference}/..%2F..%2Fcargofijo.sqlite",
        f"/evidencia/{reference}/0",
        "/informe/20260101-000000-0000",
    ):
        assert advisor.request.get(place.console.url + guess).status == 404
    mine = operator.request.get(f"{place.console.url}/expediente/{reference}/descripcion.png")
    assert mine.status == 200 and mine.headers["content-type"] == "image/png"
    for sly in ("..%2F..%2Fcargofijo.sqlite", "../../cargofijo.sqlite", "%2Fetc%2Fpasswd"):
        assert operator.request.get(f"{place.console.url}/expediente/{reference}/{sly}").status in (
            404,
            303,
        )
    second = advisor.context.new_page()
    place.go(second, "/casos")
    place.go(advisor, "/")
    advisor.get_by_role("button", name="Salir").click()
    advisor.get_by_label("Usuario").wait_for()
    second.get_by_label("Usuario").wait_for(timeout=LONG)  # the open page leaves by itself
