"""The page objects of SIAC Único against the mock portal, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pages.contract.errors import (
    AccessDenied,
    FormAltered,
    PageChanged,
    SessionLost,
    SubmitWithheld,
    WriteUncertain,
)
from pages.contract.ports import Sending
from pages.contract.siac import POR_DETERMINAR
from pages.siac.portal import SiacPortal
from tests.support.mock import MockPortals
from tests.support.pictures import form_height, height_of
from tests.support.seats import Seats
from tests.support.siac_samples import CASO, COLA, LIMITS, LINEAS, RUC, SMALL_RUC, draft, world

Run = Callable[..., Any]


@pytest.fixture
def siac(mock: MockPortals, seats: Seats) -> SiacPortal:
    mock.reset(world())
    return seats.open(SiacPortal, mock, limits=LIMITS)


def held(mock: MockPortals, numero: str) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in mock.state()["siac"]["cases"] if c["number"] == numero)
    return found


def test_reads_a_client_and_only_the_asked_lines_that_are_its_own(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    client = run(siac.read_client(RUC, ["987000299", "912345678", "987000001", "999999999"]))

    assert client is not None
    assert (client.ruc, client.razon_social) == (RUC, "Minera Ñandú & Compañía S.A.C.")
    assert (client.segmento, client.en_cartera) == ("Corporativo", True)
    assert client.ejecutivo is not None
    assert (client.ejecutivo.nombre, client.ejecutivo.canal) == ("Rosa Díaz", "CAE")
    assert client.ejecutivo.correo == "rdiaz@claro.example"
    assert [(c.dni, c.nombre) for c in client.contactos] == [
        ("01234567", "José Pérez"),
        ("45678901", "Ana Ruiz"),
    ]
    assert [linea.numero for linea in client.lineas] == ["987000299", "987000001"]
    last = client.lineas[1]
    assert (last.plan, last.cargo) == ("Max Corporativo 59.90", Decimal("1039.90"))
    assert last.estado == "Suspendida"
    # three pages each, newest first
    assert [entry.detalle for entry in last.historial] == [str(n) for n in reversed(range(23))]
    assert last.historial[0].fecha == date(2026, 8, 2)
    assert last.historial[0].tipo == "Cambio de plan"
    assert len(last.facturas) == 24
    assert (last.facturas[0].periodo, last.facturas[0].cargo) == ("2025-12", Decimal("1023.90"))
    assert not client.lineas[0].historial and not client.lineas[0].facturas
    assert mock.state()["writes"] == 0
    assert not siac.popups


@pytest.mark.full
def test_each_field_that_the_portal_keeps_otherwise_is_named(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    filed = draft()
    numero = run(siac.register_case(filed))
    assert run(siac.altered_fields(numero, filed)) == ()
    case = held(mock, numero)
    changes: list[tuple[str, Any, str]] = [
        ("queue", "Otra cola", "Cola de derivación"),
        ("scenario", "POSTVENTA", "Subclase"),
        ("lines", ["987000001"], "Líneas afectadas"),
        ("ruc", SMALL_RUC, "RUC del cliente"),
        ("sec", "1", "N° de SEC"),
        ("reference", "CF-1", "Referencia externa"),
    ]
    renamed = {
        "Campaña": "Campaña ofrecida",
        "Cargo ofrecido": "Cargo fijo ofrecido",
        "Detalle": "Detalle del caso",
    }
    changes += [
        ("fields", {**case["fields"], name: "Otro"}, renamed.get(name, name))
        for name in case["fields"]
    ]
    for field, value, name in changes:
        mock.patch(siac={"cases": [{**case, field: value}]})
        run(siac.search_cases("elsewhere"))  # the case's page is opened anew
        assert run(siac.altered_fields(numero, filed)) == (name,)


def test_a_client_after_another_is_not_taken_for_it(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    assert run(siac.read_client(RUC, [])).ruc == RUC
    search = {"portal": "siac", "method": "POST", "path": "^/siac/ConsultaCliente.aspx$"}
    mock.fault({**search, "kind": "slow", "ms": 1500, "times": 1})  # the one before still stands
    small = run(siac.read_client(SMALL_RUC, ["912345679", "987000001"]))
    assert (small.ruc, small.segmento, small.en_cartera) == (SMALL_RUC, "Negocios", False)
    assert small.ejecutivo is None and small.contactos == ()
    assert [linea.numero for linea in small.lineas] == ["912345679"]
    assert run(siac.read_client("20131312955", LINEAS)) is None
    assert run(siac.read_client(RUC, [])).razon_social.startswith("Minera")


def test_a_yes_that_nobody_knows_is_no_no(siac: SiacPortal, mock: MockPortals, run: Run) -> None:
    """A client of the portfolio would be told that nothing applies to it."""
    mock.reword({"portal": "siac", "before": "Sí", "now": "Afirmativo"})
    with pytest.raises(PageChanged, match="«Cliente carterizado» es ilegible"):
        run(siac.read_client(RUC, []))
    assert not run(siac.read_client(SMALL_RUC, [])).en_cartera


def test_searches_all_pages_by_sec_and_by_reference(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    mock.patch(
        siac={
            "cases": [
                {"number": "70000002", "reference": "", "scenario": "ALGO_ANTIGUO"},
                {"number": "70000001", "reference": "CF-1000001-20261118-0a1b2c"},
                {"number": "70000059", "status": "Cerrado", "resolution": "INC1", "queue": "Otra"},
            ]
        }
    )
    cases = run(siac.search_cases("1000001"))
    state = {c["number"]: c for c in mock.state()["siac"]["cases"]}
    expected = {n for n, c in state.items() if "1000001" in c["sec"] + " " + c["reference"]}
    assert len(cases) == len(expected) == 31
    assert {case.numero for case in cases} == expected
    for case in cases:
        there = state[case.numero]
        assert (case.referencia, case.sec, case.ruc) == (there["reference"], there["sec"], RUC)
        assert (case.cola, case.estado) == (there["queue"], there["status"])
        assert (list(case.lineas), case.escenario) == (there["lines"], there["scenario"])
        assert (case.creado, case.creado_por) == (date(2026, 11, 3), "asesor1")
        assert case.resolucion == "" and case.notas == ()
    assert run(siac.search_cases("no existe")) == ()


def test_registers_what_was_typed_and_nothing_else(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    numero = run(siac.register_case(draft()))
    case = held(mock, numero)
    assert (case["reference"], case["sec"]) == ("CF-3000003-20261118-0a1b2c", "3000003")
    assert (case["ruc"], case["lines"]) == (RUC, list(LINEAS))
    assert (case["queue"], case["status"]) == (COLA, "Registrado")
    assert (case["scenario"], case["created"]) == ("VENTAS_CON_OFERTA", "2026-11-20")
    assert case["created_by"] == "robot"
    assert case["fields"]["Tipo"] == "Reclamo/Variaciones"
    assert case["fields"]["Contacto"] == "José Pérez"
    assert case["fields"]["Cargo ofrecido"] == "1,039.90"
    assert case["fields"]["Detalle"].replace("\r", "") == draft().detalle
    assert mock.state()["writes"] == 1 and len(mock.state()["siac"]["cases"]) == 61

    read = run(siac.read_case(numero))
    assert read is not None and read.escenario == "VENTAS_CON_OFERTA"
    assert read.lineas == LINEAS and read.creado == date(2026, 11, 20)


def test_registers_a_case_that_has_no_scenario_yet(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    numero = run(
        siac.register_case(draft(subclase=POR_DETERMINAR, cargo=None, canal="135", campana=""))
    )
    assert held(mock, numero)["scenario"] == ""
    assert held(mock, numero)["fields"]["Cargo ofrecido"] == ""
    read = run(siac.read_case(numero))
    assert read is not None and read.escenario == ""


@pytest.mark.sample(1, of="an altered form")
def test_a_form_that_does_not_keep_what_is_typed_is_not_submitted(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    with pytest.raises(FormAltered) as altered:  # the portal's field takes eight digits
        run(siac.register_case(draft(contacto_dni="0123456789")))
    assert "0123456789" not in str(altered.value)
    assert mock.state()["writes"] == 0
    assert run(siac.register_case(draft())) == "70000061"


def test_a_case_from_the_queue_to_its_closing(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    reference = "CF-1000001-20261118-0a1b2c"
    assert run(siac.write_reference(CASO, reference)).referencia == reference
    taken = run(siac.take_case(CASO))
    assert (taken.estado, taken.referencia) == ("En atención", reference)
    noted = run(siac.add_note(CASO, "Correo enviado a: José"))
    assert noted.notas[-1] == "Correo enviado a: José"
    closed = run(siac.close_case(CASO, "Solicitud 123 registrada en NINTEX operador."))
    assert closed.estado == "Cerrado"
    assert closed.resolucion == "Solicitud 123 registrada en NINTEX operador."
    assert not siac.taken.of(CASO), "what is closed is not kept"
    after = run(siac.add_note(CASO, "Nota posterior"))
    assert after.notas[-1] == "Nota posterior"

    case = held(mock, CASO)
    assert (case["status"], case["resolution"]) == ("Cerrado", closed.resolucion)
    assert [entry["text"] for entry in case["history"]] == list(after.notas)
    assert {entry["user"] for entry in case["history"]} == {"robot"}
    assert mock.state()["writes"] == 5
    assert run(siac.read_case(CASO)) == after


@pytest.fixture
def two(mock: MockPortals, seats: Seats, run: Run) -> tuple[SiacPortal, SiacPortal]:
    """The user's two sessions; a case was taken in the first, and the other is elsewhere."""
    mock.reset(world())
    one, other = (seats.open(SiacPortal, mock, limits=LIMITS) for _ in range(2))
    other.taken = one.taken
    run(one.take_case(CASO))
    run(other.read_queue())
    return one, other


