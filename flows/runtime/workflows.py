"""Cases as the engine knows them: workflows, each named by its case's reference and attempt."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, WorkflowStatus
from dbos import error as engine_errors
from dbos._dbos import _get_dbos_instance

from flows.runtime.checkpoints import Answer, StepsChanged, Work, values_of
from flows.store.database import in_parts, making_tables

NAME = "cargofijo"
#: Dry runs have a queue of their own, so that one never takes up what a real run left.
QUEUE, DRY_QUEUE = "cases", "cases-dry"
#: Pinned: by default it is a hash of the source, and after any edit pending cases are stranded.
#: It changes with the order of a flow's steps, and only then:
#: `docs/decisions/0018-changing-a-flow.md`.
FLOW_VERSION = "1"
#: how a workflow stands that is not over
LEFT = ("PENDING", "ENQUEUED")

#: the entry function's name, by which the engine finds it
FLOW = "regularize"

Named = tuple[str, int]
#: who tells of workflows and cancels them: the engine in its process, its client in any other
Flows = type[DBOS] | DBOSClient


class EngineCheckpoints:
    """Checkpoints that the durable engine keeps; only within one of its workflows."""

    async def run(self, name: str, work: Work) -> Answer:
        try:
            return await DBOS.run_step_async({"name": name}, work)
        except engine_errors.DBOSUnexpectedStepError as error:
            *_, found = error.inputs
            raise StepsChanged(found) from None

    def place(self) -> int | None:
        return DBOS.step_id

    async def values(self) -> dict[str, Any]:
        # `DBOS.list_workflow_steps` would be a step of this flow, and a changed one takes none.
        listed, flow = _get_dbos_instance()._sys_db.list_workflow_steps, DBOS.workflow_id
        assert flow is not None
        steps = await asyncio.to_thread(listed, flow)
        return values_of((step["function_name"], step["output"]) for step in steps)


def workflow_id(reference: str, attempt: int) -> str:
    return f"{reference}/{attempt}"


def by_id(attempts: Iterable[Named]) -> dict[str, Named]:
    return {workflow_id(*attempt): attempt for attempt in attempts}


async def statuses(flows: Flows, named: Mapping[str, Named]) -> list[WorkflowStatus]:
    """Of those that the engine has been given."""
    found: list[WorkflowStatus] = []
    for names in in_parts(named):
        found += await flows.list_workflows_async(
            workflow_ids=names, load_input=False, load_output=False
        )
    return found


async def unfinished(flows: Flows, attempts: Iterable[Named]) -> set[Named]:
    """Those that the engine will finish, or has never been given."""
    named = by_id(attempts)
    over = {flow.workflow_id for flow in await statuses(flows, named) if flow.status not in LEFT}
    return {attempt for name, attempt in named.items() if name not in over}


async def withdraw(flows: Flows, queue: str, attempts: Iterable[Named]) -> list[Named]:
    """Take those out of the queue that have not begun; gives them."""
    wanted = by_id(attempts)
    queued = await flows.list_workflows_async(
        queue_name=queue, status="ENQUEUED", load_input=False, load_output=False
    )
    ids = [found.workflow_id for found in queued if found.workflow_id in wanted]
    if ids:
        await flows.cancel_workflows_async(ids)
    return [wanted[name] for name in ids]


def migrate(database: sa.Engine) -> None:
    """The engine's own tables, made or brought up to date by one process at a time."""
    logging.getLogger("dbos").setLevel(logging.ERROR)  # where no engine has been set up yet
    with making_tables(database):
        DBOS.migrate(database.url.render_as_string(hide_password=False))
