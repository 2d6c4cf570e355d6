"""Datos de la evaluación: the pop-up window of one SEC, reached through one that closes itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from aiohttp import web

from mock_portals.aspnet import Load, delta, is_delta
from mock_portals.sessions import Session
from mock_portals.sisact.labels import Kind
from mock_portals.world import Sec

if TYPE_CHECKING:
    from mock_portals.sisact.site import Sisact

PAGE_SIZE = 20


class Evaluacion:
    """The window's tabs; *Descripción* asks the server for its text when it is clicked."""

    def __init__(self, portal: Sisact) -> None:
        self.portal = portal

    def add_routes(self, router: web.UrlDispatcher) -> None:
        address = "/Evaluacion/DatosEvaluacion.aspx"
        router.add_get("/Evaluacion/Puente.aspx", self.portal.guarded(self.bridge))
        router.add_get(address, self.portal.guarded(self.show))
        router.add_post(address, self.portal.guarded(self.posted))

    def _sec(self, request: web.Request, session: Session) -> Sec | None:
        number = session.data.get("tokens", {}).get(request.query.get("t", ""))
        return self.portal.holdings.secs.get(number or "")

    async def bridge(self, request: web.Request, session: Session) -> web.Response:
        return self.portal.render("puente.html", token=request.query.get("t", ""))

    async def show(self, request: web.Request, session: Session) -> web.Response:
        sec = self._sec(request, session)
        if sec is None:
            return self.portal.render("sin_evaluacion.html")
        load = Load.new("DatosEvaluacion", self.portal.random, {"page": 1, "description": False})
        return self._page(load, sec)

    def _page(self, load: Load, sec: Sec) -> web.Response:
        typesetter, source = self.portal.typesetter, self.portal.random
        customer = self.portal.holdings.customers.get(sec.ruc)
        values: list[tuple[str, str, Kind]] = [
            ("N° de SEC", sec.number, "text"),
            ("RUC", sec.ruc, "input"),
            ("Razón social", customer.business_name if customer else "", "text"),
            ("Segmento", customer.segment if customer else "", "text"),
            ("Tipo de operación", sec.operation, "text"),
            ("Fecha de evaluación", f"{sec.date:%d/%m/%Y}", "text"),
            ("Estado", sec.status, "text"),
            ("Plan tarifario", sec.plan, "input"),
            ("Cargo fijo de lista", f"S/ {Decimal(sec.list_charge):,.2f}", "input"),
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
            steps=steps,
            depth=source.randint(0, 3),
            lines=self._lines(load, sec),
            description=self._description(load, sec) if load.data["description"] else "",
        )

    async def posted(self, request: web.Request, session: Session) -> web.Response:
        sec = self._sec(request, session)
        if sec is None:
            return self.portal.render("sin_evaluacion.html")
        post = await request.post()
        load = Load.posted("DatosEvaluacion", post)
        target, argument = load.target(post), str(post.get("__EVENTARGUMENT", ""))
        panels = {}
        if target == "gvLineas" and argument.startswith("Page$"):
            load.data["page"] = int(argument.removeprefix("Page$"))
            panels["updLineas"] = self._lines(load, sec)
        elif target == "tabEvaluacion" and argument == "Descripcion":
            load.data["description"] = True
            panels["updDescripcion"] = self._description(load, sec)
        return delta(load, panels) if is_delta(request) else self._page(load, sec)

    def _lines(self, load: Load, sec: Sec) -> str:
        page, pages = int(load.data["page"]), -(-len(sec.lines) // PAGE_SIZE)
        first = (page - 1) * PAGE_SIZE
        return self.portal.part_of_page(
            "lineas.html",
            load=load,
            sec=sec,
            lines=list(enumerate(sec.lines, 1))[first : first + PAGE_SIZE],
            page=page,
            pages=pages,
        )

    def _description(self, load: Load, sec: Sec) -> str:
        label = self.portal.typesetter.label
        return self.portal.part_of_page(
            "descripcion.html",
            load=load,
            sec=sec,
            label=label("Descuento u oferta especial"),
            twin_label=label("Descuento u oferta especial"),
            rows=max(5, sum(1 + len(line) // 90 for line in sec.description.splitlines())),
        )
