"""The world the portals show: what each of them knows, and the records they hold."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

Money = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d{1,2})?$")]
Period = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class Thing(BaseModel):
    """Mutable, because portals change what they hold; a misspelt field is an error."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)


class Executive(Thing):
    name: str
    channel: Literal["CAE", "DACE"]
    email: str


class Contact(Thing):
    dni: str
    name: str
    email: str


class Customer(Thing):
    ruc: str
    business_name: str
    segment: str = "Corporativo"
    portfolio: bool = True
    executive: Executive | None = None
    contacts: list[Contact] = []


class Sec(Thing):
    number: str
    ruc: str
    operation: str
    date: date
    status: str = "Aprobada"
    plan: str
    list_charge: Money
    campaign: str = ""
    description: str = ""
    lines: list[str] = []


class HistoryEntry(Thing):
    date: date
    kind: str
    detail: str = ""


class Invoice(Thing):
    period: Period
    charge: Money


class Line(Thing):
    number: str
    ruc: str
    plan: str
    charge: Money
    status: str = "Activa"
    history: list[HistoryEntry] = []
    invoices: list[Invoice] = []


class Attachment(Thing):
    name: str
    sha256: str = ""

    @classmethod
    def of(cls, name: str, content: bytes) -> Attachment:
        return cls(name=name, sha256=hashlib.sha256(content).hexdigest())


class Filed(Thing):
    """What every record has that a person or the robot files in a portal."""

    reference: str = ""
    scenario: str = ""
    sec: str = ""
    ruc: str = ""
    lines: list[str] = []
    created: date | None = None
    created_by: str = "asesor1"
    #: what else the form holds, by its labels; in NINTEX by the controls' names
    fields: dict[str, str] = {}


class SiacCase(Filed):
    number: str
    queue: str = "Variaciones Corporativas"
    status: Literal["Registrado", "En atención", "Cerrado"] = "Registrado"
    resolution: str = ""
    history: list[dict[str, str]] = []


class Request(Filed):
    """One of NINTEX or Remedy, on behalf of a case of SIAC Único."""

    siac_case: str = ""
    charge: Money = "0.00"
    attachments: list[Attachment] = []


class NintexRequest(Request):
    id: str
    request_type: str = ""
    status: Literal["Pendiente", "Atendido"] = "Pendiente"


class Incident(Request):
    number: str
    summary: str = ""
    status: Literal["Asignado", "Cerrado"] = "Asignado"


class SiacHoldings(Thing):
    cases: list[SiacCase] = []


class NintexHoldings(Thing):
    activaciones: list[NintexRequest] = []
    operador: list[NintexRequest] = []


class RemedyHoldings(Thing):
    incidents: list[Incident] = []


class Colleague(Thing):
    """Somebody in the company's directory; NINTEX shows a title and an account of them."""

    name: str
    title: str = ""
    account: str = ""


class World(Thing):
    """The JSON of ``--world``; amounts are decimal strings, dates ISO."""

    today: date
    customers: list[Customer] = []
    secs: list[Sec] = []
    lines: list[Line] = []
    siac: SiacHoldings = Field(default_factory=SiacHoldings)
    nintex: NintexHoldings = Field(default_factory=NintexHoldings)
    remedy: RemedyHoldings = Field(default_factory=RemedyHoldings)
    #: whom the directory knows beside the clients' executives
    directory: list[Colleague] = []
    #: by portal, where it is not two months from the real today
    passwords_end: dict[Literal["sisact", "siac", "remedy"], date] = {}


class WorldError(Exception):
    """The world file cannot be used; the text says where it is wrong."""


def first_error(error: ValidationError) -> str:
    """Where and what, of the first."""
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}".lstrip(": ")


def read_world(data: Any) -> World:
    try:
        return World.model_validate(data)
    except ValidationError as error:
        raise WorldError(f"{first_error(error)} ({error.error_count()} in all)") from None


def load_world(path: Path) -> World:
    """The world of a file; raises `WorldError`, in Spanish for whoever typed its name."""
    try:
        return World.model_validate(read_json(path))
    except ValidationError as error:
        raise file_error(path, error) from None


def read_json(path: Path) -> Any:
    """What a file holds, in whatever Unicode it was saved; raises `WorldError`, in Spanish."""
    try:
        return json.loads(path.read_bytes())
    except OSError:
        raise WorldError(f"No se puede leer {path}.") from None
    except UnicodeDecodeError:
        raise WorldError(f"{path} no es un texto en UTF-8.") from None
    except json.JSONDecodeError as error:
        where = f"línea {error.lineno}, columna {error.colno}"
        raise WorldError(f"{path} no es JSON ({where}).") from None
    except (ValueError, RecursionError):
        raise WorldError(f"{path} no es JSON que se pueda leer.") from None


def file_error(path: Path, error: ValidationError) -> WorldError:
    """The first that is wrong in a file, by its place there."""
    place = ".".join(map(str, error.errors()[0]["loc"]))
    where = f" en {place}" if place else ""
    return WorldError(f"{path} no tiene lo que se espera{where}.")
