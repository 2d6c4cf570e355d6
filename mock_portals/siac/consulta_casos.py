"""Consulta de casos: by number, or by a text in the SEC or the reference."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web

from mock_portals.aspnet.application import Postback
from mock_portals.aspnet.grid_view import GridPage
from mock_portals.aspnet.viewstate import INVALID, ServerError
from mock_portals.siac.classification import scenario_words
from mock_portals.siac.skin import SiacPage
from mock_portals.world import SiacCase

CASES_A_PAGE = 10
#: over the number and `cells`
HEADERS = (
    "N° caso",
    "Referencia",
    "SEC",
    "RUC",
    "Líneas",
    "Cola",
    "Estado",
    "Escenario",
    "Creado",
    "Creado por",
)


class CaseSearch(SiacPage):
    path = "/siac/ConsultaCasos.aspx"
    template = "cases.html"

    async def post(self, back: Postback) -> web.Response:
        match back.target:
            case "btnBuscar":
                number, text = back.text("txtNumero"), back.text("txtTexto")
                return self.page({"number": number, "text": text, "page": 1})
            case "gvCasos":
                return self.page({**back.load.data, "page": back.page_number})
        raise ServerError(INVALID)

    def view(self, data: dict[str, Any]) -> dict[str, Any]:
        number, text = data.get("number", ""), data.get("text", "")
        searched = bool(number or text)
        found = [
            case
            for case in reversed(self.holdings.cases.values())
            if searched
            and number in case.number  # as a LIKE '%…%' finds it
            and (text.lower() in case.sec.lower() or text.lower() in case.reference.lower())
        ]
        return {
            "number": number,
            "text": text,
            "searched": searched,
            "message": "Ingrese al menos un criterio de búsqueda." if data and not searched else "",
            "cases": GridPage.of(found, data.get("page", 1), CASES_A_PAGE),
            "headers": HEADERS,
            "cells": lambda case: cells(case, self.holdings.today),
        }


def cells(case: SiacCase, today: date) -> list[str]:
    """What the grids show of a case."""
    return [
        case.reference,
        case.sec,
        case.ruc,
        ", ".join(case.lines),
        case.queue,
        case.status,
        scenario_words(case.scenario),
        f"{case.created or today:%d/%m/%Y}",
        case.created_by,
    ]
