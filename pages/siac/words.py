"""The portal's own words for what a case carries, both ways."""

from __future__ import annotations

from enum import StrEnum

from pages.contract.siac import CLASE, POR_DETERMINAR, TIPO
from pages.contract.text import clean, day, numbers, same
from pages.core.elements import beginning, text
from pages.core.tabular import Column
from pages.core.whole import Shown


class Palabra(StrEnum):
    """What is chosen in its lists, and shown as a state."""

    COLA = "Variaciones Corporativas"
    TIPO = TIPO
    CLASE = CLASE
    TIPO_DE_RESOLUCION = "Solicitud registrada"
    CERRADO = "Cerrado"
    EN_ATENCION = "En atención"
    REGISTRADO = "Registrado"
    POR_DETERMINAR = POR_DETERMINAR
    SI = "Sí"
    NO = "No"
    SIN_ASIGNAR = "Sin asignar"


class Grids:
    """What its grids say: below their rows once the last is there, and in place of them."""

    mostrados = beginning("Registros mostrados:")
    sin_registros = text("No se encontraron registros.")


MOSTRADOS = Shown(Grids.mostrados)


def is_yes(told: str) -> bool:
    """Whether it is a yes; raises ValueError for a word that is neither a yes nor a no, as a portal
    may have others. Nothing at all is a no."""
    if clean(told) and not same(told, Palabra.SI) and not same(told, Palabra.NO):
        raise ValueError
    return same(told, Palabra.SI)


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
    "cola": Column("Cola", is_term=True),
    "estado": Column("Estado", is_term=True),
    "escenario": Column("Escenario", escenario_of, is_term=True),
    "creado": Column("Creado", day),
    "creado_por": "Creado por",
}
