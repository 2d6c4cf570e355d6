"""What a portal's page shows besides anybody's data: fields, options, columns, by their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: a control or a value by its label, that it must be given, an option of a list, a table's column
Sort = Literal["field", "required", "option", "column"]


@dataclass(frozen=True)
class Item:
    """``text`` as it is shown; ``key`` is the same however that is spelled. ``of`` is the list of
    an option, by its key, or a column's table."""

    sort: Sort
    key: str
    text: str
    of: str = ""

    @property
    def name(self) -> tuple[str, str, str]:
        return self.sort, self.of, self.key


@dataclass(frozen=True)
class Surface:
    """A page, or a table or some values of it (``section``), of a part of the portal where it has
    several. ``state`` tells pages apart that need not show the same: a digest of what was chosen
    there, or asked for."""

    part: str
    page: str
    section: str
    state: str
    items: tuple[Item, ...]

    @property
    def place(self) -> tuple[str, str, str, str]:
        return self.part, self.page, self.section, self.state
