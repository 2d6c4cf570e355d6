"""BMC Remedy: AR System Mid-Tier with one incident form, and one session for each user."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web
from aiohttp.web_request import FileField

from mock_portals.base import Guarded, Portal, Surroundings, redirect
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
from mock_portals.sessions import Session
from mock_portals.world import Attachment, Incident

SERVER = "arsprd01"
LANDING = f"/arsys/forms/{SERVER}/SHR:LandingConsole/Default Administrator View/"
INCIDENT = f"/arsys/forms/{SERVER}/HPD:Help Desk/Best Practice View/"
LOOKUP = f"/arsys/forms/{SERVER}/CTM:Support Group Lookup/Default View/"
LOGIN = "/arsys/shared/login.jsp"
BACK_CHANNEL = "/arsys/BackChannel/"
LANDING_QUOTED = quote(LANDING, safe="/:")

Json = dict[str, Any]

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
        router.add_get(LANDING, self.guarded(self.landing))
        router.add_get(INCIDENT, self.guarded(self.incident_form))
        router.add_get(LOOKUP, self.guarded(self.group_lookup))
        for name, answer in {
            "ExpandMenu": self.expand_menu,
            "GetListEntry": self.list_entries,
            "GetEntry": self.get_entry,
            "SetAttachment": self.attach,
            "SetEntry": self.save,
        }.items():
            router.add_post(BACK_CHANNEL + name, self.guarded(self.background(answer)))

    async def is_write(self, request: web.Request) -> bool:
        return request.path.endswith("/SetEntry")

    def layout(self) -> dict[str, Any]:
        """``tail`` ends the names of the classes of layout, in this load."""
        return {"tail": f"{self.random.randrange(16**4):04x}"}

    # login, and the one session of each user

    async def home(self, request: web.Request) -> web.Response:
        return redirect(LANDING_QUOTED if self.session(request) else LOGIN)

    async def login_page(self, request: web.Request) -> web.Response:
        return redirect(LANDING_QUOTED) if self.session(request) else self.login_form()

    def login_form(self, message: str = "", user: str = "", taken: str = "") -> web.Response:
        return self.render("login.html", message=message, user=user, taken=taken)

    async def login(self, request: web.Request) -> web.Response:
        post = await request.post()
        user, password = str(post.get("username", "")).strip(), str(post.get("pwd", ""))
        if not self.knows(user, password):
            return self.login_form("Error de autenticación (ARERR 9388)", user)
        others = self.sessions.of_user(user)
        if others and post.get("overwrite") != "true":
            return self.login_form("", user, _taken(others[0]))
        if others and self.ended_lately(user):
            refused = "No se puede finalizar la otra sesión: ya se finalizó una hace poco."
            return self.login_form(f"{refused} {_taken(others[0])}", user)
        for other in others:
            self.sessions.end(other.token, "taken")
            self.endings[other.token] = (user, time.monotonic())
        return self.entered(self.start(user, request), LANDING_QUOTED)

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
            return self.login_form()
        words = (
            "El usuario se ha conectado desde otro equipo y esta sesión ha finalizado."
            if self.sessions.ended.get(token) == "taken"
            else "La sesión no es válida o ha superado el tiempo de espera."
        )
        message = f"{words} Vuelva a iniciar sesión (ARERR 9201)"
        if request.path.startswith(BACK_CHANNEL):
            return web.json_response(self.dialect.said({"message": message, "lost": True}))
        return self.render("expired.html", message=message)

    # forms

    async def landing(self, request: web.Request, session: Session) -> web.Response:
        mine = [i for i in self.holdings.incidents.values() if i.created_by == session.user]
        return self.render(
            "landing.html", session=session, incident=INCIDENT, incidents=mine[-8:][::-1]
        )

    async def incident_form(self, request: web.Request, session: Session) -> web.Response:
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

    async def group_lookup(self, request: web.Request, session: Session) -> web.Response:
        """Support groups by a part of their name. With one match it may close itself at once."""
        words = self.dialect.heard(request.query.get("text", "")).casefold()
        groups = [(id, name) for id, name in GROUPS.items() if words in name.casefold()]
        closes = len(groups) == 1 and self.random.random() < 0.5
        window = self.random.randrange(10)
        return self.render("lookup.html", groups=groups, closes=closes, window=window)

    # what forms ask for in the background

    def background(self, answer: Callable[[Any, Session], Json]) -> Guarded:
        """The answer to what the form's ``param`` asks, or to its file; a refusal is a message."""

        async def reply(request: web.Request, session: Session) -> web.Response:
            post = await request.post()
            param = self.dialect.heard(json.loads(str(post.get("param", "{}"))))
            asked = {**param, "file": post.get("file")}
            try:
                return web.json_response(self.dialect.said(answer(asked, session)))
            except Refused as refusal:
                return web.json_response(self.dialect.said({"message": str(refusal)}))

        return reply

    def expand_menu(self, asked: Json, session: Session) -> Json:
        entries = MENUS[str(asked["arid"])]
        for name in asked["path"]:
            entries = entries[str(name)]
        return {"entries": [{"name": name, "more": bool(under)} for name, under in entries.items()]}

    def list_entries(self, asked: Json, session: Session) -> Json:
        """Incidents whose SEC or reference contains the text, newest first, a chunk at a time."""
        words, start = str(asked["text"]).strip().casefold(), int(asked["start"])
        if not words:
            raise Refused("Indique un texto a buscar (ARERR 9280)")
        found = [
            incident
            for incident in reversed(self.holdings.incidents.values())
            if words in incident.sec.casefold() or words in incident.reference.casefold()
        ]
        if not found:
            return {"message": "No hay ninguna solicitud que coincida (ARWARN 9296)", "total": 0}
        rows = [self.row(incident) for incident in found[start : start + CHUNK]]
        return {"total": len(found), "start": start, "rows": rows}

    def row(self, incident: Incident) -> list[str]:
        held = values_of(incident, self.holdings.today)
        return [held[arid] for arid in (NUMBER, SUMMARY, STATUS, GROUP, SUBMITTED)]

    def get_entry(self, asked: Json, session: Session) -> Json:
        incident = self.holdings.incidents.get(str(asked["number"]))
        if incident is None:
            raise Refused("La entrada no existe (ARERR 302)")
        return {
            "values": values_of(incident, self.holdings.today),
            "attachments": [attachment.name for attachment in incident.attachments],
        }

    def attach(self, asked: Json, session: Session) -> Json:
        file = asked["file"]
        if not isinstance(file, FileField):
            raise Refused("Seleccione un archivo (ARERR 9207)")
        content = file.file.read()
        if len(content) > MOST_ATTACHED:
            raise Refused("El archivo es demasiado grande (ARERR 9372)")
        key = secrets.token_hex(6)
        self.staged[key] = Attachment.of(file.filename, content)
        return {"key": key, "name": file.filename, "size": len(content)}

    def save(self, asked: Json, session: Session) -> Json:
        """A new incident for each press: it does not know a second one from the first."""
        number, today = self.holdings.next_incident_number(), self.holdings.today
        values, group = asked["values"], str(asked["group"])
        incident = incident_of(values, group, number, today, session.user)
        incident.attachments = [self.staged[key] for key in asked["attachments"]]
        self.holdings.incidents[number] = incident
        self.holdings.wrote()
        return {"message": f"La incidencia {number} se ha registrado correctamente.", "saved": True}


def _taken(session: Session) -> str:
    return (
        "El usuario está conectado actualmente desde otro equipo (ARERR 9084). "
        f"Sesión abierta desde el {session.opened:%d/%m/%Y %H:%M:%S} en {session.host}."
    )
