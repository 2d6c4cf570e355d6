"""Registrar caso: the template (*plantilla*) with its cascading classification."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from aiohttp import web

from mock_portals.sessions import Session
from mock_portals.siac.case_page import record
from mock_portals.siac.pages import AspPage, Postback
from mock_portals.siac.words import CHANNELS, CLASSIFICATION, QUEUES, scenario_code
from mock_portals.world import SiacCase

#: how long the lists of the classification take to fill, in seconds
CASCADE_SECONDS = (0.02, 0.12)
FIRST = {"tipo": "Consulta", "clase": "Cargo fijo", "subclase": "Información de planes"}


class CaseTemplate(AspPage):
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
                customer = self.holdings.customers.get(back.text("txtRuc"))
                name = customer.business_name if customer else "(cliente no encontrado)"
                return self.parts(back.load, {"pnlRazon": "_business_name.html"}, name=name)
            case _:
                return self.portal.failed("Invalid postback or callback argument.")
        return self.parts(back.load, {"pnlClasificacion": "_classification.html"}, **_lists(chosen))

    def problems(self, back: Postback, chosen: dict[str, str]) -> list[str]:
        lists = _lists(chosen)
        lines = back.text("txtLineas").split()
        return [
            problem
            for problem, is_there in (
                ("Seleccione el tipo.", chosen["tipo"] not in CLASSIFICATION),
                ("Seleccione la clase.", chosen["clase"] not in lists["clases"]),
                ("Seleccione la subclase.", chosen["subclase"] not in lists["subclases"]),
                ("Seleccione la cola de derivación.", back.text("ddlCola") not in QUEUES),
                ("Seleccione el canal de atención.", back.text("ddlCanal") not in CHANNELS),
                (
                    "El RUC no corresponde a un cliente.",
                    back.text("txtRuc") not in self.holdings.customers,
                ),
                # A value that was set without its event has not been looked up.
                ("Valide el RUC del cliente.", back.load.data.get("ruc") != back.text("txtRuc")),
                ("El número de SEC admite solo dígitos.", not back.text("txtSec").isdigit()),
                (
                    "Ingrese las líneas afectadas, una por fila, de 9 dígitos.",
                    not lines or any(not re.fullmatch(r"9\d{8}", line) for line in lines),
                ),
                ("Ingrese el contacto y su DNI.", not _is_contact(back)),
                ("El cargo ofrecido no es un importe.", not _is_charge(back.text("txtCargo"))),
                ("La referencia externa admite 40 caracteres.", len(back.text("txtRef")) > 40),
                ("Ingrese el detalle del caso.", not back.text("txtDetalle")),
            )
            if is_there
        ]

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
        record(
            self.holdings, case, back.session.user, f"Caso registrado y derivado a {case.queue}."
        )
        self.holdings.cases[case.number] = case
        self.holdings.wrote()
        return self.page(
            self.load(), registered=case, alert=f"Se registró el caso N° {case.number}."
        )

    def form(
        self, values: dict[str, Any], chosen: dict[str, str], problems: list[str] | None = None
    ) -> web.Response:
        customer = self.holdings.customers.get(str(values.get("txtRuc", "")))
        return self.page(
            self.load(),
            registered=None,
            values=values,
            problems=problems or [],
            name=customer.business_name if customer else "",
            channels=CHANNELS,
            queues=QUEUES,
            alert="" if problems else "Recuerde validar la titularidad antes de registrar el caso.",
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


def _is_contact(back: Postback) -> bool:
    dni = back.text("txtDni")
    return bool(back.text("txtContacto")) and len(dni) == 8 and dni.isdigit()


def _is_charge(text: str) -> bool:
    return not text or re.fullmatch(r"\d{1,3}(,?\d{3})*(\.\d{1,2})?", text) is not None
