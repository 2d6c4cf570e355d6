"""Confirmed drafts: a request that comes out otherwise than an advisor was shown is not sent."""

from __future__ import annotations

from flows.procedure.filing import Draft
from flows.procedure.preview import Preview
from pages.contract.nintex import NintexDraft
from pages.contract.ports import Sending
from pages.contract.remedy import IncidentDraft

#: known only once SIAC Único has given the number; files are checked by their digests
_LATER = {"caso_siac": "", "adjuntos": ()}


class ConfirmedDrafts:
    """Confirmation before each submit, asked as a person who confirms is. Of a case that nobody
    looked at here it says nothing."""

    def __init__(self) -> None:
        self._drafts: dict[str, Draft] = {}

    def add(self, shown: Preview) -> None:
        """Note a draft that is about to be registered as it was shown."""
        if shown.draft is not None:
            self._drafts[shown.case.reference] = shown.draft.model_copy(update=_LATER)

    async def __call__(self, sending: Sending) -> bool:
        draft = sending.draft
        if not isinstance(draft, NintexDraft | IncidentDraft):
            return True
        promised = self._drafts.get(draft.referencia)
        if promised is None:
            return True
        if isinstance(draft, NintexDraft) and draft.ejecutivo is None:
            # left out, where the directory does not tell who it is
            promised = promised.model_copy(update={"ejecutivo": None})
        return draft.model_copy(update=_LATER) == promised
