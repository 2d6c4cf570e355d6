"""ASGI middleware before every page, file and message: who asks, from where, and how much.

NiceGUI takes events over a socket that any site could open and uploads of any size; so sessions,
origins and sizes are looked at here, below it, for each of its addresses alike.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from robots.console.user_store import User

COOKIE = "cargofijo_session"
LOGIN = "/entrar"
#: bytes of one request: a long list is 3 MB, and a file of evidence at most 10
MOST_BYTES = 32 * 1024 * 1024
#: what somebody sees who is not in: the login page and what it is painted with
_OPEN = (LOGIN, "/favicon.ico", "/_nicegui/")
_OPEN_BUT = "/_nicegui/client/"

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    # Vue compiles its templates in the browser, and NiceGUI starts it from the page itself.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
}


class TooLong(Exception):
    """Request larger than anybody may send."""


class Guard:
    """Middleware; ``hosts`` are the names under which the console answers; None where any may lead
    to it."""

    def __init__(
        self, app: ASGIApp, who: Callable[[str], User | None], *, hosts: frozenset[str] | None
    ) -> None:
        self.app = app
        self.who = who
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        token = HTTPConnection(scope).cookies.get(COOKIE, "")
        user = await asyncio.to_thread(self.who, token) if token else None
        refusal = self._refusal(scope, headers, user)
        if refusal is not None:
            await self._refuse(scope, receive, send, refusal)
            return
        scope["cargofijo.user"], scope["cargofijo.token"] = user, token
        exchange = _Exchange(scope, receive, send)
        try:
            await self.app(scope, exchange.receive, exchange.send)
        except Exception as error:
            # What the application made of that is held back. That a browser went away before its
            # answer is a fault to Starlette's own middleware.
            if not (exchange.too_long or (exchange.is_left and str(error) == _UNANSWERED)):
                raise
        if exchange.too_long and not exchange.answered:
            await self._refuse(scope, receive, send, 413)

    def _refusal(self, scope: Scope, headers: Headers, user: User | None) -> int | None:
        """The status that this request is answered with; None lets it pass."""
        host = headers.get("host", "")
        length = headers.get("content-length", "0")
        if not length.isdecimal():
            return 400
        if self.hosts is not None and _name(host) not in self.hosts:
            return 400  # a name that leads here from outside (DNS rebinding)
        changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD")
        if changes and headers.get("origin", "").partition("://")[2] != host:
            return 403
        if int(length) > MOST_BYTES:
            return 413
        path: str = scope["path"]
        is_open = path.startswith(_OPEN) and not path.startswith(_OPEN_BUT)
        return None if user or is_open else 401

    @staticmethod
    async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4000 + status})
            return
        path: str = scope["path"]
        wants_page = scope["method"] == "GET" and not path.startswith("/_nicegui")
        answer: PlainTextResponse | RedirectResponse
        if status == 401 and wants_page:
            target = LOGIN if path == "/" else f"{LOGIN}?a={quote(path)}"
            answer = RedirectResponse(target, 303)
        else:
            answer = PlainTextResponse(_SENTENCES[status], status)
        await answer(scope, receive, _Exchange(scope, receive, send).send)


#: of `starlette.middleware.base` (1.x)
_UNANSWERED = "No response returned."

_SENTENCES = {
    400: "La consola no atiende esa petición.",
    401: "Su sesión terminó: vuelva a entrar.",
    403: "La petición viene de otro sitio.",
    413: "El archivo es demasiado grande.",
}


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


class _Exchange:
    """One request and its answer: counts what really comes, for a length may be missing or a lie,
    and puts the headers that every answer has."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self.received = 0
        self.too_long = self.answered = self.is_left = False

    async def receive(self) -> Message:
        message = await self._receive()
        self.is_left = message["type"] == "http.disconnect"
        if message["type"] == "http.request":
            self.received += len(message.get("body", b""))
            if self.received > MOST_BYTES:
                self.too_long = True
                raise TooLong
        return message

    async def send(self, message: Message) -> None:
        if self.too_long and not self.answered:
            return
        if message["type"] == "http.response.start":
            self.answered = True
            _put_headers(self.scope, message)
        await self._send(message)


def _put_headers(scope: Scope, message: Message) -> None:
    headers = MutableHeaders(scope=message)
    headers.update(_HEADERS)
    if not scope["path"].startswith("/_nicegui/"):
        headers["Cache-Control"] = "no-store"
    if scope["scheme"] in ("https", "wss"):
        headers["Strict-Transport-Security"] = "max-age=31536000"


def is_in(scope: Any) -> bool:
    """Whether somebody who is in asks: some addresses are open to all."""
    return scope.get("cargofijo.user") is not None


def visitor(scope: Any) -> tuple[User, str]:
    """User and session token of a request; the guard has made sure that there is one."""
    user: User | None = scope.get("cargofijo.user")
    assert user is not None
    return user, scope["cargofijo.token"]
