"""The display form of one request, in its dialog."""

from __future__ import annotations

from pages.core.elements import Bound, Element
from pages.core.errors import PageChanged
from pages.core.page import PortalPage
from pages.core.text import amount, day
from pages.nintex.elements import attachments, kept, repeater
from pages.nintex.records import NintexRequest


class RequestItem(PortalPage):
    """Elemento de la lista."""

    ready = Element(
        Bound, "Cerrar", lambda scope: scope.get_by_role("button", name="Cerrar", exact=True)
    )

    id = kept("ID")
    referencia = kept("Referencia")
    caso_siac = kept("CasoSIAC")
    tipo_solicitud = kept("TipoSolicitud")
    escenario = kept("Escenario")
    sec = kept("SEC")
    ruc = kept("RUC")
    cargo_ofrecido = kept("CargoOfrecido")
    estado = kept("Estado")
    creado = kept("Creado")
    creado_por = kept("CreadoPor")
    lineas = repeater("Lineas")
    adjuntos = attachments("Adjuntos")

    async def read(self) -> NintexRequest:
        try:
            return NintexRequest(
                id=await self.id.read(),
                referencia=await self.referencia.read(),
                caso_siac=await self.caso_siac.read(),
                tipo_solicitud=await self.tipo_solicitud.read(),
                escenario=await self.escenario.read(),
                sec=await self.sec.read(),
                ruc=await self.ruc.read(),
                lineas=tuple(row["Linea"] for row in await self.lineas.read()),
                cargo=amount(await self.cargo_ofrecido.read()),
                estado=await self.estado.read(),
                creado=day(await self.creado.read()),
                creado_por=await self.creado_por.read(),
                adjuntos=tuple(await self.adjuntos.read()),
            )
        except (KeyError, ValueError) as error:
            raise PageChanged(
                self.portal.name, self.title, "un valor no tiene la forma esperada"
            ) from error
