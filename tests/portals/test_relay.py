"""The relay: bytes pass as they are, and what was sent under guard is never cut off unanswered."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from pages.contract.errors import WriteUncertain
from pages.core.account import Account
from pages.core.base_portal import Portal
from pages.core.relay import Relay

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Run = Callable[[Coroutine[Any, Any, Any]], Any]

pytestmark = pytest.mark.server

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 100
#: what TLS says before it closes, up to 1.2 and from 1.3 on
GOODBYE, NEWER_GOODBYE = bytes((21, 3, 3, 0, 26)) + bytes(26), bytes((23, 3, 3, 0, 19)) + bytes(19)
ENCRYPTED = bytes((23, 3, 3, 0, 120)) + bytes(120)


def _portal(*words: bytes) -> Talk:
    """Takes one request, says this, and closes."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        for word in words:
            writer.write(word)
        writer.close()

    return talk


async def _ask(talk: Talk, *, guarded: bool) -> tuple[bytes | None, int]:
    """What the browser hears (None: silence) and how often the loss is told."""
    lost: list[None] = []
    told = asyncio.Event()

    def tell() -> None:
        lost.append(None)
        told.set()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    relay = Relay()
    port = int((await relay.start()).rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\x05\x01\x00")
    assert await reader.readexactly(2) == b"\x05\x00"
    name = b"localhost"
    portal = server.sockets[0].getsockname()[1]
    writer.write(b"\x05\x01\x00\x03" + bytes((len(name),)) + name + struct.pack("!H", portal))
    assert (await reader.readexactly(10))[1] == 0
    hearing = asyncio.create_task(reader.read())
    if guarded:
        relay.guard(tell)
        writer.write(b"POST / HTTP/1.1\r\n\r\n")
        listening = asyncio.create_task(told.wait())
        await asyncio.wait((hearing, listening), return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
    else:
        writer.write(b"POST / HTTP/1.1\r\n\r\n")
        await hearing
    heard = hearing.result() if hearing.done() else None
    hearing.cancel()
    writer.close()
    relay.stop()
    server.close()
    return heard, len(lost)


@pytest.mark.parametrize(
    ("words", "guarded", "expected"),
    [
        ((), True, (None, 1)),
        ((GOODBYE,), True, (None, 1)),
        ((NEWER_GOODBYE,), True, (None, 1)),
        ((ANSWER,), True, (ANSWER, 0)),
        ((ENCRYPTED, NEWER_GOODBYE), True, (ENCRYPTED + NEWER_GOODBYE, 0)),
        ((), False, (b"", 0)),
        ((ANSWER,), False, (ANSWER, 0)),
    ],
)
def test_only_a_close_without_an_answer_is_kept_back(
    words: tuple[bytes, ...], guarded: bool, expected: tuple[bytes | None, int], run: Run
) -> None:
    assert run(_ask(_portal(*words), guarded=guarded)) == expected


def test_a_portal_that_is_not_there_is_told(run: Run) -> None:
    async def reply() -> bytes:
        gone = await asyncio.start_server(_portal(), "127.0.0.1", 0)
        port = gone.sockets[0].getsockname()[1]
        gone.close()
        await gone.wait_closed()
        relay = Relay()
        own = int((await relay.start()).rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", own)
        writer.write(
            b"\x05\x01\x00" + b"\x05\x01\x00\x01\x7f\x00\x00\x01" + struct.pack("!H", port)
        )
        said = await reader.read()
        writer.close()
        relay.stop()
        return said

    assert run(reply())[:4] == b"\x05\x00\x05\x04"


class _Late(Portal):
    """Its press ends with an error, and what was pressed goes out after that."""

    name = "Portal de prueba"
    dialogs = ()

    async def log_in(self, page: Page) -> None:
        await page.goto(self.account.url)

    async def log_out(self, page: Page) -> None:
        pass

    async def press(self) -> None:
        page = await self.main()
        await page.evaluate("setTimeout(() => document.forms[0].submit(), 100)")
        raise PlaywrightError("the press was not seen to end")

    async def file(self) -> None:
        page = await self.main()
        await self.submit("prueba", {}, page, self.press, self.main)


def test_what_goes_out_after_its_press_has_failed_is_sent_once(
    context: BrowserContext, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failed before: the guard ended with the press, and Chromium sent it again."""

    async def sent() -> int:
        posts = 0
        ended = asyncio.Event()
        form = b"<form method=post></form>"

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal posts
            while head := await reader.readuntil(b"\r\n\r\n"):
                if head.startswith(b"POST"):
                    posts += 1
                    if posts == 2:
                        ended.set()
                    break
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
                writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(form), form))
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        portal = _Late(context, Account(f"http://127.0.0.1:{port}/", "robot", lambda: "Clave-9"))
        guard = Relay.guard

        def guarding(relay: Relay, lost: Callable[[], None]) -> None:
            def told() -> None:
                lost()
                ended.set()

            guard(relay, told)

        monkeypatch.setattr(Relay, "guard", guarding)
        with pytest.raises(WriteUncertain):
            await portal.file()
        async with asyncio.timeout(30):
            await ended.wait()
        await portal.forget()
        server.close()
        return posts

    assert run(sent()) == 1
