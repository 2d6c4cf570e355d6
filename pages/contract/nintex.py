"""What is read from, and typed into, the two NINTEX sites."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pages.contract.requests import RequestDraft, RequestRecord


class Site(StrEnum):
    """The SharePoint sites of the guide, by the library that holds the requests."""

    ACTIVACIONES = "BuzonActivaciones"
    OPERADOR = "Solicituddeejecucionesoperador"


class NintexRequest(RequestRecord):
    """One item of a library. ``lineas`` are the rows of its repeating section."""

    attended: ClassVar[str] = "Atendido"


class NintexDraft(RequestDraft):
    """What is typed into the form, one repeating row per line; ``cargo_lista`` in soles."""

    tipo_solicitud: str
    cargo_lista: Decimal
    fecha_solicitud: date
    oferta_vigente_hasta: date | None
    aprobado_por: str
    ejecutivo: str
