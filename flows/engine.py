"""The durable engine: its set-up, its queue, and how cases are put into it.

`dbos` keeps each case as a workflow, named by its reference and attempt, with a checkpoint for each
step; what a dead process left is taken up again at launch. See `docs/decisions.md` for the traps.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, SetWorkflowID, WorkflowStatus, error

from flows.regularize import regularize

NAME = "cargofijo"
#: Dry runs have a queue of their own, so that one never takes up what a real run left.
QUEUE, DRY_QUEUE = "cases", "cases-dry"
#: Pinned: by default it is a hash of the source, and after any edit pending cases are stranded.
#: It changes with the order of a flow's steps, and only then (`docs/decisions.md`).
FLOW_VERSION = "1"

_DRY = "-dry"
_LEFT = ("PENDING", "ENQUEUED")
#: of what is deleted in one statement
_AT_ONCE = 500

Named = tuple[str, int]


class Engine:
    """Start it inside the running loop: queued flows then run where Playwright's objects live.

    ``alone`` works on what it is given itself and on nothing else that is queued or was left.
    """

    def __init__(
        self,
        database: sa.Engine,
        *,
        worker: str,
        seats: int,
        dry_run: bool = False,
        alone: bool = False,
    ) -> None:
        self.database = database
        self.alone = alone
        # What a process left is taken up by the next one of its name: alone, there is none.
        own = f"{worker}-{secrets.token_hex(4)}" if alone else worker
        self.worker = own + _DRY if dry_run else own
        self.queue = DRY_QUEUE if dry_run else QUEUE
        self.seats = seats

    async def start(self) -> None:
        """Launch, take up what dead processes left, and begin to work on the queue."""
        config: DBOSConfig = {
            "name": NAME,
            "system_database_url": self.database.url.render_as_string(hide_password=False),
            "system_database_engine": self.database,
            "executor_id": self.worker,
            "application_version": FLOW_VERSION,
            "log_level": "ERROR",  # its warnings carry whole tracebacks
            "enable_otlp": False,
        }
        DBOS(config=config)
        DBOS.listen_queues([] if self.alone else [self.queue])
        DBOS.launch()
        if self.alone:
            return
        await DBOS.register_queue_async(
            self.queue,
            worker_concurrency=self.seats,
            polling_interval_sec=0.25,
            on_conflict="always_update",
        )
        left = await DBOS.list_workflows_async(
            status=list(_LEFT), load_input=False, load_output=False
        )
        await self._begin_anew(left)
        await self._take_over(flow for flow in left if flow.status == "PENDING")

    async def stop(self, grace_seconds: int = 0) -> None:
        """Take no more, and end after the flows at work, at most so many seconds later; never on
        the loop itself. Done twice it does nothing."""
        # It has given the loop threads of its own, which go with it, and gives them again while
        # flows are still at work: whoever else is on the loop needs others, before and after.
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor())
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=grace_seconds)
        loop.set_default_executor(ThreadPoolExecutor())

    async def enqueue(self, attempts: Iterable[Named]) -> None:
        """Put attempts into the queue; one that is there already stays as it is.

        Alone, they are begun at once, wherever they are queued.
        """
        by_id = _by_id(attempts)
        for name, attempt in by_id.items():
            with SetWorkflowID(name):
                if self.alone:
                    await DBOS.start_workflow_async(regularize, *attempt)
                else:
                    await DBOS.enqueue_workflow_async(self.queue, regularize, *attempt)
        if self.alone:
            known = await _statuses(by_id)
            await self._begin_anew(known)
            await self._take_over(known)

    async def withdraw(self, attempts: Iterable[Named]) -> list[Named]:
        """Take those out of the queue that have not begun; gives them."""
        wanted = _by_id(attempts)
        queued = await DBOS.list_workflows_async(
            queue_name=self.queue, status="ENQUEUED", load_input=False, load_output=False
        )
        ids = [found.workflow_id for found in queued if found.workflow_id in wanted]
        if ids:
            await DBOS.cancel_workflows_async(ids)
        return [wanted[name] for name in ids]

    async def again(self, reference: str, attempt: int, step: int) -> None:
        """Back into the queue with what ended at this step, which is done anew, or the first one
        where another version was at work; one that somebody put there already stays as it is."""
        name = workflow_id(reference, attempt)
        (known,) = await _statuses({name: (reference, attempt)})
        with suppress(error.DBOSException):
            await DBOS.rewind_workflow_async(
                name,
                start_step=step if known.app_version == FLOW_VERSION else 1,
                application_version=FLOW_VERSION,
                queue_name=self.queue,
            )

    async def unfinished(self, attempts: Iterable[Named]) -> set[Named]:
        """Those that the engine will finish, or has never been given."""
        by_id = _by_id(attempts)
        return _unfinished(by_id, await _statuses(by_id))

    async def _take_over(self, found: Iterable[WorkflowStatus]) -> None:
        """What others queued or had begun. On SQLite one process works at a time, so what another
        one had begun is nobody's now; elsewhere it may be at work on it still."""
        ids = [
            flow.workflow_id
            for flow in found
            if flow.app_version == FLOW_VERSION
            and flow.executor_id != self.worker
            and self._may_take(flow)
        ]
        if ids:
            await DBOS.resume_workflows_async(ids, queue_name=self._own_queue)

    async def _begin_anew(self, found: Iterable[WorkflowStatus]) -> None:
        """What another version of the flow left. Its checkpoints are of another order of steps and
        of no use: the case begins from its first step, and finds in the portals what it did."""
        for flow in found:
            if flow.app_version == FLOW_VERSION:
                continue
            if self._may_take(flow) or flow.executor_id == self.worker:
                await DBOS.cancel_workflow_async(flow.workflow_id)
                await DBOS.rewind_workflow_async(
                    flow.workflow_id,
                    application_version=FLOW_VERSION,
                    queue_name=self._own_queue,
                )

    @property
    def _own_queue(self) -> str | None:
        """None is the engine's own, which a process that works alone listens to."""
        return None if self.alone else self.queue

    def _may_take(self, flow: WorkflowStatus) -> bool:
        takes = _LEFT if self.database.dialect.name == "sqlite" else ("ENQUEUED",)
        is_dry = (flow.executor_id or "").endswith(_DRY)
        return flow.status in takes and is_dry == self.worker.endswith(_DRY)


