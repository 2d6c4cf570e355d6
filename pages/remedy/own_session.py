"""Which open session of the robot's user is the robot's own, left by a process that died."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

#: how far the portal's clock may be from this machine's, and how long a login may take
_BEFORE, _AFTER = timedelta(seconds=5), timedelta(seconds=15)
_KEPT = 20


class OwnSession:
    """Keeps in a file when this robot logged in. One process works at a time with that file, so a
    session that began with one of these logins and is still open belongs to nobody who lives; one
    that began at any other time is a person's."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def began(self, since: datetime) -> bool:
        """Whether a session that is open since then began with a login of this robot's, earlier
        than the one that is under way."""
        earlier = self._moments()[:-1]
        return any(moment - _BEFORE <= since <= moment + _AFTER for moment in earlier)

    def entering(self) -> None:
        """Noted before the login, so that a process that dies right after it has left its mark."""
        self._write([*self._moments(), datetime.now(UTC)][-_KEPT:])

    def stayed_out(self) -> None:
        """The login that was noted last did not come about."""
        self._write(self._moments()[:-1])

    def _moments(self) -> list[datetime]:
        try:
            lines = self.path.read_text(encoding="utf-8").split()
            return [datetime.fromisoformat(line) for line in lines]
        except (OSError, ValueError):
            return []

    def _write(self, moments: list[datetime]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".new")
        beside.write_text("\n".join(m.isoformat() for m in moments), encoding="utf-8")
        beside.replace(self.path)
