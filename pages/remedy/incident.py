"""The incident form, *HPD:Help Desk*: what stands in it, and the record that it shows."""

from __future__ import annotations

from enum import StrEnum

from playwright.async_api import Page

from pages.contract.errors import PageChanged
from pages.contract.remedy import Incident
from pages.core.codecs import AMOUNT, FILES, LINES
from pages.core.form import by_hand, filled, request_of, typed
from pages.core.page import PortalPage
from pages.remedy.ar_fields import (
    STEP,
    ArField,
    ar_attachments,
    ar_expander,
    ar_field,
    ar_lookup,
    ar_menu,
    ar_shown,
    ar_term,
    read_fields,
)


class Palabra(StrEnum):
    """How a wrongly billed monthly charge is classified, who attends to it, and a state."""

    PRODUCTO = "Servicios móviles"
    PRODUCTO_2 = "Facturación"
    PRODUCTO_3 = "Cargo fijo"
    IMPACTO = "4-Menor/Localizado"
    URGENCIA = "3-Media"
    GRUPO = "Facturación Móvil Corporativa"
    CERRADO = Incident.attended


_PRODUCTO = STEP.join((Palabra.PRODUCTO, Palabra.PRODUCTO_2, Palabra.PRODUCTO_3))


class IncidentPage(PortalPage):
    """The incident form, in whichever mode."""

    title = "Incidencia"
    numero = ar_shown("1000000161", "ID de incidencia")
    estado = ar_term("7", "Estado")
    creado = ar_shown("3", "Fecha de envío")
    creado_por = ar_shown("2", "Remitente")
    empresa = ar_field("1000000001", "Empresa")
    producto = typed(
        ar_menu("200000003", "Categoría de producto"),
        always=_PRODUCTO,
    )
    producto_2 = filled(ar_term("200000004", "Categoría de producto N2"), Palabra.PRODUCTO_2)
    producto_3 = filled(ar_term("200000005", "Categoría de producto N3"), Palabra.PRODUCTO_3)
    impacto = typed(ar_menu("1000000163", "Impacto"), always=Palabra.IMPACTO)
    urgencia = typed(ar_menu("1000000162", "Urgencia"), always=Palabra.URGENCIA)
    grupo = typed(ar_lookup("1000000217", "Grupo asignado"), always=Palabra.GRUPO)
    referencia = typed(ar_field("536871010", "Referencia externa"))
    caso_siac = typed(ar_field("536871011", "Caso SIAC"))
    sec = typed(ar_field("536871012", "N° SEC"))
    ruc = typed(ar_field("536871013", "RUC"))
    razon_social = typed(ar_field("536871014", "Razón social"))
    campana = typed(ar_field("536871015", "Campaña"))
    resumen = typed(ar_field("1000000000", "Resumen"))
    detalle = typed(ar_expander("1000000151", "Detalle"))
    escenario = typed(ar_field("536871016", "Escenario"))
    lineas = typed(ar_field("536871017", "Líneas afectadas"), codec=LINES)
    cargo = typed(ar_field("536871018", "Cargo ofrecido"), codec=AMOUNT)
    adjuntos = by_hand(ar_attachments("536871040", "Datos adjuntos"), "Adjuntos", FILES)

    @property
    def window(self) -> Page:
        assert isinstance(self.scope, Page)
        return self.scope

    async def held(self) -> dict[str, str]:
        """What the form shows now, by the names here."""
        return await self._fields() | await self._files()

    async def _files(self) -> dict[str, str]:
        return {"adjuntos": FILES.text(await self.adjuntos.names())}

    async def _fields(self) -> dict[str, str]:
        shown = await read_fields(self.window)
        return {
            name: element.on(self).understood(shown[arid])
            for name, element in vars(IncidentPage).items()
            if isinstance(element, ArField) and (arid := element.here(self.names).arid) in shown
        }

    async def record(self, numero: str) -> Incident:
        """The incident, once the form shows it: until then it shows the one before."""

        async def look() -> dict[str, str] | None:
            shown = await self._fields()
            return shown if shown.get("numero") == numero else None

        shown = await self.portal.until(look, self.title, self.numero.name)
        held = shown | await self._files()
        self.portal.meet(self.title, *(getattr(self, name).name for name in held))
        try:
            return request_of(IncidentPage, Incident, held)
        except KeyError as error:
            lacking = getattr(self, str(error.args[0])).name
            what = f"no se encuentra «{lacking}»"
            raise PageChanged(self.portal.name, self.title, what) from error
        except ValueError:
            raise PageChanged(
                self.portal.name, self.title, "no se puede leer el cargo o la fecha"
            ) from None
