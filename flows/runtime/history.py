"""What became of a case, step by step: what its folder says where it failed.

A failure leaves ``falla/`` in the case's folder: this timeline, and for the step that failed what
the portal showed (`pages.core.failure`). Once the step has come to a good end it is all removed.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from flows.rules.case import Estado, Motivo
from flows.rules.endings import Ending
from flows.rules.lima import in_lima
from flows.store.ledger import Attempt, Ledger, StepRecord
from pages.contract.errors import PortalError
from pages.contract.private_files import private, write_private

FOLDER, FILE = "falla", "linea-de-tiempo.txt"

#: What people read while a step works and in the timeline; a step's own name is its key.
STEP_NAMES = {
    "consult_sec": "Consulta de SEC en SISACT",
    "consult_client": "Cliente y líneas en SIAC Único",
    "look_for_requests": "Búsqueda de solicitudes iguales",
    "ensure_siac_case": "Caso en SIAC Único",
    "ask_executive_for_evidence": "Correo al ejecutivo por evidencia",
    "ask_client_for_evidence": "Correo al cliente por evidencia",
    "look_how_long": "Tiempo de espera de la evidencia",
    "remind_executive": "Recordatorio al ejecutivo por evidencia",
    "remind_client": "Recordatorio al cliente por evidencia",
    "end_waiting": "Fin de la espera de evidencia",
    "ask_approval": "Aprobación del supervisor",
    "take_case": "Toma del caso de la cola",
    "file_request": "Registro de la solicitud",
    "close_case": "Cierre del caso en SIAC Único",
    "reply_to_client": "Correo de respuesta al cliente",
}


def attempt_name(attempt: int, *, dry_run: bool) -> str:
    """An attempt as people read it beside its steps: those of a simulation sent nothing."""
    return f"{attempt} (simulación)" if dry_run else f"{attempt}"


#: `Requiere asesor` because something went wrong, and not because of what the portals say
_WRONG = (Motivo.RESULTADO_INCIERTO, Motivo.REGISTRO_ALTERADO, Motivo.FORMULARIO_RECHAZADO)


class History:
    """Of one attempt in this process; the steps that ended before are in the ledger."""

    def __init__(self, folder: Path, attempt: Attempt) -> None:
        self.folder = folder / FOLDER
        self.attempt = attempt
        self._failures: list[tuple[datetime, PortalError]] = []

    def folder_of(self, step: str) -> Path:
        """Where what was seen of a step's failure is kept."""
        return self.folder / step

    def failed(self, error: PortalError) -> None:
        """One try of the step at work."""
        self._failures.append((datetime.now(UTC), error))

    def step_ended(self, step: str, ending: Ending | None, ledger: Ledger) -> bool:
        """Write it where the step went wrong; after a good end only what the procedure asks for
        stays. Whether anything is there that was not, or the other way round."""
        if ending is None or not _went_wrong(ending):
            was_there = self.folder.exists()
            shutil.rmtree(self.folder_of(step), ignore_errors=True)
            if self.folder.exists() and not any(f.is_dir() for f in self.folder.iterdir()):
                shutil.rmtree(self.folder, ignore_errors=True)
            return was_there
        steps = ledger.steps([self.attempt.reference]).get(self.attempt.reference, [])
        private(self.folder)
        write_private(self.folder / FILE, self._text(steps, ending).encode())
        return True

    def _text(self, steps: list[StepRecord], ending: Ending) -> str:
        moments = [
            (step.started, f"{STEP_NAMES.get(step.name, step.name)} ({step.seconds:.1f} s)")
            for step in steps
            if step.attempt == self.attempt.attempt
        ]
        moments += [(when, f"    falla: {error}") for when, error in self._failures]
        lines = [f"{in_lima(when):%d/%m/%Y %H:%M:%S}  {what}" for when, what in sorted(moments)]
        end = " ".join(filter(None, (f"Termina: {ending.estado}", ending.motivo, ending.detail)))
        name = attempt_name(self.attempt.attempt, dry_run=self.attempt.dry_run)
        return "\n".join([f"{self.attempt.reference}, intento {name}", "", *lines, "", end, ""])


def _went_wrong(ending: Ending) -> bool:
    return ending.estado is Estado.FALLA_TECNICA or ending.motivo in _WRONG
