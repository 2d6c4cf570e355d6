"""The form of a new request, in its dialog."""

from __future__ import annotations

import re
from decimal import Decimal

from pages.contract.errors import FormAltered
from pages.contract.nintex import NintexDraft, NintexRequest
from pages.contract.records import altered
from pages.contract.text import as_amount, as_day, clean, same
from pages.core.elements import Bound, Element, exactly
from pages.core.page import PortalPage
from pages.nintex.elements import (
    attachments,
    control,
    controls,
    date_control,
    lookup,
    people,
    repeater,
)
from pages.nintex.item import OTHERS


class LineaRow(PortalPage):
    """One row of the repeating section *Lineas*."""

    title = "Fila de línea"
    linea = control("Linea")
    cargo = control("CargoLinea")


class RequestForm(PortalPage):
    """The form of a new request, in its dialog.

    Ready when *Guardar* can be pressed: until then the form's script sets its defaults over
    whatever is typed.
    """

    title = "Nuevo elemento"
    ready = Element(
        Bound,
        "Guardar",
        lambda scope: scope.get_by_role("button", name=exactly("Guardar"), disabled=False),
    )
    refusal = Element(Bound, "Validación", lambda scope: scope.locator(".nf-validation-summary"))

    controles = controls()
    referencia = control("Referencia")
    caso_siac = control("CasoSIAC")
    tipo_solicitud = lookup("TipoSolicitud")
    escenario = control("Escenario")
    fecha_solicitud = date_control("FechaSolicitud")
    sec = control("SEC")
    ruc = control("RUC")
    razon_social = control("RazonSocial")
    ejecutivo = people("Ejecutivo")
    campana = control("Campana")
    cargo_lista = control("CargoLista")
    cargo_ofrecido = control("CargoOfrecido")
    oferta_vigente_hasta = date_control("OfertaVigenteHasta")
    aprobado_por = control("AprobadoPor")
    detalle = control("Detalle")
    lineas = repeater("Lineas", linea="Linea", cargo="CargoLinea")
    adjuntos = attachments("Adjuntos")

    async def fill(self, draft: NintexDraft) -> None:
        # The type's rules move, clear and enable controls: it comes first, and the scenario, which
        # they enable, before everything that they could move away from under the typing.
        await self.tipo_solicitud.choose(draft.tipo_solicitud)
        await self.escenario.fill(draft.escenario)
        await self.referencia.fill(draft.referencia)
        await self.caso_siac.fill(draft.caso_siac)
        await self.fecha_solicitud.fill(as_day(draft.fecha_solicitud))
        await self.sec.fill(draft.sec)
        await self.ruc.fill(draft.ruc)
        await self.razon_social.fill(draft.razon_social)
        if draft.ejecutivo:
            await self.ejecutivo.resolve(draft.ejecutivo)
        await self.campana.fill(draft.campana)
        await self.cargo_lista.fill(as_amount(draft.cargo_lista))
        await self.cargo_ofrecido.fill(as_amount(draft.cargo))
        if draft.oferta_vigente_hasta is not None:
            await self.oferta_vigente_hasta.fill(as_day(draft.oferta_vigente_hasta))
        await self.aprobado_por.fill(draft.aprobado_por)
        await self.detalle.fill(draft.detalle)
        for number, linea in enumerate(draft.lineas):
            row = LineaRow(self.portal, await self.lineas.row(number))
            await row.linea.fill(linea)
            await row.cargo.fill(as_amount(draft.cargo))
        await self.adjuntos.add(draft.adjuntos)

    async def expect(self, draft: NintexDraft) -> None:
        """Read the whole form back; `FormAltered` where it holds something else than was typed."""
        typed = _typed(draft)
        # "Solicitante" is the portal's own: whoever is logged in, under the directory's name
        held = await self.controles.read(*typed, "Solicitante")
        altered = [name for name, value in typed.items() if not _agrees(name, held[name], value)]
        if not held["Solicitante"]:
            altered.append("Solicitante")
        cargo = as_amount(draft.cargo)
        if await self.lineas.rows() != [{"linea": linea, "cargo": cargo} for linea in draft.lineas]:
            altered.append("Lineas")
        if sorted(await self.adjuntos.read()) != sorted(clean(f.name) for f in draft.adjuntos):
            altered.append("Adjuntos")
        if altered:
            names = ", ".join(altered)
            raise FormAltered(self.portal.name, self.title, f"no conserva lo escrito en: {names}")

    async def save(self) -> None:
        async with self.portal.acting(self.title, "Guardar"):
            await type(self).ready.find(self.scope).click()

    async def refused(self) -> str:
        """What the form found wrong, with digits masked; empty where it found nothing."""
        if not await self.refusal.is_shown():
            return ""
        return re.sub(r"\d", "#", clean(await self.refusal.locator.inner_text()))[:200]


def altered_fields(draft: NintexDraft, kept: NintexRequest) -> tuple[str, ...]:
    """What the portal keeps otherwise than it was typed, by the names of the controls."""
    typed: dict[str, str | Decimal] = {
        **{name: value for name, value in _typed(draft).items() if name in OTHERS},
        "CargoLista": draft.cargo_lista,
        **{f"CargoLinea {linea}": draft.cargo for linea in draft.lineas},
    }
    names = altered(typed, kept.otros)
    attached = sorted(clean(file.name) for file in draft.adjuntos)
    return names if sorted(kept.adjuntos) == attached else (*names, "Adjuntos")


def _agrees(name: str, held: str, typed: str) -> bool:
    """What is chosen stands there in the portal's own spelling, what is typed in ours."""
    return same(held, typed) if name in ("TipoSolicitud", "Ejecutivo") else held == clean(typed)


def _typed(draft: NintexDraft) -> dict[str, str]:
    """The draft as it stands in the form, by the controls' names."""
    vigencia = draft.oferta_vigente_hasta
    return {
        "Referencia": draft.referencia,
        "CasoSIAC": draft.caso_siac,
        "TipoSolicitud": draft.tipo_solicitud,
        "Escenario": draft.escenario,
        "FechaSolicitud": as_day(draft.fecha_solicitud),
        "SEC": draft.sec,
        "RUC": draft.ruc,
        "RazonSocial": draft.razon_social,
        "Ejecutivo": draft.ejecutivo,
        "Campana": draft.campana,
        "CargoLista": as_amount(draft.cargo_lista),
        "CargoOfrecido": as_amount(draft.cargo),
        "OfertaVigenteHasta": as_day(vigencia) if vigencia else "",
        "AprobadoPor": draft.aprobado_por,
        "Detalle": draft.detalle,
    }
