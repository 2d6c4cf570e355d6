"""Confirmed drafts: a request that comes out otherwise than an advisor was shown is not sent."""

from __future__ import annotations

from typing import Any

from flows.procedure.preview import Preview
from pages.contract.ports import Sending

#: known only once SIAC Único has given the number; files are checked by their digests
_LATER = ("caso_siac", "adjuntos")


class ConfirmedDrafts:
    """Confirmation before each submit, asked as a person who confirms is. Of a case that nobody
    looked at here it says nothing."""

    def __init__(self) -> None:
        self._drafts: dict[str, dict[str, Any]] = {}

    def add(self, shown: Preview) -> None:
        """Note a draft that is about to be registered as it was shown."""
        draft = shown.draft
        if draft is not None:
            fields = draft.model_dump()
            self._drafts[shown.case.reference] = {
                name: value for name, value in fields.items() if name not in _LATER
            }

    async def __call__(self, sending: Sending) -> bool:
        promised = self._drafts.get(str(sending.fields.get("referencia", "")))
        if promised is None or "caso_siac" not in sending.fields:
            return True
        return all(sending.fields.get(name) == value for name, value in promised.items())
