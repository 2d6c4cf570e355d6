"""A run as it comes out of a night's work, for the tests of the report: every state is in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from flows.rules.case import Canal, Case, Decision, Estado, Fact, Motivo, Outcome
from flows.rules.scenarios import Escenario
from inputs.rows import Cell
from robots.reports.model import HistoryStep, ReportRow, RunReport

HEADERS = (
    "ID",
    "Fecha de solicitud",
    "Canal",
    "N° SEC",
    "RUC",
    "Líneas",
    "Cargo fijo ofrecido",
    "Contacto",
    "Correo del cliente",
    "Observaciones",
)
STARTED = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # the evening before, in Lima
NAMES = ("Rosa Quispe Mamani", "José Ñahui Pérez", "María Huamán Ríos", "Luis Cárdenas Ávila")

# 1×1, so that pages with pictures have one to load.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)

ENDINGS: tuple[tuple[Estado, Motivo | None, Escenario | None, str], ...] = (
    (Estado.ATENDIDO, None, Escenario.ACTIVACIONES_CONFIGURACION, "Solicitud registrada."),
    (Estado.ATENDIDO, None, Escenario.VENTAS_CON_OFERTA, "Solicitud registrada."),
    (Estado.ATENDIDO, None, Escenario.POSTVENTA, "Solicitud registrada."),
    (Estado.ATENDIDO, None, Escenario.ACTIVACIONES_DESALINEACION, "Ticket registrado."),
    (
        Estado.ATENDIDO,
        None,
        Escenario.VENTAS_SIN_OFERTA,
        "Solicitud registrada como mala práctica. El correo se envió a la dirección del contacto "
        "autorizado en SIAC Único, que no es la que figura en la lista.",
    ),
    (Estado.ATENDIDO, None, Escenario.ACTIVACIONES_CONFIGURACION, "Solicitud registrada."),
    (
        Estado.PENDIENTE_DE_EVIDENCIA,
        Motivo.FALTA_EVIDENCIA,
        None,
        "La Descripción de la SEC está vacía y la fila no trae evidencia; se pidió al ejecutivo y "
        "al cliente.",
    ),
    (
        Estado.PENDIENTE_DE_APROBACION,
        None,
        Escenario.VENTAS_SIN_OFERTA,
        "La política pide la aprobación de un supervisor para este escenario.",
    ),
    (
        Estado.NO_PROCEDE,
        Motivo.YA_APLICADO,
        None,
        "Las dos líneas ya tienen el cargo ofrecido de S/ 39.90 en su última factura.",
    ),
    (
        Estado.NO_PROCEDE,
        Motivo.TITULARIDAD_NO_VALIDADA,
        None,
        "El DNI del contacto no está entre los contactos autorizados del cliente.",
    ),
    (
        Estado.REQUIERE_ASESOR,
        Motivo.YA_SOLICITADO,
        Escenario.POSTVENTA,
        "Ya hay una solicitud igual, abierta, en NINTEX operador: la número 418.",
    ),
    (
        Estado.DATO_INVALIDO,
        None,
        None,
        "RUC: «20100070971» — se espera un RUC con el dígito verificador correcto\n"
        "Líneas: se esperan uno o más números móviles de 9 dígitos",
    ),
    (
        Estado.FALLA_TECNICA,
        Motivo.PORTAL_NO_DISPONIBLE,
        None,
        "Remedy no respondió en la página de inicio de sesión (error 503). Se intentó 3 veces.",
    ),
    (Estado.NO_INICIADO, Motivo.FUERA_DE_HORARIO, None, "Se llegó a la hora límite, las 06:00."),
)
FILED = (Estado.ATENDIDO,)
STEPS = (
    ("Consulta de SEC en SISACT", 4.2),
    ("Consulta del cliente en SIAC Único", 6.8),
    ("Búsqueda de solicitudes iguales", 3.1),
    ("Registro del caso en SIAC Único", 5.5),
    ("Registro de la solicitud", 9.4),
    ("Cierre del caso", 3.7),
    ("Correo al cliente", 0.4),
)


def sample_report(root: Path, cases: int = len(ENDINGS) * 2, *, folders: bool = True) -> RunReport:
    """A run of ``cases`` rows; with ``folders``, each visited case has one under ``root``."""
    return RunReport(
        run_id="20261120-220000",
        list_name="casos_noviembre.xlsx",
        headers=HEADERS,
        rows=tuple(_rows(root, cases, folders)),
        started=STARTED,
        ended=STARTED + timedelta(seconds=35 * cases),
    )


def _rows(root: Path, cases: int, folders: bool) -> Iterator[ReportRow]:
    for index in range(cases):
        estado, motivo, escenario, detail = ENDINGS[index % len(ENDINGS)]
        case = sample_case(index)
        visited = estado not in (Estado.DATO_INVALIDO, Estado.NO_INICIADO)
        begun = STARTED + timedelta(seconds=35 * index) if visited else None
        history = _timeline(begun, estado) if begun else ()
        yield ReportRow(
            number=index + 2,
            cells=sample_cells(case, index),
            case=None if estado is Estado.DATO_INVALIDO else case,
            outcome=sample_outcome(case, estado, motivo, escenario, detail, index),
            attempts=0 if not visited else 3 if estado is Estado.FALLA_TECNICA else 1,
            started=begun,
            ended=begun and begun + timedelta(seconds=sum(s.seconds for s in history)),
            folder=_folder(root, case) if visited and folders else "",
            history=history,
        )


def sample_case(index: int = 0) -> Case:
    return Case(
        id=str(index + 1),
        fecha_solicitud=date(2026, 11, 2 + index % 18),
        canal=Canal.TELEFONO_135 if index % 3 == 0 else Canal.CORREO,
        sec=f"{4500100 + index:010d}",
        ruc="20100070970",
        lineas=tuple(f"9{87654000 + 7 * index + n:08d}" for n in range(1 + index % 3)),
        cargo_fijo_ofrecido=Decimal("39.90"),
        contacto=NAMES[index % len(NAMES)],
        contacto_dni="01234567",
        contacto_correo="contacto@empresa.example",
    )


def sample_cells(case: Case, index: int) -> tuple[Cell, ...]:
    return (
        Cell(kind="text", value=case.id),
        Cell(kind="date", value=case.fecha_solicitud.isoformat(), number_format="DD/MM/YYYY"),
        Cell(kind="text", value=case.canal.value),
        Cell(kind="text", value=case.sec, number_format="@"),
        Cell(kind="number", value=int(case.ruc), number_format="0"),
        Cell(kind="text", value="\n".join(case.lineas)),
        Cell(kind="number", value=39.9, number_format='"S/" #,##0.00'),
        Cell(kind="text", value=case.contacto),
        Cell(kind="text", value=case.contacto_correo),
        Cell()
        if index % 4
        else Cell(kind="text", value="=Cliente insiste; llamar por la tarde 📞"),
    )


def sample_outcome(
    case: Case,
    estado: Estado,
    motivo: Motivo | None,
    escenario: Escenario | None,
    detail: str,
    index: int,
) -> Outcome:
    if estado is Estado.DATO_INVALIDO:
        return Outcome(reference="", estado=estado, detail=detail)
    filed = estado in FILED
    decision = None
    if estado not in (Estado.FALLA_TECNICA, Estado.NO_INICIADO):
        decision = Decision(
            estado=None if escenario else estado,
            motivo=motivo,
            escenario=escenario,
            lineas=case.lineas if escenario else (),
            cargo=case.cargo_fijo_ofrecido if escenario else None,
            importe_mensual=Decimal("20.00") * len(case.lineas) if escenario else Decimal(0),
            mala_practica=escenario is Escenario.VENTAS_SIN_OFERTA,
            reasons=(
                "La SEC es del cliente y su operación es Portabilidad.",
                "El contacto está entre los autorizados y las líneas están activas.",
                "Ninguna línea tiene el cargo ofrecido en su última factura.",
            ),
            facts=(
                Fact(
                    name="Descripción",
                    value="CF especial S/ 39.90 (antes S/ 59.90)",
                    source="SISACT, consulta de SEC",
                ),
                Fact(name="Campaña", value="Negocios <Plus> & más", source="SISACT"),
                Fact(name="Cargo actual", value="S/ 59.90", source="SIAC Único, líneas"),
            ),
        )
    return Outcome(
        reference=case.reference,
        estado=estado,
        motivo=motivo,
        decision=decision,
        siac_case=f"CAS-{2026001000 + index}" if filed or motivo is Motivo.FALTA_EVIDENCIA else "",
        request_number=str(400 + index) if filed or motivo is Motivo.YA_SOLICITADO else "",
        mail_sent_to=(case.contacto_correo,) if filed else (),
        call_back=case.canal is Canal.TELEFONO_135 and filed,
        detail=detail,
    )


def _timeline(begun: datetime, estado: Estado) -> tuple[HistoryStep, ...]:
    steps, at = [], begun
    for name, seconds in STEPS if estado in FILED else STEPS[:3]:
        steps.append(HistoryStep(name=name, started=at, seconds=seconds))
        at += timedelta(seconds=seconds)
    if estado is Estado.FALLA_TECNICA:
        steps[-1] = steps[-1].model_copy(update={"note": "Sin respuesta; 3 intentos"})
    return tuple(steps)


def _folder(root: Path, case: Case) -> str:
    folder = root / "evidencia de casos" / case.reference
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "descripcion.png").write_bytes(PNG)
    return str(folder)
