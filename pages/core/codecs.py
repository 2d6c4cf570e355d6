"""Between a draft's values and texts: how they are typed, told to people and kept by a portal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from pages.contract.records import Record
from pages.contract.siac import Executive
from pages.contract.text import amount, as_amount, as_day, clean, folded, numbers, same


class Text:
    """A text as it is. The others differ from it where their values do."""

    def typed(self, value: Any) -> str:
        """What is typed into the form; empty where there is no value."""
        return str(value)

    def told(self, value: Any) -> str:
        """What a person is shown of it."""
        return self.typed(value).strip()

    def read(self, text: str) -> Any:
        """The value in a record's text; raises ValueError where it is none."""
        return text

    def holds(self, typed: str, text: str) -> bool:
        """Whether a field that shows this text holds what was typed."""
        return clean(typed) == clean(text)

    def is_in_form(self, value: Any, text: str) -> bool:
        """Whether a form that shows this text holds what was typed into it."""
        return self.holds(self.typed(value), text)

    def is_kept(self, value: Any, text: str) -> bool:
        """Whether a record that shows this text has the value, however its portal writes it."""
        return clean(self.typed(value)) == clean(text)


class Choice(Text):
    """One of a list's own texts: the form shows it in the portal's spelling, not in ours."""

    def holds(self, typed: str, text: str) -> bool:
        return same(typed, text)


class Person(Choice):
    """A person by name, or None."""

    def typed(self, value: Executive | None) -> str:
        return "" if value is None else value.nombre


class Checked(Text):
    """Whether a box is checked."""

    def typed(self, value: bool) -> str:
        return "sí" if value else "no"

    def read(self, text: str) -> bool:
        if folded(text) not in ("si", "no"):
            raise ValueError("neither yes nor no")
        return folded(text) == "si"

    def is_kept(self, value: bool, text: str) -> bool:
        return same(self.typed(value), text)


class Marked(Text):
    """The words of the boxes that are checked; their order says nothing."""

    def typed(self, value: Sequence[str]) -> str:
        return ", ".join(value)

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(filter(None, map(clean, text.split(","))))

    def holds(self, typed: str, text: str) -> bool:
        return sorted(map(folded, self.read(typed))) == sorted(map(folded, self.read(text)))

    def is_kept(self, value: Sequence[str], text: str) -> bool:
        return sorted(map(clean, value)) == sorted(self.read(text))


class Amount(Text):
    """Soles, or None."""

    def typed(self, value: Decimal | None) -> str:
        return "" if value is None else as_amount(value)

    def told(self, value: Decimal | None) -> str:
        return "" if value is None else f"S/ {as_amount(value)}"

    def read(self, text: str) -> Decimal:
        return amount(text)

    def is_kept(self, value: Decimal | None, text: str) -> bool:
        try:
            return (amount(text) if clean(text) else None) == value
        except ValueError:
            return False


class Day(Text):
    """A date, or None."""

    def typed(self, value: date | None) -> str:
        return "" if value is None else as_day(value)

    def told(self, value: date | None) -> str:
        return self.typed(value) or "(no se indicó)"


class Lines(Text):
    """The numbers of lines; their order says nothing."""

    def __init__(self, separator: str = ", ") -> None:
        self._separator = separator

    def typed(self, value: Sequence[str]) -> str:
        return self._separator.join(value)

    def told(self, value: Sequence[str]) -> str:
        return ", ".join(value)

    def read(self, text: str) -> tuple[str, ...]:
        return numbers(text)

    def is_kept(self, value: Sequence[str], text: str) -> bool:
        return sorted(numbers(text)) == sorted(value)


class WithName(Protocol):
    """A file by the name under which it is attached."""

    @property
    def name(self) -> str: ...


class Files(Text):
    """Attached files by their names, one a line; their order says nothing."""

    @staticmethod
    def text(names: Iterable[str]) -> str:
        """What a page that lists these shows."""
        return "\n".join(names)

    def typed(self, value: Sequence[WithName]) -> str:
        return self.text(file.name for file in value)

    def told(self, value: Sequence[WithName]) -> str:
        return ", ".join(file.name for file in value)

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(filter(None, text.split("\n")))

    def is_in_form(self, value: Sequence[WithName], text: str) -> bool:
        return sorted(clean(file.name) for file in value) == sorted(self.read(text))

    is_kept = is_in_form


class Uploads(Files):
    """Files that a field of the form takes itself: typed as paths, one a line, and shown by their
    names with a slash between, which no name has."""

    def typed(self, value: Sequence[WithName]) -> str:
        return "\n".join(map(str, value))

    @staticmethod
    def paths(typed: str) -> list[Path]:
        return [Path(line) for line in typed.split("\n") if line]

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(filter(None, map(clean, re.split("[/\n]", text))))

    def holds(self, typed: str, text: str) -> bool:
        return super().is_in_form(self.paths(typed), text)


TEXT, CHOICE, AMOUNT, DAY, LINES, FILES = Text(), Choice(), Amount(), Day(), Lines(), Files()
CHECKED, MARKED, UPLOADS, PERSON = Checked(), Marked(), Uploads(), Person()


@dataclass(frozen=True)
class FieldEntry:
    """What an element of a form has to do with a draft; ``label`` is how people call it."""

    label: str
    codec: Text
    #: what it holds for every draft; None where the draft says
    always: object = None
    is_typed: bool = True
    is_told: bool = True

    def value(self, name: str, draft: Record) -> Any:
        """What it is to hold; ``name`` is the draft's attribute."""
        return getattr(draft, name) if self.always is None else self.always
