"""Drafts of every portal as people read them."""

from __future__ import annotations

from typing import Any

from pages.contract.nintex import NintexDraft
from pages.contract.records import Record
from pages.contract.remedy import IncidentDraft
from pages.contract.siac import CaseDraft
from pages.core.form import Form
from pages.nintex.form import RequestForm
from pages.remedy.new_incident import NewIncidentPage
from pages.siac.template import TemplatePage

FORMS: dict[type[Record], type[Form[Any]]] = {
    CaseDraft: TemplatePage,
    NintexDraft: RequestForm,
    IncidentDraft: NewIncidentPage,
}


def described(draft: CaseDraft | NintexDraft | IncidentDraft) -> dict[str, str]:
    """All that is typed of it, by the labels of its form; empty where nothing is."""
    return FORMS[type(draft)].described(draft)
