"""Consulta de cliente: the client by RUC, its contacts, and its lines."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from mock_portals.aspnet.application import Postback
from mock_portals.aspnet.grid_view import GridPage
from mock_portals.aspnet.viewstate import INVALID, ServerError
from mock_portals.formats import soles
from mock_portals.siac.skin import Shown, SiacPage
from mock_portals.world import Customer

LINES_A_PAGE = 20


class ClientSearch(SiacPage):
    path = "/siac/ConsultaCliente.aspx"
    template = "client.html"

    async def post(self, back: Postback) -> web.Response:
        match back.target:
            case "btnBuscar":
                back.load.data = {"ruc": back.text("txtRuc"), "page": 1, "filter": ""}
                return self.answer(back, {"pnlCliente": "_client.html"})
            case "btnFiltrar":
                back.load.data |= {"filter": back.text("txtLinea"), "page": 1}
            case "gvLineas":
                back.load.data["page"] = back.page_number
            case _:
                raise ServerError(INVALID)
        return self.answer(back, {"pnlLineas": "_client_lines.html"})

    def view(self, data: dict[str, Any]) -> dict[str, Any]:
        ruc, wanted = data.get("ruc", ""), data.get("filter", "")
        customer = self.holdings.customers.get(ruc)
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
            "contacts": GridPage.only(customer.contacts if customer else ()),
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
    if customer.executive is None:
        return [*shown, Shown("Ejecutivo", "Sin asignar")]
    return [
        *shown,
        Shown("Ejecutivo", customer.executive.name),
        Shown("Canal del ejecutivo", customer.executive.channel),
        Shown("Correo del ejecutivo", customer.executive.email),
    ]
