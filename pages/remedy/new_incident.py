"""A new incident: typed, read back, saved once."""

from __future__ import annotations

import re

from pages.contract.errors import FormRefused
from pages.contract.remedy import IncidentDraft
from pages.core.elements import button
from pages.core.form import Form
from pages.remedy.ar_fields import MidTier, Popup
from pages.remedy.incident import IncidentPage

_NUMBER = re.compile(r"\bINC\d{6,}\b")
_REFUSAL = re.compile(r"\bAR(?:ERR|WARN) \d+")


class NewIncidentPage(IncidentPage, Form[IncidentDraft]):
    """The incident form for a new one."""

    title = "Nueva incidencia"
    shaping = ("escenario",)
    ready = guardar = button("Guardar")

    async def fill(self, draft: IncidentDraft) -> IncidentDraft:
        """Every field, then the files one by one."""
        await super().fill(draft)
        for file in draft.adjuntos:
            await self.adjuntos.add(file)
        return draft

    async def saved(self) -> str:
        """Accept the message that answers *Guardar*; the incident's number if it says one."""
        popup = Popup(self.guardar, self.window, MidTier.mensaje.on(self))
        words = await popup.words()
        refusal = _REFUSAL.search(words)
        if refusal is not None:
            await self.portal.diagnose()
            raise FormRefused(
                self.portal.name, self.title, f"el formulario no aceptó lo escrito ({refusal[0]})"
            )
        await popup.accept()
        number = _NUMBER.search(words)
        return number[0] if number else ""
