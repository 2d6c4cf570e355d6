"""SISACT: where sales evaluate a SEC. An ASP.NET application of frames, only to be read."""

from __future__ import annotations

from typing import Any, ClassVar

from aiohttp import web

from mock_portals.aspnet.application import AspNet
from mock_portals.base import redirect
from mock_portals.sisact.consulta_sec import Consulta
from mock_portals.sisact.datos_evaluacion import Evaluacion
from mock_portals.sisact.labels import Typesetter


class Sisact(AspNet):
    name = "sisact"
    frames: ClassVar[dict[str, str]] = {
        "/Cabecera.aspx": "cabecera.html",
        "/Menu.aspx": "menu.html",
        "/Inicio.aspx": "inicio.html",
        "/NoHabilitado.aspx": "nohabilitado.html",
        "/Default.aspx": "default.html",
        "/Evaluacion/Puente.aspx": "puente.html",
    }
    pages = (Consulta, Evaluacion)
    expired = "expirada.html"
    unfilled = "Ingrese su usuario y su contraseña."

    def layout(self) -> dict[str, Any]:
        return {"css": Typesetter(self.random).classes()}

    def stranger(self) -> web.Response:
        return redirect(self.login_path)

    async def leave(self, request: web.Request) -> web.Response:
        self.log_out(request)
        reply = redirect(self.login_path)
        reply.del_cookie(self.cookie)
        return reply
