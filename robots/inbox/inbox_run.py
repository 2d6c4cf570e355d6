"""The whole of `cargofijo inbox`, and what a run does before its first case."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing

from loguru import logger
from rich.console import Console

from flows.procedure.preview import Preview
from flows.procedure.preview import look as preview
from flows.runtime.queue_client import QueueClient
from flows.store.incoming_mail import Messages
from flows.store.ledger import Attempt, Ledger
from robots.bootstrap import OpenServices, open_services
from robots.console.uploads import new_folder
from robots.failures import NotReady
from robots.inbox.decide import Decider, LookUp
from robots.inbox.look import MailboxLook, put_away, read_mailbox
from robots.ops.preflight import check_reading
from robots.run.batch import wait_for_any
from robots.run.stop_condition import stop_on_signals
from robots.settings import Settings, SettingsError

#: seconds between two looks
_EVERY = 60.0


def require_inbox(settings: Settings) -> None:
    """Raises `SettingsError` where no mailbox is set."""
    missing = [name for name in ("host", "username") if not getattr(settings.inbox, name)]
    if missing:
        named = ", ".join(f"CARGOFIJO_INBOX__{name.upper()}" for name in missing)
        raise SettingsError(f"Faltan ajustes: {named}.")


async def look_at_mailbox(
    settings: Settings, ledger: Ledger, look: MailboxLook, console: Console
) -> None:
    """One look; raises `NotReady` where the mailbox, or a portal that is asked, cannot be reached
    to begin with."""
    async with AsyncExitStack() as stack:

        async def opening(opened: OpenServices) -> None:
            await check_reading(opened, settings)

        async def opened() -> LookUp:
            console.print("Se mira en los portales quién escribe y qué se decidiría…")
            own = open_services(settings, ledger, seats=1, opening=opening)
            return _look_up(await stack.enter_async_context(own), settings)

        await look_with(settings, ledger, look, opened)
    begun = await asyncio.to_thread(Messages(ledger.engine).begun)
    if begun:  # also of a look that was broken off in between
        with closing(await asyncio.to_thread(QueueClient, ledger.engine)) as queue:
            await queue.enqueue(begun)
    logger.info("inbox_looked", begun=len(begun), problems=len(look.problems), **look.summary)


async def look_with(
    settings: Settings, ledger: Ledger, look: MailboxLook, opened: Callable[[], Awaitable[LookUp]]
) -> None:
    """One look, with the portals that ``opened`` gives where a message needs them."""
    await read_mailbox(settings, ledger, look)
    if await Decider(settings, ledger, look).decide(opened):
        await put_away(settings, ledger, look)


def _look_up(opened: OpenServices, settings: Settings) -> LookUp:
    """What the portals say now, with no trace of it in the case's own folder."""

    async def look_up(attempt: Attempt) -> Preview:
        folder = await asyncio.to_thread(new_folder, settings.var_dir.absolute() / "uploads")
        try:
            who = attempt.requested_by
            return await preview(opened.services, attempt.case, who, folder, lambda _: None)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    return look_up


async def watch_mailbox(
    settings: Settings,
    ledger: Ledger,
    look: MailboxLook,
    console: Console,
    told: Callable[[str], None],
) -> None:
    """Look again and again, until Ctrl-C or SIGTERM. A look that fails is told, and the next one
    tries again; raises `NotReady` where the first one does."""
    stop = asyncio.Event()
    stop_on_signals(stop, console)
    await look_at_mailbox(settings, ledger, look, console)
    while not stop.is_set():
        await wait_for_any((stop,), _EVERY)
        if stop.is_set():
            break
        try:
            await look_at_mailbox(settings, ledger, look, console)
        except NotReady as error:
            look.problems.append(str(error))
            told(str(error))
