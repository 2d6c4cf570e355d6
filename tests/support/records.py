"""A case, and what the two portals say about it: a configuration error of S/ 20."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flows.rules.case import Canal, Case
from pages.contract.siac import ClientRecord, Contact, Invoice, LineRecord
from pages.contract.sisact import SecRecord

RUC, LINE, PLAN = "20990009016", "987000001", "Max Empresas 59.90"

CASE = Case(
    fecha_solicitud=date(2026, 11, 18),
    canal=Canal.CORREO,
    sec="46000001",
    ruc=RUC,
    lineas=(LINE,),
    cargo_fijo_ofrecido=Decimal("39.90"),
    contacto="Rosa Quispe",
    contacto_dni="07654321",
    contacto_correo="rosa@textiles.example",
)
SEC = SecRecord(
    numero="46000001",
    ruc=RUC,
    razon_social="Textiles",
    operacion="Alta",
    fecha=date(2026, 8, 10),
    estado="Aprobada",
    segmento="Corporativo",
    plan=PLAN,
    cargo_lista=Decimal("59.90"),
    campana="Empresas 2026",
    descripcion="CF especial S/ 39.90 (antes S/ 59.90)",
    lineas=(LINE,),
)
CLIENT = ClientRecord(
    ruc=RUC,
    razon_social="Textiles",
    segmento="Corporativo",
    en_cartera=True,
    ejecutivo=None,
    contactos=(Contact(dni="07654321", nombre="Rosa Quispe", correo="rosa@textiles.example"),),
    lineas=(
        LineRecord(
            numero=LINE,
            plan=PLAN,
            cargo=Decimal("59.90"),
            estado="Activa",
            facturas=(Invoice(periodo="2026-10", cargo=Decimal("59.90")),),
        ),
    ),
)
