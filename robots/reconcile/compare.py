"""Comparison of one case with what portals and mailbox hold, point by point. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from flows.rules.peru import format_money
from robots.reconcile.difference import RECORD, SIAC, Actual, Difference, Expected, Mismatch
from robots.reconcile.mail_checks import MailChecks
from robots.reconcile.request_checks import RequestChecks
from robots.reconcile.siac_case_checks import SiacCaseChecks


def compare(expected: Expected, actual: Actual) -> tuple[Difference, ...]:
    """Compare point by point; gives every difference."""
    found = [
        Difference(
            Mismatch.SIN_LEER,
            where,
            "Leerlo para comparar",
            reason,
            "Vuelva a conciliar cuando se pueda leer.",
        )
        for where, reason in actual.unread.items()
    ]
    found += _list_against_record(expected)
    if expected.outcome is None:
        return tuple(found)
    own = None
    if SIAC not in actual.unread:
        cases = SiacCaseChecks(expected, expected.outcome, actual)
        found += cases.differences()
        own = cases.own
    requests = RequestChecks(expected, expected.outcome, actual)
    found += requests.differences()
    found += MailChecks(expected, expected.outcome, actual, own).differences()
    return tuple(found)


def _list_against_record(expected: Expected) -> Iterable[Difference]:
    """A case is known by SEC, date and lines: a row that says something else now changes nothing
    of a case that is over."""
    done, row = expected.worked_on, expected.case
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
                Mismatch.DISTINTO,
                RECORD,
                f"{name}: {listed} (la lista)",
                f"{name}: {worked_on} (con lo que trabajó el robot)",
                "Si vale la lista, decida el caso de nuevo con --again y su ID.",
            )
