"""Debian's packages, which the tests install for themselves where they run as root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from filelock import FileLock


def install(*packages: str) -> None:
    """Does nothing on another system or as another user; whoever needs them looks whether they are
    there. Services that come with them are left as the packages have them."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # apt refuses the second worker of the tests, and does not wait
    with FileLock(Path(tempfile.gettempdir()) / "cargofijo-tests-apt.lock"):
        for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", "-qq", *command], env=environment, check=False)
