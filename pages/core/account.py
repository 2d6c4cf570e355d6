"""Accounts and limits: where a portal is, who works in it, how long anything there may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Account:
    """A portal's address and its user. The password is asked for when it is typed."""

    url: str
    username: str
    password: Callable[[], str]

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class Limits:
    """Timeouts in seconds: for anything to show, and between two looks for errors."""

    visible: float = 20.0
    look: float = 0.4
