"""The display form of one request, in its dialog."""

from __future__ import annotations

from pages.contract.errors import PageChanged
from pages.contract.nintex import NintexRequest
from pages.core.elements import Bound, Element, by_role
from pages.core.form import request_of
from pages.core.page import PortalPage
from pages.nintex.named_controls import control, controls, term_control
from pages.nintex.request_form import RequestForm, controls_of, shown_parts


class RequestItem(PortalPage):
    """The display form of one request."""

    title = "Elemento de la lista"
    ready = cerrar = Element(Bound, "Cerrar", by_role("button"))

    controles = controls()
    lineas = RequestForm.lineas
    adjuntos = RequestForm.adjuntos

    # what the portal adds to a request
    numero = control("ID")
    estado = term_control("Estado")
    creado = control("Creado")
    creado_por = control("CreadoPor")

    async def read(self) -> NintexRequest:
        own = {name: getattr(self, name) for name in ("numero", "estado", "creado", "creado_por")}
        named = controls_of(self) | own
        held, rows, files = await self.controles.read_with(named, self.lineas, self.adjuntos)
        try:
            held |= shown_parts(rows, files)
            return request_of(RequestForm, NintexRequest, held)
        except (KeyError, ValueError) as error:
            raise PageChanged(
                self.portal.name, self.title, "un valor no tiene la forma esperada"
            ) from error
