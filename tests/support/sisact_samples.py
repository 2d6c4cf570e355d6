"""A small world for SISACT, and what is to be read in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pages.contract.sisact import SecRecord

RUC = "20990001019"
OFFER = "Dscto. 25% sobre CF por 12 meses\nAprobado por correo del 03/08/2026 «urgente» <CAE>"


def sec(number: str, **changes: Any) -> dict[str, Any]:
    return {
        "number": number,
        "ruc": RUC,
        "operation": "Portabilidad",
        "date": "2026-08-03",
        "plan": "Max Negocios 59.90",
        "list_charge": "59.90",
        "campaign": "Campaña Año Nuevo",
        "description": OFFER,
        "lines": ["987654321", "987654322"],
        **changes,
    }


def many(count: int) -> list[str]:
    return [f"9{number:08d}" for number in range(count)]


WORLD: dict[str, Any] = {
    "today": "2026-11-20",
    "customers": [{"ruc": RUC, "business_name": "Ñandú & Cía <S.A.C.>", "segment": "Negocios"}],
    "secs": [
        sec("0012345678"),
        sec("12345678", description="", campaign="", lines=["987654321"], status="Anulada"),
        sec("7000", lines=many(120), list_charge="1039.9"),
        sec("7001", lines=many(250)),
        sec("7003", lines=many(45)),
        sec("7002", ruc="20100000001", lines=[], operation="Renovación"),
    ],
    # what only SIAC Único may show
    "lines": [{"number": "987654321", "ruc": RUC, "plan": "Otro plan", "charge": "44.44"}],
}


def expected(number: str) -> SecRecord:
    """What `WORLD` says of this SEC."""
    held = next(item for item in WORLD["secs"] if item["number"] == number)
    known = held["ruc"] == RUC
    return SecRecord(
        numero=number,
        ruc=held["ruc"],
        razon_social="Ñandú & Cía <S.A.C.>" if known else "",
        operacion=held["operation"],
        fecha=date(2026, 8, 3),
        estado=held.get("status", "Aprobada"),
        segmento="Negocios" if known else "",
        plan=held["plan"],
        cargo_lista=Decimal(held["list_charge"]),
        campana=held["campaign"],
        descripcion=" ".join(held["description"].split()),
        lineas=tuple(held["lines"]),
    )
