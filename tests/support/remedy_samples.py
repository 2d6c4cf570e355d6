"""A small world for the Remedy tests, and a draft to file in it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from pages.contract.remedy import IncidentDraft
from pages.contract.request_records import Attachment

SEC = "0012345678"
REFERENCE = f"CF-{SEC}-20261118-1a2b3c"


def incident(number: int, **changed: Any) -> dict[str, Any]:
    return {
        "number": f"INC{number:012d}",
        "reference": f"CF-{SEC}-20261001-{number:06x}",
        "siac_case": "70000123",
        "scenario": "ACTIVACIONES_DESALINEACION",
        "sec": SEC,
        "ruc": "20100017491",
        "summary": f"Línea desalineada {number}",
        "lines": ["987654321", "987654322"],
        "charge": "1039.90",
        "status": "Asignado",
        "created": "2026-10-05",
        "created_by": "asesor1",
        "attachments": [{"name": "oferta.pdf", "sha256": "00"}],
        **changed,
    }


def world(*incidents: dict[str, Any]) -> dict[str, Any]:
    return {"today": "2026-11-20", "remedy": {"incidents": list(incidents)}}


def draft(*files: Path, **changed: Any) -> IncidentDraft:
    held: dict[str, Any] = {
        "referencia": REFERENCE,
        "caso_siac": "70000124",
        "escenario": "ACTIVACIONES_DESALINEACION",
        "sec": SEC,
        "ruc": "20100017491",
        "razon_social": "Minera Ñandú & Hijos S.A.C.",
        "campana": "Campaña <Renueva> 2026",
        "resumen": "Línea desalineada: el cargo fijo no se aplica",
        "detalle": "Primera línea.\nSegunda línea con «comillas» y ñ.",
        "lineas": ("987654321", "987654322"),
        "cargo": Decimal("1039.90"),
        "adjuntos": tuple(Attachment(name=file.name, path=file) for file in files),
    }
    return IncidentDraft(**{**held, **changed})
