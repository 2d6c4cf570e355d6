"""The columns of a case list, declared once: for the reader, the template and the report.

``field`` is the name in `flows.rules.case.Case`, ``header`` what the list shows. A header is
recognised without regard to case, accents, spaces, punctuation or the sign in *N°*, *Nº*, *Nro.*
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from flows.rules.case import Canal, OrigenEvidencia
from flows.rules.scenarios import Escenario
from flows.rules.typed_text import fold

SHEET = "Casos"


class ColumnKind(StrEnum):
    """Kind of what a column holds, and so how a cell of it is read and formatted."""

    TEXT = "text"
    DIGITS = "digits"
    DATE = "date"
    MONEY = "money"


#: Excel's number formats; all others are text. Identifiers too, or their leading zeros are lost.
_NUMBER_FORMATS = {ColumnKind.DATE: "dd/mm/yyyy", ColumnKind.MONEY: '"S/" #,##0.00'}


@dataclass(frozen=True)
class ListColumn:
    """One column. ``width`` in characters; ``digits`` a length that numbers are padded to."""

    field: str
    header: str
    note: str
    example: str
    required: bool = False
    kind: ColumnKind = ColumnKind.TEXT
    options: tuple[str, ...] = ()
    digits: int = 0
    width: int = 16

    @property
    def number_format(self) -> str:
        return _NUMBER_FORMATS.get(self.kind, "@")

    @property
    def key(self) -> str:
        return header_key(self.header)


COLUMNS: tuple[ListColumn, ...] = (
    ListColumn(
        "id",
        "ID",
        "Su propia etiqueta del caso. Es libre, pero no puede repetirse en la lista.",
        "VC-001",
        width=10,
    ),
    ListColumn(
        "siac_case",
        "N° caso SIAC",
        "El caso, si un asesor ya lo registró en SIAC Único. Vacío si no lo hay: el robot busca "
        "uno en la cola o lo registra.",
        "70001234",
        kind=ColumnKind.DIGITS,
        width=14,
    ),
    ListColumn(
        "fecha_solicitud",
        "Fecha de solicitud",
        "El día en que el cliente lo pidió, DD/MM/AAAA. No puede ser una fecha futura.",
        "18/11/2026",
        required=True,
        kind=ColumnKind.DATE,
        width=13,
    ),
    ListColumn(
        "canal",
        "Canal",
        "Cómo lo pidió: 135 (teléfono) o Correo (buzón de atención corporativa).",
        "Correo",
        required=True,
        options=tuple(Canal),
        width=9,
    ),
    ListColumn(
        "sec",
        "N° SEC",
        "El número de la SEC en SISACT, solo dígitos y con sus ceros a la izquierda.",
        "0012345678",
        required=True,
        kind=ColumnKind.DIGITS,
        width=13,
    ),
    ListColumn(
        "ruc",
        "RUC",
        "El RUC del cliente: 11 dígitos.",
        "20990009997",
        required=True,
        kind=ColumnKind.DIGITS,
        width=14,
    ),
    ListColumn(
        "lineas",
        "Líneas",
        "Una o más líneas móviles de 9 dígitos, separadas por coma, punto y coma, espacio o salto "
        "de línea.",
        "987654321, 987654322",
        required=True,
        kind=ColumnKind.DIGITS,
        width=22,
    ),
    ListColumn(
        "cargo_fijo_ofrecido",
        "Cargo fijo ofrecido",
        "El cargo fijo mensual que se ofreció por línea, en soles: 39.90 o S/ 1,039.90.",
        "39.90",
        required=True,
        kind=ColumnKind.MONEY,
        width=13,
    ),
    ListColumn(
        "contacto",
        "Contacto",
        "Nombre y apellidos de quien lo pide.",
        "Rosa Quispe Mamani",
        required=True,
        width=26,
    ),
    ListColumn(
        "contacto_dni",
        "DNI del contacto",
        "El DNI de quien lo pide: 8 dígitos, con sus ceros a la izquierda. Debe ser un contacto "
        "autorizado del cliente.",
        "07654321",
        required=True,
        kind=ColumnKind.DIGITS,
        digits=8,
        width=12,
    ),
    ListColumn(
        "contacto_correo",
        "Correo del cliente",
        "La dirección de correo de quien lo pide. La respuesta va a la que SIAC Único tenga de "
        "ese contacto.",
        "rosa.quispe@empresa.example",
        required=True,
        width=38,
    ),
    ListColumn(
        "evidencia",
        "Evidencia",
        "Archivos que muestran lo ofrecido, con su ruta a partir de la carpeta de este libro; si "
        "son varios, separados por punto y coma. PDF, imagen, correo, Word o Excel, de 10 MB como "
        "máximo cada uno.",
        "evidencias/oferta.pdf",
        width=40,
    ),
    ListColumn(
        "origen_evidencia",
        "Origen de la evidencia",
        "Quién envió la evidencia: CAE, DACE o Cliente. Obligatorio si hay evidencia.",
        "CAE",
        options=tuple(OrigenEvidencia),
        width=13,
    ),
    ListColumn(
        "oferta_vigente_hasta",
        "Oferta vigente hasta",
        "El último día en que la oferta regía, DD/MM/AAAA, si la evidencia lo dice.",
        "31/12/2026",
        kind=ColumnKind.DATE,
        width=13,
    ),
    ListColumn(
        "aprobado_por",
        "Aprobado por",
        "Quién aprobó la oferta negociada, si la evidencia lo dice.",
        "Jorge Salas Paredes",
        width=22,
    ),
    ListColumn(
        "escenario",
        "Escenario",
        "El escenario que usted cree que corresponde, si quiere que se contraste con las reglas.",
        "VENTAS_CON_OFERTA",
        options=tuple(Escenario),
        width=30,
    ),
    ListColumn(
        "observaciones",
        "Observaciones",
        "Texto libre. No interviene en la decisión.",
        "Oferta enviada por correo antes de la venta.",
        width=40,
    ),
)

REQUIRED = tuple(column for column in COLUMNS if column.required)

_NUMBER_SIGN = re.compile(r"^n(?:ro|o)")  # what is left of «Nro.» and, made plain, of «Nº»


def header_key(text: str) -> str:
    """Key of a header: what two headers that mean the same column have in common."""
    key = "".join(c for c in fold(text) if c.isalnum())
    return _NUMBER_SIGN.sub("n", key)


BY_KEY = MappingProxyType({column.key: column for column in COLUMNS})
BY_FIELD = MappingProxyType({column.field: column for column in COLUMNS})
