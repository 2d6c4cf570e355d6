"""Cases as the engine knows them: workflows, each named by its case's reference and attempt."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from dbos import DBOS, WorkflowStatus

from flows.database import making_tables

NAME = "cargofijo"
#: Dry runs have a queue of their own, so that one never takes up what a real run left.
QUEUE, DRY_QUEUE = "cases", "cases-dry"
#: Pinned: by default it is a hash of the source, and after any edit pending cases are stranded.
#: It changes with the order of a flow's steps, and only then (`docs/decisions.md`).
FLOW_VERSION = "1"
#: how a workflow stands that is not over
LEFT = ("PENDING", "ENQUEUED")

Named = tuple[str, int]


def workflow_id(reference: str, attempt: int) -> str:
    return f"{reference}/{attempt}"


def by_id(attempts: Iterable[Named]) -> dict[str, Named]:
    return {workflow_id(*attempt): attempt for attempt in attempts}


def unfinished(named: Mapping[str, Named], known: Iterable[WorkflowStatus]) -> set[Named]:
    """Those that the engine will finish, or has never been given."""
    over = {flow.workflow_id for flow in known if flow.status not in LEFT}
    return {attempt for name, attempt in named.items() if name not in over}


def migrate(database: sa.Engine) -> None:
    """The engine's own tables, made or brought up to date by one process at a time."""
    logging.getLogger("dbos").setLevel(logging.ERROR)  # where no engine has been set up yet
    with making_tables(database):
        DBOS.migrate(database.url.render_as_string(hide_password=False))
