"""BMC Remedy: AR System Mid-Tier with one incident form, and one session for each user."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from typing import Any
from urllib.parse import quote

from aiohttp import web
from aiohttp.web_request import FileField

from mock_portals.remedy.fields import (
    FIELDS,
    GROUP,
    GROUPS,
    MENUS,
    NUMBER,
    PRODUCT_1,
    PRODUCT_2,
    PRODUCT_3,
    STATUS,
    SUBMITTED,
    SUMMARY,
    Refused,
    incident_of,
    lay_out,
    values_of,
)
from mock_portals.sessions import USERS, Session
from mock_portals.site import Portal, Surroundings
from mock_portals.world import Attachment, Incident

SERVER = "arsprd01"
LANDING = f"/arsys/forms/{SERVER}/SHR:LandingConsole/Default Administrator View/"
INCIDENT = f"/arsys/forms/{SERVER}/HPD:Help Desk/Best Practice View/"
LOOKUP = f"/arsys/forms/{SERVER}/CTM:Support Group Lookup/Default View/"
LOGIN = "/arsys/shared/login.jsp"

#: rows of the results table at a time
CHUNK = 25
#: seconds in which only one session of a user may be ended by a second login
ENDING_INTERVAL = 60.0
MOST_ATTACHED = 10 * 1024 * 1024


class Remedy(Portal):
    name = "remedy"

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        #: user and moment of each session ended by a second login, by its token
        self.endings: dict[str, tuple[str, float]] = {}
        #: files attached to a form that is not saved yet, by a key the form keeps
        self.staged: dict[str, Attachment] = {}

    def add_routes(self, router: web.UrlDispatcher) -> None:
        for address in ("/", "/arsys", "/arsys/", "/arsys/home"):
            router.add_get(address, self.home)
        router.add_get(LOGIN, self.login_page)
        router.add_post("/arsys/servlet/LoginServlet", self.login)
        router.add_get("/arsys/servlet/LogoutServlet", self.logout)
        router.add_get(LANDING, self.landing)
        router.add_get(INCIDENT, self.incident_form)
        router.add_get(LOOKUP, self.group_lookup)
        back = "/arsys/BackChannel/"
        router.add_post(back + "ExpandMenu", self.expand_menu)
        router.add_post(back + "GetListEntry", self.list_entries)
        router.add_post(back + "GetEntry", self.get_entry)
        router.add_post(back + "SetAttachment", self.attach)
        router.add_post(back + "SetEntry", self.save)

    async def is_write(self, request: web.Request) -> bool:
        return request.path.endswith("/SetEntry")

    def render(self, template: str, /, status: int = 200, **values: Any) -> web.Response:
        """``tail`` ends the names of the classes of layout, in this load."""
        return super().render(
            template, status, tail=f"{self.random.randrange(16**4):04x}", **values
        )

    # login, and the one session of each user

    async def home(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(quote(LANDING if self.session(request) else LOGIN, safe="/:"))

    async def login_page(self, request: web.Request) -> web.Response:
        if self.session(request) is not None:
            raise web.HTTPFound(quote(LANDING, safe="/:"))
        return self.render("login.html", message="", user="", taken="")

    async def login(self, request: web.Request) -> web.Response:
        post = await request.post()
        user, password = str(post.get("username", "")).strip(), str(post.get("pwd", ""))
        if not password or USERS.get(user) != password:
            return self.render(
                "login.html", message="Error de autenticación (ARERR 9388)", user=user, taken=""
            )
        others = self.sessions.of_user(user)
        if others and post.get("overwrite") != "true":
            return self.render("login.html", message="", user=user, taken=_taken(others[0]))
        if others and self.ended_lately(user):
            message = (
                "No se puede finalizar la otra sesión: ya se finalizó una hace poco. "
                f"{_taken(others[0])}"
            )
            return self.render("login.html", message=message, user=user, taken="")
        for other in others:
            self.sessions.end(other.token, "taken")
            self.endings[other.token] = (user, time.monotonic())
        session = self.log_in(user, password, request)
        assert session is not None
        reply = web.Response(status=302, headers={"Location": quote(LANDING, safe="/:")})
        reply.set_cookie(self.cookie, session.token, httponly=True)
        return reply

    def ended_lately(self, user: str) -> bool:
        """Whether a session of this user was ended by another not long ago (nor before a reset)."""
        return any(
            who == user
            and time.monotonic() - when < ENDING_INTERVAL
            and self.sessions.ended.get(token) == "taken"
            for token, (who, when) in self.endings.items()
        )

    async def logout(self, request: web.Request) -> web.Response:
        self.log_out(request)
        reply = self.render("logout.html")
        reply.del_cookie(self.cookie)
        return reply

    async def expired_page(self, request: web.Request) -> web.Response:
        """Where there was a session: why it is no more. A first visit gets the login page."""
        token = self.token(request)
        if token is None:
            return self.render("login.html", message="", user="", taken="")
        reason = self.sessions.ended.get(token)
        words = (
            "El usuario se ha conectado desde otro equipo y esta sesión ha finalizado."
            if reason == "taken"
            else "La sesión no es válida o ha superado el tiempo de espera."
        )
        message = f"{words} Vuelva a iniciar sesión (ARERR 9201)"
        if request.path.startswith("/arsys/BackChannel/"):
            return web.json_response({"message": message, "lost": True})
        return self.render("expired.html", message=message)

    # forms

    async def landing(self, request: web.Request) -> web.Response:
        session = self.session(request)
        if session is None:
            return await self.expired_page(request)
        mine = [i for i in self.holdings.incidents.values() if i.created_by == session.user]
        return self.render(
            "landing.html", session=session, incident=INCIDENT, incidents=mine[-8:][::-1]
        )

    async def incident_form(self, request: web.Request) -> web.Response:
        session = self.session(request)
        if session is None:
            return await self.expired_page(request)
        searching = request.query.get("mode") == "SEARCH"
        window = self.random.randrange(10)
        config = {
            "searching": searching,
            "window": window,
            "popup": self.random.randrange(1000, 9000),
            "lookup": LOOKUP,
            "defaults": {f.arid: f.default for f in FIELDS.values() if f.default},
            "fills": {PRODUCT_1: [PRODUCT_1, PRODUCT_2, PRODUCT_3]},
        }
        return self.render(
            "incident.html",
            session=session,
            incident=INCIDENT,
            searching=searching,
            placed=lay_out(self.random),
            window=window,
            config=config,
        )

    async def group_lookup(self, request: web.Request) -> web.Response:
        """Support groups by a part of their name. With one match it may close itself at once."""
        session = self.session(request)
        if session is None:
            return await self.expired_page(request)
        words = request.query.get("text", "").casefold()
        groups = [(id, name) for id, name in GROUPS.items() if words in name.casefold()]
        closes = len(groups) == 1 and self.random.random() < 0.5
        return self.render(
            "lookup.html", groups=groups, closes=closes, window=self.random.randrange(10)
        )

    # what forms ask for in the background

    async def expand_menu(self, request: web.Request) -> web.Response:
        if self.session(request) is None:
            return await self.expired_page(request)
        asked = await _asked(request)
        entries = MENUS[str(asked["arid"])]
        for name in asked["path"]:
            entries = entries[str(name)]
        return web.json_response(
            {"entries": [{"name": name, "more": bool(under)} for name, under in entries.items()]}
        )

    async def list_entries(self, request: web.Request) -> web.Response:
        """Incidents whose SEC or reference contains the text, newest first, a chunk at a time."""
        if self.session(request) is None:
            return await self.expired_page(request)
        asked = await _asked(request)
        words, start = str(asked["text"]).strip().casefold(), int(asked["start"])
        if not words:
            return web.json_response({"message": "Indique un texto a buscar (ARERR 9280)"})
        found = [
            incident
            for incident in reversed(self.holdings.incidents.values())
            if words in incident.sec.casefold() or words in incident.reference.casefold()
        ]
        if not found:
            return web.json_response(
                {"message": "No hay ninguna solicitud que coincida (ARWARN 9296)", "total": 0}
            )
        rows = [self.row(incident) for incident in found[start : start + CHUNK]]
        return web.json_response({"total": len(found), "start": start, "rows": rows})

    def row(self, incident: Incident) -> list[str]:
        held = values_of(incident, self.holdings.today)
        return [held[arid] for arid in (NUMBER, SUMMARY, STATUS, GROUP, SUBMITTED)]

    async def get_entry(self, request: web.Request) -> web.Response:
        if self.session(request) is None:
            return await self.expired_page(request)
        number = str((await _asked(request))["number"])
        incident = self.holdings.incidents.get(number)
        if incident is None:
            return web.json_response({"message": "La entrada no existe (ARERR 302)"})
        return web.json_response(
            {
                "values": values_of(incident, self.holdings.today),
                "attachments": [attachment.name for attachment in incident.attachments],
            }
        )

    async def attach(self, request: web.Request) -> web.Response:
        if self.session(request) is None:
            return await self.expired_page(request)
        file = (await request.post()).get("file")
        if not isinstance(file, FileField):
            return web.json_response({"message": "Seleccione un archivo (ARERR 9207)"})
        content = file.file.read()
        if len(content) > MOST_ATTACHED:
            return web.json_response({"message": "El archivo es demasiado grande (ARERR 9372)"})
        key = secrets.token_hex(6)
        self.staged[key] = Attachment(
            name=file.filename, sha256=hashlib.sha256(content).hexdigest()
        )
        return web.json_response({"key": key, "name": file.filename, "size": len(content)})

    async def save(self, request: web.Request) -> web.Response:
        """A new incident for each press: it does not know a second one from the first."""
        session = self.session(request)
        if session is None:
            return await self.expired_page(request)
        asked = await _asked(request)
        number = self.holdings.next_incident_number()
        try:
            incident = incident_of(
                asked["values"], str(asked["group"]), number, self.holdings.today, session.user
            )
        except Refused as refusal:
            return web.json_response({"message": str(refusal)})
        incident.attachments = [self.staged[key] for key in asked["attachments"]]
        self.holdings.incidents[number] = incident
        self.holdings.wrote()
        return web.json_response(
            {"message": f"La incidencia {number} se ha registrado correctamente.", "saved": True}
        )


def _taken(session: Session) -> str:
    return (
        "El usuario está conectado actualmente desde otro equipo (ARERR 9084). "
        f"Sesión abierta desde el {session.opened:%d/%m/%Y %H:%M:%S} en {session.host}."
    )


async def _asked(request: web.Request) -> Any:
    return json.loads(str((await request.post()).get("param", "{}")))
