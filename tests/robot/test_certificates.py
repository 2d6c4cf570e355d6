"""A portal over https with the company's own authority: what `check` and a case say of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cable import cable
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import ATENDIDO, Robot
from tests.support.tls import authority

pytestmark = pytest.mark.full

ROOT = authority("raiz.claro.example")
UNKNOWN = "su certificado es de una autoridad que el navegador no conoce"


@pytest.mark.usefixtures("certutil")
def test_it_is_told_once_and_done_when_the_setting_is_there(
    mock: MockPortals, tmp_path: Path
) -> None:
    mini = MiniWorld()
    mini.configuration()
    mini.misaligned()
    mini.misaligned()
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    ca = tmp_path / "ca.pem"
    ca.write_text(ROOT.pem, encoding="ascii")
    with cable(mock, {"remedy": ROOT.issue("localhost").served(tmp_path)}) as over:
        # hours in which a portal that is down would be waited for
        long = {"CARGOFIJO_POLICY__PORTAL_PATIENCE": "3600"}
        robot = Robot(mock, tmp_path / "robot", **over.settings, **long)
        told = robot.call("check", "--portal", "remedy")
        assert told.code == 3
        assert "✗ Remedy: Remedy, " in told.out and UNKNOWN in told.out
        done = robot.run(path)
        assert done.code == 1 and f"Aviso: Remedy, Inicio de sesión: {UNKNOWN}" in done.err
        refused = ("Falla técnica", "ACCESO_RECHAZADO")
        assert done.states() == {"1": ATENDIDO, "2": refused, "3": refused}
        assert all("ajuste browser.ca" in done.rows[case]["Detalle"] for case in ("2", "3"))
        mended = Robot(mock, robot.folder, **over.settings, CARGOFIJO_BROWSER__CA=str(ca))
        assert mended.call("check", "--portal", "remedy").code == 0
        assert mended.run(path).states() == dict.fromkeys("123", ATENDIDO)
    assert len(mock.state()["remedy"]["incidents"]) == 2


def test_sisact_ends_the_run_before_it_begins(mock: MockPortals, tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    mock.reset(mini.world)
    path = mini.list_at(tmp_path / "lista.xlsx")
    with cable(mock, {"sisact": ROOT.issue("otro.claro.example").served(tmp_path)}) as over:
        done = Robot(mock, tmp_path / "robot", **over.settings).run(path)
    assert done.code == 3
    assert "SISACT" in done.err and UNKNOWN in done.err
    assert mock.state()["writes"] == 0
