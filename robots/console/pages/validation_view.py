"""View of what *Validar* found, as it comes, and of exactly what would be filed."""

from __future__ import annotations

from datetime import UTC, datetime

from nicegui import ui

from flows.mail.compose import MailSettings, compose
from flows.procedure.preview import TO_COME, Preview
from pages.drafts import described
from robots.console.context import ConsoleContext
from robots.console.widgets import (
    card,
    facts,
    picture,
    show_client,
    show_decision,
    show_facts,
    show_sec,
)

_WAIT = "Espere: "


class ValidationCards:
    """Three cards in a box: what has come so far; what has not says that it is awaited. Each is
    drawn anew only where it has changed."""

    def __init__(self, box: ui.column) -> None:
        self.box = box
        self._cards: list[ui.column] = []
        self._states: list[object] = []

    def begin(self) -> None:
        """Draw them for a case of which nothing is known yet."""
        self.box.clear()
        with self.box:
            self._cards = [ui.column().classes("w-full") for _ in range(3)]
        self._states = [None] * len(self._cards)

    def show(self, found: Preview) -> None:
        of_sec = found.picture if found.sec is not None else found.decision is None
        of_client = found.client is not None, found.decision is None, found.sec is None
        states = [(found.sec is None, of_sec), of_client, found.decision is None]
        for at, draw in enumerate((_draw_sec, _draw_client, _draw_decision)):
            if states[at] != self._states[at]:
                self._states[at] = states[at]
                self._cards[at].clear()
                with self._cards[at]:
                    draw(found)

    def fail(self, problem: str) -> None:
        """Show in their place why it could not be told."""
        self.box.clear()
        with self.box, card("No se pudo validar"), ui.row().classes("items-center no-wrap"):
            ui.icon("error", size="24px").classes("cf-bad")
            ui.label(problem).props('role="alert"')


def _draw_sec(found: Preview) -> None:
    with card("SISACT: consulta de SEC", "Paso 1 de 3 · Validaciones"):
        if found.sec is not None:
            with ui.row().classes("w-full items-start no-wrap cf-two"):
                with ui.column().style("flex:1 1 340px"):
                    show_sec(found.sec)
                if found.picture is not None and found.picture.is_file():
                    with ui.column().style("flex:1 1 340px").classes("gap-1"):
                        ui.label("Pestaña Descripción, como está ahora").classes("cf-soft")
                        picture(found.picture, "Pestaña Descripción de la SEC")
        elif found.decision is not None:
            ui.label(f"SISACT no tiene la SEC {found.case.sec}.")
        else:
            _awaited("SISACT: datos de la evaluación y pestaña Descripción")


def _draw_client(found: Preview) -> None:
    with card("SIAC Único: titularidad, líneas y facturas", "Paso 2 de 3 · Validaciones"):
        if found.client is not None:
            show_client(found.client, found.case.contacto)
        elif found.decision is not None:
            ui.label("No hizo falta, o SIAC Único no conoce al cliente.").classes("cf-soft")
        elif found.sec is None:
            ui.label("Después de SISACT.").classes("cf-soft")
        else:
            _awaited("SIAC Único: cliente, contactos, líneas, facturas e historial")


def _draw_decision(found: Preview) -> None:
    with card("Decisión", "Paso 3 de 3 · Validaciones"):
        if found.decision is None:
            ui.label("En cuanto estén las dos consultas.").classes("cf-soft")
        else:
            show_decision(found.decision)
            show_facts(found.decision)


def _awaited(what: str) -> None:
    with ui.row().classes("items-center"):
        ui.spinner(size="22px")
        ui.label(_WAIT + what)


def show_preview(found: Preview, context: ConsoleContext) -> None:
    """Show exactly what would be filed, field by field, by the drafts that filing uses."""
    decision = found.decision
    assert decision is not None
    with card("Lo que se registrará", "Paso 1 de 3 · Registro del caso"):
        if not (decision.proceeds or decision.needs_evidence):
            ui.label("Nada en los portales: solo queda constancia de la decisión.").style(
                "font-weight:600"
            )
            show_decision(decision)
            return
        show_decision(decision)
    if found.case.siac_case:
        with card("SIAC Único: el caso que ya existe"):
            facts({"Caso SIAC": found.case.siac_case, "Referencia": found.case.reference})
    elif found.siac_draft is not None:
        with card("SIAC Único: caso, a la cola Variaciones Corporativas"):
            ui.label(
                "Si uno abierto de esta SEC y estas líneas espera en la cola, se toma ese."
            ).classes("cf-soft")
            facts(described(found.siac_draft))
    if found.draft is not None and found.request is not None:
        with card(f"{found.request.sistema}: la solicitud"):
            facts(described(found.draft))
    _mail(found, context)


def _mail(found: Preview, context: ConsoleContext) -> None:
    client, decision = found.client, found.decision
    if client is None or decision is None or not client.contactos:
        return
    smtp, contact = context.settings.smtp, client.contactos[0]
    paper = MailSettings(sender=smtp.sender, mailbox=smtp.mailbox, templates=smtp.templates)
    siac_case = found.case.siac_case or TO_COME
    known = {"solicitud": "(el de la solicitud)"} if decision.proceeds else {}
    message = compose(
        paper,
        "respuesta" if decision.proceeds else "evidencia-cliente",
        found.case,
        to=contact.correo,
        name=contact.nombre,
        siac_case=siac_case,
        when=datetime.now(UTC),
        **known,
    )
    body = message.get_body(("plain",))
    with card("Correo al cliente"):
        facts({"Para": str(message["To"]), "Asunto": str(message["Subject"])})
        ui.label(body.get_content().strip() if body else "").classes("cf-mail")
        if decision.needs_evidence and client.ejecutivo:
            ui.label(f"Otro, parecido, al ejecutivo: {client.ejecutivo.correo}.").classes("cf-soft")
