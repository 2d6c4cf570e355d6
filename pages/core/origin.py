"""Origins: which server an address is at, as browsers tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

#: by scheme; a browser writes neither
_OWN_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port, to be compared. ``host`` is lower-case ASCII (IDNA)."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, address: str) -> Self | None:
        """The address's origin; None where no server is named that a browser would ask."""
        try:
            parts = urlsplit(address.strip())
            own = _OWN_PORTS[parts.scheme]
            host = (parts.hostname or "").encode("idna").decode("ascii")
            port = own if parts.port is None else parts.port
        except (KeyError, ValueError):
            return None
        return cls(parts.scheme, host, port) if host else None

    def __str__(self) -> str:
        """As a browser writes it, and as Playwright compares credentials: as text."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _OWN_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"
