"""``python -m mock_portals``: all portals in one process, until it is told to end."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import threading
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from mock_portals.base import HERE, Portal, Surroundings
from mock_portals.control import control_app
from mock_portals.dialect import read_dialects
from mock_portals.holdings import Holdings
from mock_portals.imap import ImapServer
from mock_portals.mail import Mailbox
from mock_portals.nintex.site import Nintex
from mock_portals.remedy.site import Remedy
from mock_portals.sessions import USERS
from mock_portals.siac.site import Siac
from mock_portals.sisact.site import Sisact
from mock_portals.world import World, WorldError, load_world

HOST = "127.0.0.1"
PORTALS: tuple[type[Portal], ...] = (Sisact, Siac, Nintex, Remedy)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mock_portals", description=__doc__)
    parser.add_argument("--port-base", type=int, required=True, metavar="N")
    parser.add_argument("--world", type=Path, default=HERE / "worlds" / "demo.json")
    parser.add_argument("--latency-ms", type=int, default=0, metavar="L")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--session-idle", type=float, default=120.0, metavar="SECONDS")
    parser.add_argument("--password", help="of all users, instead of each one's name")
    parser.add_argument("--wording", type=Path, metavar="FILE", help="all words otherwise (JSON)")
    parser.add_argument("--imap", action="store_true", help="the mailbox by IMAP, on N+6")
    parser.add_argument(
        "--until-eof", action="store_true", help="end with whoever holds the standard input"
    )
    return parser.parse_args()


async def serve(options: argparse.Namespace, world: World) -> None:
    """Control on N, SISACT N+1, SIAC N+2, NINTEX N+3, Remedy N+4, SMTP N+5."""
    around = Surroundings(
        Holdings(world),
        dialects=read_dialects(options.wording) if options.wording else {},
        latency_ms=options.latency_ms,
        seed=options.seed,
        session_idle=options.session_idle,
    )
    portals = [portal(around) for portal in PORTALS]

    def end_sessions() -> None:
        for portal in portals:
            portal.sessions.clear()

    apps = [
        control_app(around, world, end_sessions),
        *(portal.app() for portal in portals),
    ]
    async with AsyncExitStack() as stack:
        for offset, app in enumerate(apps):
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, HOST, options.port_base + offset).start()
        mailbox = Mailbox(around.holdings, around.faults)
        smtp = await asyncio.get_running_loop().create_server(
            mailbox.server, HOST, options.port_base + len(apps)
        )
        stack.callback(smtp.close)
        if options.imap:
            imap = ImapServer(around.holdings)
            port = options.port_base + len(apps) + 1
            stack.callback((await asyncio.start_server(imap.serve, HOST, port)).close)
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                asyncio.get_running_loop().add_signal_handler(number, ended.set)
            except NotImplementedError:  # Windows: Ctrl-C arrives as KeyboardInterrupt
                signal.signal(number, lambda *_: ended.set())
        if options.until_eof:
            _at_end_of_input(asyncio.get_running_loop(), ended)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await ended.wait()


def _at_end_of_input(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    """Not on the loop: Windows cannot wait for a pipe there."""
    descriptor = sys.stdin.fileno()

    def read() -> None:
        # not by sys.stdin, whose lock the interpreter wants as it ends
        while os.read(descriptor, 1024):
            pass
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=read, daemon=True).start()


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 2


def main() -> int:
    options = arguments()
    try:
        world = load_world(options.world)
        if options.password:
            USERS.update(dict.fromkeys(USERS, options.password))
        asyncio.run(serve(options, world))
    except WorldError as error:
        return _refuse(str(error))
    except OSError:
        return _refuse(
            f"Los portales simulados no pueden atender en {HOST} desde el puerto "
            f"{options.port_base}, porque alguno está ocupado: pruebe con otro --port-base."
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
