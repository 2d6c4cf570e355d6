"""What every portal is made of: counting, latency, sessions, faults, templates."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import jinja2
from aiohttp import web
from aiohttp.typedefs import Handler

from mock_portals.dialect import Dialect
from mock_portals.faults import Faults, suffer
from mock_portals.holdings import Holdings
from mock_portals.sessions import USERS, Session, Sessions
from mock_portals.wording import Wording

HERE = Path(__file__).parent

#: a handler for those who are logged in: see `Portal.guarded`
Guarded = Callable[[web.Request, Session], Awaitable[web.StreamResponse]]


def redirect(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address})


@dataclass
class Surroundings:
    """What all portals share: the records, the faults, what is worded otherwise, and how this run
    was started, in whose words too."""

    holdings: Holdings
    faults: Faults = field(default_factory=Faults)
    wording: Wording = field(default_factory=Wording)
    dialects: Mapping[str, Dialect] = field(default_factory=dict)
    latency_ms: int = 0
    seed: int = 0
    session_idle: float = 120.0


class Portal:
    """One portal on its own port.

    A subclass names itself, adds its routes, and says which of its requests change a record.
    """

    name: ClassVar[str]

    def __init__(self, surroundings: Surroundings) -> None:
        self.around = surroundings
        self.holdings = surroundings.holdings
        self.dialect = surroundings.dialects.get(self.name, Dialect())
        self.sessions = Sessions(surroundings.session_idle)
        # Every portal has its own sequence, so that one's traffic does not change another's ids.
        self.random = random.Random(f"{surroundings.seed}:{self.name}")
        self.templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader([HERE / self.name / "templates", HERE / "templates"]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    # for subclasses

    def add_routes(self, router: web.UrlDispatcher) -> None:
        raise NotImplementedError

    async def is_write(self, request: web.Request) -> bool:
        """Whether this request would make or change a record."""
        raise NotImplementedError

    async def expired_page(self, request: web.Request) -> web.Response:
        """What is shown where there was a session and is none; with status 200, as they do."""
        raise NotImplementedError

    def layout(self) -> dict[str, Any]:
        """What else each template is given: the names of this load's classes of layout."""
        return {}

    async def admit(self, request: web.Request) -> web.Response | None:
        """A challenge to answer instead of the request (NTLM); None lets it through."""
        return None

    def session(self, request: web.Request) -> Session | None:
        return self.sessions.find(self.token(request))

    def token(self, request: web.Request) -> str | None:
        """What tells one session's requests from another's; a cookie, but for NTLM."""
        return request.cookies.get(self.cookie)

    @property
    def cookie(self) -> str:
        return f"{self.name.upper()}_SessionId"

    # what they all do

    def guarded(self, handler: Guarded) -> Handler:
        """The handler for those who are logged in; others get `expired_page`."""

        async def guard(request: web.Request) -> web.StreamResponse:
            session = self.session(request)
            if session is None:
                return await self.expired_page(request)
            return await handler(request, session)

        return guard

    def log_in(self, user: str, password: str, request: web.Request) -> Session | None:
        """A new session, or None where name and password do not fit."""
        if not self.knows(user, password):
            return None
        return self.start(user, request)

    def start(self, user: str, request: web.Request, token: str | None = None) -> Session:
        self.holdings.logins[self.name] += 1
        return self.sessions.start(user, request.remote or "127.0.0.1", token)

    def knows(self, user: str, password: str) -> bool:
        return bool(password) and USERS.get(user) == password

    def entered(self, session: Session, address: str) -> web.Response:
        """To the first page, with the session's cookie."""
        reply = redirect(address)
        reply.set_cookie(self.cookie, session.token, httponly=True)
        return reply

    def log_out(self, request: web.Request) -> None:
        session = self.session(request)
        if session is not None:
            self.sessions.end(session.token, "logout")
            self.holdings.logouts[self.name] += 1

    def draw(self, template: str, /, **values: Any) -> str:
        """A page or a part of one."""
        known = {"portal": self, **self.layout(), **values}
        drawn = self.templates.get_template(template).render(known)
        return self.around.wording.of(self.name, self.dialect.page(drawn))

    def render(self, template: str, /, status: int = 200, **values: Any) -> web.Response:
        return web.Response(
            text=self.draw(template, **values),
            status=status,
            content_type="text/html",
            headers={"Cache-Control": "no-store"},
        )

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._serve], client_max_size=64 * 1024 * 1024)
        self.add_routes(app.router)
        app.router.add_static("/static/", HERE / "static")
        return app

    @web.middleware
    async def _serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path
        if path.startswith("/static/") or path == "/favicon.ico":
            file = self._in_its_words(await handler(request), path)
            # as IIS sends a server's scripts and styles, whose addresses tell their version
            file.headers["Cache-Control"] = "public, max-age=31536000"
            return file
        if self.around.latency_ms:
            await asyncio.sleep(self.around.latency_ms / 1000)
        challenge = await self.admit(request)
        if challenge is not None:
            return challenge
        self.holdings.requests[self.name, request.method, path] += 1
        token = self.token(request)
        if self.session(request) is None or token is None:
            return await handler(request)
        if request.method == "POST":
            await request.post()  # read now: what works later or twice needs the body
        fault = self.around.faults.pick(
            self.name, path, request.method, await self.is_write(request)
        )
        if fault is None:
            return await handler(request)
        if fault.kind in ("session_expired", "session_taken"):
            self.sessions.end(token, fault.kind.removeprefix("session_"))
        elif fault.kind in ("save_conflict", "digest_expired"):
            request["fault"] = fault.kind
        return await suffer(fault, request, handler)

    def _in_its_words(self, file: web.StreamResponse, path: str) -> web.StreamResponse:
        """A static file; what a script says is worded as the pages are."""
        if not path.endswith(".js") or not (self.dialect.texts or self.dialect.names):
            return file
        script = (HERE / path.lstrip("/")).read_text(encoding="utf-8")
        return web.Response(text=self.dialect.script(script), content_type="text/javascript")
