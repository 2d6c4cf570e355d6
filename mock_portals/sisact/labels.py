"""How SISACT writes its labels and lays out its fields: never twice alike in the markup."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from mock_portals.dialect import INVISIBLE, NBSP

LAYOUTS = ("cells", "pairs", "definitions", "lines")

Kind = Literal["text", "input"]


@dataclass(frozen=True)
class Field:
    """A label and what stands beside it, in the markup of one load."""

    label: Markup
    value: str
    kind: Kind
    id: str


class Typesetter:
    """Writes the same words differently on each load, as years of other people's edits do."""

    def __init__(self, source: random.Random) -> None:
        self.random = source

    def label(self, words: str) -> Markup:
        """The label as people read it, over invisible characters, odd spaces and broken tags."""
        text = Markup(words)
        if self.random.random() < 0.5:
            text = Markup(words.replace(" ", NBSP))
        if self.random.random() < 0.5:
            at = self.random.randint(1, len(text) - 1)
            text = text[:at] + self.random.choice(INVISIBLE) + text[at:]
        if "°" in text and self.random.random() < 0.5:
            text = text.replace("°", Markup("<sup>°</sup>"))
        elif NBSP in text and self.random.random() < 0.5:
            head, tail = text.split(NBSP, 1)
            text = Markup(f"<font>{head}</font>{NBSP}<font>{tail}</font>")
        ending = self.random.choice(("", ":", " :", f"{NBSP}:", f":{NBSP}"))
        return text + ending

    def fields(self, load_id: str, values: list[tuple[str, str, Kind]]) -> list[Field]:
        """These fields, in this load's order. ``load_id`` is what their ids begin with."""
        made = [
            Field(self.label(label), value, kind, f"{load_id}_{kind}{self.random.randrange(10**5)}")
            for label, value, kind in values
        ]
        self.random.shuffle(made)
        return made

    def classes(self) -> Callable[[str], str]:
        """The style sheet's classes under this load's names: ``grilla`` as ``grilla-3fa2``."""
        tail = f"{self.random.randrange(16**4):04x}"
        return lambda name: f"{name}-{tail}"

    def layout(self) -> str:
        return self.random.choice(LAYOUTS)
