"""Caso: everything of one case, and what an advisor does with it."""

from __future__ import annotations

from collections.abc import Sequence

from pages.contract.errors import PageChanged
from pages.contract.siac import QueuedCase, SiacCase
from pages.contract.text import day, numbers, same
from pages.core.asking import together
from pages.core.aspnet import AspNetPage
from pages.core.choices import BoundChoice, choice
from pages.core.elements import BoundButton, BoundField, button, field, shown, term
from pages.core.filling import fill_each
from pages.core.grid import headed
from pages.core.messages import message, refusal
from pages.core.page import PortalPage
from pages.core.page_part import PagePart
from pages.core.portal_map import Word
from pages.siac.words import MOSTRADOS, Grids, Palabra, escenario_of
from pages.siac.work import accepted, group


class CaseData(PortalPage):
    """The group of a case's own fields."""

    title = "Datos del caso"
    numero = shown("N° de caso")
    referencia = shown("Referencia externa")
    sec = shown("N° de SEC")
    ruc = shown("RUC del cliente")
    lineas = shown("Líneas", numbers)
    cola = term("Cola de atención")
    ready = estado = term("Estado del caso")
    subclase = escenario = term("Subclase", escenario_of)
    creado = shown("Fecha de creación", day)
    creado_por = shown("Creado por")
    resolucion = shown("Resolución")

    # what else a case has that was registered from the template
    tipo = term("Tipo")
    clase = term("Clase")
    canal = term("Canal de atención")
    contacto = shown("Contacto")
    contacto_dni = shown("DNI del contacto")
    campana = shown("Campaña")
    cargo = shown("Cargo ofrecido")
    detalle = shown("Detalle")


class NotePage(AspNetPage):
    """The window in which a note is typed."""

    title = "Nueva nota"
    window_title = Word("SIAC Único - Nueva nota")
    ready = nota = field("Nueva nota")
    guardar = button("Guardar nota")
    refused = refusal()

    async def save(self) -> None:
        """Press *Guardar nota*: the window closes where the portal takes the note."""
        async with self.postback(by=self.guardar):
            await self.guardar.click()
        if self.portal.popups:
            await self.refused.diagnose()
            raise PageChanged(self.portal.name, self.title, "la ventana no se cerró")


class CasePage(AspNetPage):
    """The page of one case."""

    title = "Caso"
    grupo = group("Datos del caso")
    ready = grupo
    datos = PagePart(CaseData, grupo)
    actualizar = button("Actualizar")
    historial = headed("Historial del caso", nota="Nota", usuario="Usuario", fecha="Fecha").telling(
        whole=MOSTRADOS, empty=Grids.sin_registros
    )
    #: what the history says of whoever took a case
    tomado = Word("Caso tomado de la bandeja")
    saved = message("correctamente")
    refused = refusal()

    nueva_referencia = field("Nueva referencia externa")
    guardar_referencia = button("Guardar referencia")
    agregar_nota = button("Agregar nota")
    tipo_de_resolucion = choice("Tipo de resolución")
    texto_de_la_resolucion = field("Texto de la resolución")
    cerrar_caso = button("Cerrar caso")

    #: the state of the case that was open when that was asked last, empty where another one was
    state_shown = ""

    async def shows(self, numero: str) -> bool:
        """Whether this case is the one that is open now; its state is noted."""
        datos = self.datos
        shown, states = await datos.numero.texts_with(datos.estado)
        is_open = shown == [numero] and len(states) == 1
        self.state_shown = (states[0] or "") if is_open else ""
        return is_open

    async def refresh(self) -> None:
        async with self.postback(by=self.actualizar):
            await self.actualizar.click()

    async def read(self) -> SiacCase:
        rows, fields = await together(self.historial.rows(), self.datos.fields_of(SiacCase))
        return SiacCase(**fields, notas=tuple(row["nota"] for row in rows))

    async def read_queued(self) -> QueuedCase:
        """With what the template holds; a case that was not registered from it lacks some."""
        datos = self.datos
        kept = (datos.tipo, datos.clase, datos.canal, datos.contacto, datos.contacto_dni)
        names = ("tipo", "clase", "canal", "contacto", "contacto_dni", "cargo")
        texts = {
            name: await shown.read() if await shown.is_shown() else ""
            for name, shown in zip(names, (*kept, datos.cargo), strict=True)
        }
        rows = await self.historial.rows()
        taken = [row["usuario"] for row in rows if self.tomado in row["nota"]]
        every = await datos.fields_of(SiacCase)
        own = {name: value for name, value in every.items() if name in QueuedCase.model_fields}
        return QueuedCase(**own, **texts, tomado_por=taken[-1] if taken else "")

    async def write_reference(self, numero: str, referencia: str) -> SiacCase:
        """Write it; the case, which is open, is told by its number to whoever confirms."""
        box, button = self.nueva_referencia, self.guardar_referencia
        return await self._save("referencia externa", numero, [(box, referencia)], button)

    async def add_note(self, numero: str, texto: str) -> SiacCase:
        """Type the note in its window, which closes itself and has this page shown anew."""
        async with self.postback(by=self.agregar_nota):
            await self.agregar_nota.click()
        title = NotePage.window_title.on(self)
        note = await NotePage.popped_up(self.portal, title, self.title)
        await note.nota.fill(texto)

        async def press() -> None:
            async with self.postback():
                await note.save()

        async def noted() -> SiacCase:
            case = await self.read()
            if not any(same(nota, texto) for nota in case.notas):
                raise PageChanged(self.portal.name, self.title, "el historial no muestra la nota")
            return case

        fields = {self.datos.numero.name: numero, note.nota.name: texto}
        return await self.portal.submit("nota", fields, note.scope, press, noted)

    async def close(self, numero: str, resolucion: str) -> SiacCase:
        box, button = self.texto_de_la_resolucion, self.cerrar_caso
        tipo = self.tipo_de_resolucion, Palabra.TIPO_DE_RESOLUCION
        return await self._save("cierre del caso", numero, [tipo, (box, resolucion)], button)

    async def _save(
        self,
        what: str,
        numero: str,
        typed: Sequence[tuple[BoundField | BoundChoice, str]],
        button: BoundButton,
    ) -> SiacCase:
        """Type, see that it stays, press once, and read the case as it is shown after it."""
        await fill_each(typed)
        fields = {self.datos.numero.name: numero}
        fields |= {box.name: text for box, text in typed if isinstance(box, BoundField)}

        async def press() -> None:
            async with self.postback(by=button, shows=self.saved):
                await button.click()

        return await self.portal.submit(what, fields, self.scope, press, self.kept)

    async def kept(self) -> SiacCase:
        """The case after a write; `FormRefused` where the portal refused it."""
        await accepted(self, self.saved, self.refused)
        return await self.read()
