"""The words of the procedure: a case, what was decided about it, and how it ended.

Pure: standard library and pydantic only. The Spanish values are what people read in the report;
the names beside them are what code and logs use.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from flows.rules.scenarios import Escenario, Sistema


class Model(BaseModel):
    """Frozen, and strict about names: a typo in a field is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Estado(StrEnum):
    """How a case stands in the report."""

    ATENDIDO = "Atendido"
    PENDIENTE_DE_EVIDENCIA = "Pendiente de evidencia"
    PENDIENTE_DE_APROBACION = "Pendiente de aprobación"
    NO_PROCEDE = "No procede"
    REQUIERE_ASESOR = "Requiere asesor"
    DATO_INVALIDO = "Dato inválido"
    FALLA_TECNICA = "Falla técnica"
    NO_INICIADO = "No iniciado"
    SIMULADO = "Simulado"

    @property
    def is_final(self) -> bool:
        """Reported again as it is, without a visit to any portal."""
        return self in (Estado.ATENDIDO, Estado.NO_PROCEDE, Estado.REQUIERE_ASESOR)

    @property
    def is_waiting(self) -> bool:
        """For somebody's evidence or yes: not at work, and not over."""
        return self in (Estado.PENDIENTE_DE_EVIDENCIA, Estado.PENDIENTE_DE_APROBACION)


class Motivo(StrEnum):
    """Stable codes of why a case ended as it did; the sentence beside them is for people."""

    SEC_NO_EXISTE = "SEC_NO_EXISTE"
    SEC_DE_OTRO_CLIENTE = "SEC_DE_OTRO_CLIENTE"
    OPERACION_NO_APLICA = "OPERACION_NO_APLICA"
    CLIENTE_NO_APLICA = "CLIENTE_NO_APLICA"
    TITULARIDAD_NO_VALIDADA = "TITULARIDAD_NO_VALIDADA"
    LINEA_NO_APLICA = "LINEA_NO_APLICA"
    PLAN_DISTINTO = "PLAN_DISTINTO"
    OFERTA_ILEGIBLE = "OFERTA_ILEGIBLE"
    OFERTA_NO_COINCIDE = "OFERTA_NO_COINCIDE"
    YA_APLICADO = "YA_APLICADO"
    REGULARIZACION_EN_CURSO = "REGULARIZACION_EN_CURSO"
    LINEAS_EN_DISTINTOS_ESCENARIOS = "LINEAS_EN_DISTINTOS_ESCENARIOS"
    FALTA_EVIDENCIA = "FALTA_EVIDENCIA"
    ESCENARIO_NO_COINCIDE = "ESCENARIO_NO_COINCIDE"

    YA_SOLICITADO = "YA_SOLICITADO"
    DUPLICADO_EN_PORTAL = "DUPLICADO_EN_PORTAL"
    REFERENCIA_EN_CONFLICTO = "REFERENCIA_EN_CONFLICTO"
    RESULTADO_INCIERTO = "RESULTADO_INCIERTO"
    REGISTRO_ALTERADO = "REGISTRO_ALTERADO"
    FORMULARIO_RECHAZADO = "FORMULARIO_RECHAZADO"
    APROBACION_RECHAZADA = "APROBACION_RECHAZADA"
    EVIDENCIA_NO_RECIBIDA = "EVIDENCIA_NO_RECIBIDA"

    PORTAL_NO_DISPONIBLE = "PORTAL_NO_DISPONIBLE"
    PAGINA_CAMBIADA = "PAGINA_CAMBIADA"
    SESION_OCUPADA = "SESION_OCUPADA"
    ACCESO_RECHAZADO = "ACCESO_RECHAZADO"
    TIEMPO_AGOTADO = "TIEMPO_AGOTADO"
    ERROR_INTERNO = "ERROR_INTERNO"

    FUERA_DE_HORARIO = "FUERA_DE_HORARIO"
    DETENIDO = "DETENIDO"
    LIMITE_DE_ESCRITURAS = "LIMITE_DE_ESCRITURAS"


class Canal(StrEnum):
    """How the client asked."""

    TELEFONO_135 = "135"
    CORREO = "Correo"


class OrigenEvidencia(StrEnum):
    """Who sent the evidence."""

    CAE = "CAE"
    DACE = "DACE"
    CLIENTE = "Cliente"


class EvidenceFile(Model):
    """One file of outside evidence; the digest tells a replaced file from the same one."""

    path: str
    sha256: str

    @property
    def name(self) -> str:
        """As it is in the list, which may have been read on Windows."""
        return re.split(r"[\\/]", self.path)[-1]


class Case(Model):
    """One row of the case list, already valid: identifiers normalised, amounts to the céntimo."""

    id: str = ""
    siac_case: str = ""
    fecha_solicitud: date
    canal: Canal
    sec: str
    ruc: str
    lineas: tuple[str, ...]
    cargo_fijo_ofrecido: Decimal
    contacto: str
    contacto_dni: str
    contacto_correo: str
    evidencia: tuple[EvidenceFile, ...] = ()
    origen_evidencia: OrigenEvidencia | None = None
    oferta_vigente_hasta: date | None = None
    aprobado_por: str = ""
    escenario: Escenario | None = None
    observaciones: str = ""
    #: the reference of the case whose next bill was not right, where this one came of it
    seguimiento_de: str = ""
    #: the user of SIAC Único whose queue it was read from, where it came from there
    cola_de: str = ""

    @property
    def reference(self) -> str:
        """``CF-<SEC>-<YYYYMMDD>-<6 hex>``: what the portals carry and the case is known by."""
        digest = hashlib.sha256(",".join(sorted(self.lineas)).encode()).hexdigest()[:6]
        return f"CF-{self.sec}-{self.fecha_solicitud:%Y%m%d}-{digest}"


class Fact(Model):
    """One fact that a decision used, and where it was read."""

    name: str
    value: str
    source: str


class Decision(Model):
    """What the tables make of a case. Pure data: the same facts give the same decision.

    ``escenario`` is set when a request is to be filed, ``motivo`` when the case ends here (or waits
    for evidence). ``lineas`` are those the request is for: lines already at the offered charge are
    left out.
    """

    estado: Estado | None = None
    motivo: Motivo | None = None
    escenario: Escenario | None = None
    lineas: tuple[str, ...] = ()
    cargo: Decimal | None = None
    importe_mensual: Decimal = Decimal(0)
    mala_practica: bool = False
    reasons: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def proceeds(self) -> bool:
        """A request is to be filed now."""
        return self.escenario is not None and self.motivo is None

    @property
    def needs_evidence(self) -> bool:
        return self.motivo is Motivo.FALTA_EVIDENCIA


class Outcome(Model):
    """How one attempt at a case ended, and everything the report says about it."""

    reference: str
    estado: Estado
    motivo: Motivo | None = None
    decision: Decision | None = None
    siac_case: str = ""
    request_number: str = ""
    #: the names under which files were attached to the request; None where nobody noted them
    adjuntos: tuple[str, ...] | None = None
    mail_sent_to: tuple[str, ...] = ()
    call_back: bool = False
    detail: str = ""

    @property
    def escenario(self) -> Escenario | None:
        return self.decision.escenario if self.decision else None

    @property
    def sistema(self) -> Sistema | None:
        return self.escenario.sistema if self.escenario else None
