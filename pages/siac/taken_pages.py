"""The pages of cases that were taken, which any session of the same user may show again."""

from __future__ import annotations


class TakenPages:
    """Addresses of cases' pages, by number, between a case's being taken and its being closed.
    Where the portal does not show a page again by its address, none is tried any more."""

    def __init__(self) -> None:
        self._addresses: dict[str, str] = {}
        self._are_shown = True

    def keep(self, numero: str, address: str) -> None:
        if self._are_shown:
            self._addresses[numero] = address

    def of(self, numero: str) -> str:
        """Where this one was; empty where that is not known."""
        return self._addresses.get(numero, "")

    def closed(self, numero: str) -> None:
        """Forget where it was: a worker takes cases for months."""
        self._addresses.pop(numero, None)

    def refused(self) -> None:
        """Note that an address did not show its case."""
        self._are_shown = False
        self._addresses.clear()
