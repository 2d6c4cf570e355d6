"""What the pages of SIAC Único share: how one load of a page is drawn, and its life cycle."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from aiohttp import web
from markupsafe import Markup

from mock_portals.aspnet import Load, delta
from mock_portals.sessions import Session

if TYPE_CHECKING:
    from mock_portals.siac.site import Siac

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


@dataclass(frozen=True)
class GridPage:
    """One page of a grid, with what its pager shows."""

    rows: list[Any]
    number: int
    pages: int
    total: int

    @classmethod
    def of(cls, rows: Sequence[Any], number: int, size: int) -> GridPage:
        pages = max(1, -(-len(rows) // size))
        number = min(max(number, 1), pages)
        return cls(list(rows[(number - 1) * size : number * size]), number, pages, len(rows))

    @property
    def links(self) -> list[tuple[str, int]]:
        """Ten page numbers at a time, and dots before and after them, as a GridView has it."""
        first = (self.number - 1) // 10 * 10 + 1
        last = min(first + 9, self.pages)
        shown = [(str(n), n) for n in range(first, last + 1)]
        if first > 1:
            shown.insert(0, ("...", first - 1))
        if last < self.pages:
            shown.append(("...", last + 1))
        return shown


@dataclass(frozen=True)
class Postback:
    """One postback as its page's handler sees it."""

    request: web.Request
    session: Session
    load: Load
    values: dict[str, Any]
    target: str
    argument: str

    def text(self, control: str) -> str:
        return str(self.values.get(control, "")).strip()

    @property
    def page_number(self) -> int:
        """The page that a pager asks for: ``Page$3``."""
        number = self.argument.removeprefix("Page$")
        return int(number) if number.isdigit() else 1


class AspPage:
    """One .aspx: shown on GET, worked with by postbacks to the same address."""

    path: ClassVar[str]
    template: ClassVar[str]
    #: controls whose postback makes or changes a record
    writes: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, portal: Siac) -> None:
        self.portal = portal
        self.holdings = portal.holdings

    async def show(self, request: web.Request, session: Session) -> web.Response:
        raise NotImplementedError

    async def post(self, back: Postback) -> web.Response:
        raise NotImplementedError

    def load(self, data: dict[str, Any] | None = None) -> Load:
        return Load.new(self.path, self.portal.random, data)

    def page(self, load: Load, **values: Any) -> web.Response:
        """The whole page, as a first visit or a full postback is answered."""
        return self.portal.render(
            self.template,
            load=load,
            c=Skin(self.portal.random),
            alert=values.pop("alert", ""),
            **values,
        )

    def parts(
        self, load: Load, panels: Mapping[str, str], script: str = "", **values: Any
    ) -> web.Response:
        """Only some panels (control name: template), as an async postback is answered."""
        skin = Skin(self.portal.random)

        def draw(template: str) -> str:
            return self.portal.templates.get_template(template).render(
                portal=self.portal, load=load, c=skin, **values
            )

        # What comes in an async postback brings its own layout classes.
        drawn = {panel: draw("_style.html") + draw(template) for panel, template in panels.items()}
        return delta(load, drawn, script)
