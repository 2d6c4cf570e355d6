"""What is read from, and typed into, the two NINTEX sites."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from pages.contract.records import Record


class Site(StrEnum):
    """The SharePoint sites of the guide, by the library that holds the requests."""

    ACTIVACIONES = "BuzonActivaciones"
    OPERADOR = "Solicituddeejecucionesoperador"


class NintexRequest(Record):
    """One item of a library. ``lineas`` are the rows of its repeating section."""

    id: str
    referencia: str
    caso_siac: str
    tipo_solicitud: str
    escenario: str
    sec: str
    ruc: str
    lineas: tuple[str, ...]
    cargo: Decimal
    estado: str
    creado: date
    creado_por: str
    adjuntos: tuple[str, ...] = ()
    #: all of its form as it stands there, by the names of `pages.nintex.form`
    otros: Mapping[str, str] = {}


class NintexDraft(Record):
    """What is typed into the form; one repeating row per line, all at ``cargo`` (soles)."""

    referencia: str
    caso_siac: str
    tipo_solicitud: str
    escenario: str
    sec: str
    ruc: str
    razon_social: str
    campana: str
    lineas: tuple[str, ...]
    cargo: Decimal
    cargo_lista: Decimal
    fecha_solicitud: date
    oferta_vigente_hasta: date | None
    aprobado_por: str
    ejecutivo: str
    detalle: str
    adjuntos: tuple[Path, ...] = ()
