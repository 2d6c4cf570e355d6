"""What requests have in common, in NINTEX as in Remedy."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from pages.contract.records import Record


class RequestRecord(Record):
    """A request as NINTEX or Remedy holds it; ``cargo`` in soles."""

    referencia: str
    caso_siac: str
    escenario: str
    sec: str
    ruc: str
    lineas: tuple[str, ...]
    cargo: Decimal
    estado: str
    creado: date
    creado_por: str
    adjuntos: tuple[str, ...] = ()
    #: all of its form as it stands there, by the names of the form's page class
    otros: Mapping[str, str] = {}


class RequestDraft(Record):
    """What is typed into the form of either; ``cargo`` in soles, the same for every line."""

    referencia: str
    caso_siac: str
    escenario: str
    sec: str
    ruc: str
    razon_social: str
    campana: str
    lineas: tuple[str, ...]
    cargo: Decimal
    detalle: str
    adjuntos: tuple[Path, ...] = ()
