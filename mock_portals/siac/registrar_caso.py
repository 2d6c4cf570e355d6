"""Registrar caso: the template (*plantilla*) with its cascading classification."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from aiohttp import web

from mock_portals.aspnet.application import Postback
from mock_portals.aspnet.delta import is_delta
from mock_portals.aspnet.viewstate import INVALID, ServerError
from mock_portals.sessions import Session
from mock_portals.siac.caso import record
from mock_portals.siac.classification import CHANNELS, CLASSIFICATION, QUEUES, scenario_code
from mock_portals.siac.skin import SiacPage
from mock_portals.world import SiacCase

#: how long the lists of the classification take to fill, in seconds
CASCADE_SECONDS = (0.02, 0.12)
FIRST = {"tipo": "Consulta", "clase": "Cargo fijo", "subclase": "Información de planes"}


class CaseTemplate(SiacPage):
    path = "/siac/RegistrarCaso.aspx"
    template = "template.html"
    writes = frozenset({"btnRegistrar"})

    async def show(self, request: web.Request, session: Session) -> web.Response:
        return self.form({}, FIRST)

    async def post(self, back: Postback) -> web.Response:
        chosen = {name: back.text(f"ddl{name.title()}") for name in FIRST}
        if back.target == "btnRegistrar":
            problems = self.problems(back, chosen)
            if problems:
                return self.form(back.values, chosen, problems)
            return self.register(back, chosen)
        await asyncio.sleep(self.portal.random.uniform(*CASCADE_SECONDS))
        match back.target:
            case "ddlTipo":
                chosen = {"tipo": chosen["tipo"], "clase": "", "subclase": ""}
            case "ddlClase":
                chosen = {**chosen, "subclase": ""}
            case "txtRuc":
                back.load.data["ruc"] = back.text("txtRuc")
                name = self.holdings.business_name(back.text("txtRuc")) or "(cliente no encontrado)"
                return self.parts(back.load, {"pnlRazon": "_business_name.html"}, name=name)
            case _:
                raise ServerError(INVALID)
        if not is_delta(back.request):
            return self.form(back.values, chosen, data=back.load.data)
        return self.parts(back.load, {"pnlClasificacion": "_classification.html"}, **_lists(chosen))

    def problems(self, back: Postback, chosen: dict[str, str]) -> list[str]:
        lists, text = _lists(chosen), back.text
        lines = text("txtLineas").split()
        holds = {
            "Seleccione el tipo.": chosen["tipo"] in CLASSIFICATION,
            "Seleccione la clase.": chosen["clase"] in lists["clases"],
            "Seleccione la subclase.": chosen["subclase"] in lists["subclases"],
            "Seleccione la cola de derivación.": text("ddlCola") in QUEUES,
            "Seleccione el canal de atención.": text("ddlCanal") in CHANNELS,
            "El RUC no corresponde a un cliente.": text("txtRuc") in self.holdings.customers,
            # A value that was set without its event has not been looked up.
            "Valide el RUC del cliente.": back.load.data.get("ruc") == text("txtRuc"),
            "El número de SEC admite solo dígitos.": text("txtSec").isdigit(),
            "Ingrese las líneas afectadas, una por fila, de 9 dígitos.": bool(lines)
            and all(re.fullmatch(r"9\d{8}", line) for line in lines),
            "Ingrese el contacto y su DNI.": bool(text("txtContacto"))
            and re.fullmatch(r"\d{8}", text("txtDni")) is not None,
            "El cargo ofrecido no es un importe.": _is_charge(text("txtCargo")),
            "La referencia externa admite 40 caracteres.": len(text("txtRef")) <= 40,
            "Ingrese el detalle del caso.": bool(text("txtDetalle")),
        }
        return [problem for problem, is_right in holds.items() if not is_right]

    def register(self, back: Postback, chosen: dict[str, str]) -> web.Response:
        """Nothing is checked for being there already: a second press registers a second case."""
        case = SiacCase(
            number=self.holdings.next_case_number(),
            reference=back.text("txtRef"),
            sec=back.text("txtSec"),
            ruc=back.text("txtRuc"),
            lines=back.text("txtLineas").split(),
            queue=back.text("ddlCola"),
            scenario=scenario_code(chosen["subclase"]),
            created=self.holdings.today,
            created_by=back.session.user,
            fields={
                "Tipo": chosen["tipo"],
                "Clase": chosen["clase"],
                "Canal de atención": back.text("ddlCanal"),
                "Contacto": back.text("txtContacto"),
                "DNI del contacto": back.text("txtDni"),
                "Campaña": back.text("txtCampana"),
                "Cargo ofrecido": back.text("txtCargo"),
                "Detalle": back.text("txtDetalle"),
            },
        )
        words = f"Caso registrado y derivado a {case.queue}."
        record(self.holdings, case, case.created_by, words)
        self.holdings.cases[case.number] = case
        self.holdings.wrote()
        return self.page({}, registered=case, alert=f"Se registró el caso N° {case.number}.")

    def form(
        self,
        values: dict[str, Any],
        chosen: dict[str, str],
        problems: list[str] | None = None,
        data: dict[str, Any] | None = None,
    ) -> web.Response:
        """The form as it is shown first, or again with what was typed (``values``)."""
        return self.page(
            data or {},
            registered=None,
            values=values,
            problems=problems or [],
            name=self.holdings.business_name(str(values.get("txtRuc", ""))),
            channels=CHANNELS,
            queues=QUEUES,
            alert="" if values else "Recuerde validar la titularidad antes de registrar el caso.",
            **_lists(chosen),
        )


def _lists(chosen: dict[str, str]) -> dict[str, Any]:
    """The three lists as they stand after these choices."""
    classes = CLASSIFICATION.get(chosen["tipo"], {})
    return {
        "chosen": chosen,
        "tipos": list(CLASSIFICATION),
        "clases": list(classes),
        "subclases": classes.get(chosen["clase"], []),
    }


def _is_charge(text: str) -> bool:
    return not text or re.fullmatch(r"\d{1,3}(,?\d{3})*(\.\d{1,2})?", text) is not None
