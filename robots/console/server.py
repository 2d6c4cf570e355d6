"""Server of the console: one process, one loop, with the flows beside the pages."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from rich.console import Console

from flows.store.ledger import Ledger
from robots.console import console_tables
from robots.console.audit import Audit
from robots.console.guard import Guard
from robots.console.live_status import LiveStatus
from robots.console.login_page import DEMO_PEOPLE, add_login
from robots.console.map_looks import MapLooks
from robots.console.user_store import Role, UserStore
from robots.console.worker import ConsoleWorker
from robots.failures import NotReady, Unusable
from robots.run.stop_condition import stop_on_signals
from robots.settings import Settings

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class ConsoleRefused(Unusable):
    """The console may not be served so."""


def is_loopback(host: str) -> bool:
    if host in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_unsafe(host: str, certificate: Path | None, key: Path | None, *, users: bool) -> None:
    """Refuse to serve off loopback without TLS or without users; raises `ConsoleRefused`."""
    if bool(certificate) != bool(key):
        raise ConsoleRefused("--cert y --key van juntas: un certificado y su clave.")
    for file in (certificate, key):
        if file is not None and not file.is_file():
            raise ConsoleRefused(f"No existe el archivo {file}.")
    if is_loopback(host):
        return
    if certificate is None:
        raise ConsoleRefused(
            f"Fuera de este equipo ({host}) la consola solo atiende con TLS: dé --cert y --key."
        )
    if not users:
        raise ConsoleRefused(
            f"Fuera de este equipo ({host}) la consola solo atiende a usuarios: cree el primero "
            "con «cargofijo users add»."
        )


def open_users(ledger: Ledger) -> UserStore:
    """Open the store of users; the console's tables are made where they are not there yet."""
    console_tables.prepare(ledger.engine)
    return UserStore(ledger.engine)


async def serve_console(
    settings: Settings,
    ledger: Ledger,
    terminal: Console,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    certificate: Path | None = None,
    key: Path | None = None,
    demo: bool = False,
) -> None:
    """Serve until Ctrl-C or SIGTERM; the cases at work end first. Raises `NotReady` where nothing
    can be served at this address."""
    folder = settings.var_dir.absolute() / "console"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["NICEGUI_STORAGE_PATH"] = str(folder)  # read as it is imported
    from robots.console.context import ConsoleContext
    from robots.console.downloads import add_files
    from robots.console.pages import add_pages

    users = open_users(ledger)
    if demo:
        _let_in_demo_people(users)
    live_status = LiveStatus()
    worker = ConsoleWorker(settings, ledger, live_status)
    audit = Audit(ledger.engine)
    looks = MapLooks(settings, worker)
    context = ConsoleContext(
        settings, ledger, worker.store, users, audit, worker, live_status, looks, demo
    )
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_login(app, users, audit, demo=demo)
    add_files(app, context)
    add_pages(app, context)
    names = None if not is_loopback(host) else _LOOPBACK_NAMES | {host}
    server = _Server(
        uvicorn.Config(
            Guard(app, users.who, hosts=names),
            host=host,
            port=port,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
        ),
        terminal,
    )
    stop_on_signals(worker.stopping, terminal)
    work = asyncio.create_task(worker.run())
    closing = asyncio.create_task(_close(server, worker.stopping))
    try:
        await server.serve()
    except SystemExit:
        raise NotReady(
            f"La consola no puede atender en {host}:{port}: {server.why_not()}."
        ) from None
    finally:
        worker.stopping.set()
        await looks.close()
        await closing
        await work


async def _close(server: uvicorn.Server, stopping: asyncio.Event) -> None:
    await stopping.wait()
    server.should_exit = True


class _Server(uvicorn.Server):
    """Server that tells its address once it listens there."""

    def __init__(self, config: uvicorn.Config, terminal: Console) -> None:
        super().__init__(config)
        self._terminal = terminal
        self._refusal: OSError | None = None

    def why_not(self) -> str:
        """Why nothing listens, and what to do."""
        if self._refusal is not None and self._refusal.errno == errno.EADDRINUSE:
            return "el puerto está ocupado; pruebe con otro --port"
        return "este equipo no lo permite; pruebe con otro --host u otro --port"

    def _keep_refusal(self, record: logging.LogRecord) -> bool:
        """uvicorn prints it, in English; it is told once, by `why_not`."""
        if isinstance(record.msg, OSError):
            self._refusal = record.msg
            return False
        return True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # they are heard outside: the cases at work end first

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        log = logging.getLogger("uvicorn.error")
        log.addFilter(self._keep_refusal)
        try:
            await super().startup(sockets)
        finally:
            log.removeFilter(self._keep_refusal)
        if self.started:
            host, scheme = self.config.host, "https" if self.config.is_ssl else "http"
            port = self.servers[0].sockets[0].getsockname()[1]
            shown = f"[{host}]" if ":" in host else host
            self._terminal.print(
                f"Consola: {scheme}://{shown}:{port}  (Ctrl-C la cierra)", highlight=False
            )


def _let_in_demo_people(users: UserStore) -> None:
    """They have no password that anybody knows; the demo's login page lets them in."""
    for name, (role, _, _) in DEMO_PEOPLE.items():
        if users.find(name) is None:
            users.add(name, Role(role), secrets.token_urlsafe(24))
