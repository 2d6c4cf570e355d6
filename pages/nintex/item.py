"""The display form of one request, in its dialog."""

from __future__ import annotations

from pages.core.elements import Bound, Element, exactly
from pages.core.errors import PageChanged
from pages.core.page import PortalPage
from pages.core.text import amount, day
from pages.nintex.elements import attachments, controls, repeater
from pages.nintex.records import NintexRequest


class RequestItem(PortalPage):
    """Elemento de la lista."""

    ready = Element(
        Bound, "Cerrar", lambda scope: scope.get_by_role("button", name=exactly("Cerrar"))
    )

    controles = controls()
    lineas = repeater("Lineas")
    adjuntos = attachments("Adjuntos")

    async def read(self) -> NintexRequest:
        held = await self.controles.read(
            "ID",
            "Referencia",
            "CasoSIAC",
            "TipoSolicitud",
            "Escenario",
            "SEC",
            "RUC",
            "CargoOfrecido",
            "Estado",
            "Creado",
            "CreadoPor",
        )
        try:
            return NintexRequest(
                id=held["ID"],
                referencia=held["Referencia"],
                caso_siac=held["CasoSIAC"],
                tipo_solicitud=held["TipoSolicitud"],
                escenario=held["Escenario"],
                sec=held["SEC"],
                ruc=held["RUC"],
                lineas=tuple(row["Linea"] for row in await self.lineas.read()),
                cargo=amount(held["CargoOfrecido"]),
                estado=held["Estado"],
                creado=day(held["Creado"]),
                creado_por=held["CreadoPor"],
                adjuntos=tuple(await self.adjuntos.read()),
            )
        except (KeyError, ValueError) as error:
            raise PageChanged(
                self.portal.name, self.title, "un valor no tiene la forma esperada"
            ) from error
