"""What else happens in a guided case: drops, changes, failures, restarts, and many at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from robots.console.user_store import Role
from tests.support.console import LONG, PATIENCE, PDF, Console, Place, drop
from tests.support.lists import make_list
from tests.support.mini_world import MiniWorld

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

ADVISORS = ("ana", "berta", "carla", "dora", "elsa")
#: the serials of the cases
DROPPED, APPROVED, FAILED, KILLED = 1, 2, 3, 4
OF_FIVE, OF_LIST = range(5, 10), range(10, 14)


@pytest.fixture(scope="module")
def place(open_place: Callable[..., Place]) -> Place:
    mini = MiniWorld()
    mini.sale()
    mini.sale()
    for _ in range(OF_LIST.stop - FAILED):
        mini.configuration()
    people = dict.fromkeys(ADVISORS, Role.ASESOR)
    people |= {"sonia": Role.SUPERVISOR, "marta": Role.SUPERVISOR, "oscar": Role.OPERADOR}
    return open_place(mini, **people)


def validate(place: Place, page: Page, serial: int) -> None:
    place.type_case(page, serial)
    page.get_by_role("button", name="Validar", exact=True).click()


def register(page: Page) -> None:
    page.get_by_role("button", name="Siguiente").click(timeout=PATIENCE)
    page.get_by_role("button", name="Registrar").click()


def filed(place: Place, serial: int, where: str = "activaciones") -> list[dict[str, Any]]:
    sec = place.mini.rows[serial - 1]["sec"]
    return [r for r in place.mock.state()["nintex"][where] if r["sec"] == sec]


def test_evidence_dropped_on_a_new_case_is_filed_with_it(place: Place) -> None:
    page = place.of("ana")
    place.type_case(page, DROPPED)
    drop(page, "programa.pdf", b"MZ\x90\0")
    page.get_by_text("no es el de un .pdf").first.wait_for()
    drop(page, "oferta.pdf", PDF)
    page.get_by_role("button", name="Quitar oferta.pdf").wait_for()
    page.get_by_label("Origen de la evidencia").click()
    page.get_by_role("option", name="DACE").click()
    page.get_by_label("Oferta vigente hasta").fill("31/12/2026")
    page.get_by_role("button", name="Validar", exact=True).click()
    page.get_by_text("Ventas: con oferta vigente o aprobada").first.wait_for(timeout=PATIENCE)
    register(page)
    page.get_by_text("Paso 3 de 3 · Seguimiento").wait_for(timeout=PATIENCE)
    (request,) = filed(place, DROPPED, "operador")
    assert [file["name"] for file in request["attachments"] if "oferta" in file["name"]]
    assert not [file["name"] for file in request["attachments"] if "programa" in file["name"]]


def test_nobody_answers_their_own_and_a_changed_request_is_asked_for_again(place: Place) -> None:
    sonia = place.of("sonia")
    place.type_case(sonia, APPROVED)
    drop(sonia, "oferta.pdf", PDF)
    sonia.get_by_role("button", name="Quitar oferta.pdf").wait_for()
    sonia.get_by_label("Origen de la evidencia").click()
    sonia.get_by_role("option", name="CAE").click()
    sonia.get_by_role("button", name="Validar", exact=True).click()
    register(sonia)
    sonia.get_by_text("Un supervisor aprueba o rechaza").first.wait_for(timeout=PATIENCE)
    place.go(sonia, "/aprobaciones")
    sonia.get_by_text("debe responder otra persona").wait_for()
    assert not sonia.get_by_role("button", name="Aprobar").count()
    marta = place.of("marta")
    place.go(marta, "/aprobaciones")
    marta.get_by_text("S/ 39.90", exact=True).first.wait_for()
    # The same case with another charge: what was asked for is void, on the open page too.
    folder = place.folder / "changed"
    folder.mkdir()
    (folder / "oferta.pdf").write_bytes(PDF)
    row = {
        **place.mini.rows[APPROVED - 1],
        "cargo_fijo_ofrecido": "44.90",
        "evidencia": "oferta.pdf",
        "origen_evidencia": "CAE",
    }
    oscar = place.of("oscar")
    place.go(oscar, "/corridas")
    inputs = oscar.locator("input[type=file]")
    inputs.first.set_input_files(make_list(folder / "lista.xlsx", row))
    oscar.get_by_text("no existe ese archivo").wait_for()
    inputs.nth(1).set_input_files(folder / "oferta.pdf")
    oscar.get_by_role("button", name="Ejecutar 1 caso").click()
    marta.get_by_text("S/ 44.90", exact=True).first.wait_for(timeout=PATIENCE)
    assert not marta.get_by_text("S/ 39.90").count()
    marta.get_by_role("button", name="Rechazar").click()
    marta.get_by_text("para rechazar hace falta el motivo").wait_for()
    marta.get_by_label("Motivo").fill("No hay sustento")
    marta.get_by_role("button", name="Rechazar").click()
    marta.get_by_text("Nada espera su respuesta").wait_for()
    place.open_case(sonia, APPROVED, "Requiere asesor")
    sonia.get_by_text("APROBACION_RECHAZADA").first.wait_for(timeout=PATIENCE)
    assert not filed(place, APPROVED, "operador")
    place.go(marta, "/auditoria")
    rejected = marta.get_by_role("row").filter(has_text="Rechazó la solicitud")
    for text in ("respuesta: ninguna", "respuesta: rechazada; motivo: No hay sustento"):
        assert text in rejected.inner_text()


def test_a_case_that_failed_says_why_and_is_tried_again(place: Place) -> None:
    page = place.of("ana")
    validate(place, page, FAILED)
    page.get_by_text("Procede", exact=True).wait_for(timeout=PATIENCE)
    place.mock.fault({"portal": "siac", "kind": "error", "status": 500, "times": 10_000})
    register(page)
    page.get_by_text("Falla técnica", exact=True).wait_for(timeout=PATIENCE)
    page.get_by_role("link", name="Ver el caso").click()
    page.get_by_text("no quedó registrada ninguna solicitud").wait_for()
    assert page.get_by_text("PORTAL_NO_DISPONIBLE").first.is_visible()
    place.mock.call("DELETE", "/faults")
    page.get_by_role("button", name="Intentar de nuevo").click()
    page.get_by_text("Nada más por hacer").wait_for(timeout=PATIENCE)
    assert len(filed(place, FAILED)) == 1
    done = page.get_by_role("row").filter(has_text="Intentó de nuevo").inner_text()
    assert "Falla técnica" in done, "what stood before"


def test_five_advisors_at_once_see_and_file_each_their_own(place: Place) -> None:
    pages = dict(zip(OF_FIVE, (place.of(name) for name in ADVISORS), strict=True))
    for serial, page in pages.items():
        validate(place, page, serial)
    for serial, page in pages.items():
        page.get_by_text("Procede", exact=True).wait_for(timeout=PATIENCE)
        shown = page.locator(".q-stepper").inner_text()
        lines = [place.mini.rows[n - 1]["lineas"] for n in OF_FIVE if place.mini.rows[n - 1]]
        assert [n for n in lines if n in shown] == [place.mini.rows[serial - 1]["lineas"]]
        register(page)
    for serial, page in pages.items():
        page.get_by_text("Paso 3 de 3 · Seguimiento").wait_for(timeout=PATIENCE)
        assert len(filed(place, serial)) == 1
        place.go(page, "/casos")
        page.get_by_text(place.mini.rows[serial - 1]["lineas"]).wait_for()
        others = [n for n in OF_FIVE if n != serial]
        assert not any(page.get_by_text(place.mini.rows[n - 1]["lineas"]).count() for n in others)


def test_a_run_is_stopped_softly(place: Place) -> None:
    page = place.of("oscar")
    place.go(page, "/corridas")
    path = make_list(place.folder / "four.xlsx", *(place.mini.rows[n - 1] for n in OF_LIST))
    page.locator("input[type=file]").first.set_input_files(path)
    place.mock.fault({"portal": "siac", "kind": "slow", "ms": 5000, "times": 3})
    page.get_by_role("button", name="Ejecutar 4 casos").click()
    page.get_by_text("En curso: 1").wait_for(timeout=PATIENCE)
    page.get_by_role("button", name="Detener").click()
    page.get_by_text("4 de 4 filas terminadas").wait_for(timeout=PATIENCE)
    left = [n for n in OF_LIST if not filed(place, n)]
    assert 0 < len(left) < len(OF_LIST), "what was at work has ended, the rest has not begun"
    assert page.get_by_text(f"No iniciado: {len(left)}").is_visible()
    place.go(page, "/auditoria")
    stopped = page.get_by_role("row").filter(has_text="Detuvo una corrida").inner_text()
    assert f"sin empezar: {len(left)}" in stopped


def test_another_site_in_the_same_browser_can_do_nothing(place: Place) -> None:
    """The worst one: its host is the console's, so that the session's cookie goes along."""
    page = place.of("ana")
    evil = page.context.new_page()
    evil.goto(place.mock.url("sisact"))
    socket = place.console.url.replace("http", "ws")
    answer = evil.evaluate(
        """url => new Promise(done => {
            const socket = new WebSocket(url);
            socket.onopen = () => done("open");
            socket.onerror = () => done("refused");
        })""",
        f"{socket}/_nicegui_ws/socket.io/?EIO=4&transport=websocket",
    )
    assert answer == "refused"
    send = """url => fetch(url, {method: "POST", mode: "no-cors", credentials: "include"})
        .then(answer => answer.type)"""
    assert evil.evaluate(send, f"{place.console.url}/salir") == "opaque"
    page.reload()
    page.get_by_role("heading", level=1).wait_for()
    own = place.console.url.replace("http", "ws")
    assert (
        page.evaluate(
            """url => new Promise(done => {
            const socket = new WebSocket(url);
            socket.onopen = () => done("open");
            socket.onerror = () => done("refused");
        })""",
            f"{own}/_nicegui_ws/socket.io/?EIO=4&transport=websocket",
        )
        == "open"
    ), "the same from its own page"


def test_a_console_that_dies_loses_nothing(place: Place) -> None:
    """Runs last: the console is another one afterwards."""
    page = place.of("ana")
    validate(place, page, KILLED)
    place.mock.fault({"portal": "nintex", "kind": "slow", "ms": 60_000, "times": 1})
    register(page)
    page.get_by_text("Caso SIAC 7").wait_for(timeout=PATIENCE)
    place.console.kill()
    place.mock.call("DELETE", "/faults")
    place.console = Console(place.robot)
    place.go(page, "/casos")  # her session has outlived it
    page.locator(f"a[href^='/caso/CF-{place.mini.rows[KILLED - 1]['sec']}']").click(timeout=LONG)
    page.get_by_text("Nada más por hacer").wait_for(timeout=PATIENCE)
    assert len(filed(place, KILLED)) == 1
    sec = place.mini.rows[KILLED - 1]["sec"]
    assert len([c for c in place.mock.state()["siac"]["cases"] if c["sec"] == sec]) == 1
