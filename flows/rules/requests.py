"""The request of a case: what is filed, and which of the portal's records are equal to it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from flows.rules.case import Case, Decision, EvidenceFile, Model, Motivo
from flows.rules.decision import decide
from flows.rules.endings import needs_person
from flows.rules.line import OPERACIONES_POSTVENTA, REGULARIZACION
from flows.rules.scenarios import Escenario, Sistema
from flows.rules.typed_text import fold
from pages.contract.request_records import RequestRecord
from pages.contract.siac import ClientRecord, HistoryEntry
from pages.contract.sisact import SecRecord

T = TypeVar("T")

#: entries of a line's history that change what it is billed
_EVENTS = {fold(kind) for kind in (REGULARIZACION, *OPERACIONES_POSTVENTA)}


class Request(Model):
    """What is to be filed, to the letter; a supervisor approves exactly this."""

    reference: str
    sistema: Sistema
    tipo: str
    escenario: Escenario
    siac_case: str
    sec: str
    ruc: str
    razon_social: str
    campana: str
    lineas: tuple[str, ...]
    cargo: Decimal
    cargo_lista: Decimal
    fecha_solicitud: date
    oferta_vigente_hasta: date | None
    aprobado_por: str
    ejecutivo: str
    detalle: str
    #: the outside evidence by its SHA-256, and whether the Descripción tab's picture goes with it
    evidencia: tuple[str, ...]
    with_picture: bool
    #: what tells the executive from others of the same name
    ejecutivo_canal: str = ""
    ejecutivo_correo: str = ""

    @property
    def digest(self) -> str:
        """Changes with any change to what is filed."""
        filed = self.model_dump_json(exclude={"ejecutivo_canal", "ejecutivo_correo"})
        return hashlib.sha256(filed.encode()).hexdigest()


def draft_request(
    case: Case, decision: Decision, sec: SecRecord, client: ClientRecord, siac_case: str
) -> Request:
    """The request that a decision asks for (guide, *Gestión interna*)."""
    assert decision.escenario is not None and decision.cargo is not None
    return Request(
        reference=case.reference,
        sistema=decision.escenario.sistema,
        tipo=decision.escenario.tipo_solicitud,
        escenario=decision.escenario,
        siac_case=siac_case,
        sec=case.sec,
        ruc=case.ruc,
        razon_social=client.razon_social,
        campana=sec.campana,
        lineas=decision.lineas,
        cargo=decision.cargo,
        cargo_lista=sec.cargo_lista,
        fecha_solicitud=case.fecha_solicitud,
        oferta_vigente_hasta=case.oferta_vigente_hasta,
        aprobado_por=case.aprobado_por,
        ejecutivo=client.ejecutivo.nombre if client.ejecutivo else "",
        ejecutivo_canal=client.ejecutivo.canal if client.ejecutivo else "",
        ejecutivo_correo=client.ejecutivo.correo if client.ejecutivo else "",
        detalle=" ".join(decision.reasons),
        evidencia=tuple(file.sha256 for file in case.evidencia),
        with_picture=bool(sec.descripcion),
    )


def expected_sistema(case: Case, sec: SecRecord, client: ClientRecord) -> Sistema | None:
    """Where the request would go once the evidence that is missing has come."""
    awaited = EvidenceFile(path="", sha256="")
    decision = decide(
        case.model_copy(update={"evidencia": (awaited,), "escenario": None}), sec, client
    )
    return decision.escenario.sistema if decision.escenario else None


def own_request(case: Case, found: Iterable[RequestRecord]) -> RequestRecord | None:
    """The case's own request among what the portal holds under its SEC or reference.

    Raises `CaseEnds`: `REFERENCIA_EN_CONFLICTO` where a record has the reference but another SEC,
    RUC or lines, `DUPLICADO_EN_PORTAL` where there are two.
    """

    def agrees(request: RequestRecord) -> bool:
        same = request.sec == case.sec and request.ruc == case.ruc
        return same and set(request.lineas) <= set(case.lineas)

    own = [request for request in found if request.referencia == case.reference]
    twice = "El portal tiene dos veces la solicitud"
    return only_one(own, lambda request: request.numero, agrees, "La solicitud", twice)


def only_one(
    own: Sequence[T],
    number: Callable[[T], str],
    agrees: Callable[[T], bool],
    one: str,
    twice: str,
) -> T | None:
    """The one record that carries a case's reference; ``one`` and ``twice`` begin the sentences.

    Raises `CaseEnds` where a record is not the case's own, or there are two.
    """
    for record in own:
        if not agrees(record):
            raise needs_person(
                Motivo.REFERENCIA_EN_CONFLICTO,
                f"{one} {number(record)} lleva la referencia de este caso, pero su SEC, RUC o "
                "líneas son otros.",
            )
    if len(own) > 1:
        numbers = " y ".join(map(number, own))
        raise needs_person(Motivo.DUPLICADO_EN_PORTAL, f"{twice}: {numbers}.")
    return own[0] if own else None


def may_be_billed(historial: Iterable[HistoryEntry]) -> bool:
    """Whether what was billed may become the ground of a request: without one of these entries it
    cannot."""
    return any(fold(entry.tipo) in _EVENTS for entry in historial)


def newest_events(sec: SecRecord, client: ClientRecord) -> dict[str, date]:
    """By line: when it was last regularised or had a post-sale operation, since the sale."""
    found: dict[str, date] = {}
    for line in client.lineas:
        for entry in line.historial:
            # the sale's own renewal, dated as the SEC, is no post-sale operation
            counts = entry.fecha > sec.fecha or (
                entry.fecha == sec.fecha and fold(entry.tipo) == fold(REGULARIZACION)
            )
            if counts and fold(entry.tipo) in _EVENTS:
                found[line.numero] = max(entry.fecha, found.get(line.numero, entry.fecha))
    return found


def refuse_equal(
    case: Case,
    lineas: Sequence[str],
    newest: Mapping[str, date],
    found: Iterable[RequestRecord],
) -> None:
    """Raises `CaseEnds`, `YA_SOLICITADO`, where somebody has filed an equal request already.

    Equal: it has a line in common, and is open or was filed after that line's newest
    regularisation and post-sale operation (procedure, step 4). ``newest`` is `newest_events`.
    """
    for request in found:
        if request.referencia == case.reference or request.sec != case.sec:
            continue
        for linea in lineas:
            if linea not in request.lineas:
                continue
            event = newest.get(linea)
            if request.is_open or event is None or request.creado > event:
                raise needs_person(
                    Motivo.YA_SOLICITADO,
                    f"La línea {linea} ya tiene la solicitud {request.numero}, del "
                    f"{request.creado:%d/%m/%Y}.",
                )


def alterations(request: Request, filed: RequestRecord) -> tuple[str, ...]:
    """The fields in which the portal kept something else than was typed."""
    pairs = {
        "caso SIAC": (request.siac_case, filed.caso_siac),
        "tipo de solicitud": (request.tipo, filed.tipo_solicitud),
        "escenario": (request.escenario.value, filed.escenario),
        "líneas": (set(request.lineas), set(filed.lineas)),
        "cargo fijo": (request.cargo, filed.cargo),
    }
    return tuple(name for name, (typed, kept) in pairs.items() if typed != kept)


def check_filed(request: Request, filed: RequestRecord) -> None:
    """Raises `CaseEnds`, `REGISTRO_ALTERADO`. Of what was filed before, which may have been worded
    otherwise, only what makes it this request counts."""
    if changed := filed.altered or alterations(request, filed):
        raise needs_person(
            Motivo.REGISTRO_ALTERADO,
            f"La solicitud {filed.numero} no tiene lo que se escribió en: {', '.join(changed)}.",
        )
