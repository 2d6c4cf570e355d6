"""Who may answer what a supervisor is asked, by the name as people read it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from flows.store.approvals import Approval, ApprovalRefused, Approvals

REFERENCE = "CF-46000001-20261118-ed6260"


@pytest.fixture
def approvals(database: sa.Engine) -> Approvals:
    kept = Approvals(database)
    kept.ask(
        Approval(
            reference=REFERENCE,
            digest="0",
            request={"escenario": "VENTAS_SIN_OFERTA"},
            requested_by="Óscar Díaz",
            requested=datetime.now(UTC),
        )
    )
    return kept


@pytest.mark.parametrize(
    "user",
    [
        *(
            "Óscar Díaz",
            "oscar diaz",
            " ÓSCAR  DÍAZ\t",
            "Óscar\u00a0Díaz",
            "O\u0301scar Di\u0301az",
        ),
        *("Ós\u200bcar Díaz", "Óscar Díaz\ufe0f", "\uff2f\u0301scar Díaz"),
    ],
)
def test_the_one_who_asked_is_known_however_the_name_is_written(
    approvals: Approvals, user: str
) -> None:
    with pytest.raises(ApprovalRefused, match="debe responder otra persona"):
        approvals.answer(REFERENCE, "approved", user, "")
    assert approvals.waiting()


@pytest.mark.parametrize("user", ["", "   ", "\u200b", "\u00a0\t", "\u0301", "—", "ana\x07"])
def test_nobody_answers_nothing(approvals: Approvals, user: str) -> None:
    with pytest.raises(ApprovalRefused, match="Falta quién responde"):
        approvals.answer(REFERENCE, "approved", user, "")
    assert approvals.waiting()


def test_an_answer_is_kept_as_people_read_it(approvals: Approvals) -> None:
    given = approvals.answer(REFERENCE, "rejected", " Sonia  Paz ", " No hubo\noferta ")
    assert (given.answered_by, given.reason) == ("Sonia Paz", "No hubo oferta")
    assert approvals.about(REFERENCE) == [given]
