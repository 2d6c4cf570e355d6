"""What a changed page lacks, with what may be it: by names that people see, and nobody's data."""

from __future__ import annotations

from dataclasses import dataclass

#: from this score on the best guess is offered in a command; of others people give the name
LIKELY = 0.5


@dataclass(frozen=True)
class Guess:
    """What the page shows that may be it. ``name`` is as a map takes it; ``score`` is from 0 to 1,
    and ``why`` a Spanish clause."""

    name: str
    score: float
    why: str


@dataclass(frozen=True)
class Absent:
    """A declared element, or a column of one, that is not there. ``key`` is the one of a map."""

    key: str
    name: str
    look: PageLook
    #: best first
    guesses: tuple[Guess, ...] = ()


@dataclass(frozen=True)
class PageLook:
    """What was looked for: an element by its name, on a page by its title, in a part of the portal
    where it has several."""

    part: str
    page: str
    name: str
