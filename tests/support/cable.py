"""The network between the robot and the portals, which can be cut and mended."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from tests.support.loop import LoopThread
from tests.support.machine import free_port_base
from tests.support.mock import PORTAL_OFFSETS, MockPortals


class Cable:
    """A port for each of the mock's, at which the robot finds it while the cable is whole; with
    ``tls``, by a portal's name, over https as localhost."""

    def __init__(self, mock: MockPortals, tls: Mapping[str, ssl.SSLContext]) -> None:
        self._thread = LoopThread()
        self._mock, self._tls = mock, tls
        self.base = free_port_base()
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.StreamWriter] = set()
        self.mend()

    @property
    def settings(self) -> dict[str, str]:
        found = {}
        for portal, offset in PORTAL_OFFSETS.items():
            host = "https://localhost" if portal in self._tls else "http://127.0.0.1"
            found[f"CARGOFIJO_PORTALS__{portal.upper()}__URL"] = f"{host}:{self.base + offset}"
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
        for portal, offset in (*PORTAL_OFFSETS.items(), ("", 5)):
            port = self._mock.base + offset

            async def carry(
                reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int = port
            ) -> None:
                there, back = await asyncio.open_connection("127.0.0.1", port)
                self._open |= {writer, back}
                await asyncio.gather(_pour(reader, back), _pour(there, writer))
                self._open -= {writer, back}

            server = await asyncio.start_server(
                carry, "127.0.0.1", self.base + offset, ssl=self._tls.get(portal)
            )
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
def cable(
    mock: MockPortals, tls: Mapping[str, ssl.SSLContext] = MappingProxyType({})
) -> Iterator[Cable]:
    laid = Cable(mock, tls)
    try:
        yield laid
    finally:
        laid.stop()
