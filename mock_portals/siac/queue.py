"""Bandeja de casos: what waits in a queue, and taking a case from it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from mock_portals.aspnet import is_delta
from mock_portals.sessions import Session
from mock_portals.siac.case_page import CasePage, record
from mock_portals.siac.cases import cells
from mock_portals.siac.pages import AspPage, GridPage, Postback
from mock_portals.siac.words import QUEUES

CASES_A_PAGE = 20


class QueuePage(AspPage):
    path = "/siac/Bandeja.aspx"
    template = "queue.html"
    writes = frozenset({"btnTomar"})

    async def show(self, request: web.Request, session: Session) -> web.Response:
        return self.page(self.load(), **self.view({}))

    async def post(self, back: Postback) -> web.Response:
        data = back.load.data
        match back.target:
            case "ddlCola":
                data |= {"queue": back.text("ddlCola"), "number": "", "page": 1}
            case "btnFiltrar":
                data |= {"number": back.text("txtNumero"), "page": 1}
            case "gvBandeja":
                data |= {"page": back.page_number}
            case "btnTomar":
                return self.take(back)
            case _:
                return self.portal.failed("Invalid postback or callback argument.")
        values = self.view(data)
        if is_delta(back.request):
            return self.parts(back.load, {"pnlBandeja": "_queue.html"}, **values)
        return self.page(self.load(data), **values)

    def take(self, back: Postback) -> web.Response:
        """The row's button carries the case's number; its name alone says nothing."""
        case = self.holdings.cases.get(back.text("btnTomar"))
        if case is None or case.status != "Registrado":
            data = back.load.data
            message = "El caso ya fue tomado o ya no está en la bandeja."
            return self.page(self.load(data), **self.view(data), alert=message)
        case.status = "En atención"
        record(self.holdings, case, back.session.user, "Caso tomado de la bandeja.")
        self.holdings.wrote()
        address = f"{CasePage.path}?numero={case.number}&tomado=1"
        return web.Response(status=302, headers={"Location": address})

    def view(self, data: dict[str, Any]) -> dict[str, Any]:
        queue, number = data.get("queue", ""), data.get("number", "")
        waiting = [
            case
            for case in self.holdings.cases.values()
            if case.queue == queue and case.status != "Cerrado" and number in case.number
        ]
        return {
            "queue": queue,
            "queues": QUEUES,
            "number": number,
            "cases": GridPage.of(waiting, data.get("page", 1), CASES_A_PAGE),
            "cells": lambda case: cells(case, self.holdings.today),
        }
