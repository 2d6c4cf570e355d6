"""Page objects: what is on a page of a portal, and when it is ready."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pages.contract.records import Record
from pages.core.asking import Scope, Step, ask
from pages.core.base_portal import Portal
from pages.core.elements import Bound, BoundValue, Element, Value, readable
from pages.core.engines import Engine, Find
from pages.core.portal_map import PortalMap


class PortalPage:
    """A page that declares its elements; one method per thing a person does there.

    ``title`` is how people call the page. ``ready`` is what is visible only when the page can be
    worked with. ``scope`` is where its elements are looked for: a window, a frame or a part of a
    page; of a part, ``part`` finds it there.
    """

    title: ClassVar[str]
    ready: ClassVar[Element[Any]]

    def __init__(self, portal: Portal, scope: Scope, part: Find | None = None) -> None:
        self.portal = portal
        self.scope = part(scope) if part else scope
        # an engine finds it in the page, when that is asked
        way: tuple[Step, ...] = (part.step,) if isinstance(part, Engine) else ()
        self._around, self.way = scope if way else self.scope, way

    @classmethod
    def standing_in(cls, portal: Portal, scope: Scope) -> Self:
        """The page that stands there, whatever it was opened by."""
        page = cls.__new__(cls)
        PortalPage.__init__(page, portal, scope)
        return page

    @classmethod
    async def popped_up(cls, portal: Portal, title: str, opener: str) -> Self:
        """The page of the pop-up window of this title, once it is ready to be worked with."""
        unopened = cls.ready.on(cls.standing_in(portal, portal.windows[0]))
        window, shows = await portal.popup(unopened.way, title, opener)
        page = cls(portal, window)
        page.came = frozenset((unopened.name,)) if shows else frozenset()
        return await page.loaded()

    async def ask(self, script: str, argument: object = None, *way: Step, patience: int = 0) -> Any:
        """What the script makes of what the way leads to on it (see `pages.core.asking`)."""
        return await ask(self._around, script, argument, *self.way, *way, patience=patience)

    @property
    def names(self) -> PortalMap:
        """What its portal calls its surface."""
        return self.portal.names

    def action(self, script: str) -> str:
        """The script of something that is done here, as this page has it."""
        return script

    def acted(self, told: dict[str, Any]) -> None:
        """Note what that script told."""

    async def before_acting(self) -> None:
        """Do what the script would have done, before Playwright acts in its place."""

    async def be_seen(self) -> None:
        """Have the portal note what is on it besides what it declares, where that is of use."""

    async def texts(self, *names: str) -> dict[str, str]:
        """What stands beside the labels of these elements of it, all of one moment."""
        read = await BoundValue.read_all(*(getattr(self, name) for name in names))
        return dict(zip(names, read, strict=True))

    async def fields_of(self, record: type[Record]) -> dict[str, Any]:
        """The values here that are called as fields of the record, all of one moment, as their
        codecs read them; raises `PageChanged` where one cannot."""
        return (await self.fields_and(record))[0]

    async def fields_and(
        self, record: type[Record], *others: str
    ) -> tuple[dict[str, Any], list[str]]:
        """The same, with the texts of other elements of that moment, by their names here."""
        named = {name: getattr(type(self), name, None) for name in record.model_fields}
        values = {name: value for name, value in named.items() if isinstance(value, Value)}
        texts = await self.texts(*values, *others)
        fields = {
            name: readable(self, value.name, value.codec, texts[name])
            for name, value in values.items()
        }
        return fields, [texts[name] for name in others]

    #: of what it declares, what a portal's answer has shown a moment ago
    came: frozenset[str] = frozenset()

    def has_come(self, element: Bound) -> bool:
        """Whether the answer that was just awaited showed it; asked once, as it may go again."""
        has_come, self.came = element.name in self.came, frozenset()
        if has_come:
            self.portal.where = self.title
            self.portal.meet(self.title, element.name)
        return has_come

    async def loaded(self) -> Self:
        """Itself, once it is ready to be worked with."""
        ready = type(self).ready.on(self)
        if not self.has_come(ready):
            await ready.appear()
        return self
