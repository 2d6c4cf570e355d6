"""The incident form: its fields by ``arid``, how they are laid out, and how they hold a record."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from mock_portals.formats import NBSP, amount, soles
from mock_portals.world import Incident

Kind = Literal["text", "shown", "menu", "expander", "lookup"]

NUMBER, STATUS, SUBMITTED, SUBMITTER = "1000000161", "7", "3", "2"
COMPANY, SUMMARY, NOTES = "1000000001", "1000000000", "1000000151"
IMPACT, URGENCY, GROUP = "1000000163", "1000000162", "1000000217"
PRODUCT_1, PRODUCT_2, PRODUCT_3 = "200000003", "200000004", "200000005"
REFERENCE, SIAC_CASE, SEC, RUC = "536871010", "536871011", "536871012", "536871013"
CLIENT, CAMPAIGN, SCENARIO = "536871014", "536871015", "536871016"
LINES, CHARGE = "536871017", "536871018"


@dataclass(frozen=True)
class Field:
    """``label`` as people see it, without the signs; ``name`` is the database's."""

    arid: str
    label: str
    name: str
    kind: Kind = "text"
    required: bool = False
    default: str = ""
    #: the record's own field that holds it
    stored: str = ""


LEFT = (
    Field(COMPANY, "Empresa", "Contact Company", required=True, default="Claro Perú"),
    Field(REFERENCE, "Referencia externa", "ExternalReference", required=True, stored="reference"),
    Field(SIAC_CASE, "Caso SIAC", "CasoSIAC", required=True, stored="siac_case"),
    Field(SEC, "N° SEC", "NroSEC", required=True, stored="sec"),
    Field(RUC, "RUC", "RUC", required=True, stored="ruc"),
    Field(CLIENT, "Razón social", "RazonSocial"),
    Field(CAMPAIGN, "Campaña", "Campana"),
    Field(SUMMARY, "Resumen", "Description", required=True, stored="summary"),
    Field(NOTES, "Detalle", "Detailed Decription", kind="expander"),
    Field(LINES, "Líneas afectadas", "LineasAfectadas", required=True),
)
RIGHT = (
    Field(NUMBER, "ID de incidencia", "Incident Number", kind="shown", stored="number"),
    Field(STATUS, "Estado", "Status", kind="shown", default="Nuevo", stored="status"),
    Field(SCENARIO, "Escenario", "Escenario", required=True, stored="scenario"),
    Field(CHARGE, "Cargo ofrecido", "CargoOfrecido", required=True),
    Field(PRODUCT_1, "Categoría de producto", "Product Categorization Tier 1", "menu", True),
    Field(PRODUCT_2, "Categoría de producto N2", "Product Categorization Tier 2", "shown"),
    Field(PRODUCT_3, "Categoría de producto N3", "Product Categorization Tier 3", "shown"),
    Field(IMPACT, "Impacto", "Impact", "menu", True),
    Field(URGENCY, "Urgencia", "Urgency", "menu", True),
    Field(GROUP, "Grupo asignado", "Assigned Group", "lookup", True),
    Field(SUBMITTED, "Fecha de envío", "Submit Date", kind="shown"),
    Field(SUBMITTER, "Remitente", "Submitter", kind="shown", stored="created_by"),
)
FIELDS = {field.arid: field for field in LEFT + RIGHT}
#: what the record holds in fields of its own, some of them in another form
OWN = {SUBMITTED, LINES, CHARGE} | {arid for arid, field in FIELDS.items() if field.stored}

