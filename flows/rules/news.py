"""What is new on a portal's page, gone from it or called otherwise, while all still works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pages.contract.surface import Item, Sort, Surface

#: there now, no longer there, called otherwise
Change = Literal["new", "gone", "renamed"]

_WHAT: dict[tuple[Sort, Change], str] = {
    ("field", "new"): "campo nuevo «{text}»",
    ("field", "gone"): "ya no está el campo «{text}»",
    ("field", "renamed"): "el campo «{before}» ahora se llama «{text}»",
    ("required", "new"): "el campo «{text}» ahora es obligatorio",
    ("required", "gone"): "el campo «{text}» ya no es obligatorio",
    ("option", "new"): "opción nueva «{text}» en la lista «{of}»",
    ("option", "gone"): "ya no está la opción «{text}» de la lista «{of}»",
    ("option", "renamed"): "en la lista «{of}», la opción «{before}» ahora se llama «{text}»",
    ("column", "new"): "columna nueva «{text}» en la tabla «{of}»",
    ("column", "gone"): "ya no está la columna «{text}» de la tabla «{of}»",
    ("column", "renamed"): "en la tabla «{of}», la columna «{before}» ahora se llama «{text}»",
}


@dataclass(frozen=True)
class News:
    """``of`` is the list or the table as people call it, ``thing`` tells what it is about, whatever
    became of it."""

    portal: str
    part: str
    page: str
    thing: str
    sort: Sort
    change: Change
    text: str
    before: str = ""
    of: str = ""
    is_required: bool = False

    @property
    def outcome(self) -> str:
        """What became of it."""
        return self.text if self.change == "renamed" else self.change

    @property
    def what(self) -> str:
        """A Spanish clause."""
        told = _WHAT[self.sort, self.change].format(text=self.text, before=self.before, of=self.of)
        return f"{told}, obligatorio" if self.is_required else told

    @property
    def sentence(self) -> str:
        portal = f"{self.portal} {self.part}".strip()
        return f"{portal}, página «{self.page}»: {self.what}."


def news_of(portal: str, good: tuple[Item, ...], seen: Surface) -> Iterator[News]:
    """How a page differs from the same in the same state, as it was ``good``.

    Of a field that comes or goes that alone is told, and not its options too.
    """
    before, now = ({item.name: item for item in items} for items in (good, seen.items))
    for name in (*before, *(name for name in now if name not in before)):
        was, item = before.get(name), now.get(name)
        shown = item or was
        if shown is None or (was and item and was.text == item.text):
            continue
        change: Change = "renamed" if was and item else "new" if item else "gone"
        if (shown.sort, change) not in _WHAT or _goes_with(shown, before, now):
            continue
        yield News(
            portal,
            seen.part,
            seen.page,
            "\x1f".join((seen.part, seen.page, *name)),
            shown.sort,
            change,
            shown.text,
            was.text if was else "",
            _called(shown, now),
            is_required=shown.sort == "field" and ("required", "", shown.key) in now and not was,
        )


Named = Mapping[tuple[str, str, str], Item]


def _goes_with(item: Item, before: Named, now: Named) -> bool:
    """Whether it came or went with its field."""
    owner = {"option": item.of, "required": item.key}.get(item.sort)
    field = ("field", "", owner or "")
    return owner is not None and ((field in before) != (field in now))


def _called(item: Item, now: Named) -> str:
    """The list of an option by its label, as a table has its own name."""
    field = now.get(("field", "", item.of))
    return field.text if item.sort == "option" and field else item.of
