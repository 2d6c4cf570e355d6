"""A PostgreSQL server of the tests' own. As root on Debian its package is installed where it is
missing; elsewhere, a machine without it skips these tests and says so."""

from __future__ import annotations

import functools
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.support.debian import install
from tests.support.machine import free_port_base, wait_for
from tests.support.tls import self_signed

OWNER = "postgres"


@functools.cache
def programs() -> Path | None:
    """Where `initdb` and its like are; Debian keeps them off the path."""
    found = _found()
    if found is None:
        install("postgresql")
        found = _found()
    return found


def _found() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


@dataclass
class Server:
    """It listens on 127.0.0.1 only, and keeps nothing."""

    where: Path
    folder: Path
    port: int
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def address(self) -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        options = f"-p {self.port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off"
        self.call("pg_ctl", "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        self.call("pg_ctl", "-m", mode, "stop")

    @contextmanager
    def refusing_writes(self) -> Iterator[None]:
        """By a setting: who is connected stays so, and every further transaction has it."""
        self._set_read_only("on")
        try:
            yield
        finally:
            self._set_read_only("off")

    def _set_read_only(self, value: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as db:
            db.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}".encode())
            db.execute("SELECT pg_reload_conf()")
        wait_for(lambda: self._read_only() == value)

    def _read_only(self) -> str:
        with psycopg.connect(self.address) as db:
            (value,) = db.execute("SHOW default_transaction_read_only").fetchone() or ("",)
            return str(value)

    def become_standby(self) -> None:
        """Started again, it follows a primary that there is not, and takes no writes."""
        self.stop("fast")
        (self.data / "standby.signal").touch()
        self.start()

    def promote(self) -> None:
        """From a standby to a primary; who is connected stays so."""
        self.call("pg_ctl", "-w", "promote")

    def new_database(self) -> str:
        """The address of one with nothing in it."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self.address, autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}".encode())
        return self.address.removesuffix("postgres") + name

    def secure(self, statements: Iterable[str], *, conf: str, entry: str) -> None:
        """From here on ``entry`` is the one way in. The server has a certificate for `localhost`,
        which `ca.pem` in its folder vouches for."""
        with psycopg.connect(self.address, autocommit=True) as db:
            for statement in statements:
                db.execute(statement.encode())
        certificate, key = self_signed(self.data, "localhost")
        (self.folder / "ca.pem").write_bytes(certificate.read_bytes())
        for made, file in ((certificate, "server.crt"), (key, "server.key")):
            if os.geteuid() == 0:
                shutil.chown(made, OWNER)
            made.chmod(0o600)
            made.rename(self.data / file)
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(conf + "\n")
        (self.data / "pg_hba.conf").write_text(entry + "\n")
        self.stop("fast")
        self.start()

    def call(self, program: str, *arguments: str) -> None:
        as_owner = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*as_owner, str(self.where / program), "-D", str(self.data), *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def server() -> Iterator[Server]:
    """Running, with an empty database; skips the test where there is no PostgreSQL."""
    where = programs()
    if where is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(folder, OWNER)
        made = Server(where, Path(folder), free_port_base(1))
        made.call("initdb", "-A", "trust", "-U", OWNER, "-N", "-E", "UTF8")
        made.start()
        try:
            yield made
        finally:
            made.stop()