#: nested menus by the field that opens them; a leaf is an empty mapping
Menu = dict[str, "Menu"]
MENUS: dict[str, Menu] = {
    IMPACT: {
        "1-Extenso/Generalizado": {},
        "2-Significativo/Grande": {},
        "3-Moderado/Limitado": {},
        "4-Menor/Localizado": {},
    },
    URGENCY: {"1-Crítica": {}, "2-Alta": {}, "3-Media": {}, "4-Baja": {}},
    PRODUCT_1: {
        "Servicios fijos": {
            "Facturación": {"Cargo fijo": {}, "Renta de equipos": {}},
            "Instalación": {"Plazo": {}},
        },
        "Servicios móviles": {
            "Equipos": {"Garantía": {}, "Reposición": {}},
            "Facturación": {"Cargo fijo": {}, "Consumos": {}, "Notas de crédito": {}},
            "Red": {"Cobertura": {}, "Roaming": {}},
        },
        "TI interno": {"Accesos": {"Alta de usuario": {}}},
    },
}

#: support groups by the id that only the lookup knows
GROUPS = {
    "SGP000000000101": "Facturación Móvil Corporativa",
    "SGP000000000102": "Facturación Móvil Masiva",
    "SGP000000000103": "Facturación Fija",
    "SGP000000000201": "Mesa de Ayuda TI",
    "SGP000000000202": "Redes y Cobertura",
}


@dataclass(frozen=True)
class Placed:
    """A field in its place for one load; ``twin`` is the window number of its hidden twin."""

    field: Field
    left: int
    top: int
    twin: int
    twin_first: bool
    depth: int


def lay_out(source: random.Random) -> list[Placed]:
    """Both columns in an order of this load; elements come in yet another order."""
    placed = []
    for left, column in ((12, LEFT), (540, RIGHT)):
        order = list(column)
        source.shuffle(order)
        for row, field in enumerate(order):
            twin, first = source.randrange(10, 90), source.random() < 0.5
            placed.append(Placed(field, left, 8 + 26 * row, twin, first, source.randrange(3)))
    source.shuffle(placed)
    return placed


class Refused(Exception):
    """The portal's answer to values it does not take."""


def incident_of(
    values: dict[str, str], group: str, number: str, today: date, user: str
) -> Incident:
    """The record these values make; raises `Refused` with the portal's own words."""
    held = {arid: values.get(arid, "").strip() for arid in FIELDS}
    for arid, field in FIELDS.items():
        if field.required and not held[arid]:
            raise Refused(f"No se ha rellenado el campo obligatorio «{field.label}» (ARERR 9424)")
        if arid not in (NOTES, LINES) and len(held[arid]) > 255:
            raise Refused(f"El valor es demasiado largo para «{field.label}» (ARERR 306)")
    if GROUPS.get(group) != held[GROUP]:
        raise Refused("El grupo asignado no es válido: selecciónelo en la búsqueda (ARERR 1291101)")
    if not re.fullmatch(r"\d{11}", held[RUC]):
        raise Refused("El formato de «RUC» no es válido (ARERR 326)")
    lines = re.split(r"[\s,;]+", held[LINES].strip(" ,;"))
    if not all(re.fullmatch(r"9\d{8}", line) for line in lines):
        raise Refused("El formato de «Líneas afectadas» no es válido (ARERR 326)")
    charge = amount(held[CHARGE])
    if charge is None:
        raise Refused("El formato de «Cargo ofrecido» no es válido (ARERR 326)")
    return Incident(
        number=number,
        lines=lines,
        charge=charge,
        created=today,
        created_by=user,
        fields={f.label: held[arid] for arid, f in FIELDS.items() if arid not in OWN},
        **{f.stored: held[arid] for arid, f in FIELDS.items() if f.stored and f.kind != "shown"},
    )


def values_of(incident: Incident, today: date) -> dict[str, str]:
    """What the form shows of a record; one without a day is of today."""
    others = incident.fields
    return {
        arid: str(getattr(incident, field.stored)) if field.stored else others.get(field.label, "")
        for arid, field in FIELDS.items()
    } | {
        SUBMITTED: f"{incident.created or today:%d/%m/%Y} 09:00:00",
        LINES: "; ".join(incident.lines),
        CHARGE: soles(incident.charge, NBSP),
    }
