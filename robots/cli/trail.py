"""The audit trail of what people do by an order: the console shows it beside what they do there."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flows.store.approvals import Approval
    from flows.store.ledger import Ledger
    from robots.console.audit import Audit


def note(ledger: Ledger, what: str, subject: str, before: Any = "", after: Any = "") -> None:
    """Note what whoever is logged in at this machine has done."""
    _audit(ledger).note(_by_order(getpass.getuser()), what, subject, before, after)


def note_answer(ledger: Ledger, given: Approval) -> None:
    """Note a supervisor's answer as the console does, and who was logged in: nobody has asked the
    one who is named for a password."""
    who = _by_order(given.answered_by or "")
    _audit(ledger).note_answer(who, given, {"usuario del equipo": getpass.getuser()})


def _by_order(who: str) -> str:
    return f"{who} (orden)"


def _audit(ledger: Ledger) -> Audit:
    from robots.console import console_tables
    from robots.console.audit import Audit

    console_tables.prepare(ledger.engine)
    return Audit(ledger.engine)
