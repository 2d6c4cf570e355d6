"""An installed product has what a checkout has: templates, scripts, the demo's list and world."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from robots.ops.setup import ROOMS
from tests.support.machine import ROOT

pytestmark = pytest.mark.process


def test_a_wheel_holds_every_file_of_the_rooms(tmp_path: Path) -> None:
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", ".*")
        )
    for file in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / file, tmp_path)
    files = {
        path.relative_to(tmp_path).as_posix()
        for room in ROOMS
        for path in (tmp_path / room).rglob("*")
        if path.is_file()
    }
    build = "from setuptools import build_meta; build_meta.build_wheel('dist')"
    subprocess.run([sys.executable, "-c", build], cwd=tmp_path, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert files - set(archive.namelist()) == set()
