"""Actions on a case where the robot stopped: evidence, again, by hand, send back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nicegui import ui

from flows.rules.case import Case, Estado, OrigenEvidencia
from flows.rules.peru import parse_date
from flows.store.ledger import Attempt
from inputs.evidence_files import MAX_BYTES, EvidenceReader
from pages.contract.text import clean
from robots.console.case_submission import close_by_hand, retry, send_back
from robots.console.context import Visit
from robots.console.pages.upload_area import upload_area
from robots.console.uploads import keep_evidence, new_folder, put_evidence
from robots.console.user_store import Role
from robots.console.widgets import card

_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,29}")
#: where the robot stopped, and a person goes on
_STOPPED = (Estado.REQUIERE_ASESOR, Estado.FALLA_TECNICA)
_AGAIN = (*_STOPPED, Estado.NO_INICIADO, Estado.NO_PROCEDE, Estado.SIMULADO)


class Actions:
    """Actions that make sense for the state that the case is in."""

    def __init__(self, visit: Visit, found: Attempt) -> None:
        self.visit, self.context, self.found = visit, visit.context, found
        assert found.outcome is not None
        self.outcome = found.outcome

    def build(self) -> None:
        estado = self.outcome.estado
        if estado is Estado.PENDIENTE_DE_EVIDENCIA:
            self._evidence()
        if estado is Estado.PENDIENTE_DE_APROBACION:
            self._awaits_approval()
        if estado in _AGAIN:
            self._next_action()

    # evidence

    def _evidence(self) -> None:
        with card("Agregar la evidencia, y el caso sigue donde quedó"):
            ui.label("PDF, imagen, correo, Word o Excel, de 10 MB como máximo cada uno.").classes(
                "cf-soft"
            )
            names: list[str] = []
            folder = new_folder(self.context.uploads_dir)

            async def came(path: Path) -> None:
                names.append(path.name)
                with listed:
                    ui.label(f"✓ {path.name}")

            upload_area(self.visit, lambda: folder, put_evidence, came, largest=MAX_BYTES)
            listed = ui.column().classes("gap-1")
            with ui.row().classes("w-full items-start").style("gap:12px"):
                origin = ui.select(list(OrigenEvidencia), label="Origen de la evidencia *")
                until = ui.input("Oferta vigente hasta", placeholder="DD/MM/AAAA")
                by = ui.input("Aprobado por")
                for box in (origin, until, by):
                    box.props("outlined dense stack-label").style("flex:1 1 180px")

            async def proceed() -> None:
                if not names or not origin.value:
                    ui.notify("Falta un archivo, o su origen.", type="warning")
                    return
                files, errors = await asyncio.to_thread(
                    EvidenceReader(folder).read, "; ".join(names)
                )
                try:
                    day = parse_date(until.value) if (until.value or "").strip() else None
                except ValueError as error:
                    until.error = str(error)
                    return
                if errors:
                    ui.notify(errors[0][1], type="negative")
                    return
                update: dict[str, object] = {
                    "evidencia": (*self.found.case.evidencia, *files),
                    "origen_evidencia": OrigenEvidencia(origin.value),
                }
                if day is not None:
                    update["oferta_vigente_hasta"] = day
                if name := clean(by.value)[:100]:
                    update["aprobado_por"] = name
                case = await asyncio.to_thread(
                    keep_evidence,
                    self.found.case.model_copy(update=update),
                    self.context.evidence_dir,
                )
                await self._act(
                    "Agregó evidencia",
                    lambda: retry(self.context, self.found, case),
                    before=_evidence_names(self.found.case),
                    after=_evidence_names(case),
                )

            go = self.visit.button("Seguir con esta evidencia", proceed, icon="play_arrow")
            go.classes("self-end")

    def _awaits_approval(self) -> None:
        with card("Espera a un supervisor"):
            ui.label(
                "Cuando alguien que no sea quien la pidió la apruebe o rechace, el caso sigue solo."
            )
            if self.visit.user.may_approve:
                ui.link("Ir a aprobaciones", "/aprobaciones")

    # by hand

    def _next_action(self) -> None:
        with card("Qué hacer ahora"):
            if self.outcome.siac_case or self.outcome.request_number:
                filed = [f"el caso SIAC {self.outcome.siac_case}"] * bool(self.outcome.siac_case)
                filed += [f"la solicitud {self.outcome.request_number}"] * bool(
                    self.outcome.request_number
                )
                ui.label(f"Ya quedó registrado {' y '.join(filed)}; no se registra otra vez.")
            else:
                ui.label("Hasta aquí no quedó registrada ninguna solicitud.")
            with ui.row().style("gap:10px"):
                self._button("Intentar de nuevo", "refresh", self._again)
                if self.outcome.estado in _STOPPED:
                    self._button("Hecho a mano…", "edit_note", self._by_hand)
                    if self.visit.user.sees_all:
                        self._button("Devolver a un asesor…", "reply", self._send_back)

    def _button(self, name: str, icon: str, action: Callable[[], Awaitable[None]]) -> None:
        self.visit.button(name, action, icon=icon, props="outline")

    async def _again(self) -> None:
        await self._act("Intentó de nuevo", lambda: retry(self.context, self.found))

    async def _by_hand(self) -> None:
        with _asked("Ya se registró a mano") as dialog:
            number = ui.input("N° de la solicitud en el portal *").props("outlined dense")
            note = ui.textarea("Qué se hizo").props("outlined dense autogrow")
            number.classes("w-full")
            note.classes("w-full")

            async def confirm() -> None:
                text = (number.value or "").strip()
                if not _NUMBER.fullmatch(text):
                    number.error = "se espera el número: letras, cifras y guiones"
                    return
                dialog.close()
                await self._act(
                    "Marcó como hecho a mano",
                    lambda: close_by_hand(
                        self.context, self.visit.user, self.found, text, _line(note.value)
                    ),
                    after={"solicitud": text, "nota": _line(note.value)},
                )

            self._confirm(dialog, "Marcar como atendido", confirm)

    async def _send_back(self) -> None:
        users = await asyncio.to_thread(self.context.users.all)
        advisors = [user.name for user in users if user.role is Role.ASESOR]
        with _asked("Devolver a un asesor") as dialog:
            to = ui.select(advisors, label="A quién *").props("outlined dense").classes("w-full")
            reason = ui.textarea("Por qué *").props("outlined dense autogrow").classes("w-full")

            async def confirm() -> None:
                if not to.value or not _line(reason.value):
                    ui.notify("Falta a quién, o por qué.", type="warning")
                    return
                dialog.close()
                await self._act(
                    "Devolvió el caso",
                    lambda: send_back(
                        self.context, self.visit.user, self.found, to.value, _line(reason.value)
                    ),
                    after={"a": to.value, "motivo": _line(reason.value)},
                )

            self._confirm(dialog, "Devolver", confirm)

    def _confirm(
        self, dialog: ui.dialog, name: str, confirm: Callable[[], Awaitable[None]]
    ) -> None:
        with ui.row().classes("w-full justify-end"):
            ui.button("Cancelar", on_click=dialog.close).props("flat no-caps")
            self.visit.button(name, confirm)

    async def _act(
        self,
        what: str,
        action: Callable[[], Awaitable[object]],
        before: object = "",
        after: object = "",
    ) -> None:
        await action()
        await self.visit.note(what, self.found.reference, before or self.outcome.estado, after)
        ui.navigate.to(f"/caso/{self.found.reference}")


@contextmanager
def _asked(title: str) -> Iterator[ui.dialog]:
    """A dialog that says what it is, to a screen reader too."""
    with (
        ui.dialog(value=True).props(f'aria-label="{title}"') as dialog,
        ui.card().style("min-width:340px"),
    ):
        ui.label(title).classes("cf-h2")
        yield dialog


def _line(text: str | None) -> str:
    return clean(text)[:500]


def _evidence_names(case: Case) -> list[str]:
    return [file.path.rsplit("/", 1)[-1] for file in case.evidencia]
