"""Live status: the step at work of each case, and a count of what has happened."""

from __future__ import annotations

from flows.rules.case import Outcome


class LiveStatus:
    """Observer of the flows. ``news`` grows with each thing that happens: pages compare it."""

    def __init__(self) -> None:
        self.news = 0
        self._steps: dict[str, str] = {}

    def step(self, reference: str, name: str, seconds: float | None) -> None:
        self.news += 1
        if seconds is None:
            self._steps[reference] = name
        else:
            self._steps.pop(reference, None)

    def case_ended(self, attempt: int, outcome: Outcome) -> None:
        self.news += 1
        self._steps.pop(outcome.reference, None)

    def current_step(self, reference: str) -> str:
        """The step at work; empty where none is."""
        return self._steps.get(reference, "")
