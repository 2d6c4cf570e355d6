"""NTLM as IIS does it: who speaks is settled once per connection, not per request."""

from __future__ import annotations

import asyncio
import atexit
import base64
import binascii
import os
import random
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

import spnego
from aiohttp import web
from spnego.exceptions import NegotiateOptions, SpnegoError

DOMAIN = "CLARO"
#: one established connection in so many requests is asked again who it is
RECHALLENGE = 40
_NEGOTIATE = 1


@dataclass
class Connection:
    """``user`` is known once the handshake is complete; ``fresh`` until the request it was for."""

    handshake: spnego.ContextProxy | None = None
    user: str = ""
    fresh: bool = False


class Connections:
    """The state of each connection to the server, forgotten with the connection."""

    def __init__(self, users: Iterable[str], source: random.Random) -> None:
        self._held: WeakKeyDictionary[asyncio.BaseTransport, Connection] = WeakKeyDictionary()
        self._random = source
        _user_file(tuple(users))

    def of(self, request: web.Request) -> Connection:
        if request.transport is None:
            return Connection()
        return self._held.setdefault(request.transport, Connection())

    async def authenticate(self, request: web.Request) -> web.Response | None:
        """The next leg of the handshake, or None where this connection's user is known."""
        connection = self.of(request)
        scheme, _, message = request.headers.get("Authorization", "").partition(" ")
        if scheme == "NTLM":
            return await self._step(request, connection, message)
        if not connection.user or self._random.randrange(RECHALLENGE) == 0:
            return await self.challenge(request)
        connection.fresh = False
        return None

    async def _step(
        self, request: web.Request, connection: Connection, message: str
    ) -> web.Response | None:
        try:
            token = base64.b64decode(message, validate=True)
            if int.from_bytes(token[8:12], "little") == _NEGOTIATE or not connection.handshake:
                connection.user = ""
                connection.handshake = spnego.server(
                    protocol="ntlm", options=NegotiateOptions.use_ntlm
                )
            reply = connection.handshake.step(token)
        except (SpnegoError, binascii.Error, ValueError):
            return await self.challenge(request)
        if not connection.handshake.complete:
            return await _unauthorized(request, base64.b64encode(reply or b"").decode())
        principal = connection.handshake.client_principal or ""
        connection.user = principal.rpartition("\\")[2].lower()
        connection.handshake = None
        connection.fresh = True
        return None

    async def challenge(self, request: web.Request) -> web.Response:
        """Forget who speaks on this connection, and ask."""
        if request.transport is not None:
            self._held[request.transport] = Connection()
        return await _unauthorized(request)


async def _unauthorized(request: web.Request, message: str = "") -> web.Response:
    await request.read()  # an unread body would end the connection, and the handshake with it
    return web.Response(
        status=401,
        text="401 UNAUTHORIZED",
        headers={
            "WWW-Authenticate": f"NTLM {message}".strip(),
            "Server": "Microsoft-IIS/8.5",
            "MicrosoftSharePointTeamServices": "15.0.0.4420",
        },
    )


@cache
def _user_file(users: tuple[str, ...]) -> Path:
    """The accounts, each with its name as password, where the handshake looks for them."""
    handle, name = tempfile.mkstemp(prefix="ntlm-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(f"{DOMAIN}:{user}:{user}\n" for user in users)
    path = Path(name)
    atexit.register(path.unlink, missing_ok=True)
    os.environ["NTLM_USER_FILE"] = name
    return path
