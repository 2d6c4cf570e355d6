"""The ways in which a real Web Forms application fails, each told to who must act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pages.contract.errors import AccessDenied, PortalDown, PortalError, SessionLost
from pages.contract.ports import Lease
from tests.support.webforms import WebForms
from tests.webforms import samples
from tests.webforms.conftest import Enter
from tests.webforms.pages.cases import RegisterPage
from tests.webforms.pages.frames import WorkPage, frame
from tests.webforms.pages.search import SearchPage
from tests.webforms.portal import Ventanilla

pytestmark = pytest.mark.full

Run = Callable[[Awaitable[Any]], Any]


async def _part(page: SearchPage) -> None:
    await page.search("300010")


async def _whole(page: RegisterPage) -> None:
    await page.tipo.fill("Reclamo")


WAYS: dict[str, tuple[type[WorkPage], Callable[[Any], Awaitable[None]]]] = {
    "part": (SearchPage, _part),
    "whole": (RegisterPage, _whole),
}
FAILURES: dict[str, type[PortalError]] = {
    "excepcion": PortalDown,
    "mantenimiento": PortalDown,
    "503": PortalDown,
    "transferir": SessionLost,
    "redirigir": SessionLost,
    "alerta": SessionLost,
}


async def post(portal: Ventanilla, way: str, before: Callable[[], Awaitable[object]]) -> None:
    kind, work = WAYS[way]
    page = await portal.open(kind)
    await before()
    await work(page)


@pytest.fixture
def portal(kept: Ventanilla, bench: WebForms, run: Run) -> Any:
    yield kept
    run(kept.forget())
    run(kept.context.clear_cookies())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("failure", FAILURES)
def test_answer_that_is_a_failure(
    failure: str, way: str, portal: Ventanilla, bench: WebForms, run: Run
) -> None:
    async def arm() -> None:
        bench.control(falla=failure)

    with pytest.raises(FAILURES[failure]):
        run(post(portal, way, arm))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", ["vencer", "olvidar"])
def test_session_ends(how: str, way: str, portal: Ventanilla, bench: WebForms, run: Run) -> None:
    async def end() -> None:
        await portal.context.request.get(f"{bench.url}/Control.axd?{how}=1")

    with pytest.raises(SessionLost):
        run(post(portal, way, end))
    run(portal.forget())
    run(portal.context.clear_cookies())
    assert run(portal.search("300010")) == (samples.sec(10),)  # with a session of its own


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", ["vencer", "olvidar"])
def test_session_ended_before_the_page_was_opened(
    how: str, way: str, portal: Ventanilla, bench: WebForms, run: Run
) -> None:
    async def end_and_open() -> None:
        await portal.main()
        await portal.context.request.get(f"{bench.url}/Control.axd?{how}=1")
        await portal.open(WAYS[way][0])

    with pytest.raises(SessionLost):
        run(end_and_open())


def test_session_whose_ticket_outlives_it(
    enter: Enter, bench: WebForms, run: Run, tmp_path: Path
) -> None:
    portal = enter()

    async def search() -> bool:
        try:
            async with portal.leased(Lease(tmp_path / "falla")):
                return await portal.search("300010") == (samples.sec(10),)
        except SessionLost:
            return False

    assert run(search())
    run(portal.context.request.get(f"{bench.url}/Control.axd?olvidar=1"))
    # in the open window; in a fresh one, which the ticket lets in; in one that must log in
    assert [run(search()) for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize("way", WAYS)
def test_view_state_that_is_not_taken(way: str, portal: Ventanilla, run: Run) -> None:
    """With custom errors on, nothing in the answer says that it was the view state."""

    async def spoil() -> None:
        work = frame(await portal.main(), "trabajo")
        state = work.locator("input[name=__VIEWSTATE]")
        await state.evaluate("(e) => { e.value = 'AAAA' + e.value.slice(4); }")

    with pytest.raises(PortalError) as raised:
        run(post(portal, way, spoil))
    assert type(raised.value) in (PortalDown, SessionLost)


def test_wrong_password(enter: Enter, bench: WebForms, run: Run) -> None:
    with pytest.raises(AccessDenied):
        run(enter(password="otra").search("300010"))


def test_way_out_and_in_again(enter: Enter, bench: WebForms, run: Run) -> None:
    portal = enter()
    assert run(portal.search("300010")) == (samples.sec(10),)
    run(portal.close())
    assert run(portal.search("300011")) == (samples.sec(11),)
