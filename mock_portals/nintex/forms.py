"""The Nintex form of both libraries: its controls, its rules, and the item it makes."""

from __future__ import annotations

import hashlib
import hmac
import random
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from aiohttp import web

from mock_portals.formats import NBSP, amount, day, soles
from mock_portals.nintex.libraries import Library
from mock_portals.world import Attachment, NintexRequest

DIGEST_SECONDS = 30 * 60
NO_CHOICE = "**SelectValue**"
_KEY = b"request digest of the mock portals"


@dataclass(frozen=True)
class Control:
    """``name`` is the designer's (``data-controlname``); ``stored`` the item's own field, if any.

    ``late`` controls are disabled until a rule of *Tipo de solicitud* has run.
    """

    name: str
    label: str
    kind: str = "text"
    stored: str = ""
    required: bool = False
    late: bool = False


SECTIONS: dict[str, tuple[Control, ...]] = {
    "Datos de la solicitud": (
        Control("Referencia", "Referencia", "text", "reference", True),
        Control("CasoSIAC", "N°\u00a0caso SIAC", "text", "siac_case", True),
        Control("TipoSolicitud", "Tipo de\u00a0solicitud", "lookup", "request_type", True),
        Control("Escenario", "Escenario", "text", "scenario", True, late=True),
        Control("FechaSolicitud", "Fecha de solicitud", "date", required=True),
        Control("Solicitante", "Solicitante", "people", required=True),
    ),
    "Datos del cliente": (
        Control("SEC", "N°\u200b SEC", "text", "sec", True),
        Control("RUC", "RUC", "text", "ruc", True),
        Control("RazonSocial", "Razón social"),
        Control("Ejecutivo", "Ejecutivo de ventas", "people"),
    ),
    "Oferta": (
        Control("Campana", "Campaña"),
        Control("CargoLista", "Cargo fijo lista", "amount", late=True),
        Control("CargoOfrecido", "Cargo fijo ofrecido", "amount", "charge", True, late=True),
        Control("OfertaVigenteHasta", "Oferta vigente hasta", "date", late=True),
        Control("AprobadoPor", "Aprobado por", late=True),
    ),
    "Sustento": (Control("Detalle", "Detalle", "note"),),
}
CONTROLS = {control.name: control for section in SECTIONS.values() for control in section}

#: what stands behind a person's name in the form's data: who of that name it is
ACCOUNT = "EjecutivoCuenta"

#: what SharePoint 2013 does not take in a file's name (KB 905231)
_NO_NAME = re.compile(
    r"""[~\#%&*{}\\:<>?/|"\x00-\x1f\x7f] | ^[.\s] | [.\s]$ | \.\. | ^.{129}
    | (\.files | _(files|file|archivos|fichiers|ficheiros|arquivos) | -Dateien)$""",
    re.IGNORECASE | re.VERBOSE,
)
BAD_NAME = "Adjuntos: el nombre del archivo contiene caracteres que no se permiten o es muy largo."

_FORMATS = {
    "SEC": (r"\d+", "solo admite dígitos"),
    "RUC": (r"\d{11}", "debe tener 11 dígitos"),
}


class FormLoad:
    """One load of a form: everything in its markup that is generated, from the portal's seed."""

    def __init__(self, library: Library, source: random.Random) -> None:
        guid = uuid.UUID(int=source.getrandbits(128), version=4)
        self.prefix = f"ctl00_m_g_{str(guid).replace('-', '_')}_ff{source.randrange(10, 99)}"
        self.numbers = iter(source.sample(range(100, 999), 300))
        self.wrappers = source.randint(1, 3)
        self.tail = f"{source.randrange(16**4):04x}"  # of the classes of layout
        self.ready_ms = source.randint(60, 220)
        self.rules_ms = source.randint(30, 150)
        self.digest = new_digest()
        first, *others = SECTIONS.items()
        source.shuffle(others)
        self.sections = [
            (title, source.sample(controls, len(controls))) for title, controls in (first, *others)
        ]
        numbers = source.sample(range(1, 400), len(library.request_types))
        self.request_types = [
            (f"{number};#{text}", text)
            for number, text in sorted(zip(numbers, library.request_types, strict=True))
        ]

    def id(self) -> str:
        """A new generated id."""
        return f"{self.prefix}_ctl00_ctl{next(self.numbers)}"


