"""The portal's own words for what a case carries, both ways."""

from __future__ import annotations

from pages.contract.siac import POR_DETERMINAR, SiacCase
from pages.contract.text import clean, day, numbers

COLA = "Variaciones Corporativas"
TIPO = "Reclamo/Variaciones"
CLASE = "Cargo fijo"
TIPO_DE_RESOLUCION = "Solicitud registrada"
CERRADO = "Cerrado"
REGISTRADO = "Registrado"


def escenario(subclase: str) -> str:
    """The scenario's code in a Subclase; one that has none is given back as it is."""
    text = clean(subclase)
    if text == POR_DETERMINAR:
        return ""
    return text[text.rfind("(") + 1 : -1] if text.endswith(")") else text


def case_of(row: dict[str, str]) -> SiacCase:
    """A case as the grids show it: without its resolution and notes."""
    return SiacCase(
        numero=row["n° caso"],
        referencia=row["referencia"],
        sec=row["sec"],
        ruc=row["ruc"],
        lineas=numbers(row["lineas"]),
        cola=row["cola"],
        estado=row["estado"],
        escenario=escenario(row["escenario"]),
        resolucion="",
        creado=day(row["creado"]),
        creado_por=row["creado por"],
    )
