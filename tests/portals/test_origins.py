"""Servers: which are a portal's, and who answers their challenges; and a page that holds back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from pages.contract.errors import AccessDenied, PortalDown
from pages.contract.nintex import Site
from pages.contract.ports import Lease
from pages.core.account import Account
from pages.core.base_portal import Portal
from pages.core.browser import Browser
from pages.core.diagnosis import ErrorSignature
from pages.core.elements import heading
from pages.core.page import PortalPage
from pages.nintex.portal import NintexPortal
from tests.support.mock import MockPortals
from tests.support.network import Network, to
from tests.support.nintex_samples import WORLD, request
from tests.support.seats import Seats

Run = Callable[..., Any]

#: whichever of these the settings have, the server is one
WRITTEN = ["http://wfportalnintex", "http://WFPortalNintex", "HTTP://wfportalnintex:80/"]
MAINTENANCE = "<h1>Sistema en mantenimiento</h1>"
HOME = "<title>Inicio</title><h1>Inicio</h1>"


class Home(PortalPage):
    title = "Inicio"
    ready = heading("Inicio")


class HomePortal(Portal):
    """Its first page needs no login."""

    name = "Portal de prueba"
    error_signatures = (ErrorSignature(re.compile("en mantenimiento"), PortalDown, "se mantiene"),)

    async def log_in(self, page: Page) -> None:
        await self.go(page, self.account.url, Home.title)
        await Home(self, page).loaded()

    async def log_out(self, page: Page) -> None:
        await self.go(page, f"{self.account.url}/salir", "Cierre de sesión")
        await Home(self, page).loaded()


class Opener:
    """Opens portals, several in one browser context where they are to share it."""

    def __init__(self, browser: Browser, run: Run) -> None:
        self._browser, self._run = browser, run
        self.contexts: list[Any] = []

    def __call__(self, kind: type[Portal], account: Account, beside: Any = None) -> Any:
        async def make() -> Portal:
            ntlm = account if kind is NintexPortal else None
            context = beside.context if beside else await self._browser.context(ntlm=ntlm)
            if not beside:
                self.contexts.append(context)
            return kind(context, account)

        return self._run(make())


@pytest.fixture
def opened(browser: Browser, run: Run) -> Iterator[Opener]:
    opener = Opener(browser, run)
    yield opener
    for context in opener.contexts:
        run(context.close())


def at(url: str, password: str = "robot", **sites: str) -> Account:
    return Account(url, "CLARO\\robot", lambda: password, sites)


@pytest.mark.sample(1)
@pytest.mark.parametrize("url", WRITTEN)
def test_however_the_address_is_written_its_challenge_is_answered(
    mock: MockPortals, network: Network, seats: Seats, run: Run, url: str
) -> None:
    mock.reset(WORLD)
    network.name("wfportalnintex", mock.base + 3)
    nintex = seats.open(NintexPortal, mock, url=url)
    assert len(run(nintex.search(Site.ACTIVACIONES, "0045002"))) == 1


@pytest.mark.sample(1)
@pytest.mark.parametrize("url", WRITTEN)
def test_a_wrong_password_is_tried_once(
    network: Network, opened: Opener, run: Run, tmp_path: Path, url: str
) -> None:
    site = network.serve("wfportalnintex", {}, ntlm=True)
    nintex = opened(NintexPortal, at(url, "equivocada"))

    async def night() -> None:
        try:
            async with nintex.leased(Lease(tmp_path / "falla")):
                await nintex.search(Site.ACTIVACIONES, "0045001")
        finally:
            await nintex.close()

    with pytest.raises(AccessDenied, match="usuario o contraseña rechazados"):
        run(night())
    assert site.tried == 1


def test_each_site_may_be_on_a_server_of_its_own(
    mock: MockPortals, network: Network, seats: Seats, run: Run
) -> None:
    mock.reset({**WORLD, "nintex": {**WORLD["nintex"], "operador": [request(7, "0045003")]}})
    for name in ("wfportaloperador", "wfportalactivaciones"):
        network.name(name, mock.base + 3)
    web = "http://WFPortal{}/dir/{}/_layouts/15/start.aspx#/{}/Forms/AllItems.aspx"
    sites = {
        Site.OPERADOR: web.format("Operador", "red/soporte", Site.OPERADOR),
        Site.ACTIVACIONES: web.format(
            "Activaciones", "operacionescomerciales/Activaciones", Site.ACTIVACIONES
        ),
    }
    nintex = seats.open(NintexPortal, mock, url="http://wfportalnintex", sites=sites)
    assert len(run(nintex.search(Site.OPERADOR, "0045003"))) == 1
    assert len(run(nintex.search(Site.ACTIVACIONES, "0045001"))) == 2
    run(nintex.close())
    assert mock.state()["sessions"]["nintex"]["logouts"] == 2, "each server is left"


@pytest.mark.parametrize("asks", ["NTLM", "Negotiate", 'Basic realm="intranet"'])
def test_a_server_that_knows_no_such_user_denies_access(
    network: Network, opened: Opener, run: Run, asks: str
) -> None:
    network.serve("portal.empresa.example", {"/": to("http://otro.empresa.example/")})
    network.serve("otro.empresa.example", {}, ntlm=asks == "NTLM", asks=asks.removeprefix("NTLM"))
    of_ours, of_none = at("http://portal.empresa.example"), at("http://otro.empresa.example")
    known = opened(NintexPortal, at("http://wfportalnintex"))
    for account, beside in product((of_ours, of_none), (known, None)):
        portal = opened(HomePortal, account, beside)
        with pytest.raises(AccessDenied, match=r"otro\.empresa\.example|rechazad"):
            run(portal.main())


def test_a_picture_behind_a_challenge_keeps_nobody_waiting(
    network: Network, opened: Opener, run: Run
) -> None:
    photo = "<img src='http://mysite.empresa.example/foto.jpg'>"
    page = f"{HOME}{photo}<a href='/otra' target='_blank'>Otra</a>"
    other = f"<title>Otra</title>{photo}"
    network.serve("portal.empresa.example", {"/": page, "/otra": other})
    network.serve("mysite.empresa.example", {}, ntlm=True)

    async def work(portal: Portal) -> None:
        main = await portal.main()
        await main.wait_for_load_state("load")
        await main.get_by_role("link").click()
        window, _ = await portal.popup(None, "Otra", "Inicio")
        await window.wait_for_load_state("load")
        await portal.diagnose()

    account = at("http://portal.empresa.example")
    run(work(opened(HomePortal, account, opened(NintexPortal, at("http://wfportalnintex")))))
    run(work(opened(HomePortal, account)))


@pytest.mark.parametrize(
    "other", ["http://siac:8080/", "http://siac-nuevo/", "http://siac.empresa.example/"]
)
def test_what_another_server_says_is_not_this_portals(
    network: Network, opened: Opener, run: Run, other: str
) -> None:
    network.serve("siac", {"/": HOME})
    host, _, port = other.removeprefix("http://").strip("/").partition(":")
    network.serve(host, {"/": MAINTENANCE}, port=int(port or 80))
    siac = opened(HomePortal, at("http://siac"))
    elsewhere = opened(HomePortal, at(other), beside=siac)
    run(siac.main())
    with pytest.raises(PortalDown):
        run(elsewhere.main())
    run(siac.diagnose())


def test_the_server_to_which_the_login_led_is_looked_at(
    network: Network, opened: Opener, run: Run
) -> None:
    network.serve("siac", {"/": to("http://web.empresa.example/inicio")})
    frames = "<iframe srcdoc='x'></iframe><iframe src='/marco'></iframe>"
    pages = {"/inicio": HOME + frames, "/marco": MAINTENANCE}
    network.serve("web.empresa.example", pages)

    async def look(portal: Portal) -> None:
        await (await portal.main()).wait_for_load_state("load")
        await portal.diagnose()

    with pytest.raises(PortalDown, match="se mantiene"):
        run(look(opened(HomePortal, at("http://siac"))))


def test_a_page_that_asks_before_it_is_left_is_left(
    network: Network, opened: Opener, run: Run
) -> None:
    held = f"{HOME}<input oninput='onbeforeunload = (e) => e.preventDefault()'>"
    site = network.serve("siac", {"/": held, "/otra": held, "/salir": HOME})
    portal = opened(HomePortal, at("http://siac"))

    async def work() -> None:
        page = await portal.main()
        for address in ("http://siac/otra", "http://siac/"):
            await page.locator("input").click()
            await page.locator("input").press_sequentially("x")
            await portal.go(page, address, "Otra")
            await Home(portal, page).loaded()
        await portal.diagnose()
        await page.locator("input").click()
        await page.locator("input").press_sequentially("x")
        await portal.close()

    run(work())
    assert [path for path, _ in site.asked if "ico" not in path][-1] == "/salir"
    assert not portal.is_open
