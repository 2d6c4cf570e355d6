"""The control port: what the portals hold, and what is to go wrong."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from mock_portals.base import Surroundings
from mock_portals.faults import FaultError, read_faults
from mock_portals.holdings import INBOX, STATE, WORLD
from mock_portals.world import World, WorldError, read_world


def control_app(
    around: Surroundings, world: World, end_sessions: Callable[[], None]
) -> web.Application:
    """``/state``, ``/world``, ``/mail``, ``/reset`` and ``/faults``, as `contract.md` has them, and
    ``/wording`` (`mock_portals.wording`)."""
    holdings, faults, wording = around.holdings, around.faults, around.wording

    async def state(request: web.Request) -> web.Response:
        return web.json_response(holdings.snapshot())

    def patch(known: frozenset[str]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def merge(request: web.Request) -> web.Response:
            data = await _body(request)
            if not isinstance(data, dict):
                raise web.HTTPUnprocessableEntity(text="an object is expected")
            holdings.merge(data, known)
            return web.json_response(holdings.snapshot())

        return merge

    async def mail(request: web.Request) -> web.Response:
        raw = await request.read()
        if not raw.strip():
            raise web.HTTPUnprocessableEntity(text="a raw message is expected")
        return web.json_response({"uid": holdings.keep(INBOX, raw)})

    async def reset(request: web.Request) -> web.Response:
        data = await _body(request)
        holdings.replace(read_world(data) if data is not None else world)
        faults.active.clear()
        wording.changes.clear()
        end_sessions()
        return web.json_response({"ok": True})

    async def reword(request: web.Request) -> web.Response:
        wording.replace(await _body(request))
        return web.json_response({"wording": len(wording.changes)})

    async def add_faults(request: web.Request) -> web.Response:
        faults.active.extend(read_faults(await _body(request)))
        return web.json_response({"faults": len(faults.active)})

    async def show_faults(request: web.Request) -> web.Response:
        return web.json_response([fault.model_dump(mode="json") for fault in faults.active])

    async def clear_faults(request: web.Request) -> web.Response:
        faults.active.clear()
        return web.json_response({"faults": 0})

    app = web.Application(middlewares=[_refusals], client_max_size=256 * 1024 * 1024)
    app.router.add_get("/state", state)
    app.router.add_patch("/state", patch(STATE))
    app.router.add_patch("/world", patch(WORLD))
    app.router.add_post("/mail", mail)
    app.router.add_post("/reset", reset)
    app.router.add_put("/wording", reword)
    app.router.add_get("/faults", show_faults)
    app.router.add_post("/faults", add_faults)
    app.router.add_delete("/faults", clear_faults)
    return app


async def _body(request: web.Request) -> Any:
    text = await request.text()
    return json.loads(text) if text.strip() else None


@web.middleware
async def _refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        response: web.StreamResponse = await handler(request)
    except (WorldError, FaultError, ValueError) as error:
        return web.json_response({"error": str(error)}, status=422)
    return response
