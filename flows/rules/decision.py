"""The decision table: what is to be done about a case, and why. Pure code, no browser.

It reads as the procedure does: the checks in their order, then the rows of scenarios in theirs,
then what is asked of the case as a whole. Reasons name lines and charges, and no person.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from flows.rules.case import Case, Decision, Estado, Motivo
from flows.rules.line import Line
from flows.rules.peru import format_money
from flows.rules.portal_words import ACTIVA, OPERACIONES, SEGMENTOS, Compared
from flows.rules.scenarios import Escenario
from flows.rules.seen import Seen
from flows.rules.typed_text import fold, tidy
from pages.contract.siac import ClientRecord
from pages.contract.sisact import SecRecord

# --- The checks: each gives the sentence that ends the case, or None. ---------------------------


def _sec_exists(seen: Seen) -> str | None:
    return f"SISACT no tiene la SEC {seen.case.sec}." if seen.found_sec is None else None


def _sec_is_of_client(seen: Seen) -> str | None:
    if tidy(seen.sec.ruc) != seen.case.ruc:
        return f"El RUC de la SEC {seen.case.sec} en SISACT no es el de la solicitud."
    return None


def _operation_applies(seen: Seen) -> str | None:
    if OPERACIONES.has(seen.sec.operacion):
        return None
    return _told(
        f"La operación de la SEC {seen.case.sec} es «{tidy(seen.sec.operacion)}», "
        "y solo aplica a Alta, Portabilidad o Renovación.",
        OPERACIONES,
        seen.sec.operacion,
    )


def _client_applies(seen: Seen) -> str | None:
    if seen.found_client is None:
        return "SIAC Único no conoce al cliente."
    if not seen.client.en_cartera:
        return "El cliente no está en la cartera de clientes asignados."
    if not SEGMENTOS.has(seen.client.segmento):
        return _told(
            f"El segmento del cliente es «{tidy(seen.client.segmento)}», "
            "y solo aplica a Corporativo o Negocios.",
            SEGMENTOS,
            seen.client.segmento,
        )
    return None


def _titularidad_holds(seen: Seen) -> str | None:
    if seen.case.contacto_dni not in (tidy(contact.dni) for contact in seen.client.contactos):
        return "El DNI del contacto no está entre los contactos autorizados del cliente."
    foreign = [numero for numero in seen.case.lineas if numero not in seen.records]
    return f"No es del cliente: {_named(foreign)}." if foreign else None


def _lines_apply(seen: Seen) -> str | None:
    on_sec = {tidy(numero) for numero in seen.sec.lineas}
    absent = [numero for numero in seen.case.lineas if numero not in on_sec]
    if absent:
        return f"No está en la SEC {seen.case.sec}: {_named(absent)}."
    inactive = [r for r in seen.records.values() if not ACTIVA.has(r.estado)]
    told = ", ".join(f"línea {r.numero} ({tidy(r.estado)})" for r in inactive)
    states = (r.estado for r in inactive)
    return _told(f"No está Activa: {told}.", ACTIVA, *states) if inactive else None


def _plan_is_the_sold_one(seen: Seen) -> str | None:
    others = [r for r in seen.records.values() if fold(r.plan) != fold(seen.sec.plan)]
    told = ", ".join(f"línea {r.numero} («{tidy(r.plan)}»)" for r in others)
    sold = tidy(seen.sec.plan)
    return f"El plan no es el de la SEC, «{sold}»: {told}." if others else None


def _offer_is_legible(seen: Seen) -> str | None:
    if seen.reading is None or seen.reading.legible:
        return None
    return seen.reading.explanation


def _offer_matches(seen: Seen) -> str | None:
    if seen.reading is None or seen.reading.charge == seen.offered:
        return None
    return (
        f"{seen.reading.explanation} La solicitud dice un cargo fijo ofrecido de "
        f"{format_money(seen.offered)}."
    )


def _something_to_apply(seen: Seen) -> str | None:
    if seen.pending:
        return None
    return " ".join(line.tell_at_offered() for line in seen.lines)


def _not_under_way(seen: Seen) -> str | None:
    if not all(line.is_under_way for line in seen.pending):
        return None
    return " ".join(line.tell_under_way() for line in seen.pending)


class _Check(NamedTuple):
    motivo: Motivo
    estado: Estado
    fails: Callable[[Seen], str | None]


_SEC_CHECKS = (
    _Check(Motivo.SEC_NO_EXISTE, Estado.NO_PROCEDE, _sec_exists),
    _Check(Motivo.SEC_DE_OTRO_CLIENTE, Estado.NO_PROCEDE, _sec_is_of_client),
    _Check(Motivo.OPERACION_NO_APLICA, Estado.NO_PROCEDE, _operation_applies),
)
_CLIENT_CHECKS = (
    _Check(Motivo.CLIENTE_NO_APLICA, Estado.NO_PROCEDE, _client_applies),
    _Check(Motivo.TITULARIDAD_NO_VALIDADA, Estado.NO_PROCEDE, _titularidad_holds),
    _Check(Motivo.LINEA_NO_APLICA, Estado.NO_PROCEDE, _lines_apply),
    _Check(Motivo.PLAN_DISTINTO, Estado.REQUIERE_ASESOR, _plan_is_the_sold_one),
    _Check(Motivo.OFERTA_ILEGIBLE, Estado.REQUIERE_ASESOR, _offer_is_legible),
    _Check(Motivo.OFERTA_NO_COINCIDE, Estado.REQUIERE_ASESOR, _offer_matches),
    _Check(Motivo.YA_APLICADO, Estado.NO_PROCEDE, _something_to_apply),
    _Check(Motivo.REGULARIZACION_EN_CURSO, Estado.NO_PROCEDE, _not_under_way),
)


# --- The scenarios: the first row that holds is the line's. --------------------------------------


class _Row(NamedTuple):
    """``result`` is a scenario, or the Motivo of a row that files nothing."""

    result: Escenario | Motivo
    holds: Callable[[Seen, Line], bool]
    tell: Callable[[Seen, Line], str]


def _is_misaligned(seen: Seen, line: Line) -> bool:
    return bool(line.misaligned_invoices)


def _is_unshown(seen: Seen, line: Line) -> bool:
    """Misaligned, but nothing shows that the charge asked for was ever the line's."""
    shown = seen.reading is not None or line.shows_offered or seen.has_evidence
    return _is_misaligned(seen, line) and not shown


