"""Consulta de SEC: the search form, its results in pages, and the way to one evaluation."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web

from mock_portals.aspnet.application import Page, Postback
from mock_portals.aspnet.delta import delta, is_delta
from mock_portals.aspnet.grid_view import GridPage
from mock_portals.aspnet.viewstate import Load
from mock_portals.formats import day
from mock_portals.sessions import Session
from mock_portals.sisact.labels import Typesetter
from mock_portals.world import Sec

PAGE_SIZE = 10
STATES = ("Aprobada", "Observada", "Rechazada", "Anulada")
CRITERIA = {
    "txtSec": "N° de SEC",
    "txtRuc": "RUC",
    "txtDesde": "Fecha desde",
    "txtHasta": "Fecha hasta",
    "ddlEstado": "Estado",
}


class Consulta(Page):
    """The page in the frame *trabajo*; its results come in an UpdatePanel."""

    path = "/Evaluacion/ConsultaSEC.aspx"

    async def show(self, request: web.Request, session: Session) -> web.Response:
        return self.page(self.load(), {})

    def page(self, load: Load, values: dict[str, Any]) -> web.Response:
        source = self.portal.random
        label = Typesetter(source).label
        fields = [(control, label(words)) for control, words in CRITERIA.items()]
        source.shuffle(fields)
        return self.portal.render(
            "consulta.html",
            load=load,
            fields=fields,
            values=values,
            states=STATES,
            depth=source.randint(0, 3),
        )

    async def post(self, back: Postback) -> web.Response:
        load = back.load
        if not is_delta(back.request):
            return self.page(load, back.values)
        opened = back.argument.partition("Ver$")[2]
        if opened in back.session.data.get("tokens", {}):
            return delta(load, {}, f"verSEC('{opened}');")
        if back.target == "gvResultados":
            load.data["page"] = back.page_number
        else:  # paging goes on with what was searched, whatever stands in the form by now
            load.data = {
                **{name: self.portal.dialect.heard(back.text(name)) for name in CRITERIA},
                "page": 1,
            }
        message = _why_not(load.data)
        secs = self.holdings.secs.values()
        found = [] if message else [sec for sec in secs if _fits(sec, load.data)]
        results = GridPage.of(found, load.data["page"], PAGE_SIZE)
        rows = [
            (self._token(sec, back.session), sec, self.holdings.business_name(sec.ruc))
            for sec in results.rows
        ]
        panel = self.portal.draw(
            "resultados.html", load=load, results=results, rows=rows, message=message
        )
        return delta(load, {"updResultados": panel})

    def _token(self, sec: Sec, session: Session) -> str:
        """What the evaluation's address carries in place of the SEC's number."""
        token = f"{self.portal.random.randrange(16**12):012x}"
        session.data.setdefault("tokens", {})[token] = sec.number
        return token


def _fits(sec: Sec, wanted: dict[str, Any]) -> bool:
    return (
        wanted["txtSec"] in sec.number  # as a LIKE '%…%' finds it
        and wanted["txtRuc"] in ("", sec.ruc)
        and wanted["ddlEstado"] in ("", sec.status)
        and (day(wanted["txtDesde"]) or date.min) <= sec.date
        and sec.date <= (day(wanted["txtHasta"]) or date.max)
    )


def _why_not(wanted: dict[str, Any]) -> str:
    """What a person must put right before there is a search, or nothing."""
    if not any(wanted[name] for name in CRITERIA):
        return "Ingrese al menos un criterio de búsqueda."
    if wanted["txtSec"] and not wanted["txtSec"].isdigit():
        return "El N° de SEC debe ser numérico."
    if wanted["txtRuc"] and not (wanted["txtRuc"].isdigit() and len(wanted["txtRuc"]) == 11):
        return "El RUC debe tener 11 dígitos."
    if any(wanted[name] and day(wanted[name]) is None for name in ("txtDesde", "txtHasta")):
        return "Ingrese las fechas con el formato DD/MM/AAAA."
    return ""
