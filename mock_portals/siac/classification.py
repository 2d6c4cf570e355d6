"""The classification of cases, as the lists of the template hold it."""

from __future__ import annotations

CARGO_FIJO_SCENARIOS = {
    "ACTIVACIONES_CONFIGURACION": "Activaciones - error de configuración",
    "ACTIVACIONES_DESALINEACION": "Activaciones - desalineación de la línea",
    "VENTAS_CON_OFERTA": "Ventas - con oferta vigente o negociada",
    "VENTAS_SIN_OFERTA": "Ventas - sin oferta vigente",
    "POSTVENTA": "Postventa - pérdida del beneficio",
}
#: a case that waits for evidence has no scenario yet
UNDETERMINED = "Por determinar"

#: Tipo → Clase → Subclase
CLASSIFICATION: dict[str, dict[str, list[str]]] = {
    "Consulta": {
        "Facturación": ["Detalle de recibo", "Ciclo de facturación", "Medios de pago"],
        "Cargo fijo": ["Información de planes", UNDETERMINED],
        "Cobertura": ["Zona sin cobertura", "Roaming"],
    },
    "Reclamo/Variaciones": {
        "Cargo fijo": [
            UNDETERMINED,
            *(f"{words} ({code})" for code, words in CARGO_FIJO_SCENARIOS.items()),
        ],
        "Facturación": ["Cobro no reconocido", "Ajuste de recibo"],
        "Plan tarifario": ["Cambio no solicitado", "Bono no entregado"],
    },
    "Solicitud": {
        "Línea": ["Suspensión temporal", "Reactivación"],
        "Equipo": ["Bloqueo por robo", "Desbloqueo"],
    },
}
CHANNELS = ("135", "Correo", "Tienda", "Ejecutivo")
QUEUES = (
    "Ajustes de Facturación",
    "Atención Corporativa",
    "Retenciones Corporativas",
    "Variaciones Corporativas",
)
RESOLUTIONS = ("Solicitud registrada", "No procede", "Desistimiento del cliente", "Duplicado")


def scenario_code(subclass: str) -> str:
    """The code that a case keeps of its subclass; empty where it has none."""
    return subclass[subclass.rfind("(") + 1 : -1] if subclass.endswith(")") else ""


def scenario_words(code: str) -> str:
    """How a case's scenario is shown."""
    if not code:
        return UNDETERMINED
    words = CARGO_FIJO_SCENARIOS.get(code)
    return f"{words} ({code})" if words else code
