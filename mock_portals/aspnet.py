"""What SISACT and SIAC Único share as ASP.NET pages: view state, naming containers, deltas."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from markupsafe import Markup

KEY = b"machineKey of the mock portals"


class ViewStateError(Exception):
    """The posted view state is not one of ours, or belongs to another page."""


class Load:
    """One load of a page: its own naming containers, and the view state that proves it.

    Ids and names of controls change with each load, as with a page whose containers are
    generated; only what a person sees stays. ``data`` is what the page remembers of itself
    between postbacks.
    """

    def __init__(self, page: str, containers: str, data: dict[str, Any]) -> None:
        self.page = page
        self.containers = containers
        self.data = data

    @classmethod
    def new(cls, page: str, source: random.Random, data: dict[str, Any] | None = None) -> Load:
        depth = source.randint(1, 3)
        parts = ["ctl00"] + [
            f"{source.choice(('cph', 'uc', 'pnl', 'wz'))}{source.randrange(1000):03d}"
            for _ in range(depth)
        ]
        return cls(page, "$".join(parts), data or {})

    def name(self, control: str) -> str:
        """The ``name`` of a control, as ASP.NET's UniqueID."""
        return f"{self.containers}${control}"

    def id(self, control: str) -> str:
        """The ``id`` of a control, as ASP.NET's ClientID."""
        return self.name(control).replace("$", "_")

    @property
    def hidden_fields(self) -> Markup:
        """The fields every form carries, for the template to put inside ``<form>``."""
        fields = {
            "__EVENTTARGET": "",
            "__EVENTARGUMENT": "",
            "__VIEWSTATE": self.view_state,
            "__EVENTVALIDATION": _sign(self.view_state),
        }
        return Markup("").join(
            Markup('<input type="hidden" name="{0}" id="{0}" value="{1}">').format(name, value)
            for name, value in fields.items()
        )

    @property
    def view_state(self) -> str:
        state = json.dumps([self.page, self.containers, self.data], ensure_ascii=False)
        return base64.b64encode(state.encode()).decode()

    @classmethod
    def posted(cls, page: str, post: Mapping[str, Any]) -> Load:
        """The load that this postback answers; raises `ViewStateError`."""
        state = str(post.get("__VIEWSTATE", ""))
        if not hmac.compare_digest(_sign(state), str(post.get("__EVENTVALIDATION", ""))):
            raise ViewStateError("Validation of viewstate MAC failed.")
        of_page, containers, data = json.loads(base64.b64decode(state))
        if of_page != page:
            raise ViewStateError("Invalid postback or callback argument.")
        return cls(page, containers, data)

    def values(self, post: Mapping[str, Any]) -> dict[str, Any]:
        """What the controls of this load hold, by their own names."""
        prefix = self.containers + "$"
        return {
            name.removeprefix(prefix): value
            for name, value in post.items()
            if name.startswith(prefix)
        }

    def target(self, post: Mapping[str, Any]) -> str:
        """Which control posted back: the event target, or the button that was pressed."""
        target = str(post.get("__EVENTTARGET", ""))
        if target:
            return target.removeprefix(self.containers + "$")
        return next((name for name in self.values(post) if name.startswith("btn")), "")


def is_delta(request: web.Request) -> bool:
    """Whether an UpdatePanel asks (an async postback), so that only its part is wanted."""
    return request.headers.get("X-MicrosoftAjax") == "Delta=true"


def delta(load: Load, panels: Mapping[str, str], script: str = "") -> web.Response:
    """The answer to an async postback: ``length|type|id|content|`` for each part.

    ``panels`` holds the new inner HTML by the panel's control name; ``script`` runs afterwards.
    """
    parts = [("updatePanel", load.id(name), html) for name, html in panels.items()]
    parts += [
        ("hiddenField", "__VIEWSTATE", load.view_state),
        ("hiddenField", "__EVENTVALIDATION", _sign(load.view_state)),
    ]
    if script:
        parts.append(("scriptBlock", "ScriptContentNoTags", script))
    return _parts(parts)


def delta_redirect(address: str) -> web.Response:
    return _parts([("pageRedirect", "", address)])


def delta_error(message: str) -> web.Response:
    return _parts([("error", "500", message)])


def _parts(parts: list[tuple[str, str, str]]) -> web.Response:
    text = "".join(f"{len(content)}|{kind}|{id}|{content}|" for kind, id, content in parts)
    return web.Response(text=text, content_type="text/plain", headers={"Cache-Control": "no-store"})


def _sign(text: str) -> str:
    return base64.b64encode(hmac.new(KEY, text.encode(), hashlib.sha256).digest()).decode()
