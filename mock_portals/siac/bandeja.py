"""Bandeja de casos: what waits in a queue, and taking a case from it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from mock_portals.aspnet.application import Postback
from mock_portals.aspnet.delta import delta_redirect, is_delta
from mock_portals.aspnet.grid_view import GridPage
from mock_portals.aspnet.viewstate import INVALID, ServerError
from mock_portals.base import redirect
from mock_portals.siac.caso import CasePage, record
from mock_portals.siac.classification import QUEUES
from mock_portals.siac.consulta_casos import HEADERS, cells
from mock_portals.siac.skin import SiacPage

CASES_A_PAGE = 20
_PANEL = {"pnlBandeja": "_queue.html"}


class QueuePage(SiacPage):
    path = "/siac/Bandeja.aspx"
    template = "queue.html"
    writes = frozenset({"btnTomar"})

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
                raise ServerError(INVALID)
        return self.answer(back, _PANEL)

    def take(self, back: Postback) -> web.Response:
        """The row's button carries the case's number; its name alone says nothing."""
        case = self.holdings.cases.get(back.text("btnTomar"))
        if case is None or case.status != "Registrado":
            message = "El caso ya fue tomado o ya no está en la bandeja."
            return self.answer(back, _PANEL, alert=message)
        case.status = "En atención"
        record(self.holdings, case, back.session.user, "Caso tomado de la bandeja.")
        self.holdings.wrote()
        address = f"{CasePage.path}?numero={case.number}&tomado=1"
        return delta_redirect(address) if is_delta(back.request) else redirect(address)

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
            "headers": (*HEADERS, "Acción"),
            "cells": lambda case: cells(case, self.holdings.today),
        }
