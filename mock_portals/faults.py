"""Faults on demand: which request is hit, and how it is made to suffer."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Literal

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from mock_portals.world import first_error

#: what a request suffers whatever the portal; see `suffer`
Suffered = Literal["error", "error_after", "lost_reply", "late", "slow", "hang", "truncated"]
Kind = Literal[
    Suffered, "session_expired", "session_taken", "maintenance", "save_conflict", "digest_expired"
]

#: faults that only some portals can have; every other kind needs nothing but HTTP
ONLY: dict[str, set[str]] = {
    "session_taken": {"sisact", "siac", "remedy"},
    "save_conflict": {"nintex"},
    "digest_expired": {"nintex", "sisact", "siac"},
}
SMTP_KINDS = {"error", "error_after", "lost_reply", "slow", "hang"}


class FaultError(Exception):
    """A fault that no portal can have; the text says why."""


class Fault(BaseModel):
    """One rule of ``POST /faults``, as `contract.md` words it."""

    model_config = ConfigDict(extra="forbid")

    portal: Literal["sisact", "siac", "nintex", "remedy", "smtp"]
    kind: Kind
    path: re.Pattern[str] = re.compile("")
    method: str | None = None
    on: Literal["any", "write"] | None = None
    status: int | None = None
    ms: int = 1000
    times: int = 1
    after: int = 0

    @model_validator(mode="after")
    def _possible(self) -> Fault:
        if self.portal == "smtp":
            if self.kind not in SMTP_KINDS:
                raise ValueError(f"smtp has no fault {self.kind}")
        elif self.portal not in ONLY.get(self.kind, {self.portal}):
            raise ValueError(f"{self.portal} has no fault {self.kind}")
        return self

    def matches(self, path: str, method: str, is_write: bool) -> bool:
        return (
            (self.on != "write" or is_write)
            and (self.method is None or self.method.upper() == method)
            and self.path.search(path) is not None
        )


def read_faults(data: Any) -> list[Fault]:
    if not isinstance(data, list):
        raise FaultError("a list of faults is expected")
    try:
        return [Fault.model_validate(item) for item in data]
    except ValidationError as error:
        raise FaultError(first_error(error)) from None


class Faults:
    """The faults in force. Each counts the requests it matched by itself."""

    def __init__(self) -> None:
        self.active: list[Fault] = []

    def pick(self, portal: str, path: str, method: str, is_write: bool) -> Fault | None:
        """The fault that hits this request, used up by one."""
        hit: Fault | None = None
        for fault in self.active:
            if fault.portal != portal or not fault.matches(path, method, is_write):
                continue
            if fault.after > 0:
                fault.after -= 1
            elif fault.times > 0 and hit is None:
                fault.times -= 1
                hit = fault
        return hit


#: `late` works on after its answer; the loop keeps only weak references to tasks
_working: set[asyncio.Task[web.StreamResponse]] = set()


def _page(status: int, title: str, heading: str, words: str) -> web.Response:
    text = (
        f"<html><head><title>{title}</title></head><body><h1>{heading}</h1>"
        f"<p>{words}</p></body></html>"
    )
    return web.Response(status=status, content_type="text/html", text=text)


def error_page(status: int) -> web.Response:
    return _page(status, "Error", f"Error {status}", "Error de servidor en la aplicación.")


async def suffer(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer this request as the fault wants. The body has been read before."""

    async def after_a_while() -> web.StreamResponse:
        await asyncio.sleep(fault.ms / 1000)
        return await handler(request)

    match fault.kind:
        case "error":
            return error_page(fault.status or 500)
        case "error_after":
            await handler(request)
            return error_page(fault.status or 500)
        case "slow":
            return await after_a_while()
        case "hang":
            await asyncio.sleep(600)
            return error_page(504)
        case "late":
            task = asyncio.create_task(after_a_while())
            _working.add(task)
            task.add_done_callback(_working.discard)
            return error_page(fault.status or 504)
        case "lost_reply":
            await handler(request)
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        case "truncated":
            return await _truncated(request, await handler(request))
        case "maintenance":
            words = "Estamos realizando trabajos de mantenimiento. Intente más tarde."
            return _page(fault.status or 503, "Mantenimiento", "Sistema en mantenimiento", words)
        case _:  # the portal itself knows these: see `Portal`
            return await handler(request)


async def _truncated(request: web.Request, whole: web.StreamResponse) -> web.StreamResponse:
    """Half of the body under the whole's length, then the connection ends."""
    body = whole.body if isinstance(whole, web.Response) else b""
    if not isinstance(body, bytes) or not body:
        return whole
    half = web.StreamResponse(status=whole.status)
    half.content_type = whole.content_type
    half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return half
