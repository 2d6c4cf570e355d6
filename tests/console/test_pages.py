"""Every page with cases in every state, as each role sees it: over HTTP, without a browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from flows.rules.case import Estado
from tests.support.console import Console
from tests.support.door import Door
from tests.support.filled import MARKUP, PAGES, ROLES, Filled
from tests.support.mock import MockPortals
from tests.support.postgres import server
from tests.support.robot import Robot

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def opened(
    request: pytest.FixtureRequest,
    mock_process: MockPortals,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Filled, Console]]:
    folder = tmp_path_factory.mktemp("pages") / "robot"
    with ExitStack() as stack:
        database = f"sqlite:///{folder / 'var' / 'cargofijo.sqlite'}"
        if request.param == "postgresql":
            database = stack.enter_context(server()).address
        filled = Filled(database)
        console = Console(Robot(mock_process, folder, CARGOFIJO_DATABASE_URL=database))
        yield filled, console
        console.stop()
        filled.ledger.engine.dispose()


def door(opened: tuple[Filled, Console], name: str) -> Door:
    made = Door(opened[1].url)
    assert made.come_in(name)[0] == 303
    return made


@pytest.mark.parametrize("name", ROLES)
def test_each_page_is_there_and_shows_markup_as_text(
    opened: tuple[Filled, Console], name: str
) -> None:
    inside = door(opened, name)
    for path in (*PAGES, *(f"/caso/{r}" for r in opened[0].references.values())):
        status, _, page = inside.ask("GET", path)
        assert status == 200, path
        assert "cf-title" in page, path
        assert MARKUP not in page, path


def test_who_sees_all_sees_each_case_with_what_may_be_done(
    opened: tuple[Filled, Console],
) -> None:
    inside = door(opened, "sonia")
    offered = {
        Estado.REQUIERE_ASESOR: ("Intentar de nuevo", "Hecho a mano", "Devolver a un asesor"),
        Estado.FALLA_TECNICA: ("Intentar de nuevo", "Hecho a mano", "Devolver a un asesor"),
        Estado.PENDIENTE_DE_EVIDENCIA: ("Seguir con esta evidencia",),
        Estado.PENDIENTE_DE_APROBACION: ("Espera a un supervisor",),
        Estado.ATENDIDO: ("Nada más por hacer",),
    }
    for estado, texts in offered.items():
        _, _, page = inside.ask("GET", f"/caso/{opened[0].references[estado]}")
        for text in (*texts, "S/ 39.90", "2.5 s"):
            assert text in page, (estado, text)
    _, _, page = inside.ask("GET", f"/caso/{opened[0].references[Estado.SIMULADO]}")
    assert "1 (simulación)" in page
    _, _, inbox = inside.ask("GET", "/aprobaciones")
    for text in (opened[0].request.reference, "70000009", "S/ 39.90", "Aprobar", "Rechazar"):
        assert text in inbox


def test_the_next_bills_are_shown_with_what_is_owed(opened: tuple[Filled, Console]) -> None:
    _, _, page = door(opened, "oscar").ask("GET", "/seguimiento")
    assert opened[0].references[Estado.ATENDIDO] in page
    for text in ("Desalineado", "11/2026", "S/ 59.90", "S/ 20.00", "Pendiente"):
        assert text in page


def test_an_advisor_sees_nothing_of_it_and_no_page_of_others(
    opened: tuple[Filled, Console],
) -> None:
    inside = door(opened, "ana")
    for reference in opened[0].references.values():
        _, _, page = inside.ask("GET", f"/caso/{reference}")
        assert "No existe ese caso, o no es suyo" in page and "39.90" not in page
    _, _, cases = inside.ask("GET", "/casos")
    assert "No hay ningún caso así" in cases
    for path in ("/corridas", "/seguimiento", "/graficos", "/auditoria", "/mapa"):
        assert "Su rol no ve esta página" in inside.ask("GET", path)[2]
    assert "Solo un supervisor" in inside.ask("GET", "/aprobaciones")[2]
