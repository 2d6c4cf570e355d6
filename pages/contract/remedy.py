"""What is read from, and typed into, BMC Remedy."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from pages.contract.records import Record


class Incident(Record):
    """A ticket for misaligned lines."""

    numero: str
    referencia: str
    caso_siac: str
    escenario: str
    sec: str
    ruc: str
    resumen: str
    lineas: tuple[str, ...]
    cargo: Decimal
    estado: str
    creado: date
    creado_por: str
    adjuntos: tuple[str, ...] = ()
    #: all of its form as it stands there, by the names of `pages.remedy.incident`
    otros: Mapping[str, str] = {}


class IncidentDraft(Record):
    """What is typed into the incident form; ``cargo`` in soles."""

    referencia: str
    caso_siac: str
    escenario: str
    sec: str
    ruc: str
    razon_social: str
    campana: str
    resumen: str
    detalle: str
    lineas: tuple[str, ...]
    cargo: Decimal
    adjuntos: tuple[Path, ...] = ()
