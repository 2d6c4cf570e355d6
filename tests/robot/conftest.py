"""One machine with the robot on it, and a list that is filled sale by sale."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.mini_world import MiniWorld
from tests.support.mock import MockPortals
from tests.support.robot import Robot


@pytest.fixture
def robot(mock: MockPortals, tmp_path: Path) -> Robot:
    return Robot(mock, tmp_path / "robot")


@pytest.fixture
def mini() -> MiniWorld:
    """Nothing in it yet; the test gives it to the portals."""
    return MiniWorld()
