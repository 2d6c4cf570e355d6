"""Checks of a case in SIAC Único against what the robot knows of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from flows.procedure.siac_case import QUEUE
from flows.rules.case import Estado, Outcome
from flows.rules.portal_words import CERRADO, REGISTRADO
from flows.rules.typed_text import fold
from pages.contract.siac import SiacCase
from robots.reconcile.difference import (
    SIAC,
    Actual,
    Difference,
    Expected,
    Mismatch,
    field_diffs,
    listed,
)

_STATUS = {
    Estado.ATENDIDO: CERRADO,
    Estado.PENDIENTE_DE_EVIDENCIA: REGISTRADO,
    Estado.PENDIENTE_DE_APROBACION: REGISTRADO,
}


class SiacCaseChecks:
    def __init__(self, expected: Expected, outcome: Outcome, actual: Actual) -> None:
        self.expected, self.outcome, self.case = expected, outcome, expected.case
        self.all = actual.cases
        self.carrying = [c for c in actual.cases if c.referencia == self.case.reference]
        self.own = next(
            (c for c in self.carrying if c.numero == outcome.siac_case),
            self.carrying[0] if self.carrying else None,
        )

    def differences(self) -> Iterable[Difference]:
        number, carrying = self.outcome.siac_case, self.carrying
        if len(carrying) > 1:
            numbers = " y ".join(record.numero for record in carrying)
            yield Difference(
                Mismatch.DUPLICADO,
                SIAC,
                f"Un caso con la referencia {self.case.reference}",
                f"Los casos {numbers}",
                "Anule en SIAC Único el que sobra.",
            )
        if not number:
            if carrying and self.expected.is_settled:
                yield Difference(
                    Mismatch.SOBRA,
                    SIAC,
                    f"Ningún caso: el robot terminó en {self.outcome.estado}",
                    f"El caso {carrying[0].numero} lleva la referencia",
                    "Revise quién lo registró y si corresponde.",
                )
            return
        if self.own is None:
            yield self._lost(number)
        elif self.own.numero != number:
            yield Difference(
                Mismatch.DISTINTO,
                SIAC,
                f"El caso {number}",
                f"La referencia está en el caso {self.own.numero}",
                "Revise qué caso vale y corrija la referencia del otro.",
            )
        else:
            yield from self._fields(self.own)

    def _lost(self, number: str) -> Difference:
        there = next((record for record in self.all if record.numero == number), None)
        if there is None:
            return Difference(
                Mismatch.FALTA,
                SIAC,
                f"El caso {number}",
                "No existe",
                "Regístrelo de nuevo, o averigüe quién lo eliminó.",
            )
        return Difference(
            Mismatch.DISTINTO,
            SIAC,
            f"Caso {number}, referencia: {self.case.reference}",
            f"Referencia: {there.referencia or 'ninguna'}",
            "Corrija la referencia externa del caso.",
        )

    def _fields(self, record: SiacCase) -> Iterable[Difference]:
        outcome, case = self.outcome, self.case
        due = _STATUS.get(outcome.estado)
        if due and record.estado != due:
            reopened = due == CERRADO
            yield Difference(
                Mismatch.REABIERTO if reopened else Mismatch.DISTINTO,
                SIAC,
                f"Caso {record.numero}, estado: {due}",
                f"Estado: {record.estado}",
                "Vea por qué se reabrió; si ya está atendido, ciérrelo otra vez."
                if reopened
                else "Vea quién lo movió: el robot espera encontrarlo en la cola.",
            )
        pairs = {
            "SEC": (case.sec, record.sec),
            "RUC": (case.ruc, record.ruc),
            "líneas": (listed(case.lineas), listed(record.lineas)),
        }
        if due == REGISTRADO:
            pairs["cola"] = (QUEUE, record.cola)
        if fold(record.creado_por) == fold(self.expected.user):
            chosen = {o.escenario or "" for o in (*self.expected.earlier, outcome) if o.decision}
            if record.escenario not in chosen:
                pairs["escenario"] = (" o ".join(sorted(chosen)), record.escenario)
        yield from field_diffs(SIAC, f"Caso {record.numero}", pairs)
        number = outcome.request_number
        if due == CERRADO and number and number not in record.resolucion:
            yield Difference(
                Mismatch.DISTINTO,
                SIAC,
                f"Caso {record.numero}, resolución con la solicitud {number}",
                f"Resolución: {record.resolucion or 'ninguna'}",
                "Corrija la resolución del caso.",
            )
