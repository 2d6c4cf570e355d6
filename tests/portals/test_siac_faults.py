"""SIAC Único when it fails: what each public method says, and that the next call works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pages.contract.errors import PortalDown, PortalError, SessionBusy, SessionLost, WriteUncertain
from pages.contract.siac import POR_DETERMINAR
from pages.siac.portal import SiacPortal
from tests.support.mock import SEEDS, MockPortals
from tests.support.seats import Seats
from tests.support.siac_samples import CASO, LIMITS, SMALL_RUC, draft, world

Run = Callable[..., Any]
LINEA = "912345679"


@pytest.fixture(scope="module")
def siac(mock_process: MockPortals, kept_seats: Seats) -> SiacPortal:
    """One portal for all of these: whatever one leaves behind, the next begins with."""
    mock_process.reset(world())
    return kept_seats.open(SiacPortal, mock_process, limits=LIMITS)


@pytest.fixture
def mock(mock_process: MockPortals) -> Iterator[MockPortals]:
    yield mock_process
    mock_process.call("DELETE", "/faults")


def logins(mock: MockPortals) -> int:
    count: int = mock.state()["sessions"]["siac"]["logins"]
    return count


def references(mock: MockPortals) -> list[str]:
    return [case["reference"] for case in mock.state()["siac"]["cases"]]


def fault(kind: str, **more: Any) -> dict[str, Any]:
    return {"portal": "siac", "kind": kind, **more}


def read_client(siac: SiacPortal) -> Any:
    return siac.read_client(SMALL_RUC, [LINEA])


@pytest.mark.sample(5, of="trouble while reading")
@pytest.mark.parametrize(
    ("faults", "error"),
    [
        # in a frame, in an UpdatePanel's part, in a pop-up window
        (fault("error", path="ConsultaCliente", method="GET"), PortalDown),
        (fault("error", path="ConsultaCliente", method="POST"), PortalDown),
        (fault("error", path="DetalleLinea", after=1), PortalDown),
        (fault("truncated", path="DetalleLinea", after=1), PortalDown),
        (fault("maintenance", path="ConsultaCliente", method="POST"), PortalDown),
        (fault("session_expired", path="ConsultaCliente", method="GET"), SessionLost),
        (fault("session_expired", path="ConsultaCliente", method="POST"), SessionLost),
        (fault("session_expired", path="DetalleLinea", after=1), SessionLost),
        (fault("session_taken", path="ConsultaCliente", method="POST"), SessionBusy),
        (fault("digest_expired", path="ConsultaCliente", method="POST"), SessionLost),
    ],
    ids=lambda value: f"{value['kind']}-{value['path']}" if isinstance(value, dict) else "",
)
def test_a_failed_reading_says_so_and_the_next_one_works(
    siac: SiacPortal, mock: MockPortals, run: Run, faults: Any, error: type[PortalError]
) -> None:
    run(siac.search_cases("elsewhere"))  # so that the client's page is opened anew
    before = logins(mock)
    mock.fault(faults)
    with pytest.raises(error):
        run(read_client(siac))
    client = run(read_client(siac))
    assert [linea.numero for linea in client.lineas] == [LINEA]
    lost = faults["kind"] in ("session_expired", "session_taken")
    assert logins(mock) - before == (1 if lost else 0)


@pytest.mark.sample(1, of="a slow portal")
def test_slow_answers_are_waited_for(siac: SiacPortal, mock: MockPortals, run: Run) -> None:
    run(siac.main())
    mock.fault(fault("slow", ms=600, times=50))
    client = run(read_client(siac))
    assert [linea.numero for linea in client.lineas] == [LINEA]
    # its subclass stands in the list before too, which is still shown while the next one fills
    run(siac.register_case(draft(referencia="CF-slow", subclase=POR_DETERMINAR)))
    assert references(mock).count("CF-slow") == 1


@pytest.mark.sample(2, of="a write without its answer")
@pytest.mark.parametrize(
    "kind", ["error", "error_after", "lost_reply", "session_expired", "digest_expired"]
)
def test_a_write_without_its_answer_is_uncertain_and_pressed_once(
    siac: SiacPortal, mock: MockPortals, run: Run, kind: str
) -> None:
    run(siac.main())
    mock.fault(fault(kind, on="write"))
    with pytest.raises(WriteUncertain):
        run(siac.register_case(draft(referencia=f"CF-{kind}")))
    found = run(siac.search_cases(f"CF-{kind}"))
    assert len(found) == (kind in ("error_after", "lost_reply"))
    assert references(mock).count(f"CF-{kind}") == len(found)


@pytest.mark.sample(2, of="a write without its answer")
def test_a_write_on_a_case_without_its_answer(
    siac: SiacPortal, mock: MockPortals, run: Run
) -> None:
    before = mock.state()["writes"]
    mock.fault(fault("error_after", on="write", path="Bandeja"))
    with pytest.raises(WriteUncertain):
        run(siac.take_case(CASO))
    assert run(siac.take_case(CASO)) is None
    assert run(siac.read_case(CASO)).estado == "En atención"
    mock.fault(fault("error", on="write", path="Caso.aspx"))
    with pytest.raises(WriteUncertain):
        run(siac.close_case(CASO, "INC1"))
    assert run(siac.close_case(CASO, "INC1")).resolucion == "INC1"
    assert mock.state()["writes"] - before == 2


@pytest.mark.sample(1, of="another layout")
@pytest.mark.parametrize("seed", [str(seed) for seed in SEEDS])
def test_the_whole_work_on_other_seeds(seats: Seats, run: Run, seed: str) -> None:
    with MockPortals("--seed", seed) as mock:
        mock.reset(world())
        siac = seats.open(SiacPortal, mock, limits=LIMITS)
        client = run(siac.read_client("20100017491", ["987000001"]))
        assert len(client.lineas[0].historial) == 23 and len(client.lineas[0].facturas) == 24
        numero = run(siac.register_case(draft()))
        assert run(siac.take_case(numero)).estado == "En atención"
        assert run(siac.close_case(numero, "INC1")).resolucion == "INC1"
        assert [case.numero for case in run(siac.search_cases("CF-3000003"))] == [numero]
