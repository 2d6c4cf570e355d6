"""SIAC Único: customer care, as an ASP.NET application in frames."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from mock_portals.aspnet import Load, ViewStateError
from mock_portals.siac.case_page import CasePage
from mock_portals.siac.cases import CaseSearch
from mock_portals.siac.clients import ClientSearch
from mock_portals.siac.lines import LineDetail
from mock_portals.siac.pages import AspPage, Postback, Skin
from mock_portals.siac.queue import QueuePage
from mock_portals.siac.template import CaseTemplate
from mock_portals.site import Portal, Surroundings

PAGES: tuple[type[AspPage], ...] = (
    ClientSearch,
    LineDetail,
    CaseSearch,
    CasePage,
    CaseTemplate,
    QueuePage,
)
FRAMES = {
    "/siac/Default.aspx": "frames.html",
    "/siac/Cabecera.aspx": "banner.html",
    "/siac/Menu.aspx": "menu.html",
    "/siac/Inicio.aspx": "home.html",
}
Handler = Callable[[web.Request], Awaitable[web.Response]]


class Siac(Portal):
    name = "siac"

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        self.pages = [page(self) for page in PAGES]

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/", self.login_page)
        router.add_get("/siac/Login.aspx", self.login_page)
        router.add_post("/siac/Login.aspx", self.login)
        router.add_get("/siac/Salir.aspx", self.leave)
        for path, template in FRAMES.items():
            router.add_get(path, self.frame(template))
        for page in self.pages:
            router.add_get(page.path, self.shown(page))
            router.add_post(page.path, self.posted(page))

    async def is_write(self, request: web.Request) -> bool:
        page = next((page for page in self.pages if page.path == request.path), None)
        if page is None or request.method != "POST":
            return False
        return any(name.split("$")[-1] in page.writes for name in await request.post())

    async def expired_page(self, request: web.Request) -> web.Response:
        reason = self.sessions.ended.get(self.token(request) or "")
        return self.render("expired.html", c=Skin(self.random), taken=reason == "taken")

    # login

    async def login_page(self, request: web.Request) -> web.Response:
        if self.session(request) is not None:
            raise web.HTTPFound("/siac/Default.aspx")
        return self.login_form()

    def login_form(self, message: str = "") -> web.Response:
        load = Load.new("/siac/Login.aspx", self.random)
        return self.render("login.html", load=load, c=Skin(self.random), message=message)

    async def login(self, request: web.Request) -> web.Response:
        post = await request.post()
        try:
            values = Load.posted("/siac/Login.aspx", post).values(post)
        except ViewStateError as error:
            return self.failed(str(error))
        user = str(values.get("txtUsuario", "")).strip()
        session = self.log_in(user, str(values.get("txtClave", "")), request)
        if session is None:
            return self.login_form("Usuario o contraseña incorrectos.")
        found = web.HTTPFound("/siac/Default.aspx")
        found.set_cookie(self.cookie, session.token, httponly=True, path="/")
        raise found

    async def leave(self, request: web.Request) -> web.Response:
        self.log_out(request)
        return self.render("goodbye.html", c=Skin(self.random))

    # pages

    async def refused(self, request: web.Request) -> web.Response:
        """No session: the login for who never had one, the expiry for who had."""
        if self.token(request):
            return await self.expired_page(request)
        return self.login_form()

    def failed(self, message: str) -> web.Response:
        """The framework's own error page; with status 200, for `customErrors` hides it."""
        return self.render("server_error.html", message=message)

    def frame(self, template: str) -> Handler:
        async def show(request: web.Request) -> web.Response:
            session = self.session(request)
            if session is None:
                return await self.refused(request)
            return self.render(template, c=Skin(self.random), session=session)

        return show

    def shown(self, page: AspPage) -> Handler:
        async def show(request: web.Request) -> web.Response:
            session = self.session(request)
            if session is None:
                return await self.refused(request)
            return await page.show(request, session)

        return show

    def posted(self, page: AspPage) -> Handler:
        async def post(request: web.Request) -> web.Response:
            session = self.session(request)
            if session is None:
                return await self.refused(request)
            form = await request.post()
            if request.get("fault") == "digest_expired":
                return self.failed("Validation of viewstate MAC failed.")
            try:
                load = Load.posted(page.path, form)
            except ViewStateError as error:
                return self.failed(str(error))
            back = Postback(
                request,
                session,
                load,
                load.values(form),
                load.target(form),
                str(form.get("__EVENTARGUMENT", "")),
            )
            return await page.post(back)

        return post
