"""Nota: the window in which a note is typed. It comes out of a postback, and closes itself."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from mock_portals.aspnet.application import Postback
from mock_portals.aspnet.viewstate import INVALID, ServerError
from mock_portals.sessions import Session
from mock_portals.siac.caso import record
from mock_portals.siac.skin import SiacPage

NOTE_LENGTH = 2000


class NotePage(SiacPage):
    path = "/siac/Nota.aspx"
    template = "note.html"
    writes = frozenset({"btnGuardar"})

    async def show(self, request: web.Request, session: Session) -> web.Response:
        return self.page({"number": request.query.get("numero", "")})

    async def post(self, back: Postback) -> web.Response:
        case, text = self.holdings.cases.get(back.load.data["number"]), back.text("txtNota")
        if case is None or back.target != "btnGuardar":
            raise ServerError(INVALID)
        if not text or len(text) > NOTE_LENGTH:
            refused = f"La nota admite de 1 a {NOTE_LENGTH} caracteres."
            return self.page(back.load.data, refused=refused, text=text)
        record(self.holdings, case, back.session.user, text)
        self.holdings.wrote()
        return self.page(back.load.data, saved=True)

    def view(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"number": data["number"], "saved": False, "refused": "", "text": ""}
