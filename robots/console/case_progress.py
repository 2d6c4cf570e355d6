"""Live list of a case's steps: what is done, with its number and picture, and what is at work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from nicegui import ui

from flows.runtime.history import STEP_NAMES
from flows.store.approvals import Approval, Approvals
from flows.store.ledger import Attempt, StepRecord
from robots.console.context import ConsoleContext
from robots.console.widgets import file_address, moment, picture
from robots.reports.display_names import duration

#: what a case that proceeds goes through
_EXPECTED = (
    *("consult_sec", "consult_client", "look_for_requests", "ensure_siac_case", "take_case"),
    *("file_request", "close_case", "reply_to_client"),
)
_PICTURES = {"consult_sec": "descripcion.png"}


class StepsKnown(NamedTuple):
    """What is known of an attempt's steps: each one's value by its name, and who said yes."""

    values: dict[str, Any]
    approved: Approval | None


class LiveSteps:
    """The live list of one attempt's steps; ``ended`` is called once with the case as it ended."""

    def __init__(
        self,
        context: ConsoleContext,
        reference: str,
        attempt: int,
        ended: Callable[[Attempt], None],
    ) -> None:
        self.context, self.reference, self.attempt = context, reference, attempt
        self.ended = ended
        self._shown: Any = None
        self.box = ui.column().classes("w-full gap-1").props('aria-live="polite"')
        self.timer = ui.timer(0.4, self._refresh)

    async def _refresh(self) -> None:
        context, reference = self.context, self.reference
        attempt = await asyncio.to_thread(context.ledger.attempt, reference, self.attempt)
        known = await asyncio.to_thread(context.ledger.steps, [reference])
        steps = [s for s in known.get(reference, []) if s.attempt == self.attempt]
        now = context.live_status.current_step(reference)
        state = (len(steps), now, attempt.outcome is not None, context.worker.waits_for)
        if state != self._shown:
            self._shown = state
            values = await context.worker.queue_client.values(reference, self.attempt)
            approved = await asyncio.to_thread(Approvals(context.ledger.engine).approved, reference)
            self.box.clear()
            with self.box:
                self._show(steps, StepsKnown(values, approved), now, attempt)
        if attempt.outcome is not None:
            self.timer.deactivate()
            self.ended(attempt)

    def _show(self, steps: list[StepRecord], known: StepsKnown, now: str, attempt: Attempt) -> None:
        done = {step.name for step in steps}
        for step in steps:
            is_well = not step.note
            icon, tone = ("check_circle", "cf-ok") if is_well else ("error", "cf-bad")
            detail = number_of(step.name, known) or step.note
            self._row(step.name, icon, tone, detail, duration(step.seconds))
        if attempt.outcome is not None:
            return
        if now and now not in done:
            self._row(now, "", "", "en curso…", "")
        elif not attempt.started:
            waits = self.context.worker.waits_for or "En cola: empieza en un momento."
            self._row("", "", "", waits, "")
        for name in _EXPECTED:
            if name not in done and name != now:
                self._row(name, "radio_button_unchecked", "cf-soft", "", "")

    def _row(self, name: str, icon: str, tone: str, detail: str, time: str) -> None:
        with ui.element("div").classes("cf-done"):
            if icon:
                ui.icon(icon, size="22px").classes(tone).props('aria-hidden="true"')
            else:
                ui.spinner(size="20px")
            ui.label(STEP_NAMES.get(name, name)).classes(tone if tone == "cf-soft" else "")
            ui.label(detail).classes("n")
            ui.label(time).classes("cf-soft s")
            file = _PICTURES.get(name, f"{name}.png")
            path = self.context.evidence_dir / self.reference / file
            if icon and tone != "cf-soft" and _exists(path):
                address = f"{file_address(self.reference, file)}?{path.stat().st_mtime_ns}"
                picture(address, STEP_NAMES.get(name, name), "cf-thumb p")


def number_of(name: str, known: StepsKnown) -> str:
    """The number that a step came to, as people know it."""
    value = known.values.get(name)
    match name:
        case "ensure_siac_case" if value:
            return f"Caso SIAC {value}"
        case "file_request" if value:
            # before it was noted what was attached, the number was all
            return f"Solicitud {value['numero'] if isinstance(value, dict) else value}"
        case "reply_to_client" | "ask_client_for_evidence" | "ask_executive_for_evidence" if value:
            return ", ".join(value.get("to", ()))
        case "look_for_requests":
            return "ninguna igual" if value is False else "la propia ya está" if value else ""
        case "ask_approval":
            return _yes(known.approved) if value else "pedida" if value is False else ""
    return ""


def _yes(approved: Approval | None) -> str:
    if approved is None or not approved.answered_by:
        return "aprobada"
    return f"aprobada por {approved.answered_by}, {moment(approved.answered)}"


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False
