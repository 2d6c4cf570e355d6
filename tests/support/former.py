"""Sources of an older commit, for what is compared with it or handed on by it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.machine import ROOT
from tests.support.robot import Robot


class FormerRobot(Robot):
    """One of an older commit: it knows no portal's map, and refuses a setting that it does not
    know."""

    @property
    def environment(self) -> dict[str, str]:
        known = super().environment
        del known["CARGOFIJO_POLICY__MAP_PATIENCE"]
        return known


def unpack(commit: str, folder: Path, *paths: str) -> None:
    """Put the files of a commit, or those below these ``paths`` of it, into a folder."""
    archive = subprocess.run(
        ["git", "archive", commit, *paths], cwd=ROOT, capture_output=True, check=True
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
