"""Debian's packages, which the tests install for themselves where they run as root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

#: what a package asks whether it may start its services (Debian Policy 9.3.3.1 and invoke-rc.d)
_POLICY = Path("/usr/sbin/policy-rc.d")
_REFUSED = "#!/bin/sh\nexit 101\n"


def install(*packages: str) -> None:
    """Does nothing on another system or as another user; whoever needs them looks whether they are
    there. No service of theirs is started."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # apt refuses the second worker of the tests, and does not wait
    with FileLock(Path(tempfile.gettempdir()) / "cargofijo-tests-apt.lock"), _no_services():
        for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", "-qq", *command], env=environment, check=False)


@contextmanager
def _no_services() -> Iterator[None]:
    """A policy that is there already stays; it is the machine's."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text(_REFUSED, encoding="utf-8")
    try:
        _POLICY.chmod(0o755)
        yield
    finally:
        _POLICY.unlink()
