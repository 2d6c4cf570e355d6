"""postgrey of the tests' own, which a port of Postfix asks; installed as root on Debian."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.support.debian import install
from tests.support.machine import wait_for
from tests.support.mail_servers import MailServers


@contextmanager
def greylister(servers: MailServers) -> Iterator[None]:
    """It lets a stranger in a second after the first try."""
    if not shutil.which("postgrey"):
        install("postgrey")
    if not shutil.which("postgrey"):
        pytest.skip("needs root and, on Debian, apt-get install postgrey")
    folder, port = servers.folder / "postgrey", servers.ports["postgrey"]
    folder.mkdir()
    shutil.chown(folder, "postgrey")
    options = [f"--dbdir={folder}", f"--inet=127.0.0.1:{port}", "--delay=1"]
    nobody = ["--whitelist-clients=/dev/null", "--whitelist-recipients=/dev/null"]
    process = subprocess.Popen(
        ["postgrey", *options, *nobody], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: _listens(port))
        yield
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False
