"""Detalle de línea: the pop-up of one line, with its history and its invoices."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from mock_portals.aspnet.application import Postback
from mock_portals.aspnet.grid_view import GridPage
from mock_portals.aspnet.viewstate import INVALID, ServerError
from mock_portals.formats import soles
from mock_portals.sessions import Session
from mock_portals.siac.skin import Shown, SiacPage

ROWS_A_PAGE = 10


class LineDetail(SiacPage):
    """Reached through a window that only opens it and closes itself (``?abrir=``)."""

    path = "/siac/DetalleLinea.aspx"
    template = "line.html"

    async def show(self, request: web.Request, session: Session) -> web.Response:
        if "abrir" in request.query:
            return self.portal.render("opener.html", number=request.query["abrir"])
        number = request.query.get("linea", "")
        if number not in self.holdings.lines:
            raise ServerError("La línea no existe.")
        return self.page({"number": number, "history": 1, "invoices": 1, "tab": "datos"})

    async def post(self, back: Postback) -> web.Response:
        match back.target:
            case "gvHistorial":
                turned = {"history": back.page_number, "tab": "historial"}
            case "gvFacturas":
                turned = {"invoices": back.page_number, "tab": "facturacion"}
            case _:
                raise ServerError(INVALID)
        return self.page({**back.load.data, **turned})

    def view(self, data: dict[str, Any]) -> dict[str, Any]:
        line = self.holdings.lines[data["number"]]
        history = sorted(line.history, key=lambda entry: entry.date, reverse=True)
        invoices = sorted(line.invoices, key=lambda invoice: invoice.period, reverse=True)
        plan = Shown("Plan tarifario", line.plan)
        charge = Shown("Cargo fijo actual", soles(line.charge), boxed=True)
        number = Shown("N° de línea", line.number, boxed=True)
        return {
            "line": line,
            "tab": data["tab"],
            "shown": [number, plan, charge, Shown("Estado de la línea", line.status)],
            # another tab repeats what the first one shows
            "billing": [charge, plan],
            "history": GridPage.of(history, data["history"], ROWS_A_PAGE),
            "invoices": GridPage.of(invoices, data["invoices"], ROWS_A_PAGE),
            "soles": soles,
        }