def new_digest() -> str:
    """A request digest: proof that a form is ours, and how old it is."""
    issued = f"{time.time():.0f}"
    return f"0x{hmac.new(_KEY, issued.encode(), hashlib.sha256).hexdigest().upper()},{issued}"


def digest_holds(digest: str) -> bool:
    proof, _, issued = digest.partition(",")
    expected = "0x" + hmac.new(_KEY, issued.encode(), hashlib.sha256).hexdigest().upper()
    return hmac.compare_digest(proof, expected) and time.time() - int(issued) < DIGEST_SECONDS


@dataclass(frozen=True)
class Posted:
    """What the form's own script sent: the controls it heard a change of, and the files."""

    values: dict[str, str]
    rows: list[tuple[str, str]]
    attachments: list[Attachment]

    @classmethod
    def read(cls, data: Mapping[str, Any], post: Mapping[str, Any]) -> Posted:
        values = {name: str(data.get(name, "")).strip() for name in CONTROLS}
        values[ACCOUNT] = str(data.get(ACCOUNT, ""))
        values["TipoSolicitud"] = values["TipoSolicitud"].partition(";#")[2]
        rows = [
            (str(row.get("Linea", "")).strip(), str(row.get("CargoLinea", "")).strip())
            for row in data.get("Lineas", [])
        ]
        files = [
            Attachment.of(field.filename, field.file.read())
            for field in post.values()
            if isinstance(field, web.FileField) and field.filename
        ]
        return cls(values, rows, files)

    def errors(self, library: Library) -> list[str]:
        """What the form refuses, each as it words it."""
        found = [
            f"{control.label}: es un campo obligatorio."
            for control in CONTROLS.values()
            if control.required and not self.values[control.name]
        ]
        for name, (pattern, words) in _FORMATS.items():
            if self.values[name] and not re.fullmatch(pattern, self.values[name]):
                found.append(f"{CONTROLS[name].label}: {words}.")
        for control in CONTROLS.values():
            value = self.values[control.name]
            if value and control.kind == "amount" and amount(value) is None:
                found.append(f"{control.label}: no es un importe.")
            if value and control.kind == "date" and day(value) is None:
                found.append(f"{control.label}: la fecha debe tener el formato DD/MM/AAAA.")
        request_type = self.values["TipoSolicitud"]
        if request_type and request_type not in library.request_types:
            found.append("Tipo de solicitud: el valor no es de la lista.")
        if request_type.endswith("venta con oferta vigente") and not (
            self.values["OfertaVigenteHasta"] or self.values["AprobadoPor"]
        ):
            found.append("Oferta vigente hasta: indíquela, o quién aprobó la oferta.")
        if not self.rows:
            found.append("Líneas: agregue al menos una fila.")
        for linea, cargo in self.rows:
            if not re.fullmatch(r"9\d{8}", linea):
                found.append("Línea: debe tener 9 dígitos y empezar con 9.")
            if amount(cargo) is None:
                found.append("Cargo fijo de la línea: no es un importe.")
        names = [attachment.name for attachment in self.attachments]
        if len({name.casefold() for name in names}) < len(names):
            found.append("Adjuntos: ya existe un archivo con ese nombre.")
        if any(map(_NO_NAME.search, names)):
            found.append(BAD_NAME)
        return found

    def item(self, number: str, today: date, user: str) -> NintexRequest:
        """The item these values make; they have no `errors`."""
        stored = {c.stored: self.values[name] for name, c in CONTROLS.items() if c.stored}
        others = {name: self.values[name] for name, c in CONTROLS.items() if not c.stored}
        charges = {f"CargoLinea {linea}": amount(cargo) or "" for linea, cargo in self.rows}
        return NintexRequest.model_validate(
            {
                **stored,
                "id": number,
                "charge": amount(stored["charge"]),
                "lines": [linea for linea, _ in self.rows],
                "created": today,
                "created_by": user,
                "attachments": self.attachments,
                "fields": {**others, ACCOUNT: self.values[ACCOUNT], **charges},
            }
        )


def shown_value(record: NintexRequest, control: Control) -> str:
    """A control's value as the display form prints it."""
    stored = control.stored
    value = str(getattr(record, stored)) if stored else record.fields.get(control.name, "")
    return soles(value, NBSP) if control.kind == "amount" else value
