"""NINTEX: two SharePoint 2013 sites whose libraries are filled through Nintex forms.

What it shows is SharePoint's: `start.aspx#` (Minimal Download Strategy), the list view, forms in
modal dialogs. NTLM has no login of its own: a *login* is counted when a browser that holds no live
session cookie has proved who it is, a *logout* when it opens ``SignOut.aspx``.
"""

from __future__ import annotations

import json
import random
import secrets
import uuid
from functools import partial
from typing import Any

from aiohttp import web
from aiohttp.web import Request, Response

from mock_portals.base import Portal, Surroundings
from mock_portals.formats import NBSP, soles
from mock_portals.nintex.forms import (
    CONTROLS,
    NO_CHOICE,
    FormLoad,
    Posted,
    digest_holds,
    shown_value,
)
from mock_portals.nintex.libraries import LIBRARIES, Library, View, view_of
from mock_portals.nintex.ntlm import DOMAIN, Connections
from mock_portals.sessions import USERS, Session
from mock_portals.world import NintexRequest

#: one delta request in so many is answered with "load the whole page"
FAILOVER = 4
_SUGGESTIONS = 8

SPOILT = (
    "La validación de seguridad de esta página no es válida y podría estar dañada. "
    "Use el botón Atrás del explorador web para intentar de nuevo la operación."
)
CONFLICT = (
    "Conflicto al guardar. Los cambios que ha realizado están en conflicto con otros "
    "cambios realizados al mismo tiempo por otro usuario. Para aplicarlos, haga clic "
    "en Atrás en el explorador, actualice la página y vuelva a enviarlos."
)


