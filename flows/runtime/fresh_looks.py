"""Fresh looks: what this process has seen of a case a moment ago, and need not ask for again."""

from __future__ import annotations

import time
from typing import Generic, TypeVar

T = TypeVar("T")


class FreshLook(Generic[T]):
    """What a portal has shown, good for ``lasts`` seconds and one use. Nothing of it outlives the
    process: what is only played back, or tried again, is looked for anew."""

    def __init__(self, lasts: float) -> None:
        self.lasts = lasts
        self._seen: tuple[float, T] | None = None

    def saw(self, what: T) -> None:
        self._seen = (time.monotonic(), what)

    def take(self) -> T | None:
        """What was seen, once; None where that is too long ago, or never was."""
        seen, self._seen = self._seen, None
        return seen[1] if seen and time.monotonic() - seen[0] <= self.lasts else None
