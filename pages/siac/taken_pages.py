"""The pages of cases that were taken, which any session of the same user may show again."""

from __future__ import annotations


class TakenPages:
    """Addresses of cases' pages, by number, between a case's being taken and its being closed.
    Where the portal shows another page instead, or fails twice in a row, none is tried any more."""

    def __init__(self) -> None:
        self._addresses: dict[str, str] = {}
        self._are_shown, self._failed = True, False

    def keep(self, numero: str, address: str) -> None:
        if self._are_shown:
            self._addresses[numero] = address

    def of(self, numero: str) -> str:
        """Where this one was; empty where that is not known."""
        return self._addresses.get(numero, "")

    def closed(self, numero: str) -> None:
        """Forget where it was: a worker takes cases for months."""
        self._addresses.pop(numero, None)

    def shown(self) -> None:
        """Note that an address showed its case."""
        self._failed = False

    def failed(self, numero: str) -> None:
        """Note that something else went wrong where this one's was asked for: a session had ended,
        or the portal was down. It is not tried again."""
        if self._failed:
            self.refused()
        self._failed = True
        self.closed(numero)

    def refused(self) -> None:
        """Note that an address showed something else than its case."""
        self._are_shown = False
        self._addresses.clear()
