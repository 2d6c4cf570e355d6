"""SISACT read through the real browser, as awkward as the mock portal makes it."""

from __future__ import annotations

import stat
import struct
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Route

from pages.contract.errors import AccessDenied, PageChanged, PortalDown, SessionBusy, SessionLost
from pages.core.account import Account
from pages.sisact.portal import SisactPortal
from pages.sisact.sec import SecPage
from tests.support.marks import needs
from tests.support.mock import SEEDS, MockPortals
from tests.support.seats import Seats
from tests.support.sisact_samples import OFFER, RUC, WORLD, expected

Run = Callable[[Awaitable[Any]], Any]


@pytest.fixture(scope="module")
@needs("process")
def process() -> Iterator[MockPortals]:
    """Mock portals of this file's own, so that a session lasts as long as the file."""
    portals = MockPortals("--seed", "1", "--session-idle", "3600")
    portals.reset(WORLD)
    yield portals
    portals.stop()


@pytest.fixture
def sisact(process: MockPortals) -> Iterator[MockPortals]:
    yield process
    process.call("DELETE", "/faults")


@pytest.fixture(scope="module")
def kept(process: MockPortals, kept_seats: Seats) -> SisactPortal:
    return kept_seats.open(SisactPortal, process)


@pytest.fixture
def portal(kept: SisactPortal, sisact: MockPortals) -> SisactPortal:
    """One portal for most tests: each call begins from wherever the last one left it."""
    return kept


@pytest.mark.parametrize("number", ["0012345678", "12345678", "7000", "7001", "7002"])
def test_sec_is_read_whole(portal: SisactPortal, run: Run, number: str) -> None:
    assert run(portal.read_sec(number)) == expected(number)


def test_number_is_exact(portal: SisactPortal, run: Run) -> None:
    for number in ("012345678", "1234567", "00012345678", "999"):
        assert run(portal.read_sec(number)) is None


@pytest.mark.sample(1, of="another layout")
@pytest.mark.parametrize("seed", [str(seed) for seed in SEEDS])
def test_other_ids_and_layouts(seed: str, seats: Seats, run: Run) -> None:
    with MockPortals("--seed", seed) as mock:
        mock.reset(WORLD)
        portal = seats.open(SisactPortal, mock)
        for number in ("0012345678", "12345678", "7002"):
            assert run(portal.read_sec(number)) == expected(number)


@pytest.mark.sample(1, of="what a call costs")
def test_requests_and_one_login(sisact: MockPortals, seats: Seats, run: Run) -> None:
    portal, costs = seats.open(SisactPortal, sisact), []
    sessions = sisact.state()["sessions"]["sisact"]
    for number in ("0012345678", "0012345678", "999", "7000"):
        before = sisact.requests("sisact")
        run(portal.read_sec(number))
        costs.append(sisact.requests("sisact") - before)
    # login, frames and form; then search, «Ver», bridge, window, Descripción; five more pages
    assert costs == [7 + 1 + 5, 5, 1, 5 + 5]
    run(portal.close())
    state = sisact.state()
    for count in ("logins", "logouts"):
        assert state["sessions"]["sisact"][count] == sessions[count] + 1
    assert state["writes"] == 0


def test_windows_are_closed(portal: SisactPortal, run: Run) -> None:
    run(portal.read_sec("0012345678"))
    run(portal.read_sec("999"))
    assert len(portal.context.pages) == 1


