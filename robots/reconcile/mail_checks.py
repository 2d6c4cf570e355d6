"""Checks of a case's e-mails: their notes in SIAC Único, and the sent messages themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from flows.mail.compose import Kind
from flows.procedure.correspondence import NOTES, UNKNOWN, mark
from flows.rules.case import Estado, Outcome
from flows.rules.typed_text import fold
from pages.contract.siac import SiacCase
from robots.reconcile.difference import (
    MAIL,
    SIAC,
    Actual,
    Difference,
    Expected,
    Mismatch,
    listed,
)
from robots.reconcile.sent_mail import SentMail


class MailChecks:
    def __init__(
        self, expected: Expected, outcome: Outcome, actual: Actual, siac_case: SiacCase | None
    ) -> None:
        self.expected, self.outcome, self.actual = expected, outcome, actual
        self.notes = siac_case.notas if siac_case else None

    def differences(self) -> Iterable[Difference]:
        due: dict[Kind, str] = {}
        for outcome in (*self.expected.earlier, self.outcome):
            due |= self._due(outcome)
        for kind, address in due.items():
            yield from self._one(kind, address)
        if self.actual.mails is None or not self.expected.is_settled:
            return
        for sent in sorted({mail.kind for mail in self.actual.mails} - set(due)):
            if not (sent in NOTES and self._noted(sent)):
                yield Difference(
                    Mismatch.SOBRA,
                    MAIL,
                    f"Ningún correo de {_named(sent)}",
                    "En el buzón hay uno enviado",
                    "Avise al destinatario si no correspondía.",
                )

    def _due(self, outcome: Outcome) -> dict[Kind, str]:
        """By kind, to whom it was sent. An address alone is the client's, unless only the other
        e-mail is noted: the one to the executive may be the one that left."""
        to = outcome.mail_sent_to
        if outcome.estado is Estado.ATENDIDO:
            return {"respuesta": to[0]} if to else {}
        if outcome.estado is not Estado.PENDIENTE_DE_EVIDENCIA or not to:
            return {}
        if len(to) > 1:
            return {"evidencia-ejecutivo": to[0], "evidencia-cliente": to[1]}
        only_executive = self._noted("evidencia-ejecutivo") and not self._noted("evidencia-cliente")
        return {"evidencia-ejecutivo" if only_executive else "evidencia-cliente": to[0]}

    def _noted(self, kind: str) -> bool:
        return any(mark(self.expected.case.reference, kind) in note for note in self.notes or ())

    def _one(self, kind: Kind, address: str) -> Iterable[Difference]:
        if self.notes is not None and not self._noted(kind):
            yield Difference(
                Mismatch.FALTA,
                SIAC,
                f"La nota del correo de {_named(kind)} en el caso",
                "El caso no tiene la nota",
                "Anote en el caso que el correo se envió, para que no se envíe otra vez.",
            )
        if self.actual.mails is None:
            return
        sent = [mail for mail in self.actual.mails if mail.kind == kind]
        unknown = any(
            UNKNOWN in note and mark(self.expected.case.reference, kind) in note
            for note in self.notes or ()
        )
        if not sent and not unknown:
            yield Difference(
                Mismatch.FALTA,
                MAIL,
                f"El correo de {_named(kind)} a {address}",
                "No está entre los enviados",
                "Confirme con el destinatario y envíelo si no le llegó.",
            )
        if len(sent) > 1:
            yield Difference(
                Mismatch.DUPLICADO,
                MAIL,
                f"Un correo de {_named(kind)}",
                f"{len(sent)} enviados",
                "Avise al destinatario de que es el mismo.",
            )
        for mail in sent[:1]:
            yield from self._content(kind, address, mail)

    def _content(self, kind: Kind, address: str, mail: SentMail) -> Iterable[Difference]:
        if [fold(to) for to in mail.to] != [fold(to) for to in address.split(", ")]:
            yield Difference(
                Mismatch.DISTINTO,
                MAIL,
                f"El correo de {_named(kind)} a {address}",
                f"Enviado a {listed(mail.to) or 'nadie'}",
                "Envíe la información a quien corresponde.",
            )
        told = {"caso SIAC": self.outcome.siac_case}
        if kind == "respuesta":
            told["solicitud"] = self.outcome.request_number
        for name, number in told.items():
            if number not in mail.text:
                yield Difference(
                    Mismatch.DISTINTO,
                    MAIL,
                    f"El correo de {_named(kind)} con su número de {name} ({number})",
                    "El correo no lo dice",
                    "Comunique el número correcto al destinatario.",
                )


def _named(kind: str) -> str:
    return {
        "respuesta": "respuesta al cliente",
        "evidencia-ejecutivo": "pedido de evidencia al ejecutivo",
        "evidencia-cliente": "pedido de evidencia al cliente",
    }.get(kind, kind)
