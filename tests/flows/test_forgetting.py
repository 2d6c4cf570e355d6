"""What an ended flow leaves in the engine's own tables: nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any, cast

from flows.case import Estado, Outcome
from flows.database import connect
from flows.engine import Engine
from flows.ledger import Ledger
from flows.office import Office, Policy, open_office
from tests.robots.report_samples import sample_case


class Bell:
    """Rings when a case has ended."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        pass

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        self.rung.set()


class NoDesk:
    """No portal is visited."""

    async def case_ended(self) -> None:
        pass


async def work_one(ledger: Ledger, folder: Path) -> None:
    """A case that ends before it visits any portal: the limit of submits is reached already."""
    bell = Bell()
    office = Office(
        cast(Any, NoDesk()), ledger, cast(Any, None), folder, Policy(max_writes=0), watcher=bell
    )
    open_office(office)
    case = sample_case()
    ledger.begin_attempts([(case.reference, 1, case)], requested_by="ana", dry_run=False)
    engine = Engine(ledger.engine, worker="local", seats=1)
    await engine.start()
    try:
        await engine.enqueue([(case.reference, 1)])
        await asyncio.wait_for(bell.rung.wait(), 60)
        for _ in range(2000):  # until the engine has noted it too
            if not await engine.unfinished([(case.reference, 1)]):
                break
            await asyncio.sleep(0.05)
    finally:
        await engine.stop()


def flows_in(path: Path) -> int:
    with sqlite3.connect(path) as db:
        tables = ("workflow_status", "operation_outputs", "workflow_input", "workflow_output")
        return sum(
            int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in tables
        )


def test_a_flow_that_has_ended_leaves_no_checkpoints(tmp_path: Path) -> None:
    path = tmp_path / "robot.sqlite"
    ledger = Ledger(connect(f"sqlite:///{path}"))
    ledger.prepare()
    asyncio.run(work_one(ledger, tmp_path))
    outcome = ledger.attempt(sample_case().reference, 1).outcome
    assert outcome is not None and outcome.estado is Estado.NO_INICIADO
    assert flows_in(path) == 0
