"""Messages page (*Correos*): what came by e-mail and waits for a person.

A message is shown as text and never as its own page, so nothing in it runs and nothing is fetched.
"""

from __future__ import annotations

import asyncio
from functools import partial
from math import ceil

from nicegui import ui
from starlette.requests import Request

from flows.mail.received import Received
from flows.rules.case import OrigenEvidencia
from flows.rules.mail_matching import REASONS, REFERENCE
from flows.rules.peru import parse_date
from flows.store.incoming_mail import Message
from pages.contract.text import clean
from robots.console.context import ConsoleContext, Visit
from robots.console.frame import framed
from robots.console.incoming import (
    Given,
    find_message,
    give,
    read_kept,
    set_aside,
    shown_to,
)
from robots.console.widgets import card, facts, moment, table

#: messages shown at once, and characters of a text
_MOST, _LONGEST = 200, 20_000


def add(context: ConsoleContext) -> None:
    @ui.page("/correos", response_timeout=15)
    async def page(request: Request) -> None:
        visit = Visit(context, request)
        with framed(visit, "Correos", "Lo que llegó al buzón y espera a una persona"):
            waiting = await asyncio.to_thread(shown_to, context, visit.user)
            if not waiting:
                with card():
                    ui.label("Ningún correo espera a una persona.").classes("cf-soft")
                return
            with card():
                _list(waiting)

    @ui.page("/correos/{key}", response_timeout=15)
    async def one(request: Request, key: str) -> None:
        visit = Visit(context, request)
        with framed(visit, "Correos"):
            found = await asyncio.to_thread(find_message, context, visit.user, key)
            if found is None:
                ui.label("Ese correo ya no espera, o no es suyo.").props('role="alert"')
                return
            received = await asyncio.to_thread(read_kept, context, found)
            _message(found, received)
            if received is not None:
                _Giving(visit, found).build()
            _setting_aside(visit, found)


def _list(waiting: list[Message]) -> None:
    table(
        ("Recibido", "Remitente", "Asunto", "Por qué espera", "Puede ser de"),
        (
            (
                moment(message.came),
                message.sender,
                partial(ui.link, message.about or "(sin asunto)", f"/correos/{message.key}"),
                REASONS[message.reason] if message.reason else "",
                ", ".join(message.candidates),
            )
            for message in waiting[:_MOST]
        ),
    )
    if len(waiting) > _MOST:
        ui.label(f"Se muestran {_MOST} de {len(waiting)}.").classes("cf-soft")


def _message(message: Message, received: Received | None) -> None:
    with card(message.about or "(sin asunto)"):
        why = REASONS[message.reason] if message.reason else ""
        ui.label(f"{why} {message.detail}".strip()).classes("cf-bad")
        facts({"De": message.sender, "Enviado": moment(message.sent)})
        if received is None:
            return
        text = received.text[:_LONGEST]
        ui.label(text or "(sin texto)").style("white-space:pre-wrap;overflow-wrap:anywhere")
        if len(received.text) > _LONGEST:
            ui.label("El texto sigue; está completo en el correo.").classes("cf-soft")
        with ui.column().classes("gap-1"):
            for number, file in enumerate(received.attachments):
                size = f"{ceil(len(file.content) / 1024):,} KB"
                where = ", en el texto" if file.in_text else ""
                ui.link(f"{file.name} ({size}{where})", f"/correo/{message.key}/{number}")
            ui.link("El correo entero (.eml)", f"/correo/{message.key}/correo")


class _Giving:
    """The form that gives a message to a case."""

    def __init__(self, visit: Visit, message: Message) -> None:
        self.visit, self.message = visit, message

    def build(self) -> None:
        candidates = list(self.message.candidates)
        with card("Dárselo a un caso, que sigue donde quedó"):
            for reference in candidates:
                ui.link(reference, f"/caso/{reference}")
            with ui.row().classes("w-full items-start").style("gap:12px"):
                only = candidates[0] if len(candidates) == 1 else ""
                self.case = ui.input("Referencia del caso *", value=only)
                self.origin = ui.select(list(OrigenEvidencia), label="Origen de la evidencia *")
                self.until = ui.input("Oferta vigente hasta", placeholder="DD/MM/AAAA")
                self.by = ui.input("Aprobado por")
                for box in (self.case, self.origin, self.until, self.by):
                    box.props("outlined dense stack-label").style("flex:1 1 200px")
            self.none = ui.checkbox("No hay vigencia ni aprobación: puede ser mala práctica")
            go = self.visit.button("Dárselo al caso", self._give, icon="play_arrow")
            go.classes("self-end")

    async def _give(self) -> None:
        reference = (self.case.value or "").strip()
        if not REFERENCE.fullmatch(reference) or not self.origin.value:
            ui.notify("Falta la referencia del caso, o el origen.", type="warning")
            return
        try:
            until = parse_date(self.until.value) if (self.until.value or "").strip() else None
        except ValueError as error:
            self.until.error = str(error)
            return
        given = Given(
            reference,
            OrigenEvidencia(self.origin.value),
            until,
            clean(self.by.value)[:100],
            bool(self.none.value),
        )
        user = await self.visit.now()
        names = await give(self.visit.context, user, self.message, given)
        why = self.message.reason or ""
        after = {"evidencia": names, "sin vigencia ni aprobación": "sí" if self.none.value else ""}
        await self.visit.note("Dio un correo al caso", reference, {"esperaba por": why}, after)
        ui.navigate.to(f"/caso/{reference}")


def _setting_aside(visit: Visit, message: Message) -> None:
    async def act() -> None:
        text = clean(reason.value)[:500]
        if not text:
            reason.error = "para descartarlo hace falta el motivo"
            return
        await set_aside(visit.context, message)
        subject = message.candidates[0] if len(message.candidates) == 1 else message.key[:12]
        before = {"esperaba por": message.reason or ""}
        await visit.note("Descartó un correo", subject, before, {"motivo": text})
        ui.navigate.to("/correos")

    with card("Descartarlo"):
        ui.label("Sigue en el buzón; el robot no lo mira más.").classes("cf-soft")
        reason = ui.input("Motivo *").props("outlined dense").classes("w-full")
        visit.button("Descartar", act, icon="close", props="outline").classes("self-end")
