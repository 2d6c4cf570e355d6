"""The form of a new request, in its dialog."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from pages.contract.nintex import NintexDraft
from pages.contract.text import as_amount, clean
from pages.core.codecs import AMOUNT, FILES, LINES, PERSON
from pages.core.elements import Bound, BoundButton, BoundShown, Element, by_css
from pages.core.engines import Find, both, exactly, with_css, with_role
from pages.core.form import Form, by_hand, entries, typed
from pages.core.page import PortalPage
from pages.core.scripts import VALUE_OF_VISIBLE
from pages.nintex.named_controls import (
    BoundNamedControl,
    attachments,
    control,
    controls,
    date_control,
    lookup,
    people,
    repeater,
)


def _enabled_button(name: str) -> Find:
    pressed = with_css(":not(:disabled, [aria-disabled=true])")
    return both(with_role("button", exactly(name)), pressed)


class RequestForm(Form[NintexDraft]):
    """The form of a new request, in its dialog.

    Ready when *Guardar* can be pressed: until then the form's script sets its defaults over
    whatever is typed.
    """

    title = "Nuevo elemento"
    shaping = ("escenario",)
    ready = guardar = Element(BoundButton, "Guardar", _enabled_button)
    refusal = Element(BoundShown, "Validación", by_css(".nf-validation-summary"))

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
        await self._fill_each(draft)
        if draft.ejecutivo is not None and not await self.ejecutivo.choose(draft.ejecutivo):
            draft = draft.model_copy(update={"ejecutivo": None})
        cargo = as_amount(draft.cargo)
        await self.lineas.fill([{"linea": linea, "cargo": cargo} for linea in draft.lineas])
        await self.adjuntos.add(draft.adjuntos)
        return draft

    async def _fill_each(self, draft: NintexDraft) -> None:
        """The type first, whose rules move and clear others; then all texts in their order."""
        texts: list[tuple[BoundNamedControl, str]] = []
        for name, entry in entries(type(self)).items():
            if not entry.is_typed:
                continue
            bound, text = getattr(self, name), entry.codec.typed(entry.value(name, draft))
            if isinstance(bound, BoundNamedControl):
                texts.append((bound, text))
            else:
                await bound.fill(text)
        await BoundNamedControl.fill_each(texts)

    async def held(self) -> dict[str, str]:
        named = controls_of(self) | {"solicitante": self.solicitante}
        texts, rows, files = await self.controles.read_with(named, self.lineas, self.adjuntos)
        return texts | shown_parts(rows, files)

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
        await self.guardar.click()

    async def refused(self) -> str:
        """What the form found wrong, with digits masked; empty where it found nothing."""
        words = await self.refusal.ask(VALUE_OF_VISIBLE)  # its frame may be gone: no more waiting
        return re.sub(r"\d", "#", clean(" ".join(words)))[:200]


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
