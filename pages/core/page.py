"""Page objects: what is on a page of a portal, and when it is ready."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pages.core.elements import BoundValue, Element, Scope
from pages.core.portal import Portal


class PortalPage:
    """A page that declares its elements; one method per thing a person does there.

    ``title`` is how people call the page. ``ready`` is what is visible only when the page can be
    worked with. ``scope`` is where its elements are looked for: a window, a frame or a part of a
    page.
    """

    title: ClassVar[str]
    ready: ClassVar[Element[Any]]

    def __init__(self, portal: Portal, scope: Scope) -> None:
        self.portal = portal
        self.scope = scope

    async def texts(self, *names: str) -> dict[str, str]:
        """What stands beside the labels of these elements of it, all of one moment."""
        read = await BoundValue.read_all(*(getattr(self, name) for name in names))
        return dict(zip(names, read, strict=True))

    async def loaded(self) -> Self:
        """Itself, once it is ready to be worked with."""
        await type(self).ready.on(self).wait()
        return self
