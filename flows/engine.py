"""The durable engine: its set-up, its queue, and how cases are put into it.

`dbos` keeps each case as a workflow, named by its reference and attempt, with a checkpoint for each
step; what a dead process left is taken up again at launch. See `docs/decisions.md` for the traps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, SetWorkflowID

from flows.regularize import regularize

#: Dry runs have a queue of their own, so that one never takes up what a real run left.
QUEUE, DRY_QUEUE = "cases", "cases-dry"
#: Pinned: by default it is a hash of the source, and after any edit pending cases are stranded.
#: It changes with the order of a flow's steps, and only then (`docs/decisions.md`).
FLOW_VERSION = "1"


class Engine:
    """Start it inside the running loop: queued flows then run where Playwright's objects live."""

    def __init__(
        self, database: sa.Engine, *, worker: str, seats: int, dry_run: bool = False
    ) -> None:
        self.database = database
        self.worker = f"{worker}-dry" if dry_run else worker
        self.queue = DRY_QUEUE if dry_run else QUEUE
        self.seats = seats

    async def start(self) -> None:
        """Launch, take up what a process of this name left, and begin to work on the queue."""
        config: DBOSConfig = {
            "name": "cargofijo",
            "system_database_url": self.database.url.render_as_string(hide_password=False),
            "system_database_engine": self.database,
            "executor_id": self.worker,
            "application_version": FLOW_VERSION,
            "log_level": "ERROR",  # its warnings carry whole tracebacks
            "enable_otlp": False,
        }
        DBOS(config=config)
        DBOS.listen_queues([self.queue])
        DBOS.launch()
        await DBOS.register_queue_async(
            self.queue,
            worker_concurrency=self.seats,
            polling_interval_sec=0.25,
            on_conflict="always_update",
        )

    async def stop(self, grace_seconds: int = 0) -> None:
        """End after the flows at work, at most so many seconds; never on the loop itself."""
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=grace_seconds)

    async def enqueue(self, attempts: Iterable[tuple[str, int]]) -> None:
        """Put attempts into the queue; one that is there already stays as it is."""
        for reference, attempt in attempts:
            with SetWorkflowID(workflow_id(reference, attempt)):
                await DBOS.enqueue_workflow_async(self.queue, regularize, reference, attempt)

    async def withdraw(self, attempts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        """Take those out of the queue that have not begun; gives them."""
        wanted = {workflow_id(*attempt): attempt for attempt in attempts}
        queued = await DBOS.list_workflows_async(
            queue_name=self.queue, status="ENQUEUED", load_input=False, load_output=False
        )
        ids = [found.workflow_id for found in queued if found.workflow_id in wanted]
        if ids:
            await DBOS.cancel_workflows_async(ids)
        return [wanted[name] for name in ids]

    async def unfinished(self, attempts: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
        """Those that the engine will finish, or has never been given."""
        by_id = {workflow_id(*attempt): attempt for attempt in attempts}
        known = await DBOS.list_workflows_async(
            workflow_ids=list(by_id), load_input=False, load_output=False
        )
        over = {f.workflow_id for f in known if f.status not in ("PENDING", "ENQUEUED")}
        return {attempt for name, attempt in by_id.items() if name not in over}


def workflow_id(reference: str, attempt: int) -> str:
    return f"{reference}/{attempt}"
