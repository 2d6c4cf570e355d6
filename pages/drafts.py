"""Drafts of every portal, and what it keeps of them, as people read them."""

from __future__ import annotations

from typing import Any

from pages.contract.nintex import NintexDraft
from pages.contract.ports import NINTEX, REMEDY, SIAC
from pages.contract.records import Record
from pages.contract.remedy import IncidentDraft
from pages.contract.siac import CaseDraft
from pages.core.elements import Element
from pages.core.form import Form
from pages.core.page import PortalPage
from pages.nintex.request_form import RequestForm
from pages.remedy.incident import IncidentPage
from pages.remedy.new_incident import NewIncidentPage
from pages.siac.case_page import CaseData
from pages.siac.template import TemplatePage

FORMS: dict[type[Record], type[Form[Any]]] = {
    CaseDraft: TemplatePage,
    NintexDraft: RequestForm,
    IncidentDraft: NewIncidentPage,
}
#: the page on which each shows what it holds
_SHOWN: dict[str, type[PortalPage]] = {
    SIAC: CaseData,
    NINTEX: RequestForm,
    REMEDY: IncidentPage,
}


def described(draft: CaseDraft | NintexDraft | IncidentDraft) -> dict[str, str]:
    """All that is typed of it, by the labels of its form; empty where nothing is."""
    return FORMS[type(draft)].described(draft)


def labels_of(portal: str) -> dict[str, str]:
    """The labels of what a portal shows of a record, by the names that we have for them."""
    return {
        name: element.entry.label if element.entry else element.name
        for owner in reversed(_SHOWN[portal].__mro__)
        for name, element in vars(owner).items()
        if isinstance(element, Element)
    }
