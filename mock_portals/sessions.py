"""Who is logged in to a portal."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

LIMA = timezone(timedelta(hours=-5))

USERS = {name: name for name in ("robot", "robot2", "asesor1")}


@dataclass
class Session:
    token: str
    user: str
    host: str
    opened: datetime
    seen: float
    data: dict[str, Any] = field(default_factory=dict)


class Sessions:
    """The open sessions of one portal. ``ended`` remembers why a known token is no more."""

    def __init__(self, idle_seconds: float) -> None:
        self.idle_seconds = idle_seconds
        self.open: dict[str, Session] = {}
        self.ended: dict[str, str] = {}

    def start(self, user: str, host: str, token: str | None = None) -> Session:
        session = Session(
            token or secrets.token_urlsafe(18), user, host, datetime.now(LIMA), time.monotonic()
        )
        self.open[session.token] = session
        return session

    def find(self, token: str | None) -> Session | None:
        """The live session of this token, now used again."""
        self._end_idle()
        session = self.open.get(token or "")
        if session is not None:
            session.seen = time.monotonic()
        return session

    def of_user(self, user: str) -> list[Session]:
        self._end_idle()
        return [session for session in self.open.values() if session.user == user]

    def _end_idle(self) -> None:
        oldest = time.monotonic() - self.idle_seconds
        for session in [session for session in self.open.values() if session.seen < oldest]:
            self.end(session.token, "idle")

    def end(self, token: str, reason: str) -> None:
        """``reason`` is idle, expired, taken or logout."""
        if self.open.pop(token, None) is not None:
            self.ended[token] = reason

    def clear(self) -> None:
        self.open.clear()
        self.ended.clear()
