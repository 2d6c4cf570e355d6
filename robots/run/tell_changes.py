"""Telling of portals that change while the robot works: the operator is written to at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from loguru import logger
from rich.console import Console

from flows.runtime.changes import Change
from flows.runtime.services import Services
from robots.reports.change_mail import accepting, compose_change_mail
from robots.run.notify_operator import send_to_operator
from robots.settings import Settings

#: seconds between two looks for what is to be told, and until one that failed is tried again
_LOOK, _AGAIN = 2.0, 60.0


@asynccontextmanager
async def telling_changes(
    settings: Settings, services: Services, console: Console | None = None
) -> AsyncIterator[None]:
    """Context in which the operator, and who sits at the ``console``, are told of what a portal
    lacks."""
    telling = asyncio.create_task(_keep_telling(settings, services, console))
    try:
        yield
    finally:
        telling.cancel()
        await asyncio.wait([telling])


async def _keep_telling(settings: Settings, services: Services, console: Console | None) -> None:
    while True:
        try:
            told = await _tell(settings, services, console)
        except Exception as error:  # whatever it is, the cases go on
            logger.error("changes_not_told", error=type(error).__name__)
            told = False
        await asyncio.sleep(_LOOK if told else _AGAIN)


async def _tell(settings: Settings, services: Services, console: Console | None) -> bool:
    """Whether all that was to be told could be."""
    changes = services.breakers.changes
    for change in await asyncio.to_thread(changes.untold):
        if not await asyncio.to_thread(changes.tell, change):
            continue
        if console is not None:
            text = f"{change.what}. Los casos esperan: {accepting(change)}"
            console.print(text, soft_wrap=True, markup=False, highlight=False)
        if await asyncio.to_thread(_write, settings, services, change):
            await asyncio.to_thread(changes.untell, change)
            return False
    return True


def _write(settings: Settings, services: Services, change: Change) -> str | None:
    picture = services.breakers.changes.picture(change)
    patience = timedelta(seconds=services.policy.map_patience)
    until = services.run.until or change.missed + patience
    compose = partial(compose_change_mail, change, picture, until)
    return send_to_operator(settings, compose, portal=change.portal, element=change.key)
