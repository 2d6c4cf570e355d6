"""A real Web Forms application, read and worked in by the ordinary declarations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pages.contract.errors import SessionLost
from tests.support.webforms import WebForms
from tests.webforms import samples
from tests.webforms.conftest import Enter
from tests.webforms.impatient import registered_twice
from tests.webforms.pages.cases import QuickPage, RegisterPage
from tests.webforms.pages.reports import Client, ClientPage
from tests.webforms.pages.search import SearchPage
from tests.webforms.portal import Ventanilla
from tests.webforms.refusals import refused

Run = Callable[[Awaitable[Any]], Any]


def test_every_page_of_a_search_is_read(portal: Ventanilla, run: Run) -> None:
    assert run(portal.search()) == samples.ALL


def test_nothing_found_is_no_record(portal: Ventanilla, run: Run) -> None:
    assert run(portal.search("999999")) == ()


def test_windows_open_out_of_postbacks_and_their_tabs_are_menus(
    portal: Ventanilla, run: Run
) -> None:
    assert run(portal.read_sec("300010")) == samples.EVALUATION


def test_tab_container_is_read(portal: Ventanilla, run: Run) -> None:
    assert run(portal.read_line("300010", "987600002")) == samples.LINE


def test_labels_of_every_layout(portal: Ventanilla, run: Run) -> None:
    async def read() -> Client:
        return Client(**await (await portal.open(ClientPage)).fields_of(Client))

    assert run(read()) == Client(
        codigo="C-0042",
        nombre="Ñandú Móvil",
        zona="Sur",
        cartera="Corporativa",
        segmento="Gran empresa",
        representante="Rosa Quispe Ñahui",
        correo="rosa@ejemplo.pe",
        telefono="987 654 321",
        postal="15001",
        distrito="Jesús María",
        contratos="7",
        recibe_correo="no",
        vigente="sí",
        persona="Jurídica",
        canales="Web, Teléfono fijo",
        productos="Móvil, Internet",
        alta="15/11/2026",
        deuda=Decimal("1234.50"),
        observacion="",
        ejecutivo="Luis Ponce",
        anexo="",
        sede="San Isidro",
        piso="12",
        contacto="Elsa Mamani",
        alterno="Iván Cárdenas",
    )


def test_async_cascade(portal: Ventanilla, run: Run) -> None:
    async def choose() -> tuple[str, str]:
        page = await portal.open(SearchPage)
        await page.departamento.fill("Cusco")
        await page.provincia.fill("Cusco provincia 2")
        return await page.departamento.read(), await page.provincia.read()

    assert run(choose()) == ("Cusco", "Cusco provincia 2")


def test_case_is_registered_with_all_its_fields(
    portal: Ventanilla, bench: WebForms, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "descripción del caso.pdf"
    file.write_bytes(b"x" * 1234)
    number = run(portal.register(samples.draft(file)))
    (case,) = bench.cases("REF-900")
    assert (case["Numero"], case["Tipo"], case["Llamada"]) == (number, "Reclamo", True)
    assert case["Ficha"].split("|") == [
        *("Reclamo.2.3", "20600000007", "Alta", "Voz,SMS", "Soporte", "CE 004512378", "129.90"),
        "descripción del caso.pdf (1234 bytes)",
    ]


def test_what_the_form_refuses_is_told_by_its_words(
    portal: Ventanilla, bench: WebForms, run: Run
) -> None:
    async def send() -> None:
        page = await portal.open(RegisterPage)
        await page.save_unasked(await portal.main(), samples.draft())

    with refused("Seleccione la subclase"):
        run(send())
    assert not bench.cases("REF-900")


@pytest.mark.parametrize("kind", [QuickPage, RegisterPage])
def test_two_clicks_are_two_records(
    kind: type[QuickPage | RegisterPage], portal: Ventanilla, bench: WebForms, run: Run
) -> None:
    run(registered_twice(portal, bench, kind))
    assert len(bench.cases("REF-900")) == 2
    assert [case.referencia for case in run(portal.cases("REF-900"))] == ["REF-900"] * 2


def test_window_that_closes_itself_has_saved(portal: Ventanilla, bench: WebForms, run: Run) -> None:
    run(portal.add_note("5002", "Se llamó al cliente"))
    assert bench.cases("REF-002")[0]["notas"] == ["Se llamó al cliente"]
    (case,) = run(portal.cases("REF-002"))
    assert case.notas == "Se llamó al cliente"


def test_session_that_ends_is_lost(enter: Enter, bench: WebForms, run: Run) -> None:
    portal = enter()

    async def search() -> None:
        page = await portal.open(SearchPage)
        await portal.context.request.get(f"{bench.url}/Control.axd?vencer=1")
        await page.search()

    with pytest.raises(SessionLost):
        run(search())
