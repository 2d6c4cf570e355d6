"""What is read from, and typed into, the two NINTEX sites."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pages.contract.request_records import RequestDraft, RequestRecord
from pages.contract.siac import Executive


class Site(StrEnum):
    """The SharePoint sites of the guide, by the library that holds the requests."""

    ACTIVACIONES = "BuzonActivaciones"
    OPERADOR = "Solicituddeejecucionesoperador"


class NintexRequest(RequestRecord):
    """One item of a library. ``lineas`` are the rows of its repeating section; ``ejecutivo`` is a
    name."""

    attended: ClassVar[str] = "Atendido"

    ejecutivo: str = ""


class NintexDraft(RequestDraft):
    """What is typed into the form, one repeating row per line; ``cargo_lista`` in soles. An
    ``ejecutivo`` whom the directory leaves in doubt is left out while it is typed."""

    tipo_solicitud: str
    cargo_lista: Decimal
    fecha_solicitud: date
    oferta_vigente_hasta: date | None
    aprobado_por: str
    ejecutivo: Executive | None
