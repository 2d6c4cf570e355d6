"""A request that comes out otherwise than it was shown is not sent."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from flows.procedure.filing import draft_of
from flows.procedure.preview import TO_COME, Preview
from flows.rules.decision import decide
from flows.rules.requests import draft_request
from pages.contract.ports import Sending
from pages.contract.siac import ClientRecord, Invoice
from pages.contract.sisact import SecRecord
from pages.drafts import described
from robots.console.confirmed_draft import ConfirmedDrafts
from tests.support.records import CASE, CLIENT, SEC


@pytest.fixture
def promises() -> ConfirmedDrafts:
    made = ConfirmedDrafts()
    decision = decide(CASE, SEC, CLIENT)
    shown = Preview(CASE, SEC, Path("descripcion.png"), CLIENT, decision)
    shown.request = draft_request(CASE, decision, SEC, CLIENT, TO_COME)
    made.add(shown)
    return made


def sending(client: ClientRecord = CLIENT, sec: SecRecord = SEC, **other: object) -> Sending:
    """What the flow sends once it has a SIAC case, as the portals say it is by then."""
    request = draft_request(CASE, decide(CASE, sec, client), sec, client, "70000001")
    draft = draft_of(request, (Path("/otra/carpeta/descripcion.png"),))
    return Sending("NINTEX", "solicitud", described(draft), draft.model_copy(update=other))


def answer(promises: ConfirmedDrafts, what: Sending) -> bool:
    return asyncio.run(promises(what))


def test_what_was_shown_is_sent(promises: ConfirmedDrafts) -> None:
    assert answer(promises, sending())


def test_what_came_out_otherwise_is_not(promises: ConfirmedDrafts) -> None:
    line = CLIENT.lineas[0].model_copy(
        update={"facturas": (Invoice(periodo="2026-10", cargo=Decimal("49.90")),)}
    )
    changed = CLIENT.model_copy(update={"lineas": (line,)})
    assert not answer(promises, sending(changed))
    assert not answer(promises, sending(sec=SEC.model_copy(update={"campana": "Otra"})))
    assert not answer(promises, sending(cargo=Decimal("39.91")))


def test_of_other_cases_and_other_submits_it_says_nothing(promises: ConfirmedDrafts) -> None:
    assert answer(promises, sending(referencia="CF-1-20261118-000000", cargo=Decimal(1)))
    assert answer(promises, Sending("Correo", "mensaje", {"Para": "rosa@textiles.example"}))
    assert answer(promises, Sending("SIAC Único", "toma", {"Referencia": CASE.reference}))
