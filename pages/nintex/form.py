"""The form of a new request, in its dialog."""

from __future__ import annotations

import re

from pages.core.elements import Bound, Element
from pages.core.errors import FormAltered
from pages.core.page import PortalPage
from pages.core.text import as_amount, as_day, clean
from pages.nintex.elements import (
    attachments,
    control,
    date_control,
    lookup,
    people,
    repeater,
)
from pages.nintex.records import NintexDraft


class LineaRow(PortalPage):
    """Fila de línea."""

    linea = control("Linea")
    cargo = control("CargoLinea")


class RequestForm(PortalPage):
    """Nuevo elemento.

    Ready when *Guardar* can be pressed: until then the form's script sets its defaults over
    whatever is typed.
    """

    ready = Element(
        Bound,
        "Guardar",
        lambda scope: scope.get_by_role("button", name="Guardar", exact=True, disabled=False),
    )
    refusal = Element(Bound, "Validación", lambda scope: scope.locator(".nf-validation-summary"))

    referencia = control("Referencia")
    caso_siac = control("CasoSIAC")
    tipo_solicitud = lookup("TipoSolicitud")
    escenario = control("Escenario")
    fecha_solicitud = date_control("FechaSolicitud")
    solicitante = people("Solicitante")
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
    lineas = repeater("Lineas")
    adjuntos = attachments("Adjuntos")

    async def fill(self, draft: NintexDraft) -> None:
        # The type's rules move, clear and enable controls: it comes first, and the scenario, which
        # they enable, before everything that they could move away from under the typing.
        await self.tipo_solicitud.choose(draft.tipo_solicitud)
        await self.escenario.fill(draft.escenario)
        await self.referencia.fill(draft.referencia)
        await self.caso_siac.fill(draft.caso_siac)
        await self.fecha_solicitud.fill_day(draft.fecha_solicitud)
        await self.sec.fill(draft.sec)
        await self.ruc.fill(draft.ruc)
        await self.razon_social.fill(draft.razon_social)
        if draft.ejecutivo:
            await self.ejecutivo.resolve(draft.ejecutivo)
        await self.campana.fill(draft.campana)
        await self.cargo_lista.fill(as_amount(draft.cargo_lista))
        await self.cargo_ofrecido.fill(as_amount(draft.cargo))
        if draft.oferta_vigente_hasta is not None:
            await self.oferta_vigente_hasta.fill_day(draft.oferta_vigente_hasta)
        await self.aprobado_por.fill(draft.aprobado_por)
        await self.detalle.fill(draft.detalle)
        for number, linea in enumerate(draft.lineas):
            row = LineaRow(self.portal, await self.lineas.row(number))
            await row.linea.fill(linea)
            await row.cargo.fill(as_amount(draft.cargo))
        await self.adjuntos.add(draft.adjuntos)

    async def expect(self, draft: NintexDraft, solicitante: str) -> None:
        """Read the whole form back; `FormAltered` where it holds something else than was typed."""
        vigencia = draft.oferta_vigente_hasta
        await self.tipo_solicitud.expect(draft.tipo_solicitud)
        await self.escenario.expect(draft.escenario)
        await self.referencia.expect(draft.referencia)
        await self.caso_siac.expect(draft.caso_siac)
        await self.fecha_solicitud.expect(as_day(draft.fecha_solicitud))
        await self.solicitante.expect(solicitante)
        await self.sec.expect(draft.sec)
        await self.ruc.expect(draft.ruc)
        await self.razon_social.expect(draft.razon_social)
        if draft.ejecutivo:
            await self.ejecutivo.expect(draft.ejecutivo)
        await self.campana.expect(draft.campana)
        await self.cargo_lista.expect(as_amount(draft.cargo_lista))
        await self.cargo_ofrecido.expect(as_amount(draft.cargo))
        await self.oferta_vigente_hasta.expect(as_day(vigencia) if vigencia else "")
        await self.aprobado_por.expect(draft.aprobado_por)
        await self.detalle.expect(draft.detalle)
        await self.adjuntos.expect([file.name for file in draft.adjuntos])
        typed = [{"Linea": linea, "CargoLinea": as_amount(draft.cargo)} for linea in draft.lineas]
        if await self.lineas.read() != typed:
            raise FormAltered(self.portal.name, self.title, "«Lineas» no conserva lo escrito")

    async def save(self) -> None:
        async with self.portal.acting(self.title, "Guardar"):
            await type(self).ready.find(self.scope).click()

    async def refused(self) -> str:
        """What the form found wrong, with digits masked; empty where it found nothing."""
        if not await self.refusal.is_shown():
            return ""
        return re.sub(r"\d", "#", clean(await self.refusal.locator.inner_text()))[:200]
