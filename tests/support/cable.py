"""The network between the robot and the portals, which can be cut and mended."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.loop import LoopThread
from tests.support.machine import free_port_base
from tests.support.mock import PORTAL_OFFSETS, MockPortals


class Cable:
    """A port for each of the mock's, at which the robot finds it while the cable is whole."""

    def __init__(self, mock: MockPortals) -> None:
        self._thread = LoopThread()
        self._mock = mock
        self.base = free_port_base()
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.StreamWriter] = set()
        self.mend()

    @property
    def settings(self) -> dict[str, str]:
        found = {
            f"CARGOFIJO_PORTALS__{portal.upper()}__URL": f"http://127.0.0.1:{self.base + offset}"
            for portal, offset in PORTAL_OFFSETS.items()
        }
        return {**found, "CARGOFIJO_SMTP__PORT": str(self.base + 5)}

    def mend(self) -> None:
        self._thread.run(self._listen())

    def cut(self) -> None:
        """Every connection is broken, and none is taken."""
        self._thread.run(self._break())

    def stop(self) -> None:
        self.cut()
        self._thread.stop()

    async def _listen(self) -> None:
        for offset in (*PORTAL_OFFSETS.values(), 5):
            port = self._mock.base + offset

            async def carry(
                reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int = port
            ) -> None:
                there, back = await asyncio.open_connection("127.0.0.1", port)
                self._open |= {writer, back}
                await asyncio.gather(_pour(reader, back), _pour(there, writer))
                self._open -= {writer, back}

            server = await asyncio.start_server(carry, "127.0.0.1", self.base + offset)
            self._servers.append(server)

    async def _break(self) -> None:
        for server in self._servers:
            server.close()
        for writer in self._open:
            writer.transport.abort()
        self._servers.clear()
        self._open.clear()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@contextmanager
def cable(mock: MockPortals) -> Iterator[Cable]:
    laid = Cable(mock)
    try:
        yield laid
    finally:
        laid.stop()
