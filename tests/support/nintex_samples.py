"""A small world for NINTEX, and a request to file in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pages.contract.nintex import NintexDraft
from pages.contract.request_records import Attachment
from pages.contract.siac import Executive

CONFIGURACION = "Modificación de cargo fijo: error de configuración"
CON_OFERTA = "Modificación de cargo fijo: venta con oferta vigente"
VIEW = "inplview"


def executive(name: str) -> dict[str, str]:
    return {"name": name, "channel": "CAE", "email": "ejecutivo@claro.example"}


def request(number: int, sec: str, reference: str = "", **others: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "reference": reference or f"CF-{sec}-20261101-0a1b2c",
        "siac_case": "70000009",
        "request_type": CONFIGURACION,
        "scenario": "ACTIVACIONES_CONFIGURACION",
        "sec": sec,
        "ruc": "20100070970",
        "lines": ["987654321", "912345678"],
        "charge": "1039.90",
        "created": "2026-11-02",
        "attachments": [{"name": "acuerdo & oferta.pdf", "sha256": "ab"}],
        **others,
    }


WORLD: dict[str, Any] = {
    "today": "2026-11-20",
    "customers": [
        {"ruc": ruc, "business_name": name, "executive": executive(person)}
        for ruc, name, person in (
            ("20100070970", "Minera Ñandú S.A.C.", "Rosa Díaz"),
            ("20100047218", "Textil Sur S.A.", "Rosa Díaz Ñahui"),
        )
    ],
    "nintex": {
        "activaciones": [
            request(1, "0045001"),
            request(2, "0099", reference="CF-0045001-20261015-ffffff", status="Atendido"),
            request(3, "0045002"),
            *(request(number, "0077") for number in range(10, 21)),
        ],
        "operador": [],
    },
}


def draft(*files: Path) -> NintexDraft:
    return NintexDraft(
        referencia="CF-0046001-20261120-abc123",
        caso_siac="70000001",
        tipo_solicitud=CONFIGURACION,
        escenario="ACTIVACIONES_CONFIGURACION",
        sec="0046001",
        ruc="20100070970",
        razon_social="Minera Ñandú S.A.C.",
        campana="Año Nuevo: 25 %",
        lineas=("987654321", "912345678", "999000111"),
        cargo=Decimal("1039.90"),
        cargo_lista=Decimal("1259.9"),
        fecha_solicitud=date(2026, 11, 20),
        oferta_vigente_hasta=date(2026, 12, 31),
        aprobado_por="Luis Peña",
        ejecutivo=Executive(nombre="Rosa Díaz", canal="CAE", correo="ejecutivo@claro.example"),
        detalle="La SEC registra el descuento.\nNo se aplicó a las líneas.",
        adjuntos=tuple(Attachment(name=file.name, path=file) for file in files),
    )
