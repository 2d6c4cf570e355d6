"""Consulta de SEC: the search form, its results in pages, and the way to one evaluation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from mock_portals.aspnet import Load, delta, is_delta
from mock_portals.sessions import Session
from mock_portals.world import Sec

if TYPE_CHECKING:
    from mock_portals.sisact.site import Sisact

PAGE_SIZE = 10
STATES = ("Aprobada", "Observada", "Rechazada", "Anulada")
CRITERIA = ("txtSec", "txtRuc", "txtDesde", "txtHasta", "ddlEstado")


class Consulta:
    """The page in the frame *trabajo*; its results come in an UpdatePanel."""

    def __init__(self, portal: Sisact) -> None:
        self.portal = portal

    def add_routes(self, router: web.UrlDispatcher) -> None:
        address = "/Evaluacion/ConsultaSEC.aspx"
        router.add_get(address, self.portal.guarded(self.show))
        router.add_post(address, self.portal.guarded(self.posted))

    async def show(self, request: web.Request, session: Session) -> web.Response:
        load = Load.new("ConsultaSEC", self.portal.random)
        return self.page(load, {})

    def page(self, load: Load, values: dict[str, Any]) -> web.Response:
        typesetter = self.portal.typesetter
        controls = {
            "txtSec": "N° de SEC",
            "txtRuc": "RUC",
            "txtDesde": "Fecha desde",
            "txtHasta": "Fecha hasta",
            "ddlEstado": "Estado",
        }
        fields = [(control, typesetter.label(label)) for control, label in controls.items()]
        self.portal.random.shuffle(fields)
        return self.portal.render(
            "consulta.html",
            load=load,
            fields=fields,
            values=values,
            states=STATES,
            depth=self.portal.random.randint(0, 3),
        )

    async def posted(self, request: web.Request, session: Session) -> web.Response:
        post = await request.post()
        load = Load.posted("ConsultaSEC", post)
        values = load.values(post)
        if not is_delta(request):
            return self.page(load, values)
        argument = str(post.get("__EVENTARGUMENT", ""))
        if load.target(post) == "gvResultados" and argument.startswith("Page$"):
            load.data["page"] = int(argument.removeprefix("Page$"))
        else:  # paging goes on with what was searched, whatever stands in the form by now
            load.data = {name: str(values.get(name, "")).strip() for name in CRITERIA}
            load.data["page"] = 1
        message = _why_not(load.data)
        secs = self.portal.holdings.secs.values()
        found = [] if message else [sec for sec in secs if self._fits(sec, load.data)]
        return delta(load, {"updResultados": self._results(load, session, found, message)})

    def _fits(self, sec: Sec, wanted: dict[str, Any]) -> bool:
        return (
            wanted["txtSec"] in ("", sec.number)
            and wanted["txtRuc"] in ("", sec.ruc)
            and wanted["ddlEstado"] in ("", sec.status)
            and (not wanted["txtDesde"] or sec.date >= _day(wanted["txtDesde"]))
            and (not wanted["txtHasta"] or sec.date <= _day(wanted["txtHasta"]))
        )

    def _results(self, load: Load, session: Session, found: list[Sec], message: str) -> str:
        page = int(load.data["page"])
        pages = -(-len(found) // PAGE_SIZE)
        shown = []
        for sec in found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
            token = f"{self.portal.random.randrange(16**12):012x}"
            session.data.setdefault("tokens", {})[token] = sec.number
            shown.append((token, sec, self.business_name(sec)))
        return self.portal.part_of_page(
            "resultados.html",
            load=load,
            rows=shown,
            total=len(found),
            page=page,
            pages=pages,
            message=message,
        )

    def business_name(self, sec: Sec) -> str:
        customer = self.portal.holdings.customers.get(sec.ruc)
        return customer.business_name if customer else ""


def _why_not(wanted: dict[str, Any]) -> str:
    """What a person must put right before there is a search, or nothing."""
    if not any(wanted[name] for name in CRITERIA):
        return "Ingrese al menos un criterio de búsqueda."
    if wanted["txtSec"] and not wanted["txtSec"].isdigit():
        return "El N° de SEC debe ser numérico."
    if wanted["txtRuc"] and not (wanted["txtRuc"].isdigit() and len(wanted["txtRuc"]) == 11):
        return "El RUC debe tener 11 dígitos."
    for name in ("txtDesde", "txtHasta"):
        try:
            if wanted[name]:
                _day(wanted[name])
        except ValueError:
            return "Ingrese las fechas con el formato DD/MM/AAAA."
    return ""


def _day(text: str) -> Any:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007
