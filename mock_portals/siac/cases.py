"""Consulta de casos: by number, or by a text in the SEC or the reference."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web

from mock_portals.sessions import Session
from mock_portals.siac.pages import AspPage, GridPage, Postback
from mock_portals.siac.words import scenario_words
from mock_portals.world import SiacCase

CASES_A_PAGE = 10


class CaseSearch(AspPage):
    path = "/siac/ConsultaCasos.aspx"
    template = "cases.html"

    async def show(self, request: web.Request, session: Session) -> web.Response:
        return self.page(self.load(), **self.view({}))

    async def post(self, back: Postback) -> web.Response:
        data = back.load.data
        match back.target:
            case "btnBuscar":
                data = {"number": back.text("txtNumero"), "text": back.text("txtTexto"), "page": 1}
            case "gvCasos":
                data |= {"page": back.page_number}
            case _:
                return self.portal.failed("Invalid postback or callback argument.")
        return self.page(self.load(data), **self.view(data))

    def view(self, data: dict[str, Any]) -> dict[str, Any]:
        number, text = data.get("number", ""), data.get("text", "").lower()
        message = ""
        if data and not number and not text:
            message = "Ingrese al menos un criterio de búsqueda."
        found = [
            case
            for case in reversed(self.holdings.cases.values())
            if (number or text)
            and (not number or case.number == number)
            and (text in case.sec.lower() or text in case.reference.lower())
        ]
        return {
            "number": number,
            "text": data.get("text", ""),
            "searched": bool(number or text),
            "message": message,
            "cases": GridPage.of(found, data.get("page", 1), CASES_A_PAGE),
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
