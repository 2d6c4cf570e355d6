"""How one load of a page of SIAC Único is drawn, whole or in parts."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from aiohttp import web
from markupsafe import Markup

from mock_portals.aspnet.application import Page, Postback
from mock_portals.aspnet.delta import delta, is_delta
from mock_portals.aspnet.viewstate import Load
from mock_portals.sessions import Session

T = TypeVar("T")


class Skin:
    """The layout of one load: its classes, its wrappers, and how its labels are typed."""

    def __init__(self, source: random.Random) -> None:
        self._random = source
        self._classes: dict[str, str] = {}

    def __getattr__(self, role: str) -> str:
        """The class that plays this role in this load, for markup and style sheet alike."""
        if role not in self._classes:
            self._classes[role] = f"s{self._random.randrange(16**6):06x}"
        return self._classes[role]

    def shuffled(self, fields: Sequence[T]) -> list[T]:
        return self._random.sample(fields, len(fields))

    def open(self) -> Markup:
        """Wrappers around a block, as generated containers leave them; `close` ends them."""
        self._depth = self._random.randint(0, 3)
        return Markup("<div>") * self._depth

    def close(self) -> Markup:
        return Markup("</div>") * self._depth

    def label(self, text: str) -> str:
        """The label as somebody once typed it: odd spaces, an invisible character, a colon."""
        words = text.split(" ")
        typed = words[0] + "".join(self._random.choice((" ", "\u00a0")) + w for w in words[1:])
        if self._random.random() < 0.3:
            at = self._random.randint(1, len(typed))
            typed = typed[:at] + "\u200b" + typed[at:]
        return typed + self._random.choice(("", ":", " :"))


@dataclass(frozen=True)
class Shown:
    """A value beside its label; ``boxed`` ones stand in a read-only input."""

    label: str
    value: str
    boxed: bool = False


class SiacPage(Page):
    """A page whose template is given a `view` of what it remembers of itself."""

    template: ClassVar[str]

    async def show(self, request: web.Request, session: Session) -> web.Response:
        return self.page({})

    def view(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def page(self, data: dict[str, Any], **more: Any) -> web.Response:
        """The whole page, as a first visit or a full postback is answered."""
        values = {**self.view(data), **more}
        return self.portal.render(self.template, load=self.load(data), **values)

    def parts(
        self, load: Load, panels: Mapping[str, str], script: str = "", **values: Any
    ) -> web.Response:
        """Only some panels (control name: template), as an async postback is answered."""
        known = {"load": load, **self.portal.layout(), **values}
        # What comes in an async postback brings its own layout classes.
        drawn = {
            panel: "".join(self.portal.draw(part, **known) for part in ("_style.html", template))
            for panel, template in panels.items()
        }
        return delta(load, drawn, script)

    def answer(self, back: Postback, panels: Mapping[str, str], **more: Any) -> web.Response:
        """These panels where an UpdatePanel asks for them, else the whole page. ``alert`` is what
        is told by a message."""
        if not is_delta(back.request):
            return self.page(back.load.data, **more)
        values = {**self.view(back.load.data), **more}
        alert = self.portal.dialect.said(values.get("alert", ""))
        script = f"alert({json.dumps(alert)});" if alert else ""
        return self.parts(back.load, panels, script, **values)
