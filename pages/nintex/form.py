"""The form of a new request, in its dialog."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from pages.contract.nintex import NintexDraft
from pages.contract.text import as_amount, clean
from pages.core.codecs import AMOUNT, FILES, LINES, PERSON
from pages.core.elements import Bound, Element, by_css, by_role
from pages.core.form import Form, by_hand, entries, typed
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


class RequestForm(Form[NintexDraft]):
    """The form of a new request, in its dialog.

    Ready when *Guardar* can be pressed: until then the form's script sets its defaults over
    whatever is typed.
    """

    title = "Nuevo elemento"
    ready = guardar = Element(Bound, "Guardar", by_role("button", disabled=False))
    refusal = Element(Bound, "Validación", by_css(".nf-validation-summary"))

    controles = controls()
    # The type's rules move, clear and enable controls: it comes first, and the scenario, which they
    # enable, before everything that they could move away from under the typing.
    tipo_solicitud = typed(lookup("TipoSolicitud"), "Tipo de solicitud")
    escenario = typed(control("Escenario"))
    referencia = typed(control("Referencia"))
    caso_siac = typed(control("CasoSIAC"), "Caso SIAC")
    fecha_solicitud = typed(date_control("FechaSolicitud"), "Fecha de solicitud")
    sec = typed(control("SEC"), "N° SEC")
    ruc = typed(control("RUC"))
    razon_social = typed(control("RazonSocial"), "Razón social")
    campana = typed(control("Campana"), "Campaña")
    cargo_lista = typed(control("CargoLista"), "Cargo fijo de lista", AMOUNT)
    cargo = typed(control("CargoOfrecido"), "Cargo fijo", AMOUNT)
    oferta_vigente_hasta = typed(date_control("OfertaVigenteHasta"), "Oferta vigente hasta")
    aprobado_por = typed(control("AprobadoPor"), "Aprobado por")
    detalle = typed(control("Detalle"))
    #: the portal's own: whoever is logged in, under the directory's name
    solicitante = control("Solicitante")
    ejecutivo = by_hand(people("Ejecutivo"), "Ejecutivo", PERSON)
    lineas = by_hand(repeater("Lineas", linea="Linea", cargo="CargoLinea"), "Líneas", LINES)
    adjuntos = by_hand(attachments("Adjuntos"), "Adjuntos", FILES)

    async def fill(self, draft: NintexDraft) -> NintexDraft:
        """Every field, then the executive, who is left out where the directory does not tell who it
        is, a row for each line and the files."""
        await super().fill(draft)
        if draft.ejecutivo is not None and not await self.ejecutivo.choose(draft.ejecutivo):
            draft = draft.model_copy(update={"ejecutivo": None})
        for number, linea in enumerate(draft.lineas):
            await self.lineas.fill(number, linea=linea, cargo=as_amount(draft.cargo))
        await self.adjuntos.add(draft.adjuntos)
        return draft

    async def held(self) -> dict[str, str]:
        texts = await self.controles.read(controls_of(self) | {"solicitante": self.solicitante})
        return texts | shown_parts(await self.lineas.rows(), await self.adjuntos.read())

    async def unlike(self, draft: NintexDraft, held: Mapping[str, str]) -> list[str]:
        names = await super().unlike(draft, held)
        if not held["solicitante"]:
            names.append("Solicitante")
        if _charges(AMOUNT.is_in_form, draft, held):
            names.append("Cargo fijo de las líneas")
        return names

    @classmethod
    def altered(cls, draft: NintexDraft, kept: Mapping[str, str]) -> list[str]:
        return super().altered(draft, kept) + _charges(AMOUNT.is_kept, draft, kept)

    async def save(self) -> None:
        async with self.portal.acting(self.title, self.guardar.name):
            await self.guardar.locator.click()

    async def refused(self) -> str:
        """What the form found wrong, with digits masked; empty where it found nothing."""
        if not await self.refusal.is_shown():
            return ""
        return re.sub(r"\d", "#", clean(await self.refusal.locator.inner_text()))[:200]


def controls_of(page: PortalPage) -> dict[str, Bound]:
    """The control of each field, which an item's display form shows too."""
    return {
        name: getattr(RequestForm, name).on(page)
        for name in entries(RequestForm)
        if name not in ("lineas", "adjuntos")
    }


def shown_parts(rows: Sequence[Mapping[str, str]], files: Sequence[str]) -> dict[str, str]:
    """The repeating section and the attached files as texts; a charge by its line."""
    return {
        "lineas": ", ".join(row["linea"] for row in rows),
        **{_charge_of(row["linea"]): row["cargo"] for row in rows},
        "adjuntos": FILES.text(files),
    }


def _charge_of(linea: str) -> str:
    return f"Cargo fijo de {linea}"


def _charges(
    holds: Callable[[Decimal, str], bool], draft: NintexDraft, texts: Mapping[str, str]
) -> list[str]:
    """The rows whose charge is another."""
    names = map(_charge_of, draft.lineas)
    return [name for name in names if not holds(draft.cargo, texts.get(name, ""))]
