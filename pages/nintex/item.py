"""The display form of one request, in its dialog."""

from __future__ import annotations

from pages.contract.errors import PageChanged
from pages.contract.nintex import NintexRequest
from pages.contract.text import day
from pages.core.elements import Bound, Element, exactly
from pages.core.form import values_of
from pages.core.page import PortalPage
from pages.nintex.elements import attachments, controls, repeater
from pages.nintex.form import CONTROLS, RequestForm, shown_parts

#: what the portal adds to a request
_OWN = {"id": "ID", "estado": "Estado", "creado": "Creado", "creado_por": "CreadoPor"}


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
        held = await self.controles.read(_OWN | CONTROLS)
        rows, files = await self.lineas.rows(), await self.adjuntos.read()
        try:
            held |= shown_parts(rows, files)
            return NintexRequest(
                **values_of(RequestForm, NintexRequest, held),
                numero=held["id"],
                estado=held["estado"],
                creado=day(held["creado"]),
                creado_por=held["creado_por"],
                otros=held,
            )
        except (KeyError, ValueError) as error:
            raise PageChanged(
                self.portal.name, self.title, "un valor no tiene la forma esperada"
            ) from error
