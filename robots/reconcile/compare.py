"""What one case asks for against what is there, point by point. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from flows.rules.peru import format_money
from robots.reconcile.filed import Requests
from robots.reconcile.mails import Mails
from robots.reconcile.points import RECORD, SIAC, Difference, Held, Known, What
from robots.reconcile.siac_cases import SiacCases


def compare(known: Known, held: Held) -> tuple[Difference, ...]:
    """Every point in which they do not agree."""
    found = [
        Difference(
            What.SIN_LEER,
            where,
            "Leerlo para comparar",
            reason,
            "Vuelva a conciliar cuando se pueda leer.",
        )
        for where, reason in held.unread.items()
    ]
    found += _list_against_record(known)
    if known.outcome is None:
        return tuple(found)
    own = None
    if SIAC not in held.unread:
        cases = SiacCases(known, known.outcome, held)
        found += cases.differences()
        own = cases.own
    requests = Requests(known, known.outcome, held)
    found += requests.differences()
    found += Mails(known, known.outcome, held, own).differences()
    return tuple(found)


def _list_against_record(known: Known) -> Iterable[Difference]:
    """A case is known by SEC, date and lines: a row that says something else now changes nothing
    of a case that is over."""
    done, row = known.worked_on, known.case
    if done is None:
        return
    pairs = {
        "cargo fijo ofrecido": (
            format_money(row.cargo_fijo_ofrecido),
            format_money(done.cargo_fijo_ofrecido),
        ),
        "DNI del contacto": (row.contacto_dni, done.contacto_dni),
        "canal": (row.canal.value, done.canal.value),
    }
    for name, (listed, worked_on) in pairs.items():
        if listed != worked_on:
            yield Difference(
                What.DISTINTO,
                RECORD,
                f"{name}: {listed} (la lista)",
                f"{name}: {worked_on} (con lo que trabajó el robot)",
                "Si vale la lista, decida el caso de nuevo con --again y su ID.",
            )
