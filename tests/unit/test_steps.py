"""A step's time limit, and who it does not hurry. Time is the event loop's own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from flows.rules.case import Motivo
from flows.rules.endings import CaseEnds
from flows.rules.policy import Policy
from flows.runtime.checkpoints import Unrecorded
from flows.runtime.services import Services
from flows.runtime.steps import StepRunner
from flows.store.ledger import Ledger
from pages.contract.errors import (
    AccessDenied,
    FormAltered,
    FormRefused,
    PageChanged,
    PortalDown,
    PortalError,
    PortalSlow,
    SessionLost,
    WriteUncertain,
)

LIMIT = 0.2


@pytest.fixture
def runner(tmp_path: Path, database: sa.Engine) -> StepRunner:
    nobody: Any = None
    policy = Policy(step_limit=LIMIT, portal_patience=0)
    services = Services(nobody, Ledger(database), nobody, tmp_path, policy)
    attempt: Any = SimpleNamespace(case=None, reference="CF-1-20261118-abcdef", attempt=1)
    return StepRunner(services, attempt, Unrecorded())


async def after(seconds: float) -> None:
    """Until the loop's clock has gone on by so much."""
    loop = asyncio.get_running_loop()
    there = asyncio.Event()
    loop.call_later(seconds, there.set)
    await there.wait()


def test_a_person_who_thinks_is_not_hurried(runner: StepRunner, run: Any) -> None:
    async def work() -> str:
        async with runner.at_leisure():
            await after(3 * LIMIT)
        return "answered"

    assert run(runner._tried("step", work)) == "answered"


def test_before_and_after_the_question_the_limit_counts(runner: StepRunner, run: Any) -> None:
    async def work() -> None:
        async with runner.at_leisure():
            await after(3 * LIMIT)
        await asyncio.Event().wait()

    with pytest.raises(CaseEnds) as end:
        run(runner._tried("step", work))
    assert end.value.ending.motivo is Motivo.TIEMPO_AGOTADO


def failing(*errors: PortalError) -> tuple[list[PortalError], Any]:
    """Work that fails with these, one after the other, and then gives an answer."""
    left = list(errors)

    async def work() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return left, work


def test_all_tries_of_a_step_share_its_limit(runner: StepRunner, run: Any) -> None:
    set_policy(runner, max_attempts=1000, retry_pauses=(LIMIT / 4,))
    _, work = failing(*[PortalDown("SISACT", "Consulta", "no responde")] * 1000)
    with pytest.raises(CaseEnds) as end:
        run(runner._tried("consult_sec", work))
    assert end.value.ending.motivo is Motivo.TIEMPO_AGOTADO
    assert "«Consulta de SEC en SISACT»" in end.value.ending.detail


@pytest.mark.parametrize(
    ("kind", "tries"),
    [
        (PortalDown, 3),
        (PortalSlow, 3),
        (PageChanged, 3),
        (SessionLost, 3),
        (FormAltered, 2),
        (FormRefused, 2),
        (AccessDenied, 1),
        (WriteUncertain, 1),
    ],
)
def test_what_may_help_is_tried_again_and_nothing_else(
    runner: StepRunner, run: Any, kind: type[PortalError], tries: int
) -> None:
    set_policy(runner, retry_pauses=(0.0,), step_limit=60.0)
    left, work = failing(*[kind("SISACT", "Consulta", "falla")] * 9)
    with pytest.raises(CaseEnds) as end:
        run(runner._tried("consult_sec", work))
    assert 9 - len(left) == tries
    assert end.value.ending.detail.startswith("SISACT, Consulta: falla. ")
    _, work = failing(*[kind("SISACT", "Consulta", "falla")] * (tries - 1))
    assert run(runner._tried("consult_sec", work)) == "done"


def set_policy(runner: StepRunner, **changes: Any) -> None:
    runner.services = replace(
        runner.services,
        policy=Policy(**{"step_limit": LIMIT, "portal_patience": 0, **changes}),
    )
