"""Every kind of grid that Web Forms makes, on the real thing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pages.contract.text import as_day
from pages.core.elements import link
from tests.support.webforms import WebForms
from tests.webforms import samples
from tests.webforms.pages.cases import CasesPage
from tests.webforms.pages.reports import GridsPage
from tests.webforms.portal import Ventanilla

pytestmark = pytest.mark.full

Run = Callable[[Awaitable[Any]], Any]

_SECS = samples.ALL[:23]
_DAYS = [as_day(date(2026, 1, 1) + timedelta(days=at)) for at in range(1, 24)]
_TWO = [{"numero": sec.numero, "ruc": sec.ruc} for sec in _SECS]
PAGED: dict[str, list[dict[str, Any]]] = {
    "numerica": _TWO,
    "extremos": _TWO,
    "siguiente": _TWO,
    "cuatro": _TWO,
    "doble": _TWO,
    "una": [{"linea": str(987600000 + at)} for at in range(1, 24)],
    "datagrid": [
        {"numero": sec.numero, "fecha": day} for sec, day in zip(_SECS, _DAYS, strict=True)
    ],
    "datagrid_th": [{"numero": sec.numero, "monto": sec.cargo} for sec in _SECS],
    "datagrid_siguiente": [
        {"numero": sec.numero, "emision": day} for sec, day in zip(_SECS, _DAYS, strict=True)
    ],
}


@pytest.mark.parametrize("name", PAGED)
def test_all_pages_whichever_is_shown(name: str, portal: Ventanilla, run: Run) -> None:
    async def read() -> tuple[Any, Any]:
        grid = getattr(await portal.open(GridsPage), name)
        first = await grid.all_rows()
        return first, await grid.all_rows()  # now from its last page

    assert run(read()) == (PAGED[name], PAGED[name])


def test_header_without_th(portal: Ventanilla, run: Run) -> None:
    async def read() -> Any:
        return await (await portal.open(GridsPage)).td.rows()

    assert run(read()) == [
        {"numero": str(300000 + at), "plan": f"Max Negocios {29 + at % 5 * 10}"}
        for at in range(1, 24)
    ]


@pytest.mark.parametrize("name", ["vacia", "vacia_con_cabecera", "vacia_de_una"])
def test_empty(name: str, portal: Ventanilla, run: Run) -> None:
    async def read() -> Any:
        return await getattr(await portal.open(GridsPage), name).all_rows()

    assert run(read()) == []


def test_controls_in_rows_are_read_as_people_read_them(portal: Ventanilla, run: Run) -> None:
    cases = run(portal.cases())
    assert [case.numero for case in cases] == [str(5000 + at) for at in range(1, 13)]
    assert [case.estado for case in cases] == [*["Registrado"] * 3, "Cerrado"] * 3
    assert [case.detalle for case in cases] == [f"Línea {987000000 + at}" for at in range(1, 13)]


def test_empty_with_header_and_footer(portal: Ventanilla, run: Run) -> None:
    assert run(portal.cases("REF-NONE")) == ()


@pytest.mark.parametrize("numero", ["5001", "5005"])
def test_picture_button_of_one_row(
    numero: str, portal: Ventanilla, bench: WebForms, run: Run
) -> None:
    async def press() -> None:
        await (await portal.open(CasesPage)).press(numero, "Cerrar")

    run(press())
    closed = [case["Numero"] for case in bench.control()["casos"] if case["Estado"] == "Cerrado"]
    assert closed == sorted({numero, "5004", "5008", "5012"})


def test_link_of_one_row(portal: Ventanilla, run: Run) -> None:
    async def press() -> str:
        page = await portal.open(CasesPage)
        await page.press("5003", "Elegir")
        return await page.elegido.read()

    assert run(press()) == "5003"


def test_header_that_sorts(portal: Ventanilla, run: Run) -> None:
    async def sort() -> list[str]:
        page = await portal.open(CasesPage)
        async with page.postback():
            await link("N° de caso").on(page).click()
        return [row["numero"] for row in await page.casos.all_rows()]

    assert run(sort()) == [str(5000 + at) for at in range(12, 0, -1)]


def test_amounts_of_all_pages(portal: Ventanilla, run: Run) -> None:
    found = run(portal.search(ruc="20600000005"))
    assert [sec.cargo for sec in found] == [
        Decimal("1000.50") + at for at in range(1, 138) if at % 40 == 5
    ]
