"""Differences of a reconciliation, and the expected and actual sides that are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flows.rules.case import Case, Estado, Model, Outcome
from flows.rules.scenarios import Sistema
from pages.contract.request_records import RequestRecord
from pages.contract.siac import SiacCase
from robots.reconcile.sent_mail import SentMail

SIAC, MAIL, RECORD = "SIAC Único", "Correo", "Registro del robot"

UNSETTLED = (Estado.FALLA_TECNICA, Estado.NO_INICIADO, Estado.SIMULADO)


class Mismatch(StrEnum):
    """Kind of a difference."""

    FALTA = "Falta"
    SOBRA = "Sobra"
    DUPLICADO = "Duplicado"
    DISTINTO = "Distinto"
    REABIERTO = "Reabierto"
    SIN_LEER = "Sin leer"


@dataclass(frozen=True)
class Difference:
    """Difference in one point, in words for a supervisor."""

    what: Mismatch
    where: str
    expected: str
    found: str
    advice: str


class Actual(Model):
    """Actual side: what portals and mailbox hold about one case.

    ``cases`` and ``requests`` are all under its SEC or reference, the SIAC cases read whole where
    they may be this one's. What could not be read is in ``unread``, by its name, with the reason;
    ``mails`` is None where no mailbox is set.
    """

    cases: tuple[SiacCase, ...] = ()
    requests: Mapping[Sistema, tuple[RequestRecord, ...]] = {}
    mails: tuple[SentMail, ...] | None = None
    unread: Mapping[str, str] = {}


class Expected(Model):
    """Expected side: what the list and the robot say of a case: the row of this run, what the
    newest attempt worked on and came to, and what the ones before it came to. ``user`` is the
    robot's in SIAC Único: a case that it registered itself has the classification that it chose."""

    case: Case
    user: str
    worked_on: Case | None = None
    outcome: Outcome | None = None
    earlier: tuple[Outcome, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether the robot will do no more by itself, so that nothing may be there that it does
        not know."""
        return self.outcome is not None and self.outcome.estado not in UNSETTLED


def field_diffs(
    where: str, record: str, pairs: Mapping[str, tuple[str, str]]
) -> Iterable[Difference]:
    for name, (expected, found) in pairs.items():
        if expected != found:
            yield Difference(
                Mismatch.DISTINTO,
                where,
                f"{record}, {name}: {expected or 'ninguno'}",
                f"{name[0].upper()}{name[1:]}: {found or 'ninguno'}",
                "Vea quién lo cambió y corríjalo en el portal.",
            )


def listed(values: Iterable[str]) -> str:
    return ", ".join(sorted(values))
