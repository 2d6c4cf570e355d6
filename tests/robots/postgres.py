"""A PostgreSQL server of the tests' own, where the machine has its programs."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import free_port_base

_OWNER = "postgres"


def programs() -> Path | None:
    """Where `initdb` and its like are; Debian keeps them off the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


@contextmanager
def server() -> Iterator[str]:
    """Its address. It listens on 127.0.0.1 only, and keeps nothing."""
    where = programs()
    assert where is not None
    port = free_port_base(1)
    with tempfile.TemporaryDirectory() as folder:
        as_owner: list[str] = []
        if os.geteuid() == 0:  # it refuses to run as root
            as_owner = ["runuser", "-u", _OWNER, "--"]
            shutil.chown(folder, _OWNER)
        data = str(Path(folder) / "data")

        def call(program: str, *arguments: str) -> None:
            command = [*as_owner, str(where / program), "-D", data, *arguments]
            subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

        call("initdb", "-A", "trust", "-U", _OWNER, "-N", "-E", "UTF8")
        options = f"-p {port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off"
        call("pg_ctl", "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://{_OWNER}@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "-m", "immediate", "stop")
