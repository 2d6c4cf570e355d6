"""The portal's own words for what a case carries, both ways."""

from __future__ import annotations

from pages.contract.siac import POR_DETERMINAR
from pages.contract.text import clean, day, numbers
from pages.core.tabular import Column

COLA = "Variaciones Corporativas"
TIPO_DE_RESOLUCION = "Solicitud registrada"
#: what the history says of whoever took a case
TOMADO = "Caso tomado de la bandeja"
CERRADO = "Cerrado"
REGISTRADO = "Registrado"


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
    "cola": "Cola",
    "estado": "Estado",
    "escenario": Column("Escenario", escenario_of),
    "creado": Column("Creado", day),
    "creado_por": "Creado por",
}
