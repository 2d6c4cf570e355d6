"""How a case ends when a portal does not do its part: told by who must act.

The tree of what can go wrong is `pages.contract.errors`; here each of its leaves gets the word that
the report knows it by. Business answers are not errors: see `flows.rules.decision`.
"""

from __future__ import annotations

from flows.rules.case import Estado, Model, Motivo, Outcome
from pages.contract.errors import (
    UNEXPECTED,
    AccessDenied,
    BrowserLost,
    FormAltered,
    FormRefused,
    Insecure,
    PageChanged,
    PersonUnclear,
    PortalDown,
    PortalError,
    PortalSlow,
    SessionBusy,
    SessionLent,
    SessionLost,
    SubmitWithheld,
    WriteUncertain,
)


class Ending(Model):
    """Why a case goes no further: what the report says of it."""

    estado: Estado
    motivo: Motivo | None
    detail: str


class CaseEnds(Exception):
    """The case ends here. Raised in the flow from a step's recorded answer, so that a flow that is
    played back takes the same branch; never raised across the durable engine."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.motivo)
        self.ending = ending


def needs_person(motivo: Motivo, detail: str) -> CaseEnds:
    """`Requiere asesor`."""
    return CaseEnds(Ending(estado=Estado.REQUIERE_ASESOR, motivo=motivo, detail=detail))


def failed(motivo: Motivo, detail: str) -> CaseEnds:
    """`Falla técnica`."""
    return CaseEnds(Ending(estado=Estado.FALLA_TECNICA, motivo=motivo, detail=detail))


def not_gone_on(motivo: Motivo, detail: str) -> CaseEnds:
    """`No iniciado`."""
    return CaseEnds(Ending(estado=Estado.NO_INICIADO, motivo=motivo, detail=detail))


_WHY = {
    Motivo.DETENIDO: "La ejecución se detuvo",
    Motivo.FUERA_DE_HORARIO: "La hora límite llegó",
}


def not_begun(reference: str, motivo: Motivo) -> Outcome:
    """`No iniciado`."""
    return Outcome(
        reference=reference,
        estado=Estado.NO_INICIADO,
        motivo=motivo,
        detail=f"{_WHY[motivo]} antes de empezar este caso; vuelva a ejecutar la lista.",
    )


_REFUSED = (
    Estado.REQUIERE_ASESOR,
    Motivo.FORMULARIO_RECHAZADO,
    "No quedó nada registrado: corrija ese dato en la lista y use --again, o registre a mano.",
)

#: Each leaf of the tree: the code it is reported by, and what whoever must act is to do.
ENDINGS: dict[type[PortalError], tuple[Estado, Motivo | None, str]] = {
    PortalDown: (
        Estado.FALLA_TECNICA,
        Motivo.PORTAL_NO_DISPONIBLE,
        "Vuelva a ejecutar la lista cuando el portal responda.",
    ),
    PortalSlow: (
        Estado.FALLA_TECNICA,
        Motivo.TIEMPO_AGOTADO,
        "Vuelva a ejecutar la lista cuando el portal responda.",
    ),
    PageChanged: (
        Estado.FALLA_TECNICA,
        Motivo.PAGINA_CAMBIADA,
        "Avise a quien mantiene las páginas del robot.",
    ),
    AccessDenied: (
        Estado.FALLA_TECNICA,
        Motivo.ACCESO_RECHAZADO,
        "Revise el usuario y la contraseña del portal.",
    ),
    Insecure: (
        Estado.FALLA_TECNICA,
        Motivo.ACCESO_RECHAZADO,
        "Corríjalo y vuelva a ejecutar la lista.",
    ),
    SessionBusy: (
        Estado.FALLA_TECNICA,
        Motivo.SESION_OCUPADA,
        "Cierre la otra sesión de ese usuario y vuelva a ejecutar la lista.",
    ),
    SessionLent: (
        Estado.FALLA_TECNICA,
        Motivo.SESION_OCUPADA,
        "Vuelva a ejecutar la lista cuando el otro equipo termine.",
    ),
    SessionLost: (
        Estado.FALLA_TECNICA,
        Motivo.PORTAL_NO_DISPONIBLE,
        "El portal cierra la sesión una y otra vez.",
    ),
    BrowserLost: (
        Estado.FALLA_TECNICA,
        Motivo.ERROR_INTERNO,
        "El navegador se cerró una y otra vez.",
    ),
    WriteUncertain: (
        Estado.REQUIERE_ASESOR,
        Motivo.RESULTADO_INCIERTO,
        "Verifique en el portal si el registro existe antes de registrarlo a mano.",
    ),
    FormAltered: _REFUSED,
    FormRefused: _REFUSED,
    PersonUnclear: (
        Estado.REQUIERE_ASESOR,
        Motivo.FORMULARIO_RECHAZADO,
        "No quedó nada registrado: registre la solicitud a mano y elija ahí a la persona, o "
        "corrija al ejecutivo en SIAC Único y use --again.",
    ),
    SubmitWithheld: (Estado.SIMULADO, None, "No se envió."),
}


_MESSAGE = (
    "Si el portal lo dice siempre, anote en su mapa cómo se responde: messages.accept (sí) o "
    "messages.dismiss (no)."
)


def ending_of(error: PortalError) -> Ending:
    """What the report says of this error."""
    estado, motivo, advice = ENDINGS[type(error)]
    if error.what.startswith(UNEXPECTED.partition("{")[0]):
        advice = _MESSAGE
    return Ending(estado=estado, motivo=motivo, detail=f"{error}. {advice}")
