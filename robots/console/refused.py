"""Refusal of what a person asked for in the console."""

from __future__ import annotations

from typing import ClassVar, Literal


class Refused(Exception):
    """Why it is not done, as one Spanish sentence: `Visit.guarded` shows it to whoever asked."""

    tone: ClassVar[Literal["warning", "negative"]] = "warning"
