"""Where cases are handed in by a process that does not work on them itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from dbos import DBOSClient

from flows.runtime import workflows
from flows.runtime.checkpoints import values_of
from flows.runtime.workflows import Named, by_id, migrate, workflow_id
from flows.store.database import in_parts


class QueueClient:
    """The queue, from outside of the engine."""

    def __init__(self, database: sa.Engine) -> None:
        migrate(database)
        self.database = database
        self._client = DBOSClient(system_database_engine=database, application_name=workflows.NAME)

    async def enqueue(self, attempts: Iterable[Named]) -> None:
        """Put attempts into the queue; one that is there already stays as it is."""
        await asyncio.to_thread(self._enqueue, by_id(attempts))

    def _enqueue(self, named: Mapping[str, Named]) -> None:
        """Many in a transaction: a long list is queued in seconds."""
        for names in in_parts(named):
            with self.database.begin() as db:
                for name in names:
                    self._client.enqueue_in_transaction(
                        db,
                        {
                            "workflow_name": workflows.FLOW,
                            "queue_name": workflows.QUEUE,
                            "workflow_id": name,
                            "app_version": workflows.FLOW_VERSION,
                        },
                        *named[name],
                    )

    async def withdraw(self, attempts: Iterable[Named]) -> list[Named]:
        """As of the engine."""
        return await workflows.withdraw(self._client, workflows.QUEUE, attempts)

    async def unfinished(self, attempts: Iterable[Named]) -> set[Named]:
        """As of the engine."""
        return await workflows.unfinished(self._client, attempts)

    async def values(self, reference: str, attempt: int) -> dict[str, Any]:
        """What each step of an attempt has come to so far, by the step's name; not of those that
        ended the case."""
        steps = await self._client.list_workflow_steps_async(workflow_id(reference, attempt))
        return values_of((step["function_name"], step["output"]) for step in steps)

    async def forget(self, attempts: Iterable[Named]) -> None:
        """Delete what the engine keeps of them: their checkpoints hold what was read."""
        for ids in in_parts(by_id(attempts)):
            await self._client.delete_workflows_async(ids)

    def close(self) -> None:
        self._client.destroy()
