"""The pictures of docs/mapear.md: a portal that calls two things otherwise, mapped in the console.

With CARGOFIJO_PICTURES=1 they are made anew; without, they are made beside, and only compared by
name.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from robots.console.user_store import Role
from tests.support.album import album_of
from tests.support.captured import People
from tests.support.console import Place
from tests.support.machine import ROOT
from tests.support.mini_world import MiniWorld

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

GUIDE = ROOT / "docs" / "mapear.md"
PEOPLE = People("Zarzamora", 3)
OTHERWISE = """
[TemplatePage]
cargo = "Monto ofrecido"
[CaseSearchPage]
encontrados = { columns = { numero = "Nro. caso" } }
"""


def test_a_portal_is_mapped_in_the_console(
    open_place: Callable[..., Place], tmp_path_factory: pytest.TempPathFactory
) -> None:
    album = album_of(GUIDE, tmp_path_factory.mktemp("album"))
    place = open_place(MiniWorld(), oscar=Role.OPERADOR)
    place.mock.reset(PEOPLE.world())
    maps = place.robot.folder / "mapas"
    maps.mkdir()
    (maps / "siac.toml").write_text(OTHERWISE, encoding="utf-8")
    page = place.of("oscar")
    place.look_through(page, "siac", *PEOPLE.options[1::2])
    place.go(page, "/mapa?portal=siac")
    page.get_by_role("button", name="Registrar caso · 1 por elegir").click()
    page.get_by_role("button", name="Elegir «Cargo fijo ofrecido»").click()
    page.get_by_text("Se escribiría en «Cargo fijo ofrecido»").wait_for()
    album.take(page, "mapa", height=1000)
    page.get_by_role("button", name="Aceptar").click()
    page.get_by_text("Aceptados ahora: 1. Falta elegir 1.").wait_for()
    page.get_by_role("button", name="1 por elegir").click()
    page.get_by_role("radio", name="«N° caso»").check()
    page.get_by_text("Se leería «10000000».").wait_for()
    page.get_by_text("Anotado:").wait_for(state="detached")
    album.take(page, "columna", height=1000)
    album.check(GUIDE)
