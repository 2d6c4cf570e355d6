"""A small ASP.NET portal whose answers a test chooses: a frame to work in, with one search."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from playwright.async_api import BrowserContext, Page

from pages.contract.errors import PortalDown, SessionLost
from pages.core.account import Account, Limits
from pages.core.aspnet import AspNetPage, cascade, looked_up
from pages.core.base_portal import Portal
from pages.core.diagnosis import ErrorSignature
from pages.core.elements import button, field, link, shown, text
from pages.core.tabs import tab
from tests.support.machine import ROOT

SCRIPT = (ROOT / "mock_portals" / "static" / "aspnet.js").read_text(encoding="utf-8")
#: for what does not come
BRIEF = Limits(visible=2.5, look=0.1)
FRAMES = (
    '<title>Oficina</title><frameset cols="100,*"><frame name="menu" src="/menu">'
    '<frame name="trabajo" src="/trabajo"></frameset>'
)
LOGIN = (
    "<title>Ingreso</title><form method=post><p>Usuario <input name=u></p>"
    "<p>Contraseña <input type=password name=c></p><input type=submit value=Ingresar></form>"
)
WORDS = "<html><body><p>Su sesión ha expirado</p></body></html>"


def page(inside: str = "", attributes: str = 'data-async="ctl$btn"') -> str:
    """The page of the search, with more in it."""
    return (
        "<!DOCTYPE html><title>Trabajo</title><script src=/static/aspnet.js></script>"
        f'<form method=post action="/trabajo" {attributes}>'
        "<input type=hidden name=__EVENTTARGET id=__EVENTTARGET>"
        "<input type=hidden name=__EVENTARGUMENT id=__EVENTARGUMENT>"
        "<p><label>RUC <input id=ctl_ruc name=ctl$ruc></label>"
        "<input type=submit id=ctl_btn name=ctl$btn value=Buscar></p>"
        f"<div id=upd data-update-panel>{result('anterior')}</div>{inside}</form>"
    )


def result(value: str) -> str:
    return f"<p><label>Resultado</label><b>{value}</b></p>"


def delta(html: str, *more: tuple[str, str, str]) -> str:
    """The panel's new content, and more parts of kind, id and content."""
    parts = [("updatePanel", "upd", html), *more]
    return "".join(f"{len(text)}|{kind}|{id}|{text}|" for kind, id, text in parts)


@dataclass(frozen=True)
class Answer:
    """``is_lost``: the connection ends without it."""

    body: str = ""
    status: int = 200
    kind: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()
    is_lost: bool = False

    def response(self, request: web.Request) -> web.Response:
        if self.is_lost and request.transport is not None:
            request.transport.close()
        return web.Response(
            text=self.body, status=self.status, content_type=self.kind, headers=dict(self.headers)
        )


def moved(address: str) -> Answer:
    return Answer(status=302, headers=(("Location", address),))


class WorkPage(AspNetPage):
    title = "Trabajo"
    ruc = field("RUC")
    buscar = button("Buscar")
    exportar = button("Exportar")
    resultado = shown("Resultado")
    detalle = link("Detalle")
    guardar = button("Guardar")
    tipo = cascade("Tipo")
    cliente = looked_up("Cliente")
    lineas_tab = tab("Líneas", shows=text("Las líneas"))
    lineas = text("Las líneas")
    ready = buscar

    async def search(self) -> str:
        async with self.postback():
            await self.buscar.click()
        return await self.resultado.read()


class SmallPortal(Portal):
    name = "Oficina"
    error_signatures = (
        ErrorSignature(re.compile("Su sesión ha expirado"), SessionLost, "la sesión expiró"),
        ErrorSignature(re.compile("Validation of viewstate MAC"), SessionLost, "la página venció"),
        ErrorSignature(re.compile("Sistema en mantenimiento"), PortalDown, "está en mantenimiento"),
    )

    def __init__(self, context: BrowserContext, address: str) -> None:
        account = Account(f"{address}/", "robot", lambda: "clave")
        super().__init__(context, account, limits=Limits(visible=20, look=0.1))
        #: what is got, by address
        self.shown: dict[str, Answer] = {
            "/": Answer(FRAMES),
            "/menu": Answer("<p>Menú</p>"),
            "/trabajo": Answer(page()),
            "/Login.aspx": Answer(LOGIN),
            "/static/aspnet.js": Answer(SCRIPT, kind="text/javascript"),
        }
        #: what is posted back, by address
        self.answers: dict[str, Answer] = {}

    async def answer(self, request: web.Request) -> web.Response:
        known = self.shown if request.method == "GET" else self.answers
        return known.get(request.path, Answer(status=404)).response(request)

    async def log_in(self, page: Page) -> None:
        await self.go(page, self.account.url, "Oficina")
        frame = await self.until(lambda: _frame(page), "Oficina", "marco de trabajo")
        await WorkPage(self, frame).loaded()

    async def log_out(self, page: Page) -> None:
        await page.goto(f"{self.account.url}Login.aspx")
        await button("Ingresar").on(WorkPage(self, page)).wait()

    async def work(self, shown: str = "", posted: Answer | None = None) -> WorkPage:
        """Its page, as it is shown now and will answer."""
        if shown:
            self.shown["/trabajo"] = Answer(shown)
        if posted is not None:
            self.answers["/trabajo"] = posted
        window = await self.main()
        frame = window.frame(name="trabajo")
        assert frame is not None
        if shown:
            await frame.goto(f"{self.account.url}trabajo")
        return WorkPage(self, frame)


async def _frame(page: Page) -> Any:
    return page.frame(name="trabajo")


@asynccontextmanager
async def opened(context: BrowserContext) -> AsyncIterator[SmallPortal]:
    """The portal in this context, and the server that it is."""
    offices: list[SmallPortal] = []

    async def answer(request: web.Request) -> web.Response:
        return await offices[0].answer(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    offices.append(SmallPortal(context, f"http://127.0.0.1:{runner.addresses[0][1]}"))
    try:
        yield offices[0]
    finally:
        await runner.cleanup()
