"""A PgBouncer of the tests' own in front of a PostgreSQL of theirs. As root on Debian its package
is installed where it is missing; elsewhere these tests are skipped and say so."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.support.debian import install
from tests.support.machine import free_port_base, wait_for
from tests.support.postgres import OWNER, Server

_SETTINGS = """
[databases]
{database} = host=127.0.0.1 port={server}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
admin_users = {owner}
logfile = {folder}/log
pool_mode = {mode}
server_login_retry = 1
"""


@functools.cache
def program() -> str | None:
    if _found() is None:
        install("pgbouncer")
    return _found()


def _found() -> str | None:
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def pgbouncer(postgres: Server, database: str, mode: str, **settings: object) -> Iterator[str]:
    """The database's address by way of it, which knows no other; skips the test where there is no
    such program."""
    found = program()
    if found is None:
        pytest.skip("PgBouncer is not installed (Debian: apt-get install pgbouncer)")
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port_base(1)
        text = _SETTINGS.format(
            database=database.rpartition("/")[2],
            server=postgres.port,
            port=port,
            folder=folder,
            owner=OWNER,
            mode=mode,
        )
        text += "".join(f"{setting} = {value}\n" for setting, value in settings.items())
        (folder / "pgbouncer.ini").write_text(text)
        (folder / "users").write_text(f'"{OWNER}" ""\n')
        owner = None
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(folder, OWNER)
            owner = OWNER
        running = subprocess.Popen([found, "-q", str(folder / "pgbouncer.ini")], user=owner)
        try:
            wait_for(lambda: _answers(port))
            yield database.replace(f":{postgres.port}/", f":{port}/")
        finally:
            running.terminate()
            running.wait()


def _answers(port: int) -> bool:
    try:
        psycopg.connect(f"postgresql://{OWNER}@127.0.0.1:{port}/pgbouncer").close()
    except psycopg.OperationalError:
        return False
    return True
