"""A new incident: typed, read back, saved once."""

from __future__ import annotations

import re
from decimal import Decimal

from pages.contract.errors import FormAltered
from pages.contract.records import altered
from pages.contract.remedy import Incident, IncidentDraft
from pages.contract.text import as_amount
from pages.core.elements import button
from pages.remedy.elements import Popup
from pages.remedy.incident import IncidentPage

#: how a wrongly billed monthly charge is classified, and who attends to it
PRODUCTO = ("Servicios móviles", "Facturación", "Cargo fijo")
IMPACTO = "4-Menor/Localizado"
URGENCIA = "3-Media"
GRUPO = "Facturación Móvil Corporativa"

_NUMBER = re.compile(r"\bINC\d{6,}\b")
_REFUSAL = re.compile(r"\bAR(?:ERR|WARN) \d+")


def altered_fields(draft: IncidentDraft, kept: Incident) -> tuple[str, ...]:
    """What the portal keeps otherwise than it was typed or chosen, by the names here; lines and
    charge, which it writes in its own way, are read by the record itself."""
    names = altered(_typed(draft), kept.otros)
    attached = tuple(file.name for file in draft.adjuntos)
    return names if kept.adjuntos == attached else (*names, "adjuntos")


def _typed(draft: IncidentDraft) -> dict[str, str | Decimal]:
    """The draft, and what is chosen for every one, as it stands in the form."""
    return {
        "referencia": draft.referencia,
        "caso_siac": draft.caso_siac,
        "sec": draft.sec,
        "ruc": draft.ruc,
        "razon_social": draft.razon_social,
        "campana": draft.campana,
        "resumen": draft.resumen,
        "detalle": draft.detalle,
        "escenario": draft.escenario,
        "producto": PRODUCTO[0],
        "producto_2": PRODUCTO[1],
        "producto_3": PRODUCTO[2],
        "impacto": IMPACTO,
        "urgencia": URGENCIA,
        "grupo": GRUPO,
    }


class NewIncidentPage(IncidentPage):
    """The incident form for a new one."""

    title = "Nueva incidencia"
    ready = guardar = button("Guardar")

    async def fill(self, draft: IncidentDraft) -> None:
        """Type the draft, and read all of it back; raises `FormAltered`."""
        await self.producto.choose(*PRODUCTO)
        await self.impacto.choose(IMPACTO)
        await self.urgencia.choose(URGENCIA)
        await self.grupo.resolve(GRUPO)
        await self.referencia.fill(draft.referencia)
        await self.caso_siac.fill(draft.caso_siac)
        await self.sec.fill(draft.sec)
        await self.ruc.fill(draft.ruc)
        await self.razon_social.fill(draft.razon_social)
        await self.campana.fill(draft.campana)
        await self.resumen.fill(draft.resumen)
        await self.detalle.fill(draft.detalle)
        await self.escenario.fill(draft.escenario)
        await self.lineas.fill(", ".join(draft.lineas))
        await self.cargo.fill(as_amount(draft.cargo))
        for file in draft.adjuntos:
            await self.adjuntos.add(file)
        await self.read_back(draft)

    def sent(self, draft: IncidentDraft) -> dict[str, object]:
        """All that the form sends once the draft is typed, by name."""
        chosen = {
            self.producto.name: " › ".join(PRODUCTO),
            self.impacto.name: IMPACTO,
            self.urgencia.name: URGENCIA,
            self.grupo.name: GRUPO,
        }
        return chosen | draft.model_dump()

    async def read_back(self, draft: IncidentDraft) -> None:
        """Raises `FormAltered`, naming the fields that hold something else than was typed."""
        typed = _typed(draft) | {
            "lineas": ", ".join(draft.lineas),
            "cargo": as_amount(draft.cargo),
        }
        names = [*altered(typed, await self.values())]
        if await self.adjuntos.names() != tuple(file.name for file in draft.adjuntos):
            names.append("adjuntos")
        if names:
            raise FormAltered(
                self.portal.name, self.title, f"no conserva lo escrito en: {', '.join(names)}"
            )

    async def saved(self) -> str:
        """Accept the message that answers *Guardar*; the incident's number if it says one."""
        popup = Popup(self.guardar, self.window, "Mensaje")
        words = await popup.words()
        refusal = _REFUSAL.search(words)
        if refusal is not None:
            await self.portal.diagnose()
            raise FormAltered(
                self.portal.name, self.title, f"el portal no aceptó el formulario ({refusal[0]})"
            )
        await popup.accept()
        number = _NUMBER.search(words)
        return number[0] if number else ""
