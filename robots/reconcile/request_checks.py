"""Checks of a case's requests, in every system, against what the robot filed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from flows.procedure.validations import PICTURE
from flows.rules.case import Decision, Outcome
from flows.rules.peru import format_money
from flows.rules.scenarios import Sistema
from flows.rules.seen import DESCRIPCION
from pages.contract.request_records import RequestRecord
from robots.reconcile.difference import Actual, Difference, Expected, Mismatch, field_diffs, listed


class RequestChecks:
    def __init__(self, expected: Expected, outcome: Outcome, actual: Actual) -> None:
        self.expected, self.outcome, self.case = expected, outcome, expected.case
        self.actual = actual
        self.carrying = [
            (system, request)
            for system, found in actual.requests.items()
            for request in found
            if request.referencia == self.case.reference
        ]

    def differences(self) -> Iterable[Difference]:
        outcome, carrying = self.outcome, self.carrying
        number, system = outcome.request_number, outcome.sistema
        if len(carrying) > 1:
            named = " y ".join(f"{request.numero} ({where})" for where, request in carrying)
            yield Difference(
                Mismatch.DUPLICADO,
                carrying[0][0],
                f"Una solicitud con la referencia {self.case.reference}",
                f"Las solicitudes {named}",
                "Anule la que sobra antes de que se atienda dos veces.",
            )
        if not number or system is None:
            if carrying and self.expected.is_settled:
                where, request = carrying[0]
                yield Difference(
                    Mismatch.SOBRA,
                    where,
                    f"Ninguna solicitud que el robot conozca: terminó en {outcome.estado}",
                    f"La solicitud {request.numero} lleva la referencia",
                    "Verifique si corresponde y anúlela si no.",
                )
            return
        own = next((r for where, r in carrying if (where, r.numero) == (system, number)), None)
        if own is not None:
            yield from field_diffs(system, f"Solicitud {number}", self._fields(own, system))
            yield from self._by_hand(own)
        elif carrying:
            where, request = carrying[0]
            yield Difference(
                Mismatch.DISTINTO,
                where,
                f"La solicitud {number} en {system}",
                f"La referencia está en la solicitud {request.numero} de {where}",
                "Revise cuál vale y corrija o anule la otra.",
            )
        elif system not in self.actual.unread:
            yield self._lost(system, number)

    def _lost(self, system: Sistema, number: str) -> Difference:
        there = next((r for r in self.actual.requests.get(system, ()) if r.numero == number), None)
        if there is None:
            return Difference(
                Mismatch.FALTA,
                system,
                f"La solicitud {number}",
                "No existe, o ya no lleva ni la SEC ni la referencia",
                "Regístrela de nuevo a mano, o averigüe quién la eliminó.",
            )
        return Difference(
            Mismatch.DISTINTO,
            system,
            f"Solicitud {number}, referencia: {self.case.reference}",
            f"Referencia: {there.referencia or 'ninguna'}",
            "Corrija la referencia de la solicitud.",
        )

    def _fields(self, own: RequestRecord, system: Sistema) -> dict[str, tuple[str, str]]:
        decision, case = self.outcome.decision, self.case
        assert decision is not None and decision.escenario is not None
        pairs = {
            "caso SIAC": (self.outcome.siac_case, own.caso_siac),
            "escenario": (decision.escenario.value, own.escenario),
            "SEC": (case.sec, own.sec),
            "RUC": (case.ruc, own.ruc),
            "líneas": (listed(decision.lineas), listed(own.lineas)),
            "adjuntos": (listed(self._files(decision)), listed(own.adjuntos)),
        }
        if decision.cargo is not None:
            pairs["cargo fijo"] = (format_money(decision.cargo), format_money(own.cargo))
        if system is not Sistema.REMEDY:
            pairs["tipo de solicitud"] = (decision.escenario.tipo_solicitud, own.tipo_solicitud)
        return pairs

    def _files(self, decision: Decision) -> Sequence[str]:
        """As they were attached; of a request before that was noted, as they were then."""
        if self.outcome.adjuntos is not None:
            return self.outcome.adjuntos
        case = self.expected.worked_on or self.case
        offer = any(fact.source == DESCRIPCION and fact.value for fact in decision.facts)
        return [PICTURE] * offer + [Path(file.path).name for file in case.evidencia]

    def _by_hand(self, own: RequestRecord) -> Iterable[Difference]:
        """An equal request that somebody else has filed since; what was attended to before ours
        is the line's past."""
        for system, found in self.actual.requests.items():
            for other in found:
                equal = other.sec == own.sec and set(other.lineas) & set(own.lineas)
                is_later = other.is_open or other.creado >= own.creado
                if equal and is_later and other.referencia != own.referencia:
                    yield Difference(
                        Mismatch.DUPLICADO,
                        system,
                        f"Solo la solicitud {own.numero}",
                        f"También la solicitud {other.numero}, de la misma línea",
                        "Anule una de las dos antes de que se atiendan ambas.",
                    )
