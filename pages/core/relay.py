"""Relay between the browser and the portals, for one thing: what was submitted is never sent again
by the browser itself.

Chromium repeats a request, a POST too, whose reused connection was closed without an answer; no
switch or event of it prevents that, and NTLM knows nothing but reused connections. So each context
reaches the portals over a relay in this process, a SOCKS5 proxy that passes bytes on and knows
nothing of what they say. While a submit is guarded, a portal's close of a connection that still
owes an answer is not passed on: to the browser it is silence, which it never repeats. The portal's
page object is told instead.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from playwright.async_api import BrowserContext

_CHUNK = 64 * 1024
#: the types of TLS records that may be a goodbye, which the browser hears as a close: an alert, and
#: from TLS 1.3 on what looks like data, of the length that an alert has there
_ALERT, _DATA, _ALERT_AS_DATA = 21, 23, 19
#: seconds to reach a portal; the browser has a limit of its own for what it waits for
_CONNECTING = 30.0

_VERSION, _NO_LOGIN, _CONNECT = 5, 0, 1
_IPV4, _NAME, _IPV6 = 1, 3, 4
_DONE, _UNREACHABLE = 0, 4


@dataclass(eq=False)
class _Connection:
    """``owed``: sent under guard, and not a word has come back since."""

    owed: bool = False


class Relay:
    """The way from one browser context to the portals. Start it on the loop that works with it."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._lost: Callable[[], None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Listen on this machine only; gives the address as a browser takes it."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        return f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()

    def guard(self, lost: Callable[[], None]) -> None:
        """From here on what is sent is sent once: where its answer is lost, ``lost`` is called."""
        self._lost = lost

    def release(self) -> None:
        self._lost = None

    async def _take(self, browser: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        onward: asyncio.StreamWriter | None = None
        try:
            portal, onward = await _connected(browser, back)
            connection = _Connection()
            asking = asyncio.create_task(self._ask(connection, browser, onward))
            answering = asyncio.create_task(self._answer(connection, portal, back))
            await asyncio.wait((asking, answering), return_when=asyncio.FIRST_COMPLETED)
            if not asking.done() and connection.owed:
                if self._lost is not None:
                    self._lost()
                await asking  # silence, until the browser gives up
            for pump in (asking, answering):
                pump.cancel()
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # one side is gone, and the other one goes with it
        finally:
            self._tasks.discard(task)
            for writer in (back, onward):
                if writer is not None:
                    writer.close()

    async def _ask(
        self, connection: _Connection, browser: asyncio.StreamReader, onward: asyncio.StreamWriter
    ) -> None:
        """From the browser to the portal, until the browser closes."""
        with suppress(OSError):
            while chunk := await browser.read(_CHUNK):
                connection.owed = connection.owed or self._lost is not None
                with suppress(OSError):  # a portal that is gone is for the other direction to tell
                    onward.write(chunk)
                    await onward.drain()

    async def _answer(
        self, connection: _Connection, portal: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> None:
        """From the portal to the browser, until the portal closes."""
        with suppress(OSError):
            while chunk := await portal.read(_CHUNK):
                if connection.owed and _is_goodbye(chunk):
                    return
                connection.owed = False
                back.write(chunk)
                await back.drain()


def _is_goodbye(chunk: bytes) -> bool:
    """Nothing but TLS alerts: no answer begins like that."""
    while chunk:
        if len(chunk) < 5:
            return False
        kind, _, length = struct.unpack("!BHH", chunk[:5])
        if kind != _ALERT and (kind, length) != (_DATA, _ALERT_AS_DATA):
            return False
        chunk = chunk[5 + length :]
    return True


#: by browser context, where it has one
relays: WeakKeyDictionary[BrowserContext, Relay] = WeakKeyDictionary()


async def _connected(
    browser: asyncio.StreamReader, back: asyncio.StreamWriter
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """SOCKS5 (RFC 1928), as far as a browser speaks it: no login, to connect, by name or address.

    Raises `OSError` or `EOFError` where there is nobody to connect to.
    """
    _, methods = await browser.readexactly(2)
    await browser.readexactly(methods)
    back.write(bytes((_VERSION, _NO_LOGIN)))
    _, command, _, kind = await browser.readexactly(4)
    if kind == _NAME:
        (length,) = await browser.readexactly(1)
        host = (await browser.readexactly(length)).decode("ascii")
    elif kind == _IPV4:
        host = socket.inet_ntop(socket.AF_INET, await browser.readexactly(4))
    else:
        host = socket.inet_ntop(socket.AF_INET6, await browser.readexactly(16))
    (port,) = struct.unpack("!H", await browser.readexactly(2))
    try:
        if command != _CONNECT:
            raise OSError("a browser only connects")
        async with asyncio.timeout(_CONNECTING):
            portal, onward = await asyncio.open_connection(host, port)
    except OSError:
        back.write(_reply(_UNREACHABLE))
        raise
    back.write(_reply(_DONE))
    return portal, onward


def _reply(code: int) -> bytes:
    return bytes((_VERSION, code, 0, _IPV4)) + bytes(6)
