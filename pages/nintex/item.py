"""The display form of one request, in its dialog."""

from __future__ import annotations

from pages.contract.errors import PageChanged
from pages.contract.nintex import NintexRequest
from pages.contract.text import amount, day
from pages.core.elements import Bound, Element, exactly
from pages.core.page import PortalPage
from pages.nintex.elements import attachments, controls, repeater

#: what nobody but the robot asks of a request, and only of one that it has just filed
OTHERS = (
    "FechaSolicitud",
    "RazonSocial",
    "Ejecutivo",
    "Campana",
    "CargoLista",
    "OfertaVigenteHasta",
    "AprobadoPor",
    "Detalle",
)


class RequestItem(PortalPage):
    """The display form of one request."""

    title = "Elemento de la lista"
    ready = Element(
        Bound, "Cerrar", lambda scope: scope.get_by_role("button", name=exactly("Cerrar"))
    )

    controles = controls()
    lineas = repeater("Lineas", linea="Linea", cargo="CargoLinea")
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
            *OTHERS,
        )
        rows = await self.lineas.rows()
        try:
            return NintexRequest(
                id=held["ID"],
                referencia=held["Referencia"],
                caso_siac=held["CasoSIAC"],
                tipo_solicitud=held["TipoSolicitud"],
                escenario=held["Escenario"],
                sec=held["SEC"],
                ruc=held["RUC"],
                lineas=tuple(row["linea"] for row in rows),
                cargo=amount(held["CargoOfrecido"]),
                estado=held["Estado"],
                creado=day(held["Creado"]),
                creado_por=held["CreadoPor"],
                adjuntos=tuple(await self.adjuntos.read()),
                otros={name: held[name] for name in OTHERS}
                | {f"CargoLinea {row['linea']}": row["cargo"] for row in rows},
            )
        except (KeyError, ValueError) as error:
            raise PageChanged(
                self.portal.name, self.title, "un valor no tiene la forma esperada"
            ) from error
