"""NINTEX through the real browser: what is searched, what is filed, and what goes wrong."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pages.contract.errors import (
    AccessDenied,
    FormAltered,
    FormRefused,
    PortalDown,
    PortalError,
    PortalSlow,
    SubmitWithheld,
    WriteUncertain,
)
from pages.contract.nintex import NintexDraft, NintexRequest, Site
from pages.contract.ports import Picture, Sending
from pages.core.account import Limits
from pages.core.form import entries
from pages.nintex.portal import NintexPortal
from pages.nintex.request_form import RequestForm
from tests.support.mock import SEEDS, MockPortals
from tests.support.nintex_samples import CON_OFERTA, CONFIGURACION, VIEW, WORLD, request
from tests.support.pictures import form_height, height_of
from tests.support.seats import Seats


@pytest.fixture
def nintex(mock: MockPortals, seats: Seats) -> NintexPortal:
    mock.reset(WORLD)
    return seats.open(NintexPortal, mock)


def held(mock: MockPortals, library: str = "activaciones") -> list[Any]:
    records: list[Any] = mock.state()["nintex"][library]
    return records


def test_search_reads_what_the_list_holds(
    mock: MockPortals, nintex: NintexPortal, run: Any
) -> None:
    found = run(nintex.search(Site.ACTIVACIONES, "0045001"))

    assert [item.numero for item in found] == ["2", "1"], (
        "by SEC, and by a reference that contains it"
    )
    assert found[1].model_copy(update={"otros": {}}) == NintexRequest(
        numero="1",
        referencia="CF-0045001-20261101-0a1b2c",
        caso_siac="70000009",
        tipo_solicitud=CONFIGURACION,
        escenario="ACTIVACIONES_CONFIGURACION",
        sec="0045001",
        ruc="20100070970",
        lineas=("987654321", "912345678"),
        cargo=Decimal("1039.90"),
        estado="Pendiente",
        creado=date(2026, 11, 2),
        creado_por="asesor1",
        adjuntos=("acuerdo & oferta.pdf",),
    )
    assert found[0].estado == "Atendido"


def test_nothing_found_costs_one_request(mock: MockPortals, nintex: NintexPortal, run: Any) -> None:
    assert run(nintex.search(Site.ACTIVACIONES, "31415")) == ()
    before = mock.requests("nintex")
    assert run(nintex.search(Site.ACTIVACIONES, "27182")) == ()
    assert mock.requests("nintex") - before == 1
    assert run(nintex.search(Site.OPERADOR, "0045001")) == (), "the other site has its own list"


@pytest.mark.sample(1, of="a long list")
def test_results_over_several_pages(nintex: NintexPortal, run: Any) -> None:
    found = run(nintex.search(Site.ACTIVACIONES, "0077"))
    assert [int(item.numero) for item in found] == list(range(20, 9, -1))


def test_a_list_over_its_threshold(mock: MockPortals, seats: Seats, run: Any) -> None:
    many = [request(number, f"7{number:06d}") for number in range(1, 5002)]
    mock.reset({**WORLD, "nintex": {"operador": many, "activaciones": []}})
    nintex = seats.open(NintexPortal, mock)

    async def search() -> tuple[str, tuple[NintexRequest, ...]]:
        found = await nintex.search(Site.OPERADOR, "7004321")
        page = await nintex.main()
        await page.reload()
        refused = page.get_by_role("alert")
        await refused.wait_for()
        return await refused.inner_text(), found

    refusal, found = run(search())
    assert "umbral de la vista de lista" in refusal
    assert [item.sec for item in found] == ["7004321"]


def test_the_list_searches_by_itself_after_a_save(
    mock: MockPortals, nintex: NintexPortal, draft: NintexDraft, run: Any
) -> None:
    """It is asked again for anything else, and for the same a second time."""

    def searches() -> int:
        asked = mock.state()["requests"]
        return sum(one["count"] for one in asked if one["path"].endswith("inplview.aspx"))

    def found(texto: str) -> list[str]:
        return [item.referencia for item in run(nintex.search(Site.ACTIVACIONES, texto))]

    assert found(draft.sec) == []
    run(nintex.file(Site.ACTIVACIONES, draft))
    assert found(draft.sec) == [draft.referencia]
    assert searches() == 2
    assert found(draft.sec) == [draft.referencia]
    assert searches() == 3
    again = draft.model_copy(update={"referencia": f"{draft.referencia}-2"})
    run(nintex.file(Site.ACTIVACIONES, again))
    assert found("0045001"), "of another text"


def test_files_are_chosen_anew_for_each_request_of_a_window(
    mock: MockPortals, nintex: NintexPortal, draft: NintexDraft, run: Any
) -> None:
    for files in (draft.adjuntos, draft.adjuntos[:1]):
        run(nintex.file(Site.ACTIVACIONES, draft.model_copy(update={"adjuntos": files})))
    attached = [[one["name"] for one in item["attachments"]] for item in held(mock)[-2:]]
    assert attached == [[file.name for file in draft.adjuntos], [draft.adjuntos[0].name]]


def test_file_stores_what_was_drafted(
    mock: MockPortals, nintex: NintexPortal, draft: NintexDraft, run: Any
) -> None:
    number = run(nintex.file(Site.ACTIVACIONES, draft))

    item = held(mock)[-1]
    assert number in ("", item["id"])
    assert item == {
        "id": "21",
        "reference": draft.referencia,
        "siac_case": draft.caso_siac,
        "request_type": CONFIGURACION,
        "scenario": draft.escenario,
        "sec": draft.sec,
        "ruc": draft.ruc,
        "lines": list(draft.lineas),
        "charge": "1039.90",
        "status": "Pendiente",
        "created": "2026-11-20",
        "created_by": "robot",
        "attachments": [
            {"name": file.name, "sha256": hashlib.sha256(file.path.read_bytes()).hexdigest()}
            for file in draft.adjuntos
        ],
        "fields": {
            "FechaSolicitud": "20/11/2026",
            "Solicitante": "robot",
            "RazonSocial": draft.razon_social,
            "Ejecutivo": "Rosa Díaz",
            "EjecutivoCuenta": "CLARO\\ejecutivo",
            "Campana": draft.campana,
            "CargoLista": "1,259.90",
            "OfertaVigenteHasta": "31/12/2026",
            "AprobadoPor": "Luis Peña",
            "Detalle": draft.detalle,
            **{f"CargoLinea {linea}": "1039.90" for linea in draft.lineas},
        },
    }
    assert mock.state()["writes"] == 1

    before = mock.requests("nintex")
    (found,) = run(nintex.search(Site.ACTIVACIONES, draft.sec))
    assert mock.requests("nintex") - before <= 3, "the search, its form, the list's own refresh"
    assert (found.numero, found.lineas, found.cargo) == ("21", draft.lineas, draft.cargo)
    assert found.adjuntos == tuple(file.name for file in draft.adjuntos)
    assert nintex.altered_fields(draft, found) == ()


@pytest.mark.full
def test_each_field_that_the_portal_keeps_otherwise_is_named(
    mock: MockPortals, nintex: NintexPortal, draft: NintexDraft, run: Any
) -> None:
    run(nintex.file(Site.ACTIVACIONES, draft))
    kept = held(mock)[-1]
    labels = {
        getattr(RequestForm, n).name: entry.label for n, entry in entries(RequestForm).items()
    }
    labels |= {f"CargoLinea {linea}": f"Cargo fijo de {linea}" for linea in draft.lineas}
    # neither is typed: who files it, and which account the name that was chosen is
    untyped = ("Solicitante", "EjecutivoCuenta")
    of_fields = {name: "01/01/2020" for name in kept["fields"] if name not in untyped}
    changes = [
        *(({"fields": {**kept["fields"], n: value}}, labels[n]) for n, value in of_fields.items()),
        ({"siac_case": "70000999"}, "Caso SIAC"),
        ({"request_type": draft.tipo_solicitud.upper()}, "Tipo de solicitud"),
        ({"scenario": "POSTVENTA"}, "Escenario"),
        ({"ruc": "20100070971"}, "RUC"),
        ({"charge": "1039.91"}, "Cargo fijo"),
        ({"attachments": kept["attachments"][:1]}, "Adjuntos"),
    ]
    for change, label in changes:
        mock.patch(nintex={"activaciones": [{**kept, **change}]})
        (found,) = run(nintex.search(Site.ACTIVACIONES, draft.sec))
        assert nintex.altered_fields(draft, found) == (label,)


@pytest.mark.sample(1, of="another layout")
@pytest.mark.parametrize("seed", [str(seed) for seed in SEEDS])
def test_other_seeds_other_markup(
    seed: str, seats: Seats, draft: NintexDraft, tmp_path: Path, run: Any
) -> None:
    mock = MockPortals("--seed", seed)
    try:
        mock.reset(WORLD)
        nintex = seats.open(NintexPortal, mock)
        sale = draft.model_copy(
            update={
                "tipo_solicitud": CON_OFERTA,
                "escenario": "VENTAS_CON_OFERTA",
                "oferta_vigente_hasta": None,
                "lineas": draft.lineas[:1],
                "adjuntos": (),
                "ejecutivo": None,
            }
        )
        number = run(nintex.file(Site.OPERADOR, sale))
        (found,) = run(nintex.search(Site.OPERADOR, sale.referencia))
        assert number in ("", found.numero)
        assert (found.tipo_solicitud, found.lineas) == (CON_OFERTA, sale.lineas)
    finally:
        mock.stop()


@pytest.mark.sample(1, of="a refused form")
def test_what_the_form_refuses_is_told(
    mock: MockPortals, nintex: NintexPortal, draft: NintexDraft, run: Any
) -> None:
    bare = {"tipo_solicitud": CON_OFERTA, "oferta_vigente_hasta": None, "aprobado_por": ""}
    with pytest.raises(FormRefused, match="Oferta vigente hasta"):
        run(nintex.file(Site.OPERADOR, draft.model_copy(update=bare)))
    with pytest.raises(FormRefused, match="caso SIAC"):
        run(nintex.file(Site.OPERADOR, draft.model_copy(update={**bare, "caso_siac": ""})))
    assert mock.state()["writes"] == 0
    assert run(nintex.search(Site.OPERADOR, draft.sec)) == (), "the dialog left open is in no way"


@pytest.mark.sample(1, of="a withheld submit")
def test_a_withheld_submit_writes_nothing(
    mock: MockPortals, seats: Seats, draft: NintexDraft, tmp_path: Path, run: Any
) -> None:
    mock.reset(WORLD)
    nintex = seats.open(NintexPortal, mock)
    asked: list[tuple[str, str]] = []
    heights: list[float] = []

    async def refuse(sending: Sending, picture: Picture) -> bool:
        asked.append((sending.portal, sending.what))
        heights.append(await form_height((await nintex.main()).frames[-1]))
        await picture(tmp_path / "formulario.png")
        return False

    nintex.submit_hook = refuse
    many = {"lineas": tuple(f"98765432{n}" for n in range(6)), "detalle": "Una línea.\n" * 40}
    long = draft.model_copy(update=many)
    with pytest.raises(SubmitWithheld):
        run(nintex.file(Site.ACTIVACIONES, long))
    assert asked == [("NINTEX", "solicitud en BuzonActivaciones")]
    assert height_of(tmp_path / "formulario.png") >= heights[0] > 900, "more than its window shows"
    assert mock.state()["writes"] == 0
    assert run(nintex.search(Site.ACTIVACIONES, draft.sec)) == ()


@pytest.mark.sample(1, of="an altered form")
def test_a_form_that_changes_what_is_typed_is_not_sent(
    mock: MockPortals, nintex: NintexPortal, draft: NintexDraft, run: Any
) -> None:
    run(
        nintex.context.add_init_script(
            """document.addEventListener('change', (event) => {
                 if (event.target.closest('[data-controlname=RazonSocial]'))
                   event.target.value = event.target.value.slice(0, 8);
               }, true);"""
        )
    )
    with pytest.raises(FormAltered, match="Razón social"):
        run(nintex.file(Site.ACTIVACIONES, draft))
    assert mock.state()["writes"] == 0


@pytest.mark.sample(5, of="trouble while reading")
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "error", "path": VIEW, "status": 503}, PortalDown),
        ({"kind": "error", "path": "DispForm"}, PortalDown),
        ({"kind": "maintenance", "path": "start.aspx"}, PortalDown),
        ({"kind": "hang", "path": VIEW}, PortalSlow),
    ],
)
def test_a_search_that_the_portal_spoils(
    fault: dict[str, Any], error: type[PortalError], mock: MockPortals, seats: Seats, run: Any
) -> None:
    mock.reset(WORLD)
    nintex = seats.open(NintexPortal, mock, limits=Limits(visible=3))
    # a request of a logged-in session is what a fault can hit
    assert run(nintex.search(Site.OPERADOR, "0045002")) == ()
    mock.fault({"portal": "nintex", **fault})
    with pytest.raises(error):
        run(nintex.search(Site.ACTIVACIONES, "0045002"))
    assert len(run(nintex.search(Site.ACTIVACIONES, "0045002"))) == 1, "the next call works again"


@pytest.mark.sample(2, of="a write without its answer")
@pytest.mark.parametrize(
    ("kind", "written", "why"),
    [
        ("error", 0, "respondió con"),
        ("error_after", 1, "respondió con"),
        ("digest_expired", 0, "la validación de seguridad de la página venció"),
        ("save_conflict", 0, "conflicto al guardar"),
        ("lost_reply", 1, "no se sabe"),
    ],
)
def test_a_save_without_its_confirmation_is_uncertain(
    kind: str,
    written: int,
    why: str,
    mock: MockPortals,
    nintex: NintexPortal,
    draft: NintexDraft,
    run: Any,
) -> None:
    mock.fault({"portal": "nintex", "on": "write", "kind": kind})
    with pytest.raises(WriteUncertain, match=why):
        run(nintex.file(Site.ACTIVACIONES, draft))
    assert mock.state()["writes"] == written
    assert len(run(nintex.search(Site.ACTIVACIONES, draft.sec))) == written


@pytest.mark.sample(1, of="what a call costs")
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "session_expired", "path": VIEW},
        {"kind": "session_expired", "on": "write"},
        {"kind": "slow", "times": 5, "ms": 300},
    ],
    ids=["expired", "expired on save", "slow"],
)
def test_what_costs_nothing(
    fault: dict[str, Any],
    mock: MockPortals,
    nintex: NintexPortal,
    draft: NintexDraft,
    run: Any,
) -> None:
    """The client has its credentials: a new challenge is answered, and the request comes again."""
    assert run(nintex.search(Site.OPERADOR, draft.sec)) == ()
    mock.fault({"portal": "nintex", **fault})
    plain = draft.model_copy(update={"adjuntos": draft.adjuntos[:1]})
    run(nintex.file(Site.ACTIVACIONES, plain))
    assert len(run(nintex.search(Site.ACTIVACIONES, draft.sec))) == 1
    assert mock.state()["writes"] == 1


def test_a_wrong_password(mock: MockPortals, seats: Seats, run: Any) -> None:
    mock.reset(WORLD)
    nintex = seats.open(NintexPortal, mock, password="secreto-equivocado")
    with pytest.raises(AccessDenied) as denied:
        run(nintex.search(Site.ACTIVACIONES, "0045001"))
    assert "secreto" not in str(denied.value)
    assert mock.state()["sessions"]["nintex"] == {"logins": 0, "logouts": 0}


def test_one_login_and_one_logout(mock: MockPortals, nintex: NintexPortal, run: Any) -> None:
    run(nintex.search(Site.ACTIVACIONES, "31415"))
    run(nintex.search(Site.OPERADOR, "31415"))
    run(nintex.close())
    assert mock.state()["sessions"]["nintex"] == {"logins": 1, "logouts": 1}
    run(nintex.search(Site.ACTIVACIONES, "31415"))
    assert mock.state()["sessions"]["nintex"]["logins"] == 2


def test_a_site_may_be_elsewhere(mock: MockPortals, seats: Seats, run: Any) -> None:
    mock.reset(WORLD)
    other = (
        mock.url("nintex") + "/dir/operacionescomerciales/Activaciones/_layouts/15/start.aspx"
        "#/BuzonActivaciones/Forms/AllItems.aspx"
    )
    nintex = seats.open(NintexPortal, mock, sites={Site.OPERADOR: other})
    assert len(run(nintex.search(Site.OPERADOR, "0045002"))) == 1
