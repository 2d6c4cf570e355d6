"""The portals on a slow machine: the timers of their pages take ten times as long and more, so that
what is half there stays so for long enough to be mistaken for the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Route

from pages.contract.nintex import NintexDraft, Site
from pages.core.account import Account
from pages.core.browser import Browser
from pages.nintex.portal import NintexPortal
from pages.remedy.portal import RemedyPortal
from pages.siac.portal import SiacPortal
from pages.sisact.portal import SisactPortal
from tests.conftest import MockPortals
from tests.portals import remedy_samples, siac_samples, test_nintex, test_sisact

pytestmark = pytest.mark.browser
Run = Callable[[Any], Any]
adjuntos, draft = test_nintex.adjuntos, test_nintex.draft

SLOW = """(() => {
  const soon = window.setTimeout;
  const stretched = (ms) => (ms < 30 ? 40 : 10) * ms + 40;  // the short ones paint tables
  window.setTimeout = (work, ms = 0, ...more) => soon.call(window, work, stretched(ms), ...more);
})()"""


@pytest.fixture
def slow(browser: Browser, run: Run, mock: MockPortals) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a context whose pages are slow; all are closed in the end."""
    opened: list[BrowserContext] = []

    def opens(world: Any, **options: Any) -> BrowserContext:
        mock.reset(world)
        opened.append(run(browser.context(**options)))
        run(opened[-1].add_init_script(SLOW))
        return opened[-1]

    yield opens
    for context in opened:
        run(context.close())


def robot(mock: MockPortals, portal: str) -> Account:
    user = "CLARO\\robot" if portal == "nintex" else "robot"
    return Account(mock.url(portal), user, lambda: "robot")


def test_the_lines_of_a_sec(mock: MockPortals, slow: Any, run: Run) -> None:
    portal = SisactPortal(slow(test_sisact.WORLD), robot(mock, "sisact"))
    assert run(portal.read_sec("7003")) == test_sisact.expected("7003")


@pytest.mark.full
def test_a_line_and_the_cases_of_a_sec(mock: MockPortals, slow: Any, run: Run) -> None:
    portal = SiacPortal(slow(siac_samples.world()), robot(mock, "siac"))
    client = run(portal.read_client(siac_samples.RUC, ["987000001"]))
    assert [entry.detalle for entry in client.lineas[0].historial] == [
        str(n) for n in reversed(range(23))
    ]
    assert len(run(portal.search_cases("1000001"))) == 30
    numero = run(portal.register_case(siac_samples.draft()))
    assert run(portal.read_case(numero)).escenario == "VENTAS_CON_OFERTA"


@pytest.mark.full
def test_the_requests_of_a_list(mock: MockPortals, slow: Any, run: Run) -> None:
    context = slow(test_nintex.WORLD, ntlm=robot(mock, "nintex"))
    portal = NintexPortal(context, robot(mock, "nintex"))
    found = run(portal.search(Site.ACTIVACIONES, "0077"))
    assert [int(item.id) for item in found] == list(range(20, 9, -1))


@pytest.mark.full
def test_a_request_on_its_form(mock: MockPortals, slow: Any, run: Run, draft: NintexDraft) -> None:
    context = slow(test_nintex.WORLD, ntlm=robot(mock, "nintex"))
    portal = NintexPortal(context, robot(mock, "nintex"))
    run(portal.file(Site.ACTIVACIONES, draft))
    (found,) = run(portal.search(Site.ACTIVACIONES, draft.sec))
    assert (found.lineas, found.cargo) == (draft.lineas, draft.cargo)


@pytest.mark.full
def test_the_incidents_of_a_sec(mock: MockPortals, slow: Any, run: Run) -> None:
    world = remedy_samples.world(
        *(remedy_samples.incident(n, lines=[f"9{n:08d}"]) for n in range(1, 16))
    )
    portal = RemedyPortal(slow(world), robot(mock, "remedy"))
    found = run(portal.search(remedy_samples.SEC))
    assert [one.lineas for one in found] == [(f"9{n:08d}",) for n in range(15, 0, -1)]
    assert {one.adjuntos for one in found} == {("oferta.pdf",)}
    run(portal.close())


def test_a_search_before_the_list_listens(mock: MockPortals, slow: Any, run: Run) -> None:
    """The second, full load has its search box before the script that hears it."""
    context = slow(test_nintex.WORLD, ntlm=robot(mock, "nintex"))

    async def fail_over(route: Route) -> None:
        await route.fulfill(headers={"X-SharePoint-MDS": "failover"}, body="")

    async def late(route: Route) -> None:
        reply = await route.fetch()
        await route.fulfill(
            response=reply,
            body="setTimeout(() => {" + await reply.text() + "}, 50)",
        )

    run(context.route("**/AllItems.aspx?AjaxDelta=1", fail_over))
    run(context.route("**/sharepoint.js", late))
    portal = NintexPortal(context, robot(mock, "nintex"))
    assert len(run(portal.search(Site.ACTIVACIONES, "0045001"))) == 2
