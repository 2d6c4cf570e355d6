"""What a client asked for and what a case's pictures show, by their names for people."""

from __future__ import annotations

import re

from flows.rules.case import Case
from flows.rules.peru import format_date, format_money
from flows.runtime.history import STEP_NAMES


def case_facts(case: Case) -> dict[str, str]:
    """Fields of the row; a field may be empty."""
    return {
        "N° SEC": case.sec,
        "RUC": case.ruc,
        "Líneas": ", ".join(case.lineas),
        "Cargo fijo ofrecido": format_money(case.cargo_fijo_ofrecido),
        "Fecha de solicitud": format_date(case.fecha_solicitud),
        "Canal": case.canal.value,
        "Contacto": f"{case.contacto}, DNI {case.contacto_dni}",
        "Correo del cliente": case.contacto_correo,
        "N° caso SIAC": case.siac_case,
        "Evidencia": ", ".join(file.name for file in case.evidencia),
        "Origen de la evidencia": case.origen_evidencia.value if case.origen_evidencia else "",
        "Oferta vigente hasta": format_date(case.oferta_vigente_hasta)
        if case.oferta_vigente_hasta
        else "",
        "Aprobado por": case.aprobado_por,
        "Observaciones": case.observaciones,
    }


def picture_title(name: str) -> str:
    """What a picture shows."""
    if name == "descripcion.png":
        return "Pestaña Descripción de la SEC"
    if line := re.fullmatch(r"linea-(\d+)\.png", name):
        return f"Historial y recibos de la línea {line[1]} de la solicitud"
    return STEP_NAMES.get(name.removesuffix(".png"), name)
