"""Context of the pages: the database, the worker, users, and the audit trail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import quote

from loguru import logger
from nicegui import Client, ui
from starlette.requests import Request

from flows.store.ledger import Ledger
from robots.console.audit import Audit
from robots.console.case_store import CaseStore
from robots.console.guard import LOGIN, visitor
from robots.console.live_status import LiveStatus
from robots.console.map_looks import MapLooks
from robots.console.refused import Refused
from robots.console.user_store import Role, User, UserStore
from robots.console.worker import ConsoleWorker
from robots.settings import Settings


@dataclass
class ConsoleContext:
    settings: Settings
    ledger: Ledger
    store: CaseStore
    users: UserStore
    audit: Audit
    worker: ConsoleWorker
    live_status: LiveStatus
    map_looks: MapLooks
    demo: bool

    @property
    def evidence_dir(self) -> Path:
        return self.settings.var_dir.absolute() / "evidence"

    @property
    def uploads_dir(self) -> Path:
        """What people upload, before it is a case's."""
        return self.settings.var_dir.absolute() / "uploads"

    async def news(self) -> tuple[object, ...]:
        """Value that changes once anything has happened to any case, here or in another process."""
        return self.live_status.news, *await asyncio.to_thread(self.store.pulse)


class SessionOver(Exception):
    """The session has ended: whoever looks at the page is not in any more."""


class Visit:
    """One page in one browser. What it was let in for is asked anew before anything is done: the
    page may stand open after its session has ended."""

    def __init__(self, context: ConsoleContext, request: Request) -> None:
        self.context = context
        self.user, self._token = visitor(request.scope)
        self.client: Client = ui.context.client

    def watch(self) -> None:
        """Leave the page once the session is over. Last of what a page does: a timer has NiceGUI
        deliver the page as far as it is built."""
        ui.timer(10, self._still_in)

    async def now(self, *, active: bool = True) -> User:
        """Who it is; raises `SessionOver`."""
        user = await asyncio.to_thread(self.context.users.who, self._token, active=active)
        if user is None or user.name != self.user.name:
            raise SessionOver
        return user

    async def note(self, what: str, subject: str, before: Any = "", after: Any = "") -> None:
        """Note something in the audit trail."""
        await asyncio.to_thread(
            self.context.audit.note, self.user.name, what, subject, before, after
        )

    def guarded(self, handler: Callable[..., Awaitable[None]], *roles: Role) -> Callable[..., Any]:
        """Guard an event's handler: it works only for somebody who is still in, with such a
        role."""

        @wraps(handler)
        async def checked(*arguments: Any) -> None:
            try:
                user = await self.now()
            except SessionOver:
                self._send_out()
                return
            if roles and user.role not in roles:
                ui.notify("Su rol no permite hacer esto.", type="negative")
                return
            try:
                await handler(*arguments)
            except SessionOver:
                self._send_out()
            except Refused as refused:
                ui.notify(str(refused), type=refused.tone, timeout=8000, multi_line=True)
            except Exception as error:
                # The type only: a text could carry what was typed.
                logger.error("console_failed", error=type(error).__name__, at=checked.__name__)
                ui.notify("Algo falló en la consola; no se hizo nada más.", type="negative")

        return checked

    def button(
        self,
        name: str,
        handler: Callable[..., Awaitable[None]],
        *roles: Role,
        icon: str | None = None,
        props: str = "",
    ) -> ui.button:
        """A button that does this, for somebody who is still in, with such a role."""
        button = ui.button(name, icon=icon, on_click=self.guarded(handler, *roles))
        return button.props(f"no-caps {props}")

    async def _still_in(self) -> None:
        with suppress(Exception):
            try:
                await self.now(active=False)
            except SessionOver:
                self._send_out()

    def _send_out(self) -> None:
        with self.client:
            ui.navigate.to(f"{LOGIN}?a={quote(self.client.request.url.path)}")