def test_a_case_that_was_taken_in_one_session_is_closed_in_another(
    two: tuple[SiacPortal, SiacPortal], mock: MockPortals, run: Run
) -> None:
    one, other = two
    asked = mock.requests("siac")
    assert run(other.close_case(CASO, "INC7")).resolucion == "INC7"
    assert mock.requests("siac") - asked == 2, "its page, and the closing"
    assert held(mock, CASO)["resolution"] == "INC7"
    assert not one.taken.of(CASO), "what is closed is not kept"


@pytest.mark.parametrize(
    ("address", "times"),
    [
        ("Bandeja.aspx", 1),
        ("Caso.aspx?numero=70000016", 1),
        ("NoExiste.aspx", 1),
        ("Caso.aspx?numero=0", 2),
    ],
    ids=["another page", "another case", "no page", "an error"],
)
def test_where_its_address_does_not_show_a_case_it_is_searched_for(
    two: tuple[SiacPortal, SiacPortal], mock: MockPortals, run: Run, address: str, times: int
) -> None:
    one, other = two
    for time in range(times):
        one.taken.keep(CASO, f"{mock.url('siac')}/siac/{address}")
        assert one.taken.of(CASO), f"tried {time} times, it may be asked for again"
        run(other.read_queue())
        assert run(other.add_note(CASO, f"Nota {time}")).numero == CASO
    assert run(other.close_case(CASO, "INC7")).numero == CASO
    cases = {case["number"]: case["status"] for case in mock.state()["siac"]["cases"]}
    assert [number for number, status in cases.items() if status == "Cerrado"] == [CASO]
    one.taken.keep("70000016", f"{mock.url('siac')}/siac/Bandeja.aspx")
    assert not one.taken.of("70000016"), "none is asked for any more"


