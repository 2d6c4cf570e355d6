"""A page of a portal: what is on it, and when it is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from pages.core.elements import BoundValue, Element, Scope

if TYPE_CHECKING:
    from pages.core.portal import Portal


class PortalPage:
    """Declares elements; one method per thing a person does there.

    ``scope`` is where its elements are looked for: a window, a frame or a part of a page.
    ``ready`` is what is visible only when the page can be worked with.
    """

    ready: ClassVar[Element[Any]]

    def __init__(self, portal: Portal, scope: Scope) -> None:
        self.portal = portal
        self.scope = scope

    @property
    def title(self) -> str:
        """How people call this page: the first line of its docstring, or its class."""
        return (type(self).__doc__ or type(self).__name__).strip().splitlines()[0].strip(" .*")

    async def texts(self, *names: str) -> dict[str, str]:
        """What stands beside the labels of these elements of it, all of one moment."""
        read = await BoundValue.read_all(*(getattr(self, name) for name in names))
        return dict(zip(names, read, strict=True))

    async def loaded(self) -> Self:
        """Itself, once it is ready to be worked with."""
        ready = type(self).ready
        await ready.kind(self, ready.name, ready.find).wait()
        return self
