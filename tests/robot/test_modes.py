"""The demo's list comes to the same in every mode of Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo import write
from tests.support.machine import FULL, ROOT
from tests.support.marks import needs
from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.modes import Browsers, Mode, choice
from tests.support.robot import ATENDIDO, Done, Robot


@pytest.fixture
@needs("process")
def portals() -> Iterator[MockPortals]:
    with MockPortals("--seed", "11", "--session-idle", "3600") as started:
        yield started


@pytest.fixture
def robot(
    portals: MockPortals, browsers: Browsers, request: pytest.FixtureRequest, tmp_path: Path
) -> Robot:
    """With the browser of the mode that is asked for."""
    chosen = choice(request.param)
    settings = {
        "CARGOFIJO_POLICY__APPROVALS": '["VENTAS_SIN_OFERTA"]',
        "CARGOFIJO_BROWSER__EXECUTABLE": chosen.executable,
        "CARGOFIJO_BROWSER__HEADLESS": str(chosen.headless).lower(),
    }
    if request.param is Mode.HEADED:
        settings["DISPLAY"] = browsers.display()
    return Robot(portals, tmp_path / "robot", **settings)


def _run(robot: Robot, mini: MiniWorld | None) -> tuple[Done, dict[str, tuple[str, str | None]]]:
    """What came of the list, and what was to come; a list of one case where one is given."""
    if mini is None:
        ends = json.loads((ROOT / write.EXPECTED).read_text(encoding="utf-8"))
        expected = {id: (end["estado"], end["motivo"]) for id, end in ends.items()}
        command = ["run", str(ROOT / write.LIST), "--json", "--seats", "2"]
        return robot.call(*command, timeout=3000), expected  # as long as other work lets it take
    mini.configuration()
    robot.mock.reset(mini.world)
    return robot.run(mini.list_at(robot.folder.parent / "lista.xlsx")), {"1": ATENDIDO}


@pytest.mark.sample(1)
@pytest.mark.parametrize("robot", [Mode.NEW, Mode.HEADED], indirect=True)
def test_the_list_ends_as_it_does_in_the_shell(robot: Robot) -> None:
    done, expected = _run(robot, None if FULL else MiniWorld())
    assert (done.states(), done.code) == (expected, 0)
