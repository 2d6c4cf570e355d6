"""What is kept of a failure: whole, for its owner's eyes only, and without the password."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import psutil
import pytest
from playwright.async_api import BrowserContext, Page

from pages.contract.errors import PageChanged
from pages.contract.ports import Lease
from pages.core.account import Account, Limits
from pages.core.base_portal import Portal
from pages.core.browser import Browser
from pages.core.elements import button, field, secret
from pages.core.failure import TRACE, Trace, raw_traces, without
from pages.core.page import PortalPage

Run = Callable[..., Any]

SHOW_TRACE = (sys.executable, "-m", "playwright", "show-trace")
PASSWORD = 'Cl&ve 9"ñ+<%>'
FORM = """<title>Ingreso</title><form method="post" action="/entrar">
<label>Usuario <input name="usuario"></label>
<label>Contraseña <input name="clave" type="password"></label>
<button>Ingresar</button></form><iframe srcdoc="<p>Un marco</p>"></iframe>"""


class Login(PortalPage):
    title = "Ingreso"
    usuario = field("Usuario")
    contrasena = secret("Contraseña")
    ingresar = button("Ingresar")


class FormPortal(Portal):
    """A portal whose login is sent, echoed back as typed, and leads nowhere."""

    name = "Portal de prueba"

    async def log_in(self, page: Page) -> None:
        async def answer(route: Any) -> None:
            sent = route.request.post_data or ""
            await route.fulfill(
                content_type="text/html; charset=utf-8", body=f"{FORM}<p>{PASSWORD}</p>{sent}"
            )

        await page.route("**/*", answer)
        await self.go(page, self.account.url, "Ingreso")
        login = Login(self, page)
        await login.usuario.fill("robot")
        await login.contrasena.fill(self.account.password)
        await login.ingresar.click()
        self.limits = Limits(visible=1.5, look=0.2)  # what comes now, comes never
        await button("Bandeja").kind(login, "Bandeja", button("Bandeja").find).wait()

    async def log_out(self, page: Page) -> None:
        pass


@pytest.fixture
def kept(context: BrowserContext, run: Run, tmp_path: Path) -> Path:
    """The folder of a step that failed."""
    folder = tmp_path / "CF-1" / "falla" / "paso"
    folder.parent.parent.mkdir(mode=0o700)

    async def fail() -> None:
        account = Account("http://portal.example/", "robot", lambda: PASSWORD)
        portal = FormPortal(context, account)
        async with portal.leased(Lease(folder, traced=True)):
            await portal.main()

    with pytest.raises(PageChanged):
        run(fail())
    return folder


def test_picture_pages_and_trace_are_there_for_their_owner_alone(kept: Path) -> None:
    names = {file.name for file in kept.iterdir()}
    assert names == {"ventana-1.png", "ventana-1.html", "ventana-1-1.html", TRACE}
    assert (kept / "ventana-1.png").read_bytes().startswith(b"\x89PNG")
    assert "Usuario" in (kept / "ventana-1.html").read_text(encoding="utf-8")
    assert "Un marco" in (kept / "ventana-1-1.html").read_text(encoding="utf-8")
    if os.name == "posix":
        assert {stat.S_IMODE(file.stat().st_mode) for file in kept.iterdir()} == {0o600}
        for folder in (kept, kept.parent):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_password_is_in_none_of_it(kept: Path) -> None:
    contents = {file.name: file.read_bytes() for file in kept.glob("*.html")}
    with zipfile.ZipFile(kept / TRACE) as trace:
        contents |= {name: trace.read(name) for name in trace.namelist()}
    assert b"Ingresar" in contents["trace.trace"], "the trace has what was done"
    assert any(b"/entrar" in content for content in contents.values()), "and what was sent"
    assert any(b"******" in content for content in contents.values())
    for name, content in contents.items():
        assert without(PASSWORD, content) == content, name
        assert quote_plus(PASSWORD).encode() not in content, name
        for part in (b"ve 9", b"ve+9", b"ve%209"):
            at = content.find(part)
            assert at < 0, (name, content[at - 60 : at + 60])


def test_nothing_of_it_stays_with_the_browser(kept: Path) -> None:
    left = [file for file in raw_traces().rglob("*") if file.is_file()]
    assert any(file.parent.name == "resources" for file in left)
    assert all(without(PASSWORD, file.read_bytes()) == file.read_bytes() for file in left)
    assert not [file for file in left if file.suffix == ".html" and file.stat().st_size]
    assert not [file for file in left if file.parent == raw_traces()]


def test_nothing_stays_of_a_trace_that_was_cut_short(browser: Browser, run: Run) -> None:
    async def cut_short() -> None:
        context = await browser.context()
        page = await context.new_page()
        await page.set_content("<p>Rosa</p>" * 200)
        trace = Trace(context)
        await asyncio.gather(trace.start(), context.close())
        await trace.stop()

    async def another() -> None:
        context = await browser.context()
        trace = Trace(context)
        await trace.start()
        await trace.stop()
        await context.close()

    for _ in range(12):
        run(cut_short())
    run(another())
    assert not [file for file in raw_traces().iterdir() if file.is_file()]


@pytest.mark.full
def test_the_trace_opens_in_playwrights_viewer(
    kept: Path, context: BrowserContext, run: Run
) -> None:
    """As ``playwright show-trace`` serves it, in the browser that the tests have."""
    viewer = subprocess.Popen(
        [*SHOW_TRACE, "--host", "127.0.0.1", "--port", "0", str(kept / TRACE)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert viewer.stdout is not None
        address = next(line.split()[-1] for line in viewer.stdout if "Listening on" in line)

        async def look() -> str:
            page = await context.new_page()
            await page.goto(address)
            await page.get_by_text("Escribir en «Usuario»").wait_for(timeout=60_000)
            text: str = await page.inner_text("body")
            return text

        shown = run(look())
    finally:
        for process in psutil.Process(viewer.pid).children():
            process.terminate()  # the command is a process of its own, beneath Python's
        viewer.terminate()
        viewer.wait(30)
    assert "Pulsar «Ingresar»" in shown
    assert PASSWORD not in shown


def test_a_step_that_ends_well_keeps_nothing(
    context: BrowserContext, run: Run, tmp_path: Path
) -> None:
    class Polite(FormPortal):
        async def log_in(self, page: Page) -> None:
            await page.set_content(FORM)

    async def work() -> None:
        account = Account("http://portal.example/", "robot", lambda: PASSWORD)
        portal = Polite(context, account)
        for traced in (True, False, True):  # a trace that was not wanted is in no later one's way
            async with portal.leased(Lease(tmp_path / "falla" / "paso", traced=traced)):
                await portal.main()

    run(work())
    assert list(tmp_path.iterdir()) == []