_SCENARIOS = (
    _Row(
        Motivo.FALTA_EVIDENCIA,
        _is_unshown,
        lambda seen, line: (
            f"{line.tell_misaligned()} Nada muestra que el cargo ofrecido sea "
            f"{format_money(seen.offered)}, y no hay evidencia."
        ),
    ),
    _Row(
        Escenario.ACTIVACIONES_DESALINEACION,
        _is_misaligned,
        lambda seen, line: line.tell_misaligned(),
    ),
    _Row(
        Motivo.REGULARIZACION_EN_CURSO,
        lambda seen, line: line.is_under_way,
        lambda seen, line: line.tell_under_way(),
    ),
    _Row(
        Escenario.POSTVENTA,
        lambda seen, line: line.lost_benefit is not None,
        lambda seen, line: line.tell_lost_benefit(),
    ),
    _Row(
        Escenario.ACTIVACIONES_CONFIGURACION,
        lambda seen, line: seen.reading is not None,
        lambda seen, line: f"{line.tell_charge()} La SEC registra la oferta y no se aplicó.",
    ),
    _Row(
        Escenario.VENTAS_CON_OFERTA,
        lambda seen, line: seen.has_evidence and seen.has_backing,
        lambda seen, line: (
            f"{line.tell_charge()} La SEC no registra la oferta; hay evidencia de ella y estaba "
            "vigente a la fecha de la SEC o fue aprobada."
        ),
    ),
    _Row(
        Escenario.VENTAS_SIN_OFERTA,
        lambda seen, line: seen.has_evidence,
        lambda seen, line: (
            f"{line.tell_charge()} La SEC no registra la oferta; hay evidencia de ella, pero ni "
            "vigencia a la fecha de la SEC ni aprobación (mala práctica)."
        ),
    ),
    _Row(
        Motivo.FALTA_EVIDENCIA,
        lambda seen, line: True,
        lambda seen, line: (
            f"{line.tell_charge()} La SEC no registra la oferta y no hay evidencia de ella."
        ),
    ),
)


