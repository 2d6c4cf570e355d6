"""Datos de la evaluación: the pop-up window of one SEC, reached through one that closes itself."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from mock_portals.aspnet.application import Page, Postback
from mock_portals.aspnet.delta import delta, is_delta
from mock_portals.aspnet.grid_view import GridPage
from mock_portals.aspnet.viewstate import Load
from mock_portals.formats import soles
from mock_portals.sessions import Session
from mock_portals.sisact.labels import Kind, Typesetter
from mock_portals.world import Sec

PAGE_SIZE = 20


class Evaluacion(Page):
    """The window's tabs; *Descripción* asks the server for its text when it is clicked."""

    path = "/Evaluacion/DatosEvaluacion.aspx"

    def _sec(self, request: web.Request, session: Session) -> Sec | None:
        number = session.data.get("tokens", {}).get(request.query.get("t", ""))
        return self.holdings.secs.get(number or "")

    async def show(self, request: web.Request, session: Session) -> web.Response:
        sec = self._sec(request, session)
        if sec is None:
            return self.portal.render("sin_evaluacion.html")
        return self._page(self.load({"page": 1, "description": False}), sec)

    async def post(self, back: Postback) -> web.Response:
        load, sec = back.load, self._sec(back.request, back.session)
        if sec is None:
            return self.portal.render("sin_evaluacion.html")
        panels = {}
        match back.target, back.argument:
            case "gvLineas", _:
                load.data["page"] = back.page_number
                panels["updLineas"] = self._lines(load, sec)
            case "tabEvaluacion", "Descripcion":
                load.data["description"] = True
                panels["updDescripcion"] = self._description(load, sec)
        return delta(load, panels) if is_delta(back.request) else self._page(load, sec)

    def _page(self, load: Load, sec: Sec) -> web.Response:
        source = self.portal.random
        typesetter = Typesetter(source)
        customer = self.holdings.customers.get(sec.ruc)
        values: list[tuple[str, str, Kind]] = [
            ("N° de SEC", sec.number, "text"),
            ("RUC", sec.ruc, "input"),
            ("Razón social", self.holdings.business_name(sec.ruc), "text"),
            ("Segmento", customer.segment if customer else "", "text"),
            ("Tipo de operación", sec.operation, "text"),
            ("Fecha de evaluación", f"{sec.date:%d/%m/%Y}", "text"),
            ("Estado", sec.status, "text"),
            ("Plan tarifario", sec.plan, "input"),
            ("Cargo fijo de lista", soles(sec.list_charge), "input"),
            ("Campaña", sec.campaign, "text"),
            ("Cantidad de líneas", str(len(sec.lines)), "input"),
        ]
        stale: list[tuple[str, str, Kind]] = [
            ("RUC", f"20{source.randrange(10**9):09d}", "input"),
            ("Plan tarifario", "Plan de la versión anterior", "input"),
            ("Estado", "En evaluación", "text"),
            ("Cargo fijo de lista", "S/ 0.00", "input"),
        ]
        approved = sec.date + timedelta(days=source.randint(0, 2))
        steps = [
            (sec.date, "Registro de la SEC", "Ejecutivo de ventas", "Registrada"),
            (sec.date, "Evaluación crediticia", "Créditos", "Conforme"),
            (approved, "Aprobación", "Supervisor", sec.status),
        ]
        return self.portal.render(
            "evaluacion.html",
            load=load,
            sec=sec,
            fields=typesetter.fields(load.id("gen"), values),
            stale=typesetter.fields(load.id("ver"), stale),
            layout=typesetter.layout(),
            stale_layout=typesetter.layout(),
            steps=GridPage.only(steps),
            depth=source.randint(0, 3),
            lines=self._lines(load, sec),
            description=self._description(load, sec) if load.data["description"] else "",
        )

    def _lines(self, load: Load, sec: Sec) -> str:
        items = list(enumerate(sec.lines, 1))
        lines = GridPage.of(items, load.data["page"], PAGE_SIZE)
        return self.portal.draw("lineas.html", load=load, sec=sec, lines=lines)

    def _description(self, load: Load, sec: Sec) -> str:
        label = Typesetter(self.portal.random).label
        return self.portal.draw(
            "descripcion.html",
            load=load,
            sec=sec,
            label=label("Descuento u oferta especial"),
            twin_label=label("Descuento u oferta especial"),
            rows=max(5, sum(1 + len(line) // 90 for line in sec.description.splitlines())),
        )
