"""*Mapa*: a portal is looked through, and what it calls otherwise is chosen and accepted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from robots.console.user_store import Role
from robots.run.lock import only_worker
from tests.support.access import serious
from tests.support.captured import People, found_in
from tests.support.console import PATIENCE, Place
from tests.support.door import Door
from tests.support.mini_world import MiniWorld

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

#: what the robot looks for; the portal has the names of before
OTHERWISE = {
    "sisact": """
[MenuFrame]
consulta_de_sec = "Consultar SEC"   # por confirmar
[ConsultaPage]
numero = "Nro. SEC"
""",
    "remedy": """
[IncidentPage]
ruc = { name = "R.U.C.", arid = "999999999" }   # por confirmar
campana = { name = "Oferta", arid = "888888888" }
""",
}
PEOPLE = People("Zarzamora", 3)


@pytest.fixture(scope="module")
def place(open_place: Callable[..., Place]) -> Place:
    mini = MiniWorld()
    mini.configuration()
    return open_place(mini, ana=Role.ASESOR, sonia=Role.SUPERVISOR, oscar=Role.OPERADOR)


def map_of(place: Place, portal: str, text: str) -> Path:
    file = place.robot.folder / "mapas" / f"{portal}.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def centre(page: Page, box: Locator) -> str:
    """What is in front in the middle of a box of the picture."""
    found = box.evaluate(
        """(e) => { e.scrollIntoView({ block: "center" }); const b = e.getBoundingClientRect();
        return document.elementFromPoint((b.left + b.right) / 2, (b.top + b.bottom) / 2)
          .getAttribute("aria-label"); }"""
    )
    return str(found)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText")).strip()


def test_a_name_is_pointed_at_and_the_next_one_chosen_by_keyboard(place: Place) -> None:
    file = map_of(place, "remedy", OTHERWISE["remedy"])
    before = place.mock.state()
    page = place.of("oscar")
    place.look_through(page, "remedy")
    page.get_by_alt_text("Nueva incidencia: la página como se ve").wait_for()
    accept = page.get_by_role("button", name="Aceptar")
    assert accept.is_disabled()
    pointed = page.get_by_role("button", name="Elegir «RUC (536871013)»")
    assert centre(page, pointed).startswith("Elegir «RUC (536871013)»")
    pointed.click()
    page.get_by_text("Se escribiría en «RUC (536871013)».").wait_for()
    assert page.get_by_role("radio", name="«RUC (536871013)»").is_checked()
    assert pointed.get_attribute("aria-pressed") == "true"
    assert file.read_text(encoding="utf-8") == OTHERWISE["remedy"], "choosing accepts nothing"
    accept.click()
    page.get_by_text("Aceptados ahora: 1. Falta elegir 1.").wait_for()
    told = OTHERWISE["remedy"].replace("R.U.C.", "RUC").replace("999999999", "536871013")
    assert file.read_text(encoding="utf-8") == told

    page.get_by_role("radio", name="«RUC (536871013)»").focus()
    page.keyboard.press("Space")
    page.get_by_text("Se escribiría en «RUC (536871013)».").wait_for()
    page.keyboard.press("ArrowDown")
    page.get_by_text("Se escribiría en «Campaña (536871015)».").wait_for()
    while not focused(page).endswith("Aceptar"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("✓ ahora «Campaña (536871015)»").wait_for()
    told = told.replace("Oferta", "Campaña").replace("888888888", "536871015")
    assert file.read_text(encoding="utf-8") == told
    after = place.mock.state()
    for kept in ("writes", "siac", "nintex", "remedy", "mail"):
        assert after[kept] == before[kept]

    place.go(page, "/auditoria")
    for key, old, new in (("ruc", "R.U.C.", "RUC (536871013)"), ("campana", "Oferta", "Campaña")):
        row = page.get_by_role("row", name=f"Remedy IncidentPage.{key}")
        for text in ("oscar", "Aceptó un nombre en el mapa", f"nombre: {old}", f"nombre: {new}"):
            assert text in row.inner_text()
    page.context.close()


def test_only_an_operator_sees_it(place: Place) -> None:
    """Runs second: the pictures are of the look before."""
    doors = {name: Door(place.console.url) for name in ("ana", "sonia", "oscar")}
    for name, door in doors.items():
        door.come_in(name)
        _, _, page = door.ask("GET", "/mapa")
        assert ("Su rol no ve esta página" in page) is (name != "oscar")
        assert ("Recorrer" in page) is (name == "oscar")
    oscar = place.of("oscar")
    place.go(oscar, "/mapa?portal=remedy")
    address = oscar.locator(".cf-map-picture > img").get_attribute("src")
    oscar.context.close()
    assert address
    status = {name: door.ask("GET", address)[0] for name, door in doors.items()}
    assert status == {"ana": 404, "sonia": 404, "oscar": 200}
    assert doors["oscar"].ask("GET", f"{address}9")[0] == 404


@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_a_screen_reader_s_way(place: Place, scheme: str) -> None:
    map_of(place, "sisact", OTHERWISE["sisact"])
    page = place.of("oscar", color_scheme=scheme)
    place.look_through(page, "sisact")
    page.get_by_role("radio").first.check()
    page.get_by_text("Se pulsaría").wait_for()
    assert serious(page) == []
    page.context.close()


@pytest.mark.full
@pytest.mark.parametrize("portal", ["sisact", "siac", "nintex", "remedy"])
def test_nobodys_data_is_shown_or_left(place: Place, portal: str) -> None:
    place.mock.reset(PEOPLE.world())
    page = place.of("oscar")
    place.look_through(page, portal, *PEOPLE.options[1::2])
    place.go(page, f"/mapa?portal={portal}")
    group = page.get_by_role("group", name="Páginas").get_by_role("button")
    assert group.count() > 2
    for button in group.all():
        button.click()
        page.locator(".cf-map-picture > img").wait_for()
        assert [*found_in(page.content().encode(), PEOPLE)] == []
    assert not (place.robot.folder / "var" / "maps").exists()
    page.context.close()


@pytest.mark.full
def test_after_an_accept_the_tour_goes_further(place: Place) -> None:
    map_of(place, "sisact", OTHERWISE["sisact"])
    page = place.of("oscar")
    place.look_through(page, "sisact")
    page.get_by_text("El recorrido se detuvo aquí: no se encuentra «Consultar SEC».").wait_for()
    page.get_by_role("radio", name="«Consulta de SEC»").check()
    page.get_by_text("Se pulsaría «Consulta de SEC».").wait_for()
    page.get_by_role("button", name="Aceptar").click()
    page.get_by_text("Aceptados ahora: 1. Recorra de nuevo para verlos.").wait_for()
    page.get_by_role("button", name="Recorrer").click()
    page.get_by_role("button", name="Consulta de SEC · 1 por elegir").wait_for(timeout=PATIENCE)
    assert page.get_by_role("radio", name="«N° de SEC»").count() == 1
    page.context.close()


@pytest.mark.full
def test_a_capture_is_looked_through_where_the_portal_is_not(place: Place) -> None:
    folder = place.robot.folder / "var" / "captures" / "lunes"
    done = place.robot.call("capture", "sisact", "--out", str(folder))
    assert done.code == 0, done.out + done.err
    file = map_of(place, "sisact", OTHERWISE["sisact"])
    page = place.of("oscar")
    place.go(page, "/mapa?portal=siac")
    page.get_by_label("Qué se recorre").click()
    page.get_by_role("option", name="El portal, ahora").wait_for()
    assert page.get_by_role("option", name="lunes").count() == 0, "it is another portal's"
    place.go(page, "/mapa?portal=sisact")
    seen = place.mock.requests("sisact")
    page.get_by_label("Qué se recorre").click()
    page.get_by_role("option", name="La captura «lunes»").click()
    page.get_by_role("button", name="Recorrer").click()
    page.get_by_role("heading", name="en la captura «lunes»").wait_for(timeout=PATIENCE)
    assert place.mock.requests("sisact") == seen
    page.get_by_role("radio", name="«Consulta de SEC»").check()
    page.get_by_role("button", name="Aceptar").click()
    page.get_by_text("✓ ahora «Consulta de SEC»").wait_for()
    assert "Consulta de SEC" in file.read_text(encoding="utf-8")
    page.context.close()


@pytest.mark.full
def test_what_cannot_be_is_told_in_a_sentence(place: Place) -> None:
    page = place.of("oscar")
    place.go(page, "/mapa?portal=sisact")
    map_of(place, "sisact", "MenuFrame.nada = 'x'\n")
    page.get_by_role("button", name="Recorrer").click()
    page.get_by_text("No existe «MenuFrame.nada»").wait_for(timeout=PATIENCE)
    file = map_of(place, "sisact", OTHERWISE["sisact"])
    database = f"sqlite:///{place.robot.folder / 'var' / 'cargofijo.sqlite'}"
    with only_worker(database):
        page.get_by_role("button", name="Recorrer").click()
        page.get_by_text("Otro proceso del robot está trabajando").wait_for(timeout=PATIENCE)
    place.look_through(page, "sisact")
    twice = OTHERWISE["sisact"] + 'evaluacion = "Consulta de SEC"\n'
    map_of(
        place, "sisact", twice.replace("[ConsultaPage]\n", "").replace('numero = "Nro. SEC"', "")
    )
    page.get_by_role("radio", name="«Consulta de SEC»").check()
    page.get_by_role("button", name="Aceptar").click()
    page.get_by_text("se llaman igual").wait_for()
    assert "Consultar SEC" in file.read_text(encoding="utf-8")
    page.context.close()
