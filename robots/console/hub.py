"""What is happening now, for whoever looks: the step at work of each case, and what has ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from flows.case import Outcome


class AtWork(NamedTuple):
    step: str
    since: datetime


class Hub:
    """A watcher of the flows. ``news`` grows with each thing that happens: pages compare it."""

    def __init__(self) -> None:
        self.news = 0
        self._at_work: dict[str, AtWork] = {}

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        self.news += 1
        if seconds is None:
            self._at_work[reference] = AtWork(name, datetime.now(UTC))
        else:
            self._at_work.pop(reference, None)

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        self.news += 1
        self._at_work.pop(outcome.reference, None)

    def at_work(self, reference: str) -> AtWork | None:
        return self._at_work.get(reference)
