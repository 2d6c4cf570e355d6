"""A supervisor's click on a page that no longer shows what is asked for."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from flows.rules.case import Estado
from tests.support.console import LONG, Console, come_in
from tests.support.filled import Filled
from tests.support.mock import MockPortals
from tests.support.robot import Robot

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]

#: by another process, in one transaction: as `Approvals.ask`, and as a supervisor's answer
CHANGED = (
    "UPDATE cf_approvals SET digest = :digest, request = :request WHERE reference = :reference"
)
REJECTED = (
    "UPDATE cf_approvals SET answer = 'rejected', answered_by = 'marta', answered = :now, "
    "reason = 'No' WHERE reference = :reference"
)


@pytest.mark.parametrize(
    ("what", "left"), [(CHANGED, None), (REJECTED, "rejected")], ids=["changed", "rejected"]
)
def test_a_click_that_comes_too_late_approves_nothing(
    mock_process: MockPortals, window: Browser, tmp_path: Path, what: str, left: str | None
) -> None:
    """The change is under way as the supervisor clicks, and there once the click is looked at."""
    robot = Robot(mock_process, tmp_path / "robot")
    file = robot.folder / "var" / "cargofijo.sqlite"
    filled = Filled(f"sqlite:///{file}")
    reference = filled.references[Estado.PENDIENTE_DE_APROBACION]
    other = filled.request.model_copy(update={"cargo": filled.request.cargo + 5})
    console = Console(robot)
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        page = come_in(window, console, "sonia")
        page.goto(f"{console.url}/aprobaciones")
        page.get_by_text("S/ 39.90", exact=True).first.wait_for()
        database.execute("BEGIN IMMEDIATE")
        database.execute(
            what,
            {
                "reference": reference,
                "digest": other.digest,
                "request": json.dumps(other.model_dump(mode="json")),
                "now": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}",
            },
        )
        page.get_by_role("button", name="Aprobar").click()
        page.get_by_role("button", name="Rechazar").click()
        # The second click has been heard, and so has the first.
        page.get_by_text("para rechazar hace falta el motivo").wait_for()
        database.execute("COMMIT")
        page.get_by_text(f"La solicitud del caso {reference} cambió: mírela de nuevo.").or_(
            page.get_by_text(f"El caso {reference} no espera ninguna aprobación.")
        ).first.wait_for(timeout=LONG)
        page.get_by_text(
            "S/ 44.90" if left is None else "Nada espera su respuesta"
        ).first.wait_for()
        ((answer, by),) = database.execute("SELECT answer, answered_by FROM cf_approvals")
        assert (answer, by) == (left, "marta" if left else None)
        page.goto(f"{console.url}/auditoria")
        page.get_by_role("heading", level=1).wait_for()
        assert not page.get_by_text("Aprobó la solicitud").count()
    filled.ledger.engine.dispose()
    console.stop()
