"""Async postbacks: an UpdatePanel asks, and only its part of the page is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from mock_portals.aspnet.viewstate import Load

Part = tuple[str, str, str]

#: how .NET 4 begins a delta; the versions before have no such part
_VERSION = "1|#||4|"


def is_delta(request: web.Request) -> bool:
    """Whether an UpdatePanel asks, so that only its part is wanted."""
    return request.headers.get("X-MicrosoftAjax") == "Delta=true"


def delta(load: Load, panels: Mapping[str, str], script: str = "") -> web.Response:
    """The new inner HTML of these panels, by their control names; ``script`` is run after that."""
    names = ",".join(f"t{load.name(name)}" for name in panels)
    hidden = {"__EVENTTARGET": "", "__EVENTARGUMENT": "", **load.proof}
    parts: list[Part] = [
        *(("updatePanel", load.id(name), html) for name, html in panels.items()),
        *(("hiddenField", name, value) for name, value in hidden.items()),
        ("asyncPostBackControlIDs", "", ""),
        ("postBackControlIDs", "", ""),
        ("updatePanelIDs", "", names),
        ("childUpdatePanelIDs", "", ""),
        ("panelsToRefreshIDs", "", names),
        ("asyncPostBackTimeout", "", "90"),
        ("formAction", "", load.page.rpartition("/")[2]),
    ]
    if script:
        parts.append(("scriptStartupBlock", "ScriptContentNoTags", script))
    return _answer(parts, _VERSION)


def delta_error(message: str) -> web.Response:
    return _answer([("error", "500", message)])


def delta_redirect(address: str) -> web.Response:
    return _answer([("pageRedirect", "", address)])


def _answer(parts: Sequence[Part], beginning: str = "") -> web.Response:
    """``length|type|id|content|`` for each part; the length is in units of UTF-16."""
    text = "".join(
        f"{len(content.encode('utf-16-le')) // 2}|{kind}|{id}|{content}|"
        for kind, id, content in parts
    )
    return web.Response(
        text=beginning + text, content_type="text/plain", headers={"Cache-Control": "no-store"}
    )
