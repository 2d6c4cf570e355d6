"""What SISACT and SIAC Único are: a login, frames, and pages that post back to themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler

from mock_portals.aspnet.delta import delta_error, delta_redirect, is_delta
from mock_portals.aspnet.traits import Traits
from mock_portals.aspnet.viewstate import SPOILT, Load, ServerError
from mock_portals.base import Guarded, Portal, Surroundings, redirect
from mock_portals.sessions import Session

WRONG = "Usuario o contraseña incorrectos."
_UNHANDLED = "Exception of type 'System.Web.HttpUnhandledException' was thrown."


@dataclass(frozen=True)
class Postback:
    """One postback as its page's handler sees it."""

    request: web.Request
    session: Session
    load: Load
    values: dict[str, Any]
    target: str
    argument: str

    def text(self, control: str) -> str:
        return str(self.values.get(control, "")).strip()

    @property
    def page_number(self) -> int:
        """The page that a pager asks for: ``Page$3``, or a control of its own row."""
        found = re.fullmatch(r"Page\$(\d+)|ctl\d+\$ctl(\d+)", self.argument)
        return int(found[1] or found[2]) if found else 1


class Page:
    """One .aspx: shown on GET, worked with by postbacks to the same address."""

    path: ClassVar[str]
    #: controls whose postback makes or changes a record
    writes: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, portal: AspNet) -> None:
        self.portal = portal
        self.holdings = portal.holdings

    async def show(self, request: web.Request, session: Session) -> web.Response:
        raise NotImplementedError

    async def post(self, back: Postback) -> web.Response:
        raise NotImplementedError

    def load(self, data: dict[str, Any] | None = None) -> Load:
        return Load.new(self.path, self.portal.random, data)

    async def posted(self, request: web.Request, session: Session) -> web.Response:
        form = await request.post()
        if request.get("fault") == "digest_expired":
            raise ServerError(SPOILT)
        load = Load.posted(self.path, form)
        values = load.values(form)
        # a control within another: the outer one is told of it
        target, _, inner = load.target(form).partition("$")
        argument = str(form.get("__EVENTARGUMENT", "")) or inner
        return await self.post(Postback(request, session, load, values, target, argument))


class AspNet(Portal):
    """A subclass names its pages and its frames (template by address), and how it fails."""

    #: what its addresses begin with
    root: ClassVar[str] = ""
    frames: ClassVar[dict[str, str]]
    pages: ClassVar[tuple[type[Page], ...]]
    #: the template for who had a session
    expired: ClassVar[str]
    #: what the login says to who leaves a box empty
    unfilled: ClassVar[str] = WRONG

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        self.traits = Traits.of(surroundings.seed, self.name)
        self.login_path, self.default_path = f"{self.root}/Login.aspx", f"{self.root}/Default.aspx"
        self.writes = {page.path: page.writes for page in self.pages}

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/", self.home)
        router.add_get(self.login_path, self.login_page)
        router.add_post(self.login_path, self.login)
        router.add_get(f"{self.root}/Salir.aspx", self.leave)
        for path, template in self.frames.items():
            router.add_get(path, self.guarded(self.frame(template)))
        for page in [page(self) for page in self.pages]:
            router.add_get(page.path, self.guarded(page.show))
            router.add_post(page.path, self.guarded(page.posted))

    def app(self) -> web.Application:
        app = super().app()
        app.middlewares.append(self._caught)
        return app

    @web.middleware
    async def _caught(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except ServerError as error:
            return self.failed(request, str(error))

    def failed(self, request: web.Request, message: str) -> web.Response:
        """The framework's own error page, or the node that stands for it in a delta."""
        hides = self.traits.hides_errors
        if is_delta(request):
            return delta_error(_UNHANDLED if hides else message)
        application = self.root or f"/{self.name.upper()}"
        return self.render(
            "server_error.html", status=500, application=application, message=message, hides=hides
        )

    async def is_write(self, request: web.Request) -> bool:
        writes = self.writes.get(request.path)
        if not writes or request.method != "POST":
            return False
        return any(name.split("$")[-1] in writes for name in await request.post())

    async def expired_page(self, request: web.Request) -> web.Response:
        """The expiry for who had a session; who never had one is a stranger."""
        token = self.token(request)
        if not token:
            return self.stranger()
        taken = self.sessions.ended.get(token) == "taken"
        if not taken and self.traits.asks_for_login:
            address = f"{self.login_path}?ReturnUrl={quote(request.path_qs, safe='')}"
            return delta_redirect(address) if is_delta(request) else redirect(address)
        return self.render(self.expired, taken=taken)

    def stranger(self) -> web.Response:
        return self.login_form()

    # login and frames

    async def home(self, request: web.Request) -> web.Response:
        return redirect(self.default_path) if self.session(request) else self.stranger()

    async def login_page(self, request: web.Request) -> web.Response:
        return redirect(self.default_path) if self.session(request) else self.login_form()

    def login_form(self, message: str = "") -> web.Response:
        load = Load.new(self.login_path, self.random)
        return self.render("login.html", load=load, message=message)

    async def login(self, request: web.Request) -> web.Response:
        post = await request.post()
        values = Load.posted(self.login_path, post).values(post)
        user, password = str(values.get("txtUsuario", "")).strip(), str(values.get("txtClave", ""))
        session = self.log_in(user, password, request)
        if session is None:
            return self.login_form(WRONG if user and password else self.unfilled)
        return self.entered(session, self.default_path)

    async def leave(self, request: web.Request) -> web.Response:
        raise NotImplementedError

    def frame(self, template: str) -> Guarded:
        async def show(request: web.Request, session: Session) -> web.Response:
            return self.render(template, session=session, query=request.query)

        return show
