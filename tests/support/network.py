"""Servers of this process under names of their own, as the relay finds them."""

from __future__ import annotations

import asyncio
import base64
import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from aiohttp import web

from mock_portals.nintex.ntlm import Connections
from tests.support.loop import LoopThread

#: a page's HTML, or what answers
Pages = Mapping[str, str | Callable[[web.Request], web.Response]]


class Network:
    """Names are those that the relay connects to: lower-case, with a port."""

    def __init__(self, loop: LoopThread, patch: pytest.MonkeyPatch) -> None:
        self._loop = loop
        self._ports: dict[tuple[str, int], int] = {}
        self._runners: list[web.AppRunner] = []
        connect = asyncio.open_connection

        async def connected(host: str, port: int, **options: Any) -> Any:
            here = self._ports.get((host, port))
            return await connect(*(("127.0.0.1", here) if here else (host, port)), **options)

        patch.setattr(asyncio, "open_connection", connected)

    def name(self, host: str, at: int, port: int = 80) -> None:
        """Let a name lead to a port of this machine."""
        self._ports[host, port] = at

    def serve(
        self, host: str, pages: Pages, *, port: int = 80, ntlm: bool = False, asks: str = ""
    ) -> Site:
        """A site under this name; with ``ntlm`` its users log in by it, and ``asks`` is another
        challenge, which nobody's answer meets."""
        site = Site(pages, ntlm=ntlm, asks=asks)
        self._loop.run(self._start(site, host, port))
        return site

    async def _start(self, site: Site, host: str, port: int) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", site.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._runners.append(runner)
        self.name(host, runner.addresses[0][1], port)

    def stop(self) -> None:
        for runner in self._runners:
            self._loop.run(runner.cleanup())


class Site:
    """Its pages, and what was asked of it: path and leg of the handshake."""

    def __init__(self, pages: Pages, *, ntlm: bool, asks: str) -> None:
        self.pages = pages
        self.asked: list[tuple[str, str]] = []
        self._asks = asks
        self._ntlm = Connections(["robot"], random.Random(1)) if ntlm else None

    @property
    def tried(self) -> int:
        """How often a password was answered with."""
        return sum(leg == "authenticate" for _, leg in self.asked)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, _leg(request)))
        if self._asks:
            return web.Response(status=401, text="401", headers={"WWW-Authenticate": self._asks})
        if self._ntlm and (refused := await self._ntlm.authenticate(request)):
            return refused
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=404)
        if callable(page):
            return page(request)
        return web.Response(text=page, content_type="text/html")


def _leg(request: web.Request) -> str:
    message = request.headers.get("Authorization", "").removeprefix("NTLM ")
    kind = base64.b64decode(message)[8:9]
    return {b"\x01": "negotiate", b"\x03": "authenticate"}.get(kind, "")


def to(address: str) -> Callable[[web.Request], web.Response]:
    """A redirect."""
    return lambda _: web.Response(status=302, headers={"Location": address})
