"""A real Web Forms application fitted by the commands: our words, a map, and every value right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pages.contract.ports import SISACT
from pages.core.account import Account, Limits
from pages.core.browser import Browser
from pages.inventory import KINDS
from robots.ops.portal_maps import MapSurface, load_map
from tests.support.mock import MockPortals
from tests.support.rewording import Person
from tests.support.robot import Robot
from tests.support.webforms import WebForms
from tests.webforms import samples
from tests.webforms.fitted.pages import Found
from tests.webforms.fitted.portal import Fitted
from tests.webforms.pages.search import Evaluation, LineDetail

pytestmark = pytest.mark.full
#: what the application calls what our pages call otherwise
RIGHT = {
    "LoginPage.usuario": "Usuario",
    "LoginPage.clave": "Contraseña",
    "LoginPage.entrar": "Ingresar",
    "Top.salir": "Cerrar sesión",
    "Options.evaluaciones": "Evaluación",
    "Options.buscar_sec": "Consulta de SEC",
    "Areas.arriba": "cabecera",
    "Areas.opciones": "menu",
    "Areas.centro": "trabajo",
    "SearchPage.encabezado": "Consulta de SEC",
    "SearchPage.numero": "N° de SEC",
    "SearchPage.ruc": "RUC",
    "SearchPage.consultar": "Buscar",
    "SearchPage.nada": "No se encontraron registros",
    "SearchPage.ver": "Ver",
    "SearchPage.encontradas.evaluacion": "N° de SEC",
    "SearchPage.encontradas.ruc": "RUC",
    "SearchPage.encontradas.cliente": "Razón social",
    "SearchPage.encontradas.situacion": "Estado",
    "SearchPage.encontradas.mensual": "Cargo fijo",
    "SecWindow.window_title": "Datos de la evaluación",
    "SecWindow.ready": "Datos de la evaluación",
    "SecWindow.generales": "Datos generales",
    "SecWindow.lineas_tab": "Líneas",
    "SecWindow.oferta": "Oferta",
    "SecWindow.eventos_tab": "Historial",
    "SecWindow.numero": "N° de SEC",
    "SecWindow.ruc": "RUC",
    "SecWindow.razon": "Razón social",
    "SecWindow.estado": "Estado",
    "SecWindow.persona": "Tipo de persona",
    "SecWindow.plan": "Plan tarifario",
    "SecWindow.cargo": "Cargo fijo",
    "SecWindow.lineas.linea": "Línea",
    "SecWindow.eventos.fecha": "Fecha",
    "SecWindow.eventos.evento": "Evento",
    "LineWindow.window_title": "Detalle de línea",
    "LineWindow.datos": "Datos",
    "LineWindow.recibos_tab": "Facturación",
    "LineWindow.linea": "Línea",
    "LineWindow.plan": "Plan tarifario",
    "LineWindow.cargo": "Cargo fijo",
    "LineWindow.observacion": "Observación",
    "LineWindow.recibos.mes": "Período",
    "LineWindow.recibos.monto": "Monto",
}


class Commands(Robot):
    """The commands, with the bench in the place of SISACT."""

    main, forks = "tests.webforms.fitted.commands:main", True


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, SISACT, Fitted)


def test_it_is_fitted_by_commands_and_every_value_is_read_right(
    bench: WebForms,
    mock: MockPortals,
    fitted: None,
    browser: Browser,
    run: Callable[[Awaitable[Any]], Any],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    sisact = "CARGOFIJO_PORTALS__SISACT__"
    address = {f"{sisact}URL": bench.url, f"{sisact}USERNAME": "ana", f"{sisact}PASSWORD": "clave"}
    robot = Commands(mock, tmp_path, CARGOFIJO_POLICY__PAGE_LIMIT="6", **address)
    before = bench.control()["casos"]
    shown = ("--sec", "300010", "--linea", "987600002")
    person = Person(robot, "sisact", dict(RIGHT), MapSurface(SISACT), *shown)
    record_property("bench", str(person.maps()))
    assert bench.control()["casos"] == before

    account = Account(bench.url, "ana", lambda: "clave", names=load_map(SISACT, person.file))

    async def read() -> tuple[tuple[Found, ...], Evaluation, LineDetail]:
        context = await browser.context()
        portal = Fitted(context, account, limits=Limits(visible=20))
        read = (
            await portal.search(),
            await portal.read_sec("300010"),
            await portal.read_line("300010", "987600002"),
        )
        await portal.log_out(await portal.main())
        await context.close()
        return read

    every, sec, line = run(read())
    assert [tuple(one.model_dump().values()) for one in every] == [
        tuple(one.model_dump().values()) for one in samples.ALL
    ]
    assert sec == samples.EVALUATION
    assert line == samples.LINE
