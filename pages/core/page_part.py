"""Parts of a page that have elements of their own: a framed group of fields, a section."""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar, overload

from pages.core.elements import Element, OpenPage
from pages.core.engines import Find

P_co = TypeVar("P_co", bound=OpenPage, covariant=True)


class PartKind(Protocol[P_co]):
    """The class of the page that a part is."""

    title: str

    def __call__(self, portal: Any, scope: Any, part: Find | None = None) -> P_co: ...


class PagePart(Generic[P_co]):
    """What stands in ``around``, as a page: where that is not there, none of it is."""

    def __init__(self, kind: PartKind[P_co], around: Element[Any]) -> None:
        self.kind, self.around = kind, around

    @overload
    def __get__(self, page: None, owner: type) -> PagePart[P_co]: ...

    @overload
    def __get__(self, page: OpenPage, owner: type) -> P_co: ...

    def __get__(self, page: OpenPage | None, owner: type) -> PagePart[P_co] | P_co:
        if page is None:
            return self
        return self.kind(page.portal, page.scope, self.around.on(page).find)
