"""What one load of an ASP.NET page is known by: its view state and its naming containers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

KEY = b"machineKey of the mock portals"
SPOILT = "Validation of viewstate MAC failed."
INVALID = (
    "Invalid postback or callback argument. Event validation is enabled using <pages "
    'enableEventValidation="true"/> in configuration.'
)


class ServerError(Exception):
    """An exception nobody handled: the application answers with its error page.

    `SPOILT` and `INVALID` are the texts for a posted view state that is not one of ours, and for
    one that belongs to another page, or comes without its event validation.
    """


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
    def proof(self) -> dict[str, str]:
        """The hidden fields that a postback must bring back as they are."""
        state = json.dumps([self.page, self.containers, self.data], ensure_ascii=False)
        view_state = base64.b64encode(state.encode()).decode()
        return {
            "__VIEWSTATE": view_state,
            "__VIEWSTATEGENERATOR": hashlib.sha256(self.page.encode()).hexdigest()[:8].upper(),
            "__EVENTVALIDATION": _sign(view_state),
        }

    @property
    def hidden_fields(self) -> Markup:
        """The fields at the beginning of every form, for the template to put there."""
        before = {"__EVENTTARGET": "", "__EVENTARGUMENT": "", "__LASTFOCUS": "", **self.proof}
        del before["__EVENTVALIDATION"]
        return _hidden(before)

    @property
    def last_fields(self) -> Markup:
        """The fields at the end of every form: who posts before they are there posts without."""
        return _hidden({"__EVENTVALIDATION": self.proof["__EVENTVALIDATION"]})

    @classmethod
    def posted(cls, page: str, post: Mapping[str, Any]) -> Load:
        """The load that this postback answers; raises `ServerError`."""
        state = str(post.get("__VIEWSTATE", ""))
        if state and "__EVENTVALIDATION" not in post:
            raise ServerError(INVALID)
        if not hmac.compare_digest(_sign(state), str(post.get("__EVENTVALIDATION", ""))):
            raise ServerError(SPOILT)
        of_page, containers, data = json.loads(base64.b64decode(state))
        if of_page != page:
            raise ServerError(INVALID)
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


def _hidden(fields: Mapping[str, str]) -> Markup:
    return Markup("").join(
        Markup('<input type="hidden" name="{0}" id="{0}" value="{1}">').format(name, value)
        for name, value in fields.items()
    )


def _sign(text: str) -> str:
    return base64.b64encode(hmac.new(KEY, text.encode(), hashlib.sha256).digest()).decode()
