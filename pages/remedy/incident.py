"""The incident form, *HPD:Help Desk*: what stands in it, and the record that it shows."""

from __future__ import annotations

import re

from playwright.async_api import Page

from pages.contract.errors import PageChanged
from pages.contract.remedy import Incident
from pages.contract.text import amount, day
from pages.core.page import PortalPage
from pages.remedy.elements import (
    Field,
    ar_attachments,
    ar_expander,
    ar_field,
    ar_lookup,
    ar_menu,
    ar_shown,
    read_fields,
)


class IncidentPage(PortalPage):
    """The incident form, in whichever mode."""

    title = "Incidencia"
    numero = ar_shown("1000000161", "ID de incidencia")
    estado = ar_shown("7", "Estado")
    creado = ar_shown("3", "Fecha de envío")
    creado_por = ar_shown("2", "Remitente")
    empresa = ar_field("1000000001", "Empresa")
    referencia = ar_field("536871010", "Referencia externa")
    caso_siac = ar_field("536871011", "Caso SIAC")
    sec = ar_field("536871012", "N° SEC")
    ruc = ar_field("536871013", "RUC")
    razon_social = ar_field("536871014", "Razón social")
    campana = ar_field("536871015", "Campaña")
    resumen = ar_field("1000000000", "Resumen")
    detalle = ar_expander("1000000151", "Detalle")
    escenario = ar_field("536871016", "Escenario")
    lineas = ar_field("536871017", "Líneas afectadas")
    cargo = ar_field("536871018", "Cargo ofrecido")
    producto = ar_menu("200000003", "Categoría de producto")
    producto_2 = ar_shown("200000004", "Categoría de producto N2")
    producto_3 = ar_shown("200000005", "Categoría de producto N3")
    impacto = ar_menu("1000000163", "Impacto")
    urgencia = ar_menu("1000000162", "Urgencia")
    grupo = ar_lookup("1000000217", "Grupo asignado")
    adjuntos = ar_attachments("536871040", "Datos adjuntos")

    @property
    def window(self) -> Page:
        assert isinstance(self.scope, Page)
        return self.scope

    async def values(self) -> dict[str, str]:
        """What the form's fields hold now, by their names here."""
        held = await read_fields(self.window)
        declared = {
            name: element.arid
            for name, element in vars(IncidentPage).items()
            if isinstance(element, Field)
        }
        return {name: held[arid] for name, arid in declared.items() if arid in held}

    async def record(self, numero: str) -> Incident:
        """The incident, once the form shows it: until then it shows the one before."""

        async def look() -> dict[str, str] | None:
            held = await self.values()
            return held if held.get("numero") == numero else None

        held = await self.portal.until(look, self.title, "ID de incidencia")
        adjuntos = await self.adjuntos.names()
        try:
            return Incident(
                numero=held["numero"],
                referencia=held["referencia"],
                caso_siac=held["caso_siac"],
                escenario=held["escenario"],
                sec=held["sec"],
                ruc=held["ruc"],
                resumen=held["resumen"],
                lineas=tuple(re.findall(r"[^\s,;]+", held["lineas"])),
                cargo=amount(held["cargo"]),
                estado=held["estado"],
                creado=day(held["creado"]),
                creado_por=held["creado_por"],
                adjuntos=adjuntos,
                otros=held,
            )
        except KeyError as error:
            raise PageChanged(self.portal.name, self.title, f"falta el campo {error}") from error
        except ValueError:
            raise PageChanged(
                self.portal.name, self.title, "no se puede leer el cargo o la fecha"
            ) from None
