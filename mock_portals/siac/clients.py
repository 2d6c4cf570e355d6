"""Consulta de cliente: the client by RUC, its contacts, and its lines."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from mock_portals.aspnet import is_delta
from mock_portals.sessions import Session
from mock_portals.siac.pages import AspPage, GridPage, Postback, Shown
from mock_portals.siac.words import soles
from mock_portals.world import Customer

LINES_A_PAGE = 20


class ClientSearch(AspPage):
    path = "/siac/ConsultaCliente.aspx"
    template = "client.html"

    async def show(self, request: web.Request, session: Session) -> web.Response:
        return self.page(self.load(), **self.view({}))

    async def post(self, back: Postback) -> web.Response:
        load = back.load
        match back.target:
            case "btnBuscar":
                ruc = back.text("txtRuc")
                load.data = {"ruc": ruc, "page": 1, "filter": ""}
                return self.answer(back, {"pnlCliente": "_client.html"})
            case "btnFiltrar":
                load.data |= {"filter": back.text("txtLinea"), "page": 1}
            case "gvLineas":
                load.data["page"] = back.page_number
            case _:
                return self.portal.failed("Invalid postback or callback argument.")
        return self.answer(back, {"pnlLineas": "_client_lines.html"})

    def answer(self, back: Postback, panels: dict[str, str]) -> web.Response:
        values = self.view(back.load.data)
        if is_delta(back.request):
            return self.parts(back.load, panels, **values)
        return self.page(self.load(back.load.data), **values)

    def view(self, data: dict[str, Any]) -> dict[str, Any]:
        ruc = data.get("ruc", "")
        customer = self.holdings.customers.get(ruc)
        wanted = data.get("filter", "")
        lines = [line for line in self.holdings.lines_of(ruc) if wanted in line.number]
        message = ""
        if ruc and customer is None:
            valid = len(ruc) == 11 and ruc.isdigit()
            message = (
                "No se encontró información para el RUC ingresado."
                if valid
                else "Ingrese un RUC de 11 dígitos."
            )
        return {
            "ruc": ruc,
            "message": message,
            "customer": customer,
            "shown": _shown(customer) if customer else [],
            "filter": wanted,
            "lines": GridPage.of(lines, data.get("page", 1), LINES_A_PAGE),
            "soles": soles,
        }


def _shown(customer: Customer) -> list[Shown]:
    shown = [
        Shown("Razón social", customer.business_name),
        Shown("N° de RUC", customer.ruc, boxed=True),
        Shown("Segmento", customer.segment),
        Shown("Cliente carterizado", "Sí" if customer.portfolio else "No"),
    ]
    if customer.executive:
        shown += [
            Shown("Ejecutivo", customer.executive.name),
            Shown("Canal del ejecutivo", customer.executive.channel),
            Shown("Correo del ejecutivo", customer.executive.email),
        ]
    else:
        shown.append(Shown("Ejecutivo", "Sin asignar"))
    return shown
