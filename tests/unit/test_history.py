"""What a case's folder says of a step that failed, and that nothing stays of one that did not."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flows.rules.case import Estado, Motivo
from flows.rules.endings import Ending
from flows.runtime.history import History
from flows.store.ledger import StepRecord
from pages.contract.errors import PortalDown

REFERENCE = "CF-1-20261118-abcdef"
FAILED = Ending(
    estado=Estado.FALLA_TECNICA, motivo=Motivo.PORTAL_NO_DISPONIBLE, detail="SISACT no responde."
)
ALTERED = Ending(estado=Estado.REQUIERE_ASESOR, motivo=Motivo.REGISTRO_ALTERADO, detail="Cambió.")
BUSINESS = Ending(estado=Estado.REQUIERE_ASESOR, motivo=Motivo.YA_SOLICITADO, detail="Ya está.")


class Steps:
    """A ledger of one case."""

    def steps(self, references: Any) -> dict[str, list[StepRecord]]:
        started = datetime(2026, 11, 20, 15, 0, 0, tzinfo=UTC)
        record = {"reference": REFERENCE, "number": 1, "started": started, "seconds": 4.21}
        return {
            REFERENCE: [
                StepRecord(**record, attempt=attempt, name=name, note="")
                for attempt, name in ((1, "consult_sec"), (2, "file_request"))
            ]
        }


@pytest.fixture
def history(tmp_path: Path) -> History:
    attempt: Any = SimpleNamespace(reference=REFERENCE, attempt=2, dry_run=False)
    return History(tmp_path, attempt)


def seen(history: History, step: str) -> Path:
    folder = history.folder_of(step)
    folder.mkdir(parents=True)
    (folder / "ventana-1.png").touch()
    return folder


@pytest.mark.parametrize("ending", [FAILED, ALTERED])
def test_it_tells_this_attempt_in_limas_time(history: History, ending: Ending) -> None:
    ledger: Any = Steps()
    folder = seen(history, "file_request")
    history.failed(PortalDown("NINTEX", "Nuevo elemento", "respondió con error 500"))
    history.step_ended("file_request", ending, ledger)
    file = history.folder / "linea-de-tiempo.txt"
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"{REFERENCE}, intento 2\n")
    assert "20/11/2026 10:00:00  Registro de la solicitud (4.2 s)\n" in text
    assert "    falla: NINTEX, Nuevo elemento: respondió con error 500\n" in text
    assert f"Termina: {ending.estado} {ending.motivo} {ending.detail}\n" in text
    assert "Consulta de SEC" not in text, "that was another attempt's"
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
    assert folder.exists()


def test_it_says_that_it_was_a_simulation(history: History) -> None:
    ledger: Any = Steps()
    history.attempt.dry_run = True  # type: ignore[misc]
    history.step_ended("file_request", FAILED, ledger)
    text = (history.folder / "linea-de-tiempo.txt").read_text(encoding="utf-8")
    assert text.startswith(f"{REFERENCE}, intento 2 (simulación)\n")


@pytest.mark.parametrize("ending", [None, BUSINESS])
def test_a_good_end_takes_away_what_failed_before_it(
    history: History, ending: Ending | None
) -> None:
    ledger: Any = Steps()
    seen(history, "consult_sec")
    folder = seen(history, "file_request")
    history.step_ended("file_request", FAILED, ledger)
    history.step_ended("file_request", ending, ledger)
    assert not folder.exists()
    assert history.folder_of("consult_sec").exists(), "another step's stays until that one passes"
    history.step_ended("consult_sec", None, ledger)
    assert not history.folder.exists()
