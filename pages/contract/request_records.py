"""What requests have in common, in NINTEX as in Remedy."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from pages.contract.records import Record


class RequestFields(Record):
    """What is typed into the form of either and read back; ``cargo`` in soles, for every line."""

    referencia: str
    caso_siac: str
    escenario: str
    sec: str
    ruc: str
    lineas: tuple[str, ...]
    cargo: Decimal


class RequestRecord(RequestFields):
    """A request as NINTEX or Remedy holds it; ``tipo_solicitud`` is empty in Remedy."""

    #: the Estado of one that was attended to
    attended: ClassVar[str]

    numero: str
    tipo_solicitud: str = ""
    estado: str
    creado: date
    creado_por: str
    adjuntos: tuple[str, ...] = ()
    #: all of its form as it stands there, by the names of the form's page class
    otros: Mapping[str, str] = {}
    #: what it holds otherwise than it was typed just now, by the form's labels
    altered: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.estado != self.attended


class Attachment(Record):
    """A file, and the name under which it is attached: not always the file's own."""

    name: str
    path: Path


class RequestDraft(RequestFields):
    """All that is typed into the form of either."""

    razon_social: str
    campana: str
    detalle: str
    adjuntos: tuple[Attachment, ...] = ()