# --- The decision. --------------------------------------------------------------------------------


def decide_on_sec(case: Case, sec: SecRecord | None) -> Decision | None:
    """Checks 1 to 3, which need SISACT alone: the ended case, or None where SIAC Único is next."""
    return _first_failure(_SEC_CHECKS, Seen(case, sec))


def decide(case: Case, sec: SecRecord | None, client: ClientRecord | None) -> Decision:
    """The whole table. ``client`` is None where SIAC Único does not know the RUC."""
    seen = Seen(case, sec, client)
    ended = _first_failure((*_SEC_CHECKS, *_CLIENT_CHECKS), seen)
    return ended or _choose(seen)


def _first_failure(checks: tuple[_Check, ...], seen: Seen) -> Decision | None:
    for check in checks:
        if reason := check.fails(seen):
            return Decision(
                estado=check.estado, motivo=check.motivo, reasons=(reason,), facts=seen.facts()
            )
    return None


def _choose(seen: Seen) -> Decision:
    rows = [next(row for row in _SCENARIOS if row.holds(seen, line)) for line in seen.pending]
    told = tuple(row.tell(seen, line) for row, line in zip(rows, seen.pending, strict=True))
    reasons = (seen.reading.explanation, *told) if seen.reading else told
    decision = Decision(reasons=reasons, facts=seen.facts())

    results = {row.result for row in rows}
    if len(results) > 1:
        return _needs_advisor(
            decision,
            Motivo.LINEAS_EN_DISTINTOS_ESCENARIOS,
            "Las líneas de la solicitud caen en filas distintas: "
            + ", ".join(
                f"línea {line.numero} en {row.result}"
                for row, line in zip(rows, seen.pending, strict=True)
            )
            + ".",
        )
    request = {
        "lineas": tuple(line.numero for line in seen.pending),
        "cargo": seen.offered,
        "importe_mensual": sum((line.excess for line in seen.pending), Decimal(0)),
    }
    result = rows[0].result
    if isinstance(result, Motivo):
        waiting = {"estado": Estado.PENDIENTE_DE_EVIDENCIA, "motivo": result}
        return decision.model_copy(update=request | waiting)
    opinion = seen.case.escenario
    if opinion is not None and opinion is not result:
        return _needs_advisor(
            decision,
            Motivo.ESCENARIO_NO_COINCIDE,
            f"La lista dice el escenario {opinion} y las reglas dan {result}.",
        )
    scenario = {"escenario": result, "mala_practica": result.mala_practica}
    return decision.model_copy(update=request | scenario)


def _needs_advisor(decision: Decision, motivo: Motivo, reason: str) -> Decision:
    return decision.model_copy(
        update={
            "estado": Estado.REQUIERE_ASESOR,
            "motivo": motivo,
            "reasons": (*decision.reasons, reason),
        }
    )


def _named(numbers: list[str]) -> str:
    return ", ".join(f"línea {numero}" for numero in numbers)


def _told(reason: str, compared: Compared, *shown: str) -> str:
    """The reason, and what is to be done first where a word is only another one for what applies:
    whoever tells the client reads both."""
    advice = dict.fromkeys(filter(None, map(compared.if_reworded, shown)))
    return " ".join((reason, *(f"Antes de informarlo: {one} y use --again." for one in advice)))
