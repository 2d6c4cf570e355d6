"""What is read in SISACT."""

from datetime import date
from decimal import Decimal

from pages.contract.records import Record


class SecRecord(Record):
    """*Datos de la evaluación* of one SEC. ``descripcion`` is empty where no offer was typed."""

    numero: str
    ruc: str
    razon_social: str
    operacion: str
    fecha: date
    estado: str
    segmento: str
    plan: str
    cargo_lista: Decimal
    campana: str
    descripcion: str
    lineas: tuple[str, ...]