class Nintex(Portal):
    name = "nintex"

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        # Connections come in no fixed order: their dice must not be those of the pages.
        self.connections = Connections(USERS, random.Random(f"{surroundings.seed}:ntlm"))
        self.list_ids = {library.key: str(self._uuid()).upper() for library in LIBRARIES}

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/", self.guarded(self._home))
        for library in LIBRARIES:
            base, forms = library.base, f"{library.base}/{library.name}"
            shown = {
                f"{base}/_layouts/15/start.aspx": self._start,
                f"{base}/_layouts/15/SignOut.aspx": self._sign_out,
                f"{base}/_layouts/15/inplview.aspx": self._view,
                f"{base}{library.view_path}": self._all_items,
                f"{forms}/NewForm.aspx": self._new_form,
                f"{forms}/DispForm.aspx": self._display,
            }
            for path, handler in shown.items():
                router.add_get(path, self.guarded(partial(handler, library)))
            router.add_post(f"{forms}/NewForm.aspx", self.guarded(partial(self._save, library)))
            router.add_post(f"{base}/_vti_bin/client.svc/ProcessQuery", self.guarded(self._people))

    async def is_write(self, request: Request) -> bool:
        return request.method == "POST" and request.path.endswith("/NewForm.aspx")

    # who asks

    def app(self) -> web.Application:
        app = super().app()
        app.on_response_prepare.append(self._hand_out_cookie)
        return app

    async def admit(self, request: Request) -> Response | None:
        challenge = await self.connections.authenticate(request)
        if challenge is not None:
            return challenge
        connection = self.connections.of(request)
        session = self.sessions.find(request.cookies.get(self.cookie))
        if session is None or session.user != connection.user:
            if not connection.fresh:
                return await self.connections.challenge(request)
            session = self.start(connection.user, request, secrets.token_hex(12))
            request["new_session"] = session.token
        request["session"] = session.token
        return None

    def token(self, request: Request) -> str | None:
        token: str | None = request.get("session")
        return token

    @property
    def cookie(self) -> str:
        return "ASP.NET_SessionId"

    async def _hand_out_cookie(self, request: Request, response: web.StreamResponse) -> None:
        if "new_session" in request:
            # the hook runs when cookies have become headers already
            value = f"{self.cookie}={request['new_session']}; path=/; HttpOnly"
            response.headers.add("Set-Cookie", value)

    async def expired_page(self, request: Request) -> Response:
        return await self.connections.challenge(request)

    def _records(self, library: Library) -> dict[str, NintexRequest]:
        records: dict[str, NintexRequest] = getattr(self.holdings, library.key)
        return records

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    # pages

    async def _home(self, request: Request, session: Session) -> Response:
        return self.render("home.html", libraries=LIBRARIES, user=session.user)

    async def _start(self, library: Library, request: Request, session: Session) -> Response:
        """The shell of Minimal Download Strategy: it holds nothing but a promise."""
        wait_ms = self.random.randint(20, 200)
        return self.render(
            "page.html", library=library, user=session.user, view=None, wait_ms=wait_ms
        )

    async def _all_items(self, library: Library, request: Request, session: Session) -> Response:
        values: dict[str, Any] = {
            "library": library,
            "view": self._asked_view(library, request),
            "list_id": self.list_ids[library.key],
        }
        if "AjaxDelta" not in request.query:
            return self.render("page.html", user=session.user, wait_ms=0, **values)
        if self.random.randrange(FAILOVER) == 0:
            return Response(text="", headers={"X-SharePoint-MDS": "failover"})
        return self.render("list.html", **values)

    async def _view(self, library: Library, request: Request, session: Session) -> Response:
        """The list again, filtered or paged, within the page that holds it."""
        return self.render("view.html", library=library, view=self._asked_view(library, request))

    def _asked_view(self, library: Library, request: Request) -> View:
        asked = request.query
        query, page = asked.get("InplaceSearchQuery", "").strip(), asked.get("p", "1")
        number = int(page) if page.isdecimal() else 1
        return view_of(
            self._records(library), query, number, self.dialect.heard(asked.get("Estado", ""))
        )

    async def _new_form(self, library: Library, request: Request, session: Session) -> Response:
        return self._form(library, session.user, [])

    def _form(self, library: Library, user: str, errors: list[str]) -> Response:
        load = FormLoad(library, self.random)
        return self.render(
            "form.html", library=library, load=load, user=user, errors=errors, no_choice=NO_CHOICE
        )

    async def _save(self, library: Library, request: Request, session: Session) -> Response:
        post = await request.post()
        fault = request.get("fault")
        if fault == "digest_expired" or not digest_holds(str(post.get("__REQUESTDIGEST", ""))):
            return self._sorry(SPOILT)
        if fault == "save_conflict":
            return self._sorry(CONFLICT)
        data = self.dialect.heard(json.loads(str(post.get("__NFFORMDATA") or "{}")))
        posted = Posted.read(data, post)
        errors = posted.errors(library)
        if errors:
            return self._form(library, session.user, errors)
        records = self._records(library)
        number = self.holdings.next_nintex_id(records)
        records[number] = posted.item(number, self.holdings.today, session.user)
        self.holdings.wrote()
        message = self.random.choice(
            ("", "Se guardaron los cambios.", f"Se registró la solicitud N°\u00a0{number}.")
        )
        return self.render("committed.html", message=message)

    async def _display(self, library: Library, request: Request, session: Session) -> Response:
        record = self._records(library).get(request.query.get("ID", ""))
        if record is None:
            return self._sorry("El elemento no existe. Es posible que otro usuario lo eliminara.")
        return self.render(
            "display.html",
            library=library,
            load=FormLoad(library, self.random),
            record=record,
            values={name: shown_value(record, control) for name, control in CONTROLS.items()},
            rows=[
                (line, soles(record.fields.get(f"CargoLinea {line}", record.charge), NBSP))
                for line in record.lines
            ],
        )

    async def _people(self, request: Request, session: Session) -> Response:
        """The directory behind the people picker: staff by any part of their name."""
        wanted = str((await request.post()).get("query", "")).casefold()
        executives = [c.executive for c in self.holdings.customers.values() if c.executive]
        staff = {
            (e.name, f"Ejecutivo {e.channel}", _account(e.email.partition("@")[0]))
            for e in executives
        }
        staff |= {(user, "Atención Corporativa", _account(user)) for user in USERS}
        staff |= {(c.name, c.title, c.account) for c in self.holdings.directory}
        found = sorted(person for person in staff if wanted in person[0].casefold())
        return web.json_response(
            [
                {"name": name, "title": title, "account": account}
                for name, title, account in found[:_SUGGESTIONS]
            ]
        )

    async def _sign_out(self, library: Library, request: Request, session: Session) -> Response:
        self.log_out(request)
        return self.render("signed_out.html")

    def _sorry(self, message: str) -> Response:
        return self.render("sorry.html", message=message, correlation=self._uuid())


def _account(user: str) -> str:
    return f"{DOMAIN}\\{user}"
