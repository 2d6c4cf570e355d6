"""Detalle de línea: the pop-up of one line, with its history and its invoices."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from mock_portals.sessions import Session
from mock_portals.siac.pages import AspPage, GridPage, Postback, Shown
from mock_portals.siac.words import soles
from mock_portals.world import Line

ROWS_A_PAGE = 10


class LineDetail(AspPage):
    """Reached through a window that only opens it and closes itself (``?abrir=``)."""

    path = "/siac/DetalleLinea.aspx"
    template = "line.html"

    async def show(self, request: web.Request, session: Session) -> web.Response:
        if "abrir" in request.query:
            return self.portal.render("opener.html", number=request.query["abrir"])
        line = self.holdings.lines.get(request.query.get("linea", ""))
        if line is None:
            return self.portal.failed("La línea no existe.")
        data = {"number": line.number, "history": 1, "invoices": 1, "tab": "datos"}
        return self.page(self.load(data), **self.view(line, data))

    async def post(self, back: Postback) -> web.Response:
        data = back.load.data
        line = self.holdings.lines[data["number"]]
        match back.target:
            case "gvHistorial":
                data |= {"history": back.page_number, "tab": "historial"}
            case "gvFacturas":
                data |= {"invoices": back.page_number, "tab": "facturacion"}
            case _:
                return self.portal.failed("Invalid postback or callback argument.")
        return self.page(self.load(data), **self.view(line, data))

    def view(self, line: Line, data: dict[str, Any]) -> dict[str, Any]:
        history = sorted(line.history, key=lambda entry: entry.date, reverse=True)
        invoices = sorted(line.invoices, key=lambda invoice: invoice.period, reverse=True)
        return {
            "line": line,
            "tab": data["tab"],
            "shown": [
                Shown("N° de línea", line.number, boxed=True),
                Shown("Plan tarifario", line.plan),
                Shown("Cargo fijo actual", soles(line.charge), boxed=True),
                Shown("Estado de la línea", line.status),
            ],
            # another tab repeats what the first one shows
            "billing": [
                Shown("Cargo fijo actual", soles(line.charge), boxed=True),
                Shown("Plan tarifario", line.plan),
            ],
            "history": GridPage.of(history, data["history"], ROWS_A_PAGE),
            "invoices": GridPage.of(invoices, data["invoices"], ROWS_A_PAGE),
            "soles": soles,
        }
