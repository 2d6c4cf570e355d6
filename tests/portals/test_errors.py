"""The error tree: each leaf has its ending, and each error of Playwright's is one of its leaves."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from flows.rules.endings import ENDINGS, ending_of
from pages.contract import errors
from pages.contract.errors import (
    UNEXPECTED,
    AccessDenied,
    BrowserLost,
    Insecure,
    PageChanged,
    PortalDown,
    PortalError,
    PortalSlow,
)
from pages.contract.ports import Lease
from pages.core.account import Account, Limits
from pages.core.base_portal import Portal
from pages.core.diagnosis import DialogRule
from pages.core.elements import button
from pages.core.page import PortalPage
from pages.core.translated import translated

Run = Callable[..., Any]


def leaves(kind: type[PortalError]) -> set[type[PortalError]]:
    under = kind.__subclasses__()
    return set().union(*map(leaves, under)) if under else {kind}


def test_every_leaf_of_the_tree_says_how_a_case_ends_by_it() -> None:
    assert set(ENDINGS) == leaves(PortalError)


def test_every_leaf_hangs_under_who_must_act() -> None:
    groups = {errors.OwnerMustAct, errors.PersonMustAct, errors.RobotMustAct, errors.PageChanged}
    assert set(PortalError.__subclasses__()) == groups
    drawn = errors.__doc__ or ""
    assert all(kind.__name__ in drawn for kind in leaves(PortalError) | groups)


class FormPortal(Portal):
    name = "Portal de prueba"
    dialogs = ()

    async def log_in(self, page: Page) -> None:
        await page.set_content("<title>Prueba</title><button>Guardar</button>")
        page.set_default_timeout(300)
        self.limits = Limits(visible=0.5, look=0.1)  # from here on: a machine may be slow

    async def log_out(self, page: Page) -> None:
        pass


class Form(PortalPage):
    title = "Formulario"
    guardar = button("Guardar")


@pytest.fixture
def portal(context: BrowserContext, run: Run) -> FormPortal:
    async def make() -> FormPortal:
        account = Account("http://127.0.0.1:9/", "robot", lambda: "Clave-9")
        return FormPortal(context, account)

    made: FormPortal = run(make())
    return made


async def _detach(page: Page) -> None:
    await page.set_content("<iframe srcdoc='<button>Guardar</button>'></iframe>")
    frame = page.frames[1]
    await page.evaluate("document.querySelector('iframe').remove()")
    await frame.click("button")


#: how Playwright comes to raise, and where it is to end
RAISED: dict[str, tuple[Callable[[Page], Awaitable[Any]], type[PortalError]]] = {
    "nothing to click": (lambda page: page.click("#nada", timeout=100), PageChanged),
    "covered": (
        lambda page: page.locator("button").click(timeout=100, position={"x": 9999, "y": 1}),
        PageChanged,
    ),
    "two where one is meant": (lambda page: page.locator("*").click(timeout=100), PageChanged),
    "a bad selector": (lambda page: page.click("::::"), PageChanged),
    "a script that fails": (lambda page: page.evaluate("() => { throw 1 }"), PageChanged),
    "no such option": (
        lambda page: page.locator("button").select_option("x", timeout=100),
        PageChanged,
    ),
    "a file where none goes": (lambda page: page.set_input_files("button", __file__), PageChanged),
    "a frame that was removed": (_detach, PageChanged),
    "refused": (lambda page: page.goto("http://127.0.0.1:9/"), PortalDown),
    "no such host": (lambda page: page.goto("http://no-such-host.invalid/"), PortalDown),
    "a window that closed": (lambda page: _after(page.close(), lambda: page.title()), BrowserLost),
    "a context that closed": (
        lambda page: _after(page.context.close(), lambda: page.title()),
        BrowserLost,
    ),
    "a page that crashed": (lambda page: page.goto("chrome://crash"), BrowserLost),
}


async def _after(first: Awaitable[Any], then: Callable[[], Awaitable[Any]]) -> None:
    await first
    await then()


@pytest.mark.parametrize(("act", "kind"), RAISED.values(), ids=RAISED)
def test_whatever_playwright_raises_is_told_by_who_must_act(
    portal: FormPortal, run: Run, tmp_path: Any, act: Any, kind: type[PortalError]
) -> None:
    async def step() -> None:
        async with portal.leased(Lease(tmp_path / "falla" / "paso")):
            page = await portal.main()
            portal.where = "Formulario"
            await act(page)

    with pytest.raises(PortalError) as raised:
        run(step())
    assert type(raised.value) is kind
    assert str(raised.value).startswith("Portal de prueba, Formulario: ")
    assert not portal.is_open, "the next step begins with a window of its own"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("net::ERR_INVALID_AUTH_CREDENTIALS", AccessDenied),
        ("net::ERR_PROXY_AUTH_UNSUPPORTED", AccessDenied),
        ("net::ERR_BAD_SSL_CLIENT_AUTH_CERT", Insecure),
        ("net::ERR_CERT_AUTHORITY_INVALID", Insecure),
        ("net::ERR_CONNECTION_CLOSED", PortalDown),
    ],
)
def test_what_the_network_says_is_told_to_who_must_act(said: str, kind: type[PortalError]) -> None:
    error = PlaywrightError(f"Page.goto: {said} at http://portal.example/")
    assert type(translated(error, "Portal de prueba", "Inicio")) is kind


def test_a_message_nobody_expects_says_where_its_answer_is_noted() -> None:
    """In the map; a page that has lost something is for whoever maps pages."""
    told = UNEXPECTED.format("Recuerde validar.")
    assert "messages.accept" in ending_of(PageChanged("SISACT", "Consulta", told)).detail
    assert "mapa" not in ending_of(PageChanged("SISACT", "Consulta", "no se encuentra")).detail


def test_what_is_waited_for_in_vain_is_the_owners_while_an_answer_is_awaited(
    portal: FormPortal, run: Run
) -> None:
    async def wait_for_an_answer() -> None:
        page = await portal.main()
        await page.route("**/lento", lambda route: asyncio.sleep(0))
        await page.evaluate("void fetch('http://127.0.0.1:9/lento').catch(() => 0)")
        await Form(portal, page.locator("#nada")).guardar.click()

    with pytest.raises(PortalSlow):
        run(wait_for_an_answer())


def test_a_dialog_nobody_expects_is_answered_recorded_and_ends_the_step(
    portal: FormPortal, run: Run, tmp_path: Any
) -> None:
    async def step(words: str) -> str:
        portal.limits = Limits()
        async with portal.leased(Lease(tmp_path / "falla" / "paso")):
            page = await portal.main()
            portal.where = "Formulario"
            answered = await page.evaluate("(words) => String(confirm(words))", words)
        return str(answered)

    portal.dialogs = (DialogRule(re.compile("^¿Desea guardar")),)  # type: ignore[misc]
    assert run(step("¿Desea guardar?")) == "true"
    with pytest.raises(PageChanged, match="mensaje inesperado: «¿Borrar el caso ########\\?»"):
        run(step("¿Borrar el caso 70000001?"))
    assert run(step("¿Desea guardar?")) == "true", "it ended that step, and no other"


def test_a_look_that_gets_no_answer_is_made_again(portal: FormPortal, run: Run) -> None:
    looks: list[int] = []

    async def seen() -> Any:
        page = await portal.main()

        async def look() -> bool:
            looks.append(1)
            if len(looks) == 1:
                await page.evaluate("() => new Promise(() => {})")
            return True

        async with asyncio.timeout(20):
            return await portal.now(look, "Formulario", "Guardar")

    assert run(seen())
    assert len(looks) == 2


def test_what_is_done_and_gets_no_answer_ends_at_the_limit(portal: FormPortal, run: Run) -> None:
    async def pressed() -> None:
        page = await portal.main()
        portal.limits = Limits(visible=0.2)
        async with asyncio.timeout(20), portal.acting("Formulario", "Guardar"):
            await page.evaluate("() => new Promise(() => {})")

    with pytest.raises(PortalSlow, match="no respondió a tiempo \\(«Guardar»\\)"):
        run(pressed())
