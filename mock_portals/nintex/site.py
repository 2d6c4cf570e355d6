"""NINTEX: two SharePoint 2013 sites whose libraries are filled through Nintex forms.

What it shows is SharePoint's: `start.aspx#` (Minimal Download Strategy), the list view, forms in
modal dialogs. NTLM has no login of its own: a *login* is counted when a browser that holds no live
session cookie has proved who it is, a *logout* when it opens ``SignOut.aspx``.
"""

from __future__ import annotations

import random
import secrets
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from mock_portals.nintex.forms import (
    CONTROLS,
    NO_CHOICE,
    Load,
    Posted,
    digest_holds,
    shown_value,
    soles,
)
from mock_portals.nintex.library import LIBRARIES, Library, view_of
from mock_portals.nintex.ntlm import Connections
from mock_portals.sessions import USERS
from mock_portals.site import Portal, Surroundings
from mock_portals.world import NintexRequest

SiteHandler = Callable[[web.Request, Library], Awaitable[web.StreamResponse]]

#: one delta request in so many is answered with "load the whole page"
FAILOVER = 4
_SUGGESTIONS = 8


class Nintex(Portal):
    name = "nintex"

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        # Connections come in no fixed order: their dice must not be those of the pages.
        self.connections = Connections(USERS, random.Random(f"{surroundings.seed}:ntlm"))
        self.list_ids = {
            library.key: str(uuid.UUID(int=self.random.getrandbits(128), version=4)).upper()
            for library in LIBRARIES
        }

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/", self._home)
        for library in LIBRARIES:
            base, forms = library.base, f"{library.base}/{library.name}"
            layouts = f"{base}/_layouts/15"
            router.add_get(f"{layouts}/start.aspx", self._on(library, self._start))
            router.add_get(f"{layouts}/SignOut.aspx", self._on(library, self._sign_out))
            router.add_get(f"{layouts}/inplview.aspx", self._on(library, self._view))
            router.add_get(f"{base}{library.view_path}", self._on(library, self._all_items))
            router.add_get(f"{forms}/NewForm.aspx", self._on(library, self._new_form))
            router.add_post(f"{forms}/NewForm.aspx", self._on(library, self._save))
            router.add_get(f"{forms}/DispForm.aspx", self._on(library, self._display))
            router.add_post(
                f"{base}/_vti_bin/client.svc/ProcessQuery", self._on(library, self._people)
            )

    async def is_write(self, request: web.Request) -> bool:
        return request.method == "POST" and request.path.endswith("/NewForm.aspx")

    # who asks

    def app(self) -> web.Application:
        app = super().app()
        app.on_response_prepare.append(self._hand_out_cookie)
        return app

    async def admit(self, request: web.Request) -> web.Response | None:
        challenge = await self.connections.authenticate(request)
        if challenge is not None:
            return challenge
        connection = self.connections.of(request)
        session = self.sessions.find(request.cookies.get(self.cookie))
        if session is None or session.user != connection.user:
            if not connection.fresh:
                return await self.connections.challenge(request)
            self.holdings.logins[self.name] += 1
            session = self.sessions.start(
                connection.user, request.remote or "127.0.0.1", secrets.token_hex(12)
            )
            request["new_session"] = session.token
        request["session"] = session.token
        return None

    def token(self, request: web.Request) -> str | None:
        token: str | None = request.get("session")
        return token

    @property
    def cookie(self) -> str:
        return "ASP.NET_SessionId"

    async def _hand_out_cookie(self, request: web.Request, response: web.StreamResponse) -> None:
        if "new_session" in request:
            # the hook runs when cookies have become headers already
            value = f"{self.cookie}={request['new_session']}; path=/; HttpOnly"
            response.headers.add("Set-Cookie", value)

    async def expired_page(self, request: web.Request) -> web.Response:
        return await self.connections.challenge(request)

    def _on(self, library: Library, handler: SiteHandler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            if self.session(request) is None:
                return await self.expired_page(request)
            return await handler(request, library)

        return answer

    def _records(self, library: Library) -> dict[str, NintexRequest]:
        records: dict[str, NintexRequest] = getattr(self.holdings, library.key)
        return records

    def _user(self, request: web.Request) -> str:
        session = self.session(request)
        assert session is not None  # `_on` has looked
        return session.user

    # pages

    async def _home(self, request: web.Request) -> web.StreamResponse:
        if self.session(request) is None:
            return await self.expired_page(request)
        return self.render("home.html", libraries=LIBRARIES, user=self._user(request))

    async def _start(self, request: web.Request, library: Library) -> web.Response:
        """The shell of Minimal Download Strategy: it holds nothing but a promise."""
        return self.render(
            "page.html",
            library=library,
            user=self._user(request),
            view=None,
            wait_ms=self.random.randint(20, 200),
        )

    async def _all_items(self, request: web.Request, library: Library) -> web.Response:
        view = self._asked_view(request, library)
        values: dict[str, Any] = {
            "library": library,
            "view": view,
            "list_id": self.list_ids[library.key],
        }
        if "AjaxDelta" not in request.query:
            return self.render("page.html", user=self._user(request), wait_ms=0, **values)
        if self.random.randrange(FAILOVER) == 0:
            return web.Response(text="", headers={"X-SharePoint-MDS": "failover"})
        return self.render("list.html", **values)

    async def _view(self, request: web.Request, library: Library) -> web.Response:
        """The list again, filtered or paged, within the page that holds it."""
        return self.render("view.html", library=library, view=self._asked_view(request, library))

    def _asked_view(self, request: web.Request, library: Library) -> object:
        page = request.query.get("p", "1")
        return view_of(
            self._records(library),
            request.query.get("InplaceSearchQuery", "").strip(),
            int(page) if page.isdecimal() else 1,
            request.query.get("Estado", ""),
        )

    async def _new_form(self, request: web.Request, library: Library) -> web.Response:
        return self._form(library, self._user(request), [])

    def _form(self, library: Library, user: str, errors: list[str]) -> web.Response:
        return self.render(
            "form.html",
            library=library,
            load=Load(library, self.random),
            user=user,
            errors=errors,
            no_choice=NO_CHOICE,
        )

    async def _save(self, request: web.Request, library: Library) -> web.Response:
        post = await request.post()
        fault = request.get("fault")
        if fault == "digest_expired" or not digest_holds(str(post.get("__REQUESTDIGEST", ""))):
            return self._sorry(
                "La validación de seguridad de esta página no es válida y podría estar dañada. "
                "Use el botón Atrás del explorador web para intentar de nuevo la operación."
            )
        if fault == "save_conflict":
            return self._sorry(
                "Conflicto al guardar. Los cambios que ha realizado están en conflicto con otros "
                "cambios realizados al mismo tiempo por otro usuario. Para aplicarlos, haga clic "
                "en Atrás en el explorador, actualice la página y vuelva a enviarlos."
            )
        posted = Posted.read(post)
        errors = posted.errors(library)
        user = self._user(request)
        if errors:
            return self._form(library, user, errors)
        records = self._records(library)
        number = self.holdings.next_nintex_id(records)
        records[number] = posted.item(number, self.holdings.today, user)
        self.holdings.wrote()
        message = self.random.choice(
            ("", "Se guardaron los cambios.", f"Se registró la solicitud N°\u00a0{number}.")
        )
        return self.render("committed.html", message=message)

    async def _display(self, request: web.Request, library: Library) -> web.Response:
        record = self._records(library).get(request.query.get("ID", ""))
        if record is None:
            return self._sorry("El elemento no existe. Es posible que otro usuario lo eliminara.")
        return self.render(
            "display.html",
            library=library,
            load=Load(library, self.random),
            record=record,
            values={name: shown_value(record, control) for name, control in CONTROLS.items()},
            rows=[
                (line, soles(record.fields.get(f"CargoLinea {line}", record.charge)))
                for line in record.lines
            ],
        )

    async def _people(self, request: web.Request, library: Library) -> web.Response:
        """The directory behind the people picker: staff by any part of their name."""
        wanted = str((await request.post()).get("query", "")).casefold()
        executives = [c.executive for c in self.holdings.customers.values() if c.executive]
        staff = {(e.name, f"Ejecutivo {e.channel}") for e in executives}
        staff |= {(user, "Atención Corporativa") for user in USERS}
        found = sorted(person for person in staff if wanted in person[0].casefold())
        return web.json_response(
            [{"name": name, "title": title} for name, title in found[:_SUGGESTIONS]]
        )

    async def _sign_out(self, request: web.Request, library: Library) -> web.Response:
        self.log_out(request)
        return self.render("signed_out.html")

    def _sorry(self, message: str) -> web.Response:
        correlation = uuid.UUID(int=self.random.getrandbits(128), version=4)
        return self.render("sorry.html", message=message, correlation=correlation)
