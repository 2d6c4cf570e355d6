"""Who sees or points otherwise: each page for a screen reader, by its colours, and by keyboard."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from flows.rules.case import Estado
from tests.support.access import serious
from tests.support.console import LONG, PDF, Console, come_in, drop
from tests.support.filled import PAGES, Filled
from tests.support.lists import make_list
from tests.support.mock import MockPortals
from tests.support.robot import Robot

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

CASES = (
    Estado.REQUIERE_ASESOR,
    Estado.PENDIENTE_DE_EVIDENCIA,
    Estado.PENDIENTE_DE_APROBACION,
    Estado.ATENDIDO,
)
#: what has to be within reach of the keyboard
CONTROLS = (
    "a[href], button:not([disabled]), input:not([type=hidden]):not([type=file]), textarea, "
    "[role=button]:not([aria-disabled=true]), [role=combobox]"
)


class Seen:
    def __init__(self, filled: Filled, console: Console, browser: Browser) -> None:
        self.filled, self.console, self.browser = filled, console, browser

    def paths(self) -> tuple[str, ...]:
        return (*PAGES, *(f"/caso/{self.filled.references[estado]}" for estado in CASES))

    def open(self, page: Page, path: str) -> None:
        page.goto(self.console.url + path)
        page.get_by_role("heading", level=1).wait_for()


@pytest.fixture(scope="module")
def seen(
    mock_process: MockPortals, window: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Seen]:
    robot = Robot(mock_process, tmp_path_factory.mktemp("access") / "robot")
    filled = Filled(f"sqlite:///{robot.folder / 'var' / 'cargofijo.sqlite'}")
    console = Console(robot)
    yield Seen(filled, console, window)
    console.stop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["sonia", "oscar"])
def test_nothing_serious_stands_in_a_screen_reader_s_way(
    seen: Seen, name: str, scheme: str
) -> None:
    outside = seen.browser.new_page(color_scheme=scheme)
    outside.goto(seen.console.url)
    assert serious(outside) == []
    page = come_in(seen.browser, seen.console, name, color_scheme=scheme)
    for path in seen.paths():
        seen.open(page, path)
        assert serious(page) == [], path


def test_every_control_is_within_reach_of_the_keyboard(seen: Seen) -> None:
    page = come_in(seen.browser, seen.console, "sonia")
    for path in seen.paths():
        seen.open(page, path)
        page.evaluate(
            "document.addEventListener('focusin', e => e.target.dataset.reached = 'yes', true)"
        )
        controls = page.locator(CONTROLS).filter(visible=True)
        for _ in range(controls.count() + 10):
            page.keyboard.press("Tab")
        left = (
            page.locator(CONTROLS)
            .filter(visible=True)
            .evaluate_all(
                "all => all.filter(e => !e.dataset.reached && !e.closest('[data-reached]'))"
                ".map(e => e.outerHTML.slice(0, 200))"
            )
        )
        assert left == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nor_in_the_way_of_what_is_asked_before_something_is_done(seen: Seen, scheme: str) -> None:
    page = come_in(seen.browser, seen.console, "sonia", color_scheme=scheme)
    stopped = f"/caso/{seen.filled.references[Estado.REQUIERE_ASESOR]}"
    seen.open(page, stopped)
    page.get_by_role("button", name="Hecho a mano").click()
    page.get_by_role("button", name="Marcar como atendido").click()
    page.get_by_text("se espera el número").wait_for()
    assert page.get_by_role("dialog", name="Ya se registró a mano").is_visible()
    assert serious(page, dialog=True) == [], "done by hand"
    page.get_by_role("button", name="Cancelar").click()
    page.get_by_role("button", name="Devolver a un asesor").click()
    page.get_by_label("A quién").click()
    page.get_by_role("option", name="ana").click()
    page.get_by_role("button", name="Devolver", exact=True).click()
    page.get_by_text("Falta a quién, o por qué.").wait_for()
    assert page.get_by_role("dialog", name="Devolver a un asesor").is_visible()
    assert serious(page, dialog=True) == [], "sent back, and told what is missing"
    seen.open(page, f"/caso/{seen.filled.references[Estado.PENDIENTE_DE_EVIDENCIA]}")
    drop(page, "programa.pdf", b"MZ")
    page.get_by_text("no es el de un .pdf").wait_for()
    drop(page, "oferta.pdf", PDF)
    page.get_by_text("✓ oferta.pdf").wait_for()
    assert serious(page) == [], "evidence"
    seen.open(page, "/aprobaciones")
    page.get_by_role("button", name="Rechazar").click()
    page.get_by_text("para rechazar hace falta el motivo").wait_for()
    assert serious(page) == [], "a rejection without its reason"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nor_of_a_list_with_bad_rows(seen: Seen, scheme: str, tmp_path: Path) -> None:
    page = come_in(seen.browser, seen.console, "oscar", color_scheme=scheme)
    seen.open(page, "/corridas")
    bad = make_list(tmp_path / "lista.xlsx", {"id": "1", "ruc": "20990009017"})
    page.locator("input[type=file]").first.set_input_files(bad)
    page.get_by_text("1 fila tiene datos inválidos").wait_for()
    assert serious(page) == []


def test_a_request_is_rejected_without_a_mouse(seen: Seen) -> None:
    """Runs last: nothing waits afterwards."""
    page = come_in(seen.browser, seen.console, "sonia")
    page.get_by_role("link", name="Aprobaciones").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Motivo").focus()
    page.keyboard.type("No corresponde")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText").strip().endswith("Rechazar")
    page.keyboard.press("Enter")
    page.get_by_text("Nada espera su respuesta").wait_for(timeout=LONG)


def test_nothing_serious_is_in_an_open_list(seen: Seen) -> None:
    page = come_in(seen.browser, seen.console, "sonia")
    seen.open(page, "/casos")
    page.get_by_role("combobox", name="Estado").click()
    page.get_by_role("listbox").wait_for(timeout=LONG)
    assert serious(page) == []
    page.context.close()