class Intake:
    """Where cases are handed in by a process that does not work on them itself."""

    def __init__(self, database: sa.Engine) -> None:
        DBOS.migrate(database.url.render_as_string(hide_password=False))
        self._client = DBOSClient(system_database_engine=database, application_name=NAME)

    async def enqueue(self, attempts: Iterable[Named]) -> None:
        """Put attempts into the queue; one that is there already stays as it is."""
        for name, attempt in _by_id(attempts).items():
            await self._client.enqueue_async(
                {
                    "workflow_name": "regularize",
                    "queue_name": QUEUE,
                    "workflow_id": name,
                    "app_version": FLOW_VERSION,
                },
                *attempt,
            )

    async def withdraw(self, attempts: Iterable[Named]) -> list[Named]:
        """As of the engine."""
        wanted = _by_id(attempts)
        queued = await self._client.list_workflows_async(
            queue_name=QUEUE, status="ENQUEUED", load_input=False, load_output=False
        )
        ids = [found.workflow_id for found in queued if found.workflow_id in wanted]
        if ids:
            await self._client.cancel_workflows_async(ids)
        return [wanted[name] for name in ids]

    async def unfinished(self, attempts: Iterable[Named]) -> set[Named]:
        """As of the engine."""
        by_id = _by_id(attempts)
        found = await self._client.list_workflows_async(
            workflow_ids=list(by_id), load_input=False, load_output=False
        )
        return _unfinished(by_id, found)

    async def values(self, reference: str, attempt: int) -> dict[str, Any]:
        """What each step of an attempt has come to so far, by the step's name; not of those that
        ended the case."""
        steps = await self._client.list_workflow_steps_async(workflow_id(reference, attempt))
        return {
            step["function_name"]: step["output"]["value"]
            for step in steps
            if isinstance(step["output"], dict) and "value" in step["output"]
        }

    async def forget(self, attempts: Iterable[Named]) -> None:
        """Delete what the engine keeps of them: their checkpoints hold what was read."""
        for ids in _in_parts(list(_by_id(attempts))):
            await self._client.delete_workflows_async(ids)

    def close(self) -> None:
        self._client.destroy()


def workflow_id(reference: str, attempt: int) -> str:
    return f"{reference}/{attempt}"


def _in_parts(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _by_id(attempts: Iterable[Named]) -> dict[str, Named]:
    return {workflow_id(*attempt): attempt for attempt in attempts}


async def _statuses(by_id: Mapping[str, Named]) -> list[WorkflowStatus]:
    return await DBOS.list_workflows_async(
        workflow_ids=list(by_id), load_input=False, load_output=False
    )


def _unfinished(by_id: Mapping[str, Named], known: Iterable[WorkflowStatus]) -> set[Named]:
    over = {flow.workflow_id for flow in known if flow.status not in _LEFT}
    return {attempt for name, attempt in by_id.items() if name not in over}
