"""A small world for SIAC Único, and a case to register in it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pages.contract.siac import CaseDraft
from pages.core.account import Limits

RUC = "20100017491"
SMALL_RUC = "20512345676"
LINEAS = ("987000001", "987000299")
CASO = "70000015"
COLA = "Variaciones Corporativas"
LIMITS = Limits(visible=30, look=0.1)


def line(number: str, ruc: str, **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "ruc": ruc,
        "plan": "Max Corporativo 59.90",
        "charge": "59.90",
        **more,
    }


def world() -> dict[str, Any]:
    """A client of 300 lines, one of two, and 60 cases in the queue; SISACT knows one SEC."""
    history = [
        {
            "date": f"2026-{1 + n // 3:02d}-{1 + n % 3:02d}",
            "kind": "Cambio de plan",
            "detail": str(n),
        }
        for n in range(23)
    ]
    invoices = [
        {"period": f"{2024 + n // 12}-{1 + n % 12:02d}", "charge": f"{1000 + n}.90"}
        for n in range(24)
    ]
    lines = [line(f"987{n:06d}", RUC) for n in range(300)]
    lines[1] |= {
        "history": history,
        "invoices": invoices,
        "charge": "1039.9",
        "status": "Suspendida",
    }
    return {
        "today": "2026-11-20",
        "customers": [
            {
                "ruc": RUC,
                "business_name": "Minera Ñandú & Compañía S.A.C.",
                "segment": "Corporativo",
                "executive": {
                    "name": "Rosa Díaz",
                    "channel": "CAE",
                    "email": "rdiaz@claro.example",
                },
                "contacts": [
                    {"dni": "01234567", "name": "José Pérez", "email": "jperez@nandu.example"},
                    {"dni": "45678901", "name": "Ana Ruiz", "email": "aruiz@nandu.example"},
                ],
            },
            {
                "ruc": SMALL_RUC,
                "business_name": "Bodega Sur E.I.R.L.",
                "segment": "Negocios",
                "portfolio": False,
            },
        ],
        "secs": [
            {
                "number": "1000001",
                "ruc": RUC,
                "operation": "Alta",
                "date": "2026-08-03",
                "plan": "Max Corporativo 59.90",
                "list_charge": "77.77",
                "campaign": "Campaña de SISACT",
                "description": "CF especial de SISACT",
                "lines": list(LINEAS),
            }
        ],
        "lines": [
            *lines,
            line("912345678", SMALL_RUC),
            line("912345679", SMALL_RUC, invoices=[{"period": "2026-10", "charge": "59.90"}]),
        ],
        "siac": {
            "cases": [
                {
                    "number": str(70_000_001 + n),
                    "sec": "1000001" if n % 2 else "2000002",
                    "ruc": RUC,
                    "lines": ["987000001"],
                    "created": "2026-11-03",
                    "scenario": "POSTVENTA" if n % 3 else "",
                }
                for n in range(60)
            ]
        },
    }


def draft(**changes: Any) -> CaseDraft:
    return CaseDraft(
        **{
            "referencia": "CF-3000003-20261118-0a1b2c",
            "sec": "3000003",
            "ruc": RUC,
            "lineas": LINEAS,
            "subclase": "Ventas - con oferta vigente o negociada (VENTAS_CON_OFERTA)",
            "canal": "Correo",
            "contacto": "José Pérez",
            "contacto_dni": "01234567",
            "campana": "Campaña Navidad",
            "cargo": Decimal("1039.90"),
            "detalle": "No se aplicó el cargo ofrecido.\nSolicita: «S/ 1,039.90» & ajuste.",
            **changes,
        }
    )
