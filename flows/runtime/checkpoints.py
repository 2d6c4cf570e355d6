"""Checkpoints: where a flow keeps what each of its steps came to."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Protocol

Answer = dict[str, Any]
Work = Callable[[], Coroutine[Any, Any, Answer]]


class StepsChanged(Exception):
    """The step was recorded by a flow of other steps that was given the same version; ``found`` is
    the name that stands in its place."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


class Checkpoints(Protocol):
    """The record of one flow's steps, in the order in which they are run."""

    async def run(self, name: str, work: Work) -> Answer:
        """What the step came to before, or comes to now; raises `StepsChanged`."""

    def place(self) -> int | None:
        """Where the record has the step at work; None where it counts none."""

    async def values(self) -> dict[str, Any]:
        """What each step that is recorded has come to, by its name; not of those that ended."""


class Unrecorded:
    """Keeps nothing: each step is done whenever it is asked for."""

    async def run(self, name: str, work: Work) -> Answer:
        return await work()

    def place(self) -> int | None:
        return None

    async def values(self) -> dict[str, Any]:
        return {}


def values_of(answers: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Of recorded answers by the steps' names, those that gave a value."""
    return {
        name: answer["value"]
        for name, answer in answers
        if isinstance(answer, dict) and "value" in answer
    }
