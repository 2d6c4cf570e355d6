"""The durable engine: its set-up, its queue, and what becomes of cases that others left.

`dbos` keeps each case as a workflow, named by its reference and attempt, with a checkpoint for each
step; what a dead process left is taken up again at launch. The traps are in
`docs/decisions/0001-durable-engine.md`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, SetWorkflowID, WorkflowStatus, error
from dbos._dbos import _get_dbos_instance
from loguru import logger

from flows.runtime import workflows
from flows.runtime.heartbeat import Heartbeat
from flows.runtime.workflows import LEFT, Named, by_id, migrate, statuses, workflow_id
from flows.store.database import lasting

#: one attempt at a case, by its reference and number
Flow = Callable[[str, int], Coroutine[Any, Any, None]]

#: What a process is called that works alone on its database, and the ends of a name.
LOCAL, DRY, ATTENDED = "local", "-dry", "-attended"

#: The engine's own calls wait for a database that is away, all but these.
_versions, _rewind = lasting(DBOS.list_application_versions), lasting(DBOS.rewind_workflow)


class DurableEngine:
    """Runs ``flow``, the engine's workflow `workflows.FLOW`, for each case. Start it inside the
    running loop: queued flows then run where Playwright's objects live.

    ``alone`` works on what it is given itself and on nothing else that is queued or was left.
    ``heartbeat`` is this process' place in a fleet; without one it is the only one at work.
    ``fleet_seats`` limits the cases at work over the whole fleet, ``cases`` those of this process.
    """

    def __init__(
        self,
        database: sa.Engine,
        flow: Flow,
        *,
        cases: int,
        heartbeat: Heartbeat | None = None,
        fleet_seats: int | None = None,
        dry_run: bool = False,
        alone: bool = False,
    ) -> None:
        self.database = database
        self.flow = flow
        self.heartbeat = heartbeat
        self.alone = alone
        self.queue = workflows.DRY_QUEUE if dry_run else workflows.QUEUE
        self.cases = cases
        self.fleet_seats = fleet_seats
        if heartbeat is not None:
            self.worker = heartbeat.name
        else:
            # What a process left is taken up by the next one of its name: alone, there is none.
            self.worker = f"{LOCAL}-{secrets.token_hex(4)}" if alone else LOCAL
            self.worker += DRY if dry_run else ""
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Launch, take up what dead processes left, and begin to work on the queue."""
        config: DBOSConfig = {
            "name": workflows.NAME,
            "system_database_url": self.database.url.render_as_string(hide_password=False),
            "system_database_engine": self.database,
            "executor_id": self.worker,
            "application_version": workflows.FLOW_VERSION,
            "log_level": "ERROR",  # its warnings carry whole tracebacks
            "enable_otlp": False,
        }
        if self.heartbeat is not None:
            await asyncio.to_thread(migrate, self.database)  # before others hear of this one
            await asyncio.to_thread(
                self.heartbeat.enter, seats=self.cases, version=workflows.FLOW_VERSION
            )
        if not self.alone:
            await asyncio.to_thread(self._register_queue)
        DBOS(config=config)
        DBOS.listen_queues([] if self.alone else [self.queue])
        DBOS.launch()
        if self.heartbeat is not None:
            self._keeping = asyncio.create_task(self.heartbeat.keep(self._adopt))
            self._keeping.add_done_callback(self._kept)
        if self.alone:
            return
        self._limit_to_own_cases()
        if self.heartbeat is not None:
            await self.take_over_versions()
            return
        left = await DBOS.list_workflows_async(
            status=list(LEFT), load_input=False, load_output=False
        )
        await self._begin_anew(left)
        await self._take_over(flow for flow in left if flow.status == "PENDING")

    def _register_queue(self) -> None:
        """Before the engine begins: measured, one that is registered later is worked on a second
        later."""
        migrate(self.database)
        client = DBOSClient(system_database_engine=self.database, application_name=workflows.NAME)
        try:
            client.register_queue(
                self.queue,
                worker_concurrency=1,  # until our own limit counts
                global_concurrency=self.fleet_seats,
                polling_interval_sec=1.0 if self.heartbeat is not None else 0.25,
                on_conflict="always_update",
            )
        finally:
            client.destroy()

    def _limit_to_own_cases(self) -> None:
        """The engine keeps a queue's limits in the database, the same for every process, and reads
        them there before each look into the queue. How many cases this one takes is its own."""
        system = _get_dbos_instance()._sys_db
        read = system.get_queue

        def own(name: str, **given: Any) -> Any:
            queue = read(name, **given)
            if queue is not None and name == self.queue:
                queue._worker_concurrency = self.cases
            return queue

        system.get_queue = own  # type: ignore[method-assign]

    async def stop(self, grace_seconds: int = 0) -> None:
        """Take no more, and end after the flows at work, at most so many seconds later; never on
        the loop itself. Done twice it does nothing."""
        # It has given the loop threads of its own, which go with it, and gives them again while
        # flows are still at work: whoever else is on the loop needs others, before and after.
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor())
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=grace_seconds)
        loop.set_default_executor(ThreadPoolExecutor())
        if self.heartbeat is not None and self._keeping is not None:
            self._keeping.cancel()
            self._keeping = None
            await asyncio.to_thread(self.heartbeat.leave)

    async def enqueue(self, attempts: Iterable[Named]) -> None:
        """Put attempts into the queue; one that is there already stays as it is.

        Alone, they are begun at once, wherever they are queued.
        """
        named = by_id(attempts)
        known = await statuses(DBOS, named)
        there = {flow.workflow_id for flow in known}
        for name, attempt in named.items():
            if name in there:
                continue
            with SetWorkflowID(name):
                if self.alone:
                    await DBOS.start_workflow_async(self.flow, *attempt)
                else:
                    await DBOS.enqueue_workflow_async(self.queue, self.flow, *attempt)
        if self.alone:
            await self._begin_anew(known)
            await self._take_over(known)

    async def withdraw(self, attempts: Iterable[Named]) -> list[Named]:
        """Take those out of the queue that have not begun; gives them."""
        return await workflows.withdraw(DBOS, self.queue, attempts)

    async def again(self, reference: str, attempt: int, step: int) -> None:
        """Back into the queue with what ended at this step, which is done anew, or the first one
        where another version was at work; one that somebody put there already stays as it is."""
        name = workflow_id(reference, attempt)
        (known,) = await statuses(DBOS, {name: (reference, attempt)})
        with suppress(error.DBOSException):
            await asyncio.to_thread(
                _rewind,
                name,
                start_step=step if known.app_version == workflows.FLOW_VERSION else 1,
                application_version=workflows.FLOW_VERSION,
                queue_name=self.queue,
            )

    async def unfinished(self, attempts: Iterable[Named]) -> set[Named]:
        """Those that the engine will finish, or has never been given."""
        return await workflows.unfinished(DBOS, attempts)

    def _adopt(self, name: str) -> None:
        """Put back into the queue what a dead worker was at, for one of its own version. What a
        person was beside is ended instead: nobody is there to be asked."""
        found = DBOS.list_workflows(executor_id=name, status="PENDING", load_input=False)
        logger.warning("{} is gone; {} cases of its are taken over", name, len(found))
        if name.endswith(ATTENDED):
            DBOS.cancel_workflows([flow.workflow_id for flow in found])
            return
        queue = workflows.DRY_QUEUE if name.endswith(DRY) else workflows.QUEUE
        for flow in found:
            # `DBOS.resume_workflows` would also begin anew what somebody has taken up since, and
            # forget how often a case has brought its worker down.
            _get_dbos_instance()._sys_db.reenqueue_for_recovery(flow.workflow_id, [name], queue)

    def _kept(self, keeping: asyncio.Task[None]) -> None:
        if not keeping.cancelled() and self.heartbeat is not None:
            logger.error("no sign of life can be given: {}", type(keeping.exception()).__name__)
            self.heartbeat.lost()

    async def take_over_versions(self) -> None:
        """Of a fleet: what is queued for a version that nobody has any more is begun anew. As long
        as somebody has it, it is left to those."""
        if self.heartbeat is None:
            return
        known = {found["version_name"] for found in await asyncio.to_thread(_versions)}
        gone = known - {workflows.FLOW_VERSION} - await asyncio.to_thread(self.heartbeat.versions)
        if gone:
            await self._begin_anew(
                await DBOS.list_workflows_async(
                    app_version=list(gone),
                    queue_name=self.queue,
                    status="ENQUEUED",
                    load_input=False,
                    load_output=False,
                )
            )

    async def _take_over(self, found: Iterable[WorkflowStatus]) -> None:
        """What others queued or had begun. On SQLite one process works at a time, so what another
        one had begun is nobody's now; elsewhere it may be at work on it still."""
        ids = [
            flow.workflow_id
            for flow in found
            if flow.app_version == workflows.FLOW_VERSION
            and flow.executor_id != self.worker
            and self._may_take(flow)
        ]
        if ids:
            await DBOS.resume_workflows_async(ids, queue_name=self._own_queue)

    async def _begin_anew(self, found: Iterable[WorkflowStatus]) -> None:
        """What another version of the flow left. Its checkpoints are of another order of steps and
        of no use: the case begins from its first step, and finds in the portals what it did."""
        for flow in found:
            if flow.app_version == workflows.FLOW_VERSION:
                continue
            if self._may_take(flow) or flow.executor_id == self.worker:
                await DBOS.cancel_workflow_async(flow.workflow_id)
                with suppress(error.DBOSException):  # another worker has done it
                    await asyncio.to_thread(
                        _rewind,
                        flow.workflow_id,
                        application_version=workflows.FLOW_VERSION,
                        queue_name=self._own_queue,
                    )

    @property
    def _own_queue(self) -> str | None:
        """None is the engine's own, which a process that works alone listens to."""
        return None if self.alone else self.queue

    def _may_take(self, flow: WorkflowStatus) -> bool:
        takes = LEFT if self.heartbeat is None else ("ENQUEUED",)
        is_dry = (flow.executor_id or "").endswith(DRY)
        return flow.status in takes and is_dry == self.worker.endswith(DRY)
