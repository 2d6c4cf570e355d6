"""Spanish names of the stable codes, and the colour that each Estado has in every output."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flows.rules.case import Estado, Motivo, Outcome

if TYPE_CHECKING:  # the command's help shows these words, and loads no database library
    from flows.store.ledger import Attempt, Run


#: over what is new on the portals' pages, or gone from them
NEWS_TITLE = "Cambios en las páginas de los portales, con los que todo sigue funcionando"


class Tint(NamedTuple):
    """Colours as RRGGBB: ``solid`` for charts (white text is readable on it), ``soft`` behind
    ``ink`` text."""

    solid: str
    soft: str
    ink: str


ESTADO_TINTS = {
    Estado.ATENDIDO: Tint("2B7A4B", "DDF0E3", "1B5232"),
    Estado.PENDIENTE_DE_EVIDENCIA: Tint("9A6A00", "FFF0C7", "6B4A00"),
    Estado.PENDIENTE_DE_APROBACION: Tint("B4541A", "FFE4D1", "7F3A10"),
    Estado.NO_PROCEDE: Tint("5A6878", "E4E9EE", "3A4654"),
    Estado.REQUIERE_ASESOR: Tint("2F5AA8", "DEE8FA", "1F3F78"),
    Estado.DATO_INVALIDO: Tint("7F4796", "F0E4F5", "5A306B"),
    Estado.FALLA_TECNICA: Tint("B3261E", "FADEDB", "811B15"),
    Estado.NO_INICIADO: Tint("757575", "EDEDED", "4A4A4A"),
    Estado.SIMULADO: Tint("1C7485", "D8EFF3", "12505C"),
}

ESTADO_NEXT = {
    Estado.ATENDIDO: "Nada más por hacer.",
    Estado.PENDIENTE_DE_EVIDENCIA: "Se espera la evidencia en el buzón; al llegar, el caso sigue.",
    Estado.PENDIENTE_DE_APROBACION: "Un supervisor aprueba o rechaza la solicitud.",
    Estado.NO_PROCEDE: "El asesor informa al cliente el motivo.",
    Estado.REQUIERE_ASESOR: "Un asesor revisa el caso y decide.",
    Estado.DATO_INVALIDO: "Se corrige la fila en la lista y se vuelve a ejecutar.",
    Estado.FALLA_TECNICA: "Se vuelve a ejecutar la lista; si se repite, lo ve soporte.",
    Estado.NO_INICIADO: "Se vuelve a ejecutar la lista.",
    Estado.SIMULADO: "Simulación: no se envió nada.",
}

MOTIVO_NAMES = {
    Motivo.SEC_NO_EXISTE: "La SEC no existe en SISACT",
    Motivo.SEC_DE_OTRO_CLIENTE: "La SEC es de otro cliente",
    Motivo.OPERACION_NO_APLICA: "La operación no es alta, portabilidad ni renovación",
    Motivo.CLIENTE_NO_APLICA: "El cliente no es carterizado de negocios o corporativo",
    Motivo.TITULARIDAD_NO_VALIDADA: "Titularidad no validada",
    Motivo.LINEA_NO_APLICA: "Una línea no está en la SEC o no está activa",
    Motivo.PLAN_DISTINTO: "El plan de una línea no es el de la SEC",
    Motivo.OFERTA_ILEGIBLE: "No se puede leer un único cargo en la Descripción",
    Motivo.OFERTA_NO_COINCIDE: "El cargo de la Descripción no es el ofrecido según la lista",
    Motivo.YA_APLICADO: "El cargo ofrecido ya está aplicado",
    Motivo.REGULARIZACION_EN_CURSO: "Hay una regularización en curso",
    Motivo.LINEAS_EN_DISTINTOS_ESCENARIOS: "Las líneas caen en distintos escenarios",
    Motivo.FALTA_EVIDENCIA: "Falta la evidencia del ofrecimiento",
    Motivo.ESCENARIO_NO_COINCIDE: "El escenario de la lista no es el que resulta",
    Motivo.YA_SOLICITADO: "Ya había una solicitud igual",
    Motivo.DUPLICADO_EN_PORTAL: "El portal guardó la solicitud dos veces",
    Motivo.REFERENCIA_EN_CONFLICTO: "La referencia está en un registro de otro caso",
    Motivo.RESULTADO_INCIERTO: "No se sabe si el portal guardó la solicitud",
    Motivo.REGISTRO_ALTERADO: "El portal guardó otra cosa que lo escrito",
    Motivo.FORMULARIO_RECHAZADO: "El formulario del portal no acepta un dato",
    Motivo.APROBACION_RECHAZADA: "El supervisor rechazó la solicitud",
    Motivo.EVIDENCIA_NO_RECIBIDA: "La evidencia no llegó tras el recordatorio",
    Motivo.PORTAL_NO_DISPONIBLE: "Un portal no está disponible",
    Motivo.PAGINA_CAMBIADA: "Una página de un portal cambió",
    Motivo.SESION_OCUPADA: "La sesión del usuario está ocupada",
    Motivo.ACCESO_RECHAZADO: "Un portal rechazó el acceso",
    Motivo.TIEMPO_AGOTADO: "Se agotó el tiempo de un paso",
    Motivo.ERROR_INTERNO: "Error interno del robot",
    Motivo.FUERA_DE_HORARIO: "Se llegó a la hora límite",
    Motivo.DETENIDO: "La ejecución fue detenida",
    Motivo.LIMITE_DE_ESCRITURAS: "Se llegó al límite de registros por ejecución",
}


def duration(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


#: what a case is before it has an Estado
QUEUED, IN_PROGRESS = "En cola", "En curso"


def current_status(attempt: Attempt | None) -> str:
    """Status of a case by its newest attempt: its Estado, once it has one."""
    if attempt is not None and attempt.outcome is not None:
        return attempt.outcome.estado.value
    return IN_PROGRESS if attempt is not None and attempt.started else QUEUED


def list_title(run: Run) -> str:
    """The name of a run's list, and whether it was only simulated."""
    return run.list_name + (" (simulación)" if run.dry_run else "")


def outcome_facts(outcome: Outcome) -> dict[str, str]:
    """Fields of an outcome besides its Estado, by their names; a field may be empty."""
    return {
        "Motivo": f"{MOTIVO_NAMES[outcome.motivo]} ({outcome.motivo})" if outcome.motivo else "",
        "Escenario": outcome.escenario.nombre if outcome.escenario else "",
        "Caso SIAC": outcome.siac_case,
        "Sistema": outcome.sistema or "",
        "N° solicitud": outcome.request_number,
        "Correo enviado": ", ".join(outcome.mail_sent_to),
        "Por contactar": "sí" if outcome.call_back else "",
        "Detalle": outcome.detail,
    }
