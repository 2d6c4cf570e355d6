"""Async postbacks: an UpdatePanel asks, and only its part of the page is answered."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from mock_portals.aspnet.viewstate import Load


def is_delta(request: web.Request) -> bool:
    """Whether an UpdatePanel asks, so that only its part is wanted."""
    return request.headers.get("X-MicrosoftAjax") == "Delta=true"


def delta(load: Load, panels: Mapping[str, str]) -> web.Response:
    """The new inner HTML of these panels, by their control names."""
    parts = [("updatePanel", load.id(name), html) for name, html in panels.items()]
    return _parts(parts + [("hiddenField", name, value) for name, value in load.proof.items()])


def delta_error(message: str) -> web.Response:
    return _parts([("error", "500", message)])


def _parts(parts: list[tuple[str, str, str]]) -> web.Response:
    """``length|type|id|content|`` for each part."""
    text = "".join(f"{len(content)}|{kind}|{id}|{content}|" for kind, id, content in parts)
    return web.Response(text=text, content_type="text/plain", headers={"Cache-Control": "no-store"})
