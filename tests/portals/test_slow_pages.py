"""The portals on a slow machine: the timers of their pages take ten times as long and more, so that
what is half there stays so for long enough to be mistaken for the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Route

from pages.contract.nintex import NintexDraft, Site
from pages.core.base_portal import Portal
from pages.nintex.portal import NintexPortal
from pages.remedy.portal import RemedyPortal
from pages.siac.portal import SiacPortal
from pages.sisact.portal import SisactPortal
from tests.support import nintex_samples, remedy_samples, siac_samples, sisact_samples
from tests.support.mock import MockPortals
from tests.support.seats import Seats

Run = Callable[[Any], Any]

SLOW = """(() => {
  const soon = window.setTimeout;
  const stretched = (ms) => (ms < 30 ? 40 : 10) * ms + 40;  // the short ones paint tables
  window.setTimeout = (work, ms = 0, ...more) => soon.call(window, work, stretched(ms), ...more);
})()"""


@pytest.fixture
def slow(seats: Seats, mock: MockPortals) -> Callable[..., Any]:
    """Opens a portal whose pages are slow, with this world in it."""

    def opens(portal: type[Portal], world: Any) -> Any:
        mock.reset(world)
        return seats.open(portal, mock, script=SLOW)

    return opens


@pytest.mark.sample(1, of="a slow page")
def test_the_lines_of_a_sec(slow: Any, run: Run) -> None:
    portal = slow(SisactPortal, sisact_samples.WORLD)
    assert run(portal.read_sec("7003")) == sisact_samples.expected("7003")


@pytest.mark.sample(1, of="a slow page")
def test_a_line_and_the_cases_of_a_sec(slow: Any, run: Run) -> None:
    portal = slow(SiacPortal, siac_samples.world())
    client = run(portal.read_client(siac_samples.RUC, ["987000001"]))
    assert [entry.detalle for entry in client.lineas[0].historial] == [
        str(n) for n in reversed(range(23))
    ]
    assert len(run(portal.search_cases("1000001"))) == 30
    numero = run(portal.register_case(siac_samples.draft()))
    assert run(portal.read_case(numero)).escenario == "VENTAS_CON_OFERTA"


@pytest.mark.sample(1, of="a slow grid")
@pytest.mark.parametrize("seed", ["8", "16"], ids=["gridview", "datagrid"])
@pytest.mark.parametrize("kind", [SisactPortal, SiacPortal], ids=lambda kind: kind.name)
def test_a_grid_that_does_not_say_that_it_fills(
    seats: Seats, run: Run, kind: type[Portal], seed: str
) -> None:
    with MockPortals("--seed", seed) as mock:
        mock.reset(sisact_samples.WORLD if kind is SisactPortal else siac_samples.world())
        portal: Any = seats.open(kind, mock, script=SLOW)
        if kind is SisactPortal:
            assert run(portal.read_sec("7000")) == sisact_samples.expected("7000")
        else:
            assert len(run(portal.search_cases("1000001"))) == 30


@pytest.mark.sample(1, of="a slow page")
def test_the_requests_of_a_list(slow: Any, run: Run) -> None:
    portal = slow(NintexPortal, nintex_samples.WORLD)
    found = run(portal.search(Site.ACTIVACIONES, "0077"))
    assert [int(item.numero) for item in found] == list(range(20, 9, -1))


@pytest.mark.sample(1, of="a slow page")
def test_a_request_on_its_form(slow: Any, run: Run, draft: NintexDraft) -> None:
    portal = slow(NintexPortal, nintex_samples.WORLD)
    run(portal.file(Site.ACTIVACIONES, draft))
    (found,) = run(portal.search(Site.ACTIVACIONES, draft.sec))
    assert (found.lineas, found.cargo) == (draft.lineas, draft.cargo)


@pytest.mark.sample(1, of="a slow page")
def test_the_incidents_of_a_sec(slow: Any, run: Run) -> None:
    world = remedy_samples.world(
        *(remedy_samples.incident(n, lines=[f"9{n:08d}"]) for n in range(1, 16))
    )
    portal = slow(RemedyPortal, world)
    found = run(portal.search(remedy_samples.SEC))
    assert [one.lineas for one in found] == [(f"9{n:08d}",) for n in range(15, 0, -1)]
    assert {one.adjuntos for one in found} == {("oferta.pdf",)}
    run(portal.close())


@pytest.mark.sample(1, of="a slow page")
def test_a_search_before_the_list_listens(slow: Any, run: Run) -> None:
    """The second, full load has its search box before the script that hears it."""
    portal = slow(NintexPortal, nintex_samples.WORLD)

    async def fail_over(route: Route) -> None:
        await route.fulfill(headers={"X-SharePoint-MDS": "failover"}, body="")

    async def late(route: Route) -> None:
        reply = await route.fetch()
        await route.fulfill(
            response=reply,
            body="setTimeout(() => {" + await reply.text() + "}, 50)",
        )

    run(portal.context.route("**/AllItems.aspx?AjaxDelta=1", fail_over))
    run(portal.context.route("**/sharepoint.js", late))
    assert len(run(portal.search(Site.ACTIVACIONES, "0045001"))) == 2
