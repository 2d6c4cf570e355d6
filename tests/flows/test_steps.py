"""A step's time limit, and who it does not hurry. Time is the event loop's own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flows.case import Motivo
from flows.errors import CaseEnds
from flows.office import Office, Policy, open_office
from flows.steps import StepRunner

LIMIT = 0.2


@pytest.fixture
def runner(tmp_path: Path) -> StepRunner:
    nobody: Any = None
    open_office(Office(nobody, nobody, nobody, tmp_path, Policy(step_limit=LIMIT)))
    attempt: Any = SimpleNamespace(case=None, reference="CF-1-20261118-abcdef")
    return StepRunner(attempt)


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
