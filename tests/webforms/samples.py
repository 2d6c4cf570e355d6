"""What the application holds, as `Datos.cs` makes it up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.webforms.pages.cases import CaseDraft
from tests.webforms.pages.search import Evaluation, LineDetail, SecRow

ESTADOS = ("Aprobada", "Observada", "Rechazada")


def sec(at: int) -> SecRow:
    """The evaluation number ``at``, of 137."""
    return SecRow(
        numero=str(300000 + at),
        ruc=f"20{600000000 + at % 40}",
        razon=f"Comercial Ñandú & Cía {at % 40} S.A.C.",
        estado=ESTADOS[at % 3],
        cargo=Decimal("1000.50") + at,
    )


ALL = tuple(map(sec, range(1, 138)))
LINEAS = tuple(str(987600000 + at) for at in range(1, 14))
EVENTOS = tuple(f"Evento N° {at}" for at in range(1, 10))
#: an evaluation, and one of its lines
EVALUATION = Evaluation(
    numero="300010",
    ruc="20600000010",
    razon="Comercial Ñandú & Cía 10 S.A.C.",
    estado="Observada",
    persona="Jurídica",
    plan="Max Negocios 29",
    cargo=Decimal("1010.50"),
    lineas=LINEAS,
    eventos=EVENTOS,
)
LINE = LineDetail(
    linea="987600002",
    plan="Max Negocios 49",
    cargo=Decimal("1002.50"),
    observacion="",
    recibos=tuple(Decimal(1200 + month) for month in range(1, 7)),
)


def draft(*adjuntos: Path, **changed: Any) -> CaseDraft:
    return CaseDraft(
        **{
            "tipo": "Reclamo",
            "clase": "Reclamo.2",
            "subclase": "Reclamo.2.3",
            "ruc": "20600000007",
            "prioridad": "Alta",
            "llamada": True,
            "servicios": ("Voz", "SMS"),
            "area": "Soporte",
            "documento": "CE",
            "documento_numero": "004512378",
            "cargo": Decimal("129.90"),
            "referencia": "REF-900",
            "detalle": "Línea con cargo fijo distinto al ofrecido, según la ñ del contrato",
            "adjuntos": adjuntos,
        }
        | changed
    )
