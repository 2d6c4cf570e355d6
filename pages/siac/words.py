"""The portal's own words for what a case carries, both ways."""

from __future__ import annotations

import re

from pages.contract.siac import POR_DETERMINAR
from pages.contract.text import clean, day, numbers
from pages.core.elements import text
from pages.core.tabular import Column
from pages.core.whole import Shown

COLA = "Variaciones Corporativas"
TIPO_DE_RESOLUCION = "Solicitud registrada"
#: what the history says of whoever took a case
TOMADO = "Caso tomado de la bandeja"
CERRADO = "Cerrado"
REGISTRADO = "Registrado"

#: what stands below a grid once its last row is there, and in place of one without records
MOSTRADOS = Shown(lambda scope: scope.get_by_text(re.compile("^Registros mostrados: ")))
SIN_REGISTROS = text("No se encontraron registros.").find


def escenario_of(subclase: str) -> str:
    """The scenario's code in a Subclase; one that has none is given back as it is."""
    words = clean(subclase)
    if words == POR_DETERMINAR:
        return ""
    return words[words.rfind("(") + 1 : -1] if words.endswith(")") else words


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