def test_a_session_that_ended_says_nothing_of_addresses(
    two: tuple[SiacPortal, SiacPortal], mock: MockPortals, run: Run
) -> None:
    one, other = two
    mock.fault({"portal": "siac", "kind": "session_expired", "path": "Caso.aspx"})
    with pytest.raises(SessionLost):
        run(other.close_case(CASO, "INC7"))
    run(other.forget())
    one.taken.keep(CASO, f"{mock.url('siac')}/siac/Caso.aspx?numero={CASO}")
    run(other.read_queue())
    asked = mock.requests("siac")
    assert run(other.close_case(CASO, "INC7")).resolucion == "INC7"
    assert mock.requests("siac") - asked == 2, "its page, and the closing"
    one.taken.keep("70000016", f"{mock.url('siac')}/siac/Bandeja.aspx")
    assert one.taken.of("70000016")


def test_what_was_done_already_is_not_done_again(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    mock.patch(
        siac={
            "cases": [
                {"number": CASO, "status": "Cerrado", "resolution": "INC7"},
                {"number": "70000016", "status": "En atención"},
            ]
        }
    )
    assert run(siac.close_case(CASO, "otra")).resolucion == "INC7"
    assert run(siac.take_case(CASO)) is None
    assert run(siac.take_case("70000016")) is None
    assert mock.state()["writes"] == 0


def short_queue(mock: MockPortals) -> None:
    data = world()
    data["siac"]["cases"] = [{"number": str(70_000_001 + n), "ruc": RUC} for n in range(3)]
    mock.reset(data)


def test_a_case_registered_just_now_is_read_back_from_the_queue_and_taken_there(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    short_queue(mock)
    numero = run(siac.register_case(draft()))
    (own,) = run(siac.read_registered(draft().referencia))
    assert (own.numero, own.estado) == (numero, "Registrado")
    assert own == next(c for c in run(siac.search_cases(draft().referencia)))
    run(siac.register_case(draft()))
    assert len(run(siac.read_registered(draft().referencia))) == 2, "two clicks are two cases"
    asked = mock.requests("siac")
    assert run(siac.take_case(numero)).estado == "En atención"
    assert mock.requests("siac") - asked == 2


def test_what_somebody_took_since_the_queue_was_read_is_in_doubt(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    short_queue(mock)
    numero = run(siac.register_case(draft()))
    run(siac.read_registered(draft().referencia))
    mock.patch(siac={"cases": [{"number": numero, "status": "En atención"}]})
    with pytest.raises(WriteUncertain):
        run(siac.take_case(numero))


def test_a_queue_of_several_pages_is_not_turned_for_one_case(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    data = world()
    data["siac"]["cases"] = [{"number": str(70_000_001 + n), "ruc": RUC} for n in range(100)]
    mock.reset(data)
    run(siac.register_case(draft()))
    assert run(siac.read_registered(draft().referencia)) == ()
    asked = mock.requests("siac")
    assert run(siac.read_registered(draft().referencia)) == ()
    assert mock.requests("siac") == asked, "once is enough to know"


def test_a_case_that_is_not_there(siac: SiacPortal, run: Run) -> None:
    assert run(siac.read_case("79999999")) is None
    with pytest.raises(FormAltered):
        run(siac.add_note("79999999", "nota"))
    assert run(siac.take_case("79999999")) is None


def test_takes_a_case_from_the_end_of_a_long_queue(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    data = world()
    data["siac"]["cases"] = [{"number": str(70_000_001 + n), "ruc": RUC} for n in range(2000)]
    mock.reset(data)
    assert run(siac.take_case("70002000")).estado == "En atención"
    assert [c["number"] for c in mock.state()["siac"]["cases"] if c["status"] != "Registrado"] == [
        "70002000"
    ]


@pytest.mark.sample(1, of="a withheld submit")
def test_a_withheld_submit_changes_nothing_and_can_be_seen(
    mock: MockPortals, seats: Seats, run: Run, tmp_path: Path
) -> None:
    mock.reset(world())
    asked: list[tuple[str, str]] = []
    heights: list[float] = []

    async def submit_hook(sending: Sending, picture: Any) -> bool:
        asked.append((sending.portal, sending.what))
        work = (await portal.main()).frame(name="trabajo")
        heights.append(await form_height(portal.popups[0].main_frame if portal.popups else work))
        await picture(tmp_path / f"{len(asked)}.png")
        return False

    portal = seats.open(SiacPortal, mock, limits=LIMITS)
    portal.submit_hook = submit_hook
    for write in (
        portal.register_case(draft(detalle="Una línea.\n" * 60)),
        portal.write_reference(CASO, "CF-1"),
        portal.take_case(CASO),
        portal.add_note(CASO, "nota"),
    ):
        with pytest.raises(SubmitWithheld):
            run(write)
    assert [what for _, what in asked] == [
        "registro del caso",
        "referencia externa",
        "toma del caso",
        "nota",
    ]
    assert heights[0] > 900, "more than its frame shows"
    for number, height in enumerate(heights, start=1):
        assert height_of(tmp_path / f"{number}.png") >= height
    assert mock.state()["writes"] == 0


def test_logs_in_once_and_out_at_the_end(siac: SiacPortal, mock: MockPortals, run: Run) -> None:
    run(siac.search_cases("1000001"))
    run(siac.read_case(CASO))
    assert mock.state()["sessions"]["siac"] == {"logins": 1, "logouts": 0}
    run(siac.close())
    assert mock.state()["sessions"]["siac"] == {"logins": 1, "logouts": 1}


def test_a_wrong_password_is_denied_and_never_quoted(
    mock: MockPortals, seats: Seats, run: Run
) -> None:
    mock.reset(world())
    portal = seats.open(SiacPortal, mock, password="Secreta-1", limits=LIMITS)
    with pytest.raises(AccessDenied) as denied:
        run(portal.read_case(CASO))
    assert "Secreta-1" not in str(denied.value)
    assert mock.state()["sessions"]["siac"]["logins"] == 0


def test_an_empty_value_is_read_as_empty_and_not_as_its_neighbour(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    mock.patch(siac={"cases": [{"number": CASO, "reference": "", "queue": "", "sec": ""}]})
    case = run(siac.read_case(CASO))
    assert (case.referencia, case.cola, case.sec, case.resolucion) == ("", "", "", "")


#: requests to the portal, from where the call before left it; one more to come from elsewhere
COSTS = {
    "log in": 6,
    "client of few lines, one line": 4,
    "same client, another line": 3,
    "search": 2,
    "next search": 1,
    "case": 2,
    "same case": 1,
    "reference": 1,
    "take": 4,
    "note": 4,
    "close": 1,
    "register": 5,
    "fields of a case that a search shows": 1,
}


@pytest.mark.sample(1, of="what a call costs")
def test_what_each_call_costs(siac: SiacPortal, mock: MockPortals, run: Run) -> None:
    counted: dict[str, int] = {}

    def count(what: str, call: Any) -> None:
        before = mock.requests("siac")
        run(call)
        counted[what] = mock.requests("siac") - before

    count("log in", siac.main())
    count("client of few lines, one line", siac.read_client(SMALL_RUC, ["912345678"]))
    count("same client, another line", siac.read_client(SMALL_RUC, ["912345679"]))
    count("search", siac.search_cases("sin resultados"))
    count("next search", siac.search_cases("CF-3000003"))
    count("case", siac.read_case(CASO))
    count("same case", siac.read_case(CASO))
    count("reference", siac.write_reference(CASO, "CF-1"))
    count("take", siac.take_case(CASO))
    count("note", siac.add_note(CASO, "nota"))
    count("close", siac.close_case(CASO, "INC1"))
    count("register", siac.register_case(draft()))
    (made,) = run(siac.search_cases(draft().referencia))
    shown = siac.altered_fields(made.numero, draft())
    count("fields of a case that a search shows", shown)
    assert counted == COSTS
