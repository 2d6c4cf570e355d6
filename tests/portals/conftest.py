"""What the tests of the page objects share: places in the browser, and a request for NINTEX."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.async_api import BrowserContext, Page

from pages.contract.nintex import NintexDraft
from pages.core.account import Account, Limits
from pages.core.base_portal import Portal
from pages.core.browser import Browser
from pages.core.page import PortalPage
from tests.support import nintex_samples
from tests.support.loop import LoopThread
from tests.support.marks import needs
from tests.support.modes import OTHERS, Mode
from tests.support.network import Network
from tests.support.seats import Seats
from tests.support.small_portal import SmallPortal, opened


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every page in every mode; a test has its own name in the one that the robot finds."""
    if "mode" in metafunc.fixturenames:
        modes = [pytest.param(Mode.ANY, id=pytest.HIDDEN_PARAM), *OTHERS]
        metafunc.parametrize("mode", modes, scope="session")


@pytest.fixture
def seats(browser: Browser, run: Callable[..., Any]) -> Iterator[Seats]:
    with Seats(browser, run) as opened:
        yield opened


@pytest.fixture(scope="module")
def kept_seats(browser: Browser, run: Callable[..., Any]) -> Iterator[Seats]:
    """For a portal that several tests work with, one after the other."""
    with Seats(browser, run) as opened:
        yield opened


@pytest.fixture
def context(browser: Browser, run: Callable[..., Any]) -> Iterator[BrowserContext]:
    """For a page that is no portal's."""
    made = run(browser.context())
    yield made
    run(made.close())


@pytest.fixture
def network(loop: LoopThread, monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    made = Network(loop, monkeypatch)
    yield made
    made.stop()


class Mill(Portal):
    """A portal of whatever page a test writes."""

    name = "PRUEBA"


P = TypeVar("P", bound=PortalPage)


@pytest.fixture(scope="module")
def windows(browser: Browser, run: Callable[..., Any]) -> Iterator[Callable[[], Page]]:
    """Gives one window to all tests of a file; another one once its renderer has crashed, as
    Debian's Chromium does now and then, so that it costs no test but the one it happened in."""
    kept: list[Page] = []
    crashed: list[Page] = []

    async def opened() -> Page:
        page = await (await browser.context()).new_page()
        page.on("crash", lambda page: crashed.append(page))
        return page

    def current() -> Page:
        if not kept or kept[-1] in crashed:
            kept.append(run(opened()))
        return kept[-1]

    yield current
    for page in kept:
        run(page.context.close())


@pytest.fixture
def page(windows: Callable[[], Page]) -> Page:
    """A window of its own, for pages that the tests write."""
    return windows()


@pytest.fixture
def mill(page: Page, mode: Mode) -> Callable[..., Portal]:
    """The portal of such a page, at this address; ``limit`` is for what is not there, in the shell:
    where there is a window, what is there takes longer to be painted, too."""
    pace = 1 if mode is Mode.ANY else 5

    def made(limit: float, url: str = "http://127.0.0.1") -> Portal:
        account = Account(url, "robot", lambda: "secreto")
        return Mill(page.context, account, limits=Limits(visible=limit * pace, look=0.1))

    return made


@pytest.fixture
def hasty(page: Page) -> Iterator[None]:
    """For what Playwright waits for in vain; a robot's browser has its limits for that."""
    page.set_default_timeout(600)
    yield
    page.set_default_timeout(Limits().visible * 1000)


@pytest.fixture
def show(page: Page, run: Callable[..., Any], mill: Callable[..., Portal]) -> Callable[..., Any]:
    """The page object of a page with this HTML; for ``limit`` see `mill`."""

    def shown(kind: type[P], html: str, limit: float = 0.6) -> P:
        run(page.goto("about:blank"))  # another window, in which no script and no postback was
        run(page.set_content(html))
        return kind(mill(limit), page)

    return shown


@pytest.fixture
def adjuntos(tmp_path: Path) -> tuple[Path, ...]:
    files = (tmp_path / "correo del ejecutivo.msg", tmp_path / "descripción.png")
    for file in files:
        file.write_bytes(file.name.encode() * 1000)
    return files


@pytest.fixture
def draft(adjuntos: tuple[Path, ...]) -> NintexDraft:
    return nintex_samples.draft(*adjuntos)


@pytest.fixture
@needs("server")
def small(context: BrowserContext, run: Callable[..., Any]) -> Iterator[SmallPortal]:
    """A small portal of frames, and the server that it is."""
    place = opened(context)
    yield run(place.__aenter__())
    run(context.close())
    run(place.__aexit__(None, None, None))
