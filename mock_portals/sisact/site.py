"""SISACT: where sales evaluate a SEC. An ASP.NET application of frames, only to be read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from mock_portals.aspnet import Load, ViewStateError, delta_error, is_delta
from mock_portals.sessions import Session
from mock_portals.sisact.consulta import Consulta
from mock_portals.sisact.evaluacion import Evaluacion
from mock_portals.sisact.labels import Typesetter
from mock_portals.site import Portal, Surroundings

Reply = Awaitable[web.StreamResponse]


class Sisact(Portal):
    """Login, frameset and menu; what is worked with has modules of its own."""

    name = "sisact"

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        self.typesetter = Typesetter(self.random)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/", self.root)
        router.add_get("/Login.aspx", self.login)
        router.add_post("/Login.aspx", self.log_in_posted)
        router.add_get("/Salir.aspx", self.leave)
        for page in ("Cabecera", "Menu", "Inicio", "NoHabilitado"):
            router.add_get(f"/{page}.aspx", self.guarded(self.part(page)))
        router.add_get("/Default.aspx", self.guarded(self.part("Default")))
        Consulta(self).add_routes(router)
        Evaluacion(self).add_routes(router)

    async def is_write(self, request: web.Request) -> bool:
        return False

    def render(self, template: str, /, status: int = 200, **values: Any) -> web.Response:
        return super().render(template, status, css=self.typesetter.classes(), **values)

    def part_of_page(self, template: str, **values: Any) -> str:
        """What an UpdatePanel holds."""
        css = self.typesetter.classes()
        return self.templates.get_template(template).render(css=css, **values)

    async def expired_page(self, request: web.Request) -> web.Response:
        taken = self.sessions.ended.get(self.token(request) or "") == "taken"
        return self.render("expirada.html", taken=taken)

    def guarded(self, handler: Callable[[web.Request, Session], Reply]) -> Any:
        """The handler for those who are logged in; a spoilt view state is answered here."""

        async def guard(request: web.Request) -> web.StreamResponse:
            session = self.session(request)
            if session is None:
                if self.token(request) is None:
                    raise web.HTTPFound("/Login.aspx")
                return await self.expired_page(request)
            try:
                if request.get("fault") == "digest_expired" and request.method == "POST":
                    raise ViewStateError("Validation of viewstate MAC failed.")
                return await handler(request, session)
            except ViewStateError as error:
                if is_delta(request):
                    return delta_error(str(error))
                return self.render("error.html", status=500, message=str(error))

        return guard

    # login and frames

    async def root(self, request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("/Default.aspx" if self.session(request) else "/Login.aspx")

    async def login(self, request: web.Request) -> web.StreamResponse:
        if self.session(request) is not None:
            raise web.HTTPFound("/Default.aspx")
        return self.login_form("")

    def login_form(self, message: str) -> web.Response:
        load = Load.new("Login", self.random)
        return self.render("login.html", load=load, message=message)

    async def log_in_posted(self, request: web.Request) -> web.StreamResponse:
        post = await request.post()
        try:
            values = Load.posted("Login", post).values(post)
        except ViewStateError as error:
            return self.render("error.html", status=500, message=str(error))
        user, password = str(values.get("txtUsuario", "")), str(values.get("txtClave", ""))
        if not user or not password:
            return self.login_form("Ingrese su usuario y su contraseña.")
        session = self.log_in(user, password, request)
        if session is None:
            return self.login_form("Usuario o contraseña incorrectos.")
        found = web.HTTPFound("/Default.aspx")
        found.set_cookie(self.cookie, session.token, httponly=True)
        raise found

    async def leave(self, request: web.Request) -> web.StreamResponse:
        self.log_out(request)
        found = web.HTTPFound("/Login.aspx")
        found.del_cookie(self.cookie)
        raise found

    def part(self, page: str) -> Callable[[web.Request, Session], Reply]:
        async def show(request: web.Request, session: Session) -> web.StreamResponse:
            return self.render(f"{page.lower()}.html", session=session)

        return show
