"""What a person asked for and does not get."""

from __future__ import annotations

from typing import ClassVar, Literal


class Refused(Exception):
    """Why it is not done, as one Spanish sentence: `Visit.doing` shows it to whoever asked."""

    tone: ClassVar[Literal["warning", "negative"]] = "warning"
