"""Where a portal is, who works in it, and how long it is waited for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Account:
    """Where a portal is and who works in it. The password is asked for when it is typed."""

    url: str
    username: str
    password: Callable[[], str]

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class Limits:
    """In seconds: how long anything may take to show, and between two looks for trouble."""

    visible: float = 20.0
    look: float = 0.4
