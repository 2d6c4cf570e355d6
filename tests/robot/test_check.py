"""The preflight: what is wrong is told at once, in Spanish, and before anything is touched."""

from __future__ import annotations

import re
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Robot

full = pytest.mark.full


def listed(mock: MockPortals, folder: Path, mini: MiniWorld) -> Path:
    mock.reset(mini.world)
    return mini.list_at(folder / "lista.xlsx")


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_touched(
    mock: MockPortals, tmp_path: Path
) -> None:
    mini = MiniWorld()
    mini.configuration()
    path = listed(mock, tmp_path, mini)
    robot = Robot(
        mock,
        tmp_path / "robot",
        CARGOFIJO_BROWSER__EXECUTABLE=sys.executable,
        CARGOFIJO_SMTP__PORT="9",
        PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring",
    )
    settings = robot.environment
    for portal in ("SISACT", "REMEDY"):
        settings.pop(f"CARGOFIJO_PORTALS__{portal}__PASSWORD")
    done = Bare(robot, settings).run(path)
    assert done.code == 3
    for told in (
        "Falta la contraseña de SISACT",
        "Falta la contraseña de REMEDY",
        "Navegador, inicio: no se pudo iniciar",
        "servidor de correo",
    ):
        assert told in done.err
    assert "Falta la contraseña de SIAC" not in done.err
    assert mock.state()["requests"] == [] and done.summary == {}


class Bare(Robot):
    """A robot with exactly these settings."""

    def __init__(self, robot: Robot, environment: dict[str, str]) -> None:
        super().__init__(robot.mock, robot.folder)
        self._environment = environment

    @property
    def environment(self) -> dict[str, str]:
        return self._environment


@full
def test_a_refused_password_of_sisact_is_exit_3_with_one_login(
    mock: MockPortals, tmp_path: Path
) -> None:
    mini = MiniWorld()
    mini.configuration()
    path = listed(mock, tmp_path, mini)
    robot = Robot(mock, tmp_path / "robot", CARGOFIJO_PORTALS__SISACT__PASSWORD="wrong")
    done = robot.run(path)
    assert done.code == 3
    assert "SISACT" in done.err and "usuario o contraseña incorrectos" in done.err
    assert mock.state()["writes"] == 0


@full
def test_a_portal_that_is_down_and_a_password_that_ends_are_told_and_the_night_goes_on(
    mock: MockPortals, tmp_path: Path
) -> None:
    mini = MiniWorld()
    mini.configuration()
    mini.misaligned()
    end = date.today() + timedelta(days=3)  # noqa: DTZ011
    mini.world["passwords_end"] = {"siac": end.isoformat()}
    path = listed(mock, tmp_path, mini)
    mock.fault({"portal": "remedy", "kind": "maintenance", "times": 1000})
    done = Robot(mock, tmp_path / "robot").run(path)
    assert done.code == 1
    assert f"La contraseña de SIAC Único vence el {end:%d/%m/%Y}" in done.err
    assert "Aviso: Remedy" in done.err
    assert done.states() == {
        "1": ("Atendido", None),
        "2": ("Falla técnica", "PORTAL_NO_DISPONIBLE"),
    }


@full
def test_check_sees_every_page_and_changes_nothing(mock: MockPortals, tmp_path: Path) -> None:
    mini = MiniWorld()
    mini.configuration()
    path = listed(mock, tmp_path, mini)
    robot = Robot(mock, tmp_path / "robot")
    fresh = robot.call("check")
    assert fresh.code == 0, fresh.out + fresh.err
    assert "no conoce ninguno todavía" in fresh.out
    assert robot.run(path).code == 0
    before = mock.state()
    done = robot.call("check")
    assert done.code == 0, done.out + done.err
    for name in ("Equipo", "Correo", "SISACT", "SIAC Único", "NINTEX", "Remedy"):
        assert f"✓ {name}: " in done.out
    assert seen(done.out) > seen(fresh.out) > 60
    after = mock.state()
    for kept in ("writes", "siac", "nintex", "remedy", "mail"):
        assert after[kept] == before[kept]
    mock.fault({"portal": "siac", "kind": "maintenance", "times": 1000})
    down = robot.call("check", "--portal", "siac")
    assert down.code == 3
    assert "SIAC Único" in down.out and "mantenimiento" in down.out
    assert "Remedy" not in down.out


def seen(out: str) -> int:
    return sum(int(count) for count in re.findall(r"(\d+) elementos", out))
