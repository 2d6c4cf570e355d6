"""SIAC Único: customer care, as an ASP.NET application in frames."""

from __future__ import annotations

from typing import Any, ClassVar

from aiohttp import web

from mock_portals.aspnet.application import AspNet
from mock_portals.siac.bandeja import QueuePage
from mock_portals.siac.caso import CasePage
from mock_portals.siac.consulta_casos import CaseSearch
from mock_portals.siac.consulta_cliente import ClientSearch
from mock_portals.siac.detalle_linea import LineDetail
from mock_portals.siac.nota import NotePage
from mock_portals.siac.registrar_caso import CaseTemplate
from mock_portals.siac.skin import Skin


class Siac(AspNet):
    name = "siac"
    root = "/siac"
    frames: ClassVar[dict[str, str]] = {
        "/siac/Default.aspx": "frames.html",
        "/siac/Cabecera.aspx": "banner.html",
        "/siac/Menu.aspx": "menu.html",
        "/siac/Inicio.aspx": "home.html",
    }
    pages = (ClientSearch, LineDetail, CaseSearch, CasePage, NotePage, CaseTemplate, QueuePage)
    expired = "expired.html"

    def layout(self) -> dict[str, Any]:
        return {"c": Skin(self.random), "traits": self.traits}

    async def leave(self, request: web.Request) -> web.Response:
        self.log_out(request)
        return self.render("goodbye.html")
