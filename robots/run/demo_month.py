"""The demo's second month: what comes of the requests, told to the mock portals."""

from __future__ import annotations

import json
import urllib.request
from datetime import date
from decimal import Decimal
from itertools import cycle
from typing import Any

from flows.procedure.next_bill import attended_cases
from flows.rules.follow_up import first_of_next
from flows.store.ledger import Ledger

#: what becomes of one request after the other: soles over the offer on the next bill, "" where no
#: bill has come yet, None where the request is not attended to
_STORIES = ("0", "0", "", "20.00", "0", None)


def let_bills_come(control: str, ledger: Ledger, today: date) -> date:
    """Regularise what was requested today and bill it in the next month, at the mock portals'
    control address; gives a day of that month."""
    next_month = first_of_next(today)
    with urllib.request.urlopen(f"{control}/state", timeout=60) as answer:
        held = {line["number"]: line for line in json.load(answer)["lines"]}
    lines = []
    for one, story in zip(attended_cases(ledger), cycle(_STORIES), strict=False):
        charge, lineas = one.decision.cargo, one.decision.lineas if story is not None else ()
        assert charge is not None, "an attended case has a request"
        billed = f"{charge + Decimal(story)}" if story else ""
        lines += [_billed(held[linea], today, next_month, billed) for linea in lineas]
    body = {"today": next_month.isoformat(), "lines": lines}
    request = urllib.request.Request(f"{control}/world", json.dumps(body).encode(), method="PATCH")
    urllib.request.urlopen(request, timeout=60).close()
    return next_month.replace(day=20)


def _billed(line: dict[str, Any], today: date, month: date, charge: str) -> dict[str, Any]:
    """The line, regularised; billed too where there is a ``charge``."""
    kind = "Regularización de cargo fijo"
    entry = {"date": today.isoformat(), "kind": kind, "detail": "A pedido de la solicitud"}
    after = {"number": line["number"], "history": [*line["history"], entry]}
    if not charge:
        return after
    bill = {"period": f"{month:%Y-%m}", "charge": charge}
    return {**after, "charge": charge, "invoices": [*line["invoices"], bill]}
