"""The mocks' ASP.NET pages in a browser, where they differ from what would be easier: what the real
client scripts do with a second click, and with an answer that is no delta."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page, Route

from mock_portals.aspnet.traits import Traits
from pages.core.browser import Browser
from pages.siac.portal import SiacPortal
from pages.sisact.portal import SisactPortal
from tests.support import siac_samples, sisact_samples
from tests.support.mock import SEEDS, MockPortals
from tests.support.seats import Seats

Run = Callable[..., Any]

LISTEN = """() => {
  const manager = Sys.WebForms.PageRequestManager.getInstance();
  window.ended = [];
  manager.add_endRequest((sender, args) => window.ended.push([
    args.get_error() && args.get_error().message, args.get_response().get_aborted()]));
}"""


@pytest.fixture
def seats(browser: Browser, run: Run) -> Iterator[Seats]:
    with Seats(browser, run) as opened:
        yield opened


def _frame(window: Page) -> Frame:
    frame = window.frame(name="trabajo")
    assert frame is not None
    return frame


@pytest.fixture
def case(seats: Seats, mock: MockPortals, run: Run) -> Frame:
    """The page of a case in SIAC Único, listened to."""
    mock.reset(siac_samples.world())
    siac = seats.open(SiacPortal, mock)
    run(siac.read_case(siac_samples.CASO))
    frame = _frame(run(siac.main()))
    run(frame.evaluate(LISTEN))
    return frame


@pytest.fixture
def search(seats: Seats, mock: MockPortals, run: Run) -> Frame:
    """The search of SISACT, listened to."""
    mock.reset(sisact_samples.WORLD)
    sisact = seats.open(SisactPortal, mock)
    run(sisact.read_sec("999"))
    frame = _frame(run(sisact.main()))
    run(frame.evaluate(LISTEN))
    return frame


def test_a_second_click_is_sent_too_and_saves_twice(
    case: Frame, mock: MockPortals, run: Run
) -> None:
    button = case.locator("input[value='Guardar referencia']")

    saved, again = asyncio.Event(), asyncio.Event()

    async def hold_the_first(route: Route) -> None:
        if route.request.method != "POST" or saved.is_set():
            await route.continue_()
            return
        answer = await route.fetch()
        saved.set()
        await again.wait()
        with suppress(PlaywrightError):  # the browser has taken it back
            await route.fulfill(response=answer)

    async def clicks() -> None:
        await case.page.route("**/*", hold_the_first)
        await button.evaluate("(button) => button.click()")
        await saved.wait()
        await button.evaluate("(button) => button.click()")
        again.set()

    run(clicks())
    run(case.wait_for_function("window.ended.length === 2"))
    assert run(case.evaluate("window.ended")) == [[None, True], [None, False]]
    assert mock.state()["writes"] == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "session_expired"}, "could not be parsed"),
        ({"kind": "maintenance"}, "returned from the server was: 503"),
        ({"kind": "error"}, "returned from the server was: 500"),
        ({"kind": "digest_expired"}, "Validation of viewstate MAC failed."),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_what_is_no_delta_shows_nothing_and_throws(
    search: Frame, mock: MockPortals, run: Run, fault: dict[str, Any], words: str
) -> None:
    before = run(search.inner_text("body"))
    mock.fault({"portal": "sisact", "path": "ConsultaSEC", **fault})
    run(search.locator("input[value=Buscar]").click())
    run(search.wait_for_function("window.ended.length"))
    ((message, is_aborted),) = run(search.evaluate("window.ended"))
    assert words in message and not is_aborted
    assert run(search.inner_text("body")) == before


def test_a_page_redirect_is_under_way_until_the_next_page_is_there(
    case: Frame, mock: MockPortals, run: Run
) -> None:
    """SIAC Único of this seed sends whoever has no session to the login, in its frame."""
    mock.fault({"portal": "siac", "kind": "session_expired", "path": "Caso"})

    async def clicked() -> tuple[Any, str]:
        held: list[Any] = []
        await case.page.route("**/Login.aspx*", lambda route: held.append(route))
        await case.locator("input[value=Actualizar]").click()
        while not held:
            await case.evaluate("1")
        state = await case.evaluate(
            "[window.ended.length, Sys.WebForms.PageRequestManager.getInstance()"
            ".get_isInAsyncPostBack()]"
        )
        await held[0].continue_()
        await case.locator("input[type=password]").wait_for()
        return state, case.url

    state, address = run(clicked())
    assert state == [0, True]
    assert "/siac/Login.aspx?ReturnUrl=%2Fsiac%2FCaso.aspx" in address


def test_a_validator_stops_the_click(search: Frame, mock: MockPortals, run: Run) -> None:
    before = mock.requests("sisact")
    run(search.locator("[id$=txtSec]").fill("SEC-1"))
    run(search.locator("input[value=Buscar]").click())
    assert run(search.locator("[data-validator]").is_visible())
    assert (mock.requests("sisact"), run(search.evaluate("window.ended"))) == (before, [])


def test_the_seeds_have_every_way_to_be_built() -> None:
    built = [Traits.of(seed, portal) for seed in (1, *SEEDS) for portal in ("sisact", "siac")]
    for name in Traits.__dataclass_fields__:
        assert len({getattr(traits, name) for traits in built}) > 1, name
    assert len({(traits.tabs, traits.grids) for traits in built}) == 9
    assert {(Traits.of(seed, "siac").tabs, Traits.of(seed, "siac").grids) for seed in (0, 1)} == {
        ("roles", "captioned")
    }
