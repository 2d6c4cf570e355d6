"""A worker of the fleet with a flow of a few seconds in the place of a case: no browser, no portal.

``python -m tests.robot.toy_worker``; what it works with comes in variables. Each step tells the
table ``told`` when it began and ended, and hands something over in between, as a submit does.
"""

from __future__ import annotations

import asyncio
import os
import sys

import sqlalchemy as sa
from dbos import DBOS

import flows.runtime.heartbeat
import flows.runtime.workflows
from flows.runtime.engine import DurableEngine
from flows.runtime.heartbeat import Heartbeat
from flows.runtime.submit_journal import SubmitJournal
from flows.store.database import connect, lasting
from flows.store.ledger import Ledger

STEPS = 3
metadata = sa.MetaData()
told = sa.Table(
    "told",
    metadata,
    sa.Column("reference", sa.String),
    sa.Column("step", sa.Integer),
    sa.Column("worker", sa.Integer),
    sa.Column("began", sa.Float),
    sa.Column("ended", sa.Float),
)
_handovers: SubmitJournal
_database: sa.Engine


@DBOS.workflow(name="toy")
async def toy(reference: str, attempt: int) -> None:
    for step in range(STEPS):
        await DBOS.run_step_async({"name": f"step {step}"}, _work, reference, step)


async def _work(reference: str, step: int) -> None:
    began = await asyncio.to_thread(_now)
    await asyncio.sleep(float(os.environ["TOY_SECONDS"]))
    await asyncio.to_thread(_handovers.begin, reference, f"{step}")
    await asyncio.to_thread(_tell, reference, step, began)


@lasting
def _now() -> float:
    with _database.connect() as db:
        return float(db.scalar(sa.text("SELECT extract(epoch FROM clock_timestamp())")) or 0)


@lasting
def _tell(reference: str, step: int, began: float) -> None:
    with _database.begin() as db:
        db.execute(
            told.insert().values(
                reference=reference, step=step, worker=os.getpid(), began=began, ended=_now()
            )
        )


async def main() -> None:
    global _handovers, _database
    flows.runtime.workflows.FLOW_VERSION = os.environ.get("TOY_VERSION", "1")
    flows.runtime.heartbeat.BEAT, flows.runtime.heartbeat.SILENCE = 0.2, 3.0
    _database = connect(os.environ["TOY_URL"])
    Ledger(_database).prepare()
    heartbeat = Heartbeat(_database, "", lost=lambda: os._exit(1))
    _handovers = SubmitJournal(_database, heartbeat)
    engine = DurableEngine(
        _database,
        toy,
        cases=int(os.environ["TOY_SEATS"]),
        fleet_seats=int(os.environ["TOY_FLEET_SEATS"]) or None,
        heartbeat=heartbeat,
    )
    await engine.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    end = asyncio.create_task(asyncio.to_thread(sys.stdin.readline))
    while not end.done():
        await engine.take_over_versions()
        await asyncio.wait([end], timeout=1)
    await engine.stop(60)


if __name__ == "__main__":
    asyncio.run(main())
