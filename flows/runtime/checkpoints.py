"""Checkpoints: where a flow keeps what each of its steps came to."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

Answer = dict[str, Any]
Work = Callable[[], Coroutine[Any, Any, Answer]]


class StepsChanged(Exception):
    """The step was recorded by a flow of other steps that was given the same version."""


class Checkpoints(Protocol):
    """The record of one flow's steps, in the order in which they are run."""

    async def run(self, name: str, work: Work) -> Answer:
        """What the step came to before, or comes to now; raises `StepsChanged`."""

    def place(self) -> int | None:
        """Where the record has the step at work; None where it counts none."""


class Unrecorded:
    """Keeps nothing: each step is done whenever it is asked for."""

    async def run(self, name: str, work: Work) -> Answer:
        return await work()

    def place(self) -> int | None:
        return None