def test_picture_is_whole_and_private(portal: SisactPortal, run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "expediente" / "descripcion.png"
    for _ in range(2):  # the second time it replaces the first
        run(portal.read_sec("0012345678", picture))
        content = picture.read_bytes()
        width, height = struct.unpack(">II", content[16:24])
        assert content.startswith(b"\x89PNG") and content.endswith(b"IEND\xaeB`\x82")
        assert width > 600 and height > 80
        assert stat.S_IMODE(picture.stat().st_mode) == 0o600
    assert [path.name for path in picture.parent.iterdir()] == ["descripcion.png"]


FEW_LINES = """addEventListener('load', () => {
  const style = document.head.appendChild(document.createElement('style'));
  style.textContent = 'textarea { height: 3em !important }';
});"""


def test_long_offer_is_all_in_the_picture(
    sisact: MockPortals, portal: SisactPortal, run: Run, tmp_path: Path
) -> None:
    offer = "\n".join(f"Línea {number} de la negociación" for number in range(60))
    sisact.patch(secs=[{"number": "0012345678", "description": offer}])
    # a box of a few lines, and the rest to be scrolled to
    run(portal.context.add_init_script(FEW_LINES))
    run(portal.read_sec("0012345678", tmp_path / "long.png"))
    sisact.patch(secs=[{"number": "0012345678", "description": OFFER}])
    assert struct.unpack(">I", (tmp_path / "long.png").read_bytes()[20:24])[0] > 60 * 12


ERRORS: list[tuple[dict[str, Any], type]] = [
    ({"kind": "error", "path": "ConsultaSEC", "method": "POST"}, PortalDown),
    ({"kind": "error", "path": "ConsultaSEC", "method": "GET", "status": 404}, PortalDown),
    ({"kind": "error", "path": "Puente"}, PortalDown),
    ({"kind": "error", "path": "DatosEvaluacion", "method": "POST"}, PortalDown),
    ({"kind": "maintenance", "path": "DatosEvaluacion"}, PortalDown),
    ({"kind": "truncated", "path": "ConsultaSEC", "method": "POST"}, PortalDown),
    ({"kind": "session_expired", "path": "ConsultaSEC", "method": "GET"}, SessionLost),
    ({"kind": "session_expired", "path": "ConsultaSEC", "method": "POST"}, SessionLost),
    ({"kind": "session_expired", "path": "Puente"}, SessionLost),
    ({"kind": "session_expired", "path": "DatosEvaluacion", "method": "POST"}, SessionLost),
    ({"kind": "session_taken", "path": "DatosEvaluacion", "method": "GET"}, SessionBusy),
    ({"kind": "digest_expired", "path": "ConsultaSEC", "method": "POST"}, SessionLost),
    ({"kind": "digest_expired", "path": "DatosEvaluacion", "method": "POST"}, SessionLost),
]


@pytest.mark.sample(5, of="trouble while reading")
@pytest.mark.parametrize(
    ("fault", "error"),
    ERRORS,
    ids=[f"{f['kind']} {f['path']} {f.get('method', '')}".strip() for f, _ in ERRORS],
)
def test_trouble_is_named_and_the_next_call_works(
    sisact: MockPortals, portal: SisactPortal, run: Run, fault: dict[str, Any], error: Any
) -> None:
    run(portal.read_sec("999"))
    logins = sisact.state()["sessions"]["sisact"]["logins"]
    if "ConsultaSEC" in fault["path"] and fault.get("method") == "GET":
        run(portal.forget())  # so that the form is opened anew
    sisact.fault({"portal": "sisact", **fault})
    with pytest.raises(error) as raised:
        run(portal.read_sec("0012345678"))
    assert RUC not in str(raised.value)
    assert run(portal.read_sec("0012345678")) == expected("0012345678")
    assert len(portal.context.pages) == 1
    again = fault["kind"] in ("session_expired", "session_taken")
    assert sisact.state()["sessions"]["sisact"]["logins"] == logins + again


def test_an_older_answer_is_not_taken_for_this_one(
    sisact: MockPortals, portal: SisactPortal, run: Run
) -> None:
    assert run(portal.read_sec("999")) is None  # «No se encontraron registros» stays on the page
    for kind in ("digest_expired", "truncated", "error"):
        sisact.fault({"portal": "sisact", "kind": kind, "path": "ConsultaSEC", "method": "POST"})
        with pytest.raises((SessionLost, PortalDown)):
            run(portal.read_sec("0012345678"))
        assert run(portal.read_sec("999")) is None
    sisact.fault(
        {"portal": "sisact", "kind": "slow", "ms": 700, "path": "ConsultaSEC", "method": "POST"}
    )
    assert run(portal.read_sec("0012345678")) == expected("0012345678")


def test_an_update_that_ends_in_an_error_nobody_knows(portal: SisactPortal, run: Run) -> None:
    run(portal.read_sec("999"))  # «No se encontraron registros» stays on the page

    async def fail(route: Route) -> None:
        await route.fulfill(body="10|error|500|Otro error|", content_type="text/plain")

    run(portal.context.route("**/ConsultaSEC.aspx", fail))
    try:
        with pytest.raises(PortalDown, match="terminó con un error"):
            run(portal.read_sec("0012345678"))
    finally:
        run(portal.context.unroute_all())
    assert run(portal.read_sec("0012345678")) == expected("0012345678")


def test_lost_reply_is_asked_for_again_by_the_browser(
    sisact: MockPortals, portal: SisactPortal, run: Run
) -> None:
    """Chromium repeats a POST on a kept-alive connection that closed; here that harms nobody."""
    run(portal.read_sec("999"))
    sisact.fault(
        {"portal": "sisact", "kind": "lost_reply", "path": "DatosEvaluacion", "method": "POST"}
    )
    try:
        assert run(portal.read_sec("0012345678")) == expected("0012345678")
    except PortalDown:  # where the browser did not
        assert run(portal.read_sec("0012345678")) == expected("0012345678")


@pytest.mark.sample(1, of="a slow portal")
def test_slow_answers_are_waited_for(sisact: MockPortals, portal: SisactPortal, run: Run) -> None:
    run(portal.read_sec("999"))
    sisact.fault({"portal": "sisact", "kind": "slow", "ms": 600, "times": 4})
    assert run(portal.read_sec("0012345678")) == expected("0012345678")


def test_wrong_password(sisact: MockPortals, seats: Seats, run: Run) -> None:
    before = sisact.state()["sessions"]["sisact"]["logins"]
    portal = seats.open(SisactPortal, sisact, password="equivocada")
    with pytest.raises(AccessDenied) as raised:
        run(portal.read_sec("0012345678"))
    assert "equivocada" not in str(raised.value)
    assert not portal.is_open
    assert sisact.state()["sessions"]["sisact"]["logins"] == before


def test_portal_that_does_not_listen(sisact: MockPortals, seats: Seats, run: Run) -> None:
    portal = seats.open(SisactPortal, sisact)
    portal.account = Account("http://127.0.0.1:9", "robot", lambda: "robot")
    with pytest.raises(PortalDown):
        run(portal.read_sec("0012345678"))


@contextmanager
def altered(portal: SisactPortal, run: Run, old: str, new: str) -> Iterator[None]:
    """The evaluation's window as it would be with other words in it."""

    async def rewrite(route: Route) -> None:
        reply = await route.fetch()
        await route.fulfill(response=reply, body=(await reply.text()).replace(old, new))

    run(portal.context.route("**/DatosEvaluacion.aspx*", rewrite))
    try:
        yield
    finally:
        run(portal.context.unroute_all())


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("03/08/2026", "2026-08-03", "«Fecha de evaluación» es ilegible"),
        ("S/ 59.90", "S/ 59,9O", "«Cargo fijo de lista» es ilegible"),
        ('value="987654322"', 'value=""', "no se ven todas las líneas"),
        ("0012345678", "0012345679", "la ventana es de otra SEC"),
    ],
)
def test_other_words_are_not_guessed_at(
    portal: SisactPortal, run: Run, old: str, new: str, what: str
) -> None:
    with altered(portal, run, old, new), pytest.raises(PageChanged, match=what):
        run(portal.read_sec("0012345678"))


def test_a_picture_of_a_window_whose_title_is_named_elsewhere(
    show: Callable[..., SecPage], run: Run, tmp_path: Path
) -> None:
    """A script of ours is in doubt there, and Playwright is asked."""
    sec = show(
        SecPage,
        "<b id=t>Datos de la evaluación</b><i role=tab>Descripción</i>"
        "<h1 aria-labelledby=t>x</h1><p><label>Descuento u oferta especial</label><b>x</b></p>",
    )
    run(sec.save_picture(tmp_path / "oferta.png"))
    assert (tmp_path / "oferta.png").stat().st_size
