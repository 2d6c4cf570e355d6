"""Caso: everything of one case, and what an advisor does with it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from mock_portals.aspnet.application import Postback
from mock_portals.aspnet.delta import delta
from mock_portals.aspnet.grid_view import GridPage
from mock_portals.aspnet.viewstate import INVALID, ServerError
from mock_portals.holdings import Holdings
from mock_portals.sessions import Session
from mock_portals.siac.classification import RESOLUTIONS, scenario_words
from mock_portals.siac.skin import Shown, SiacPage
from mock_portals.world import SiacCase

REFERENCE_LENGTH = 40
_SIZE = "width=520,height=320"
_PANEL = {"pnlCaso": "_case.html"}


def record(holdings: Holdings, case: SiacCase, user: str, text: str) -> None:
    """Write an entry into the case's history: each action leaves one."""
    day = holdings.today.strftime("%d/%m/%Y")
    case.history = [*case.history, {"date": day, "user": user, "text": text}]


class CasePage(SiacPage):
    path = "/siac/Caso.aspx"
    template = "case.html"
    writes = frozenset({"btnReferencia", "btnCerrar"})

    async def show(self, request: web.Request, session: Session) -> web.Response:
        notice = "Caso tomado correctamente." if "tomado" in request.query else ""
        return self.page({"number": request.query.get("numero", "")}, notice=notice)

    async def post(self, back: Postback) -> web.Response:
        case, user = self.case(back.load.data), back.session.user
        match back.target:
            case "btnActualizar":
                return self.answer(back, _PANEL)
            case "btnReferencia":
                refused = self.write_reference(case, user, back.text("txtReferencia"))
            case "btnNota":
                address = f"/siac/Nota.aspx?numero={case.number}"
                return delta(back.load, {}, f"window.open('{address}', '_blank', '{_SIZE}');")
            case "btnCerrar":
                kind, resolution = back.text("ddlResolucion"), back.text("txtResolucion")
                refused = self.close(case, user, kind, resolution)
            case _:
                raise ServerError(INVALID)
        if refused:
            return self.answer(back, _PANEL, refused=refused)
        self.holdings.wrote()
        return self.answer(back, _PANEL, notice="Los datos se guardaron correctamente.")

    def case(self, data: dict[str, Any]) -> SiacCase:
        case = self.holdings.cases.get(data["number"])
        if case is None:
            raise ServerError("El caso no existe.")
        return case

    def write_reference(self, case: SiacCase, user: str, reference: str) -> str:
        if case.status == "Cerrado":
            return "El caso se encuentra cerrado."
        if len(reference) > REFERENCE_LENGTH:
            return f"La referencia externa admite {REFERENCE_LENGTH} caracteres."
        case.reference = reference
        record(self.holdings, case, user, f"Referencia externa: {reference}")
        return ""

    def close(self, case: SiacCase, user: str, kind: str, resolution: str) -> str:
        if case.status != "En atención":
            return "Solo se puede cerrar un caso en atención."
        if kind not in RESOLUTIONS:
            return "Seleccione el tipo de resolución."
        if not resolution:
            return "Ingrese la resolución."
        case.status = "Cerrado"
        case.resolution = resolution
        record(self.holdings, case, user, f"Caso cerrado: {kind}. {resolution}")
        return ""

    def view(self, data: dict[str, Any]) -> dict[str, Any]:
        case = self.case(data)
        return {
            "case": case,
            "history": GridPage.only(case.history),
            "notice": "",
            "refused": "",
            "resolutions": RESOLUTIONS,
            "alert": "Este caso ya se encuentra cerrado." if case.status == "Cerrado" else "",
            "shown": [
                Shown("N° de caso", case.number, boxed=True),
                Shown("Referencia externa", case.reference),
                Shown("N° de SEC", case.sec, boxed=True),
                Shown("RUC del cliente", case.ruc, boxed=True),
                Shown("Líneas", ", ".join(case.lines)),
                Shown("Cola de atención", case.queue),
                Shown("Estado del caso", case.status),
                Shown("Subclase", scenario_words(case.scenario)),
                Shown("Fecha de creación", f"{case.created or self.holdings.today:%d/%m/%Y}"),
                Shown("Creado por", case.created_by),
                Shown("Resolución", case.resolution),
                *(Shown(label, value) for label, value in case.fields.items()),
            ],
        }
