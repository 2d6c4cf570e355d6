"""The portal's own words for what a case carries, both ways."""

from __future__ import annotations

from enum import StrEnum

from pages.contract.siac import POR_DETERMINAR
from pages.contract.text import clean, day, numbers
from pages.core.tabular import Column


class Palabra(StrEnum):
    """What is chosen in its lists, and shown as a state."""

    COLA = "Variaciones Corporativas"
    TIPO = "Reclamo/Variaciones"
    CLASE = "Cargo fijo"
    TIPO_DE_RESOLUCION = "Solicitud registrada"
    CERRADO = "Cerrado"
    EN_ATENCION = "En atención"
    REGISTRADO = "Registrado"
    POR_DETERMINAR = POR_DETERMINAR
    SI = "Sí"
    SIN_ASIGNAR = "Sin asignar"


def escenario_of(subclase: str) -> str:
    """The scenario's code in a Subclase; one that has none is given back as it is."""
    text = clean(subclase)
    if text == POR_DETERMINAR:
        return ""
    return text[text.rfind("(") + 1 : -1] if text.endswith(")") else text


#: a case as the grids show it: without its resolution and notes
CASE_COLUMNS: dict[str, Column | str] = {
    "numero": "N° caso",
    "referencia": "Referencia",
    "sec": "SEC",
    "ruc": "RUC",
    "lineas": Column("Líneas", numbers),
    "cola": Column("Cola", is_term=True),
    "estado": Column("Estado", is_term=True),
    "escenario": Column("Escenario", escenario_of, is_term=True),
    "creado": Column("Creado", day),
    "creado_por": "Creado por",
}
