"""What is read in SIAC Único."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from pages.contract.records import Record

#: the Tipo and the Clase under which variations of the monthly charge are registered
TIPO, CLASE = "Reclamo/Variaciones", "Cargo fijo"
#: the Subclase of a case that has no scenario yet: it waits for evidence
POR_DETERMINAR = "Por determinar"


class HistoryEntry(Record):
    """One entry of a line's history; ``tipo`` as SIAC words it, e.g. *Cambio de plan*."""

    fecha: date
    tipo: str
    detalle: str = ""


class Invoice(Record):
    """One invoiced month of a line; ``periodo`` is ``YYYY-MM``."""

    periodo: str
    cargo: Decimal


class LineRecord(Record):
    """One line as customer care sees it, with all of its history and invoices."""

    numero: str
    plan: str
    cargo: Decimal
    estado: str
    historial: tuple[HistoryEntry, ...] = ()
    facturas: tuple[Invoice, ...] = ()


class Contact(Record):
    """A person authorised to speak for the client (*titularidad*)."""

    dni: str
    nombre: str
    correo: str


class Executive(Record):
    """The client's sales executive; ``canal`` is *CAE* or *DACE*."""

    nombre: str
    canal: str
    correo: str


class ClientRecord(Record):
    """A client by RUC. ``lineas`` holds the asked-for lines that are the client's, and no other."""

    ruc: str
    razon_social: str
    segmento: str
    en_cartera: bool
    ejecutivo: Executive | None
    contactos: tuple[Contact, ...]
    lineas: tuple[LineRecord, ...]


class SiacCase(Record):
    """A case (*caso*) in SIAC Único. ``notas`` is its history, oldest first, as shown."""

    numero: str
    referencia: str
    sec: str
    ruc: str
    lineas: tuple[str, ...]
    cola: str
    estado: str
    escenario: str
    resolucion: str
    creado: date
    creado_por: str
    notas: tuple[str, ...] = ()


class QueuedCase(Record):
    """A case as it waits to be attended to: what its template holds, as texts, each empty where it
    holds nothing. ``tomado_por`` is the user who took it last, empty where none is told."""

    numero: str
    referencia: str
    sec: str
    ruc: str
    lineas: tuple[str, ...]
    estado: str
    creado: date
    tomado_por: str
    tipo: str
    clase: str
    canal: str
    contacto: str
    contacto_dni: str
    cargo: str

    def who_asks(self, contactos: Iterable[Contact]) -> dict[str, str]:
        """How it was asked and by whom, with the address that the client's contact of that DNI has;
        an empty one where there is none."""
        known = next((one for one in contactos if one.dni == self.contacto_dni), None)
        return {
            "canal": self.canal,
            "contacto": self.contacto,
            "contacto_dni": self.contacto_dni,
            "contacto_correo": known.correo if known else "",
        }


class CaseDraft(Record):
    """What is typed into the case template (*plantilla*). ``cargo`` in soles."""

    referencia: str
    sec: str
    ruc: str
    lineas: tuple[str, ...]
    subclase: str
    canal: str
    contacto: str
    contacto_dni: str
    campana: str
    cargo: Decimal | None
    detalle: str
