"""A PostgreSQL server of the tests' own. As root on Debian its package is installed where it is
missing; elsewhere, a machine without it skips these tests and says so."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.machine import free_port_base

_OWNER = "postgres"


@functools.cache
def programs() -> Path | None:
    """Where `initdb` and its like are; Debian keeps them off the path."""
    found = _found()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ("update", "install -y --no-install-recommends postgresql"):
            subprocess.run(["apt-get", "-qq", *command.split()], env=environment, check=False)
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

    @property
    def address(self) -> str:
        return f"postgresql://{_OWNER}@127.0.0.1:{self.port}/postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        options = f"-p {self.port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off"
        self.call("pg_ctl", "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        self.call("pg_ctl", "-m", mode, "stop")

    def secure(self, statements: Iterable[str], *, conf: str, entry: str) -> None:
        """From here on ``entry`` is the one way in. The server has a certificate for `localhost`,
        which `ca.pem` in its folder vouches for."""
        with psycopg.connect(self.address, autocommit=True) as db:
            for statement in statements:
                db.execute(statement.encode())
        authority = _certificate(self.data)
        (self.folder / "ca.pem").write_bytes(authority)
        for file in ("server.crt", "server.key"):
            if os.geteuid() == 0:
                shutil.chown(self.data / file, _OWNER)
            (self.data / file).chmod(0o600)
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(conf + "\n")
        (self.data / "pg_hba.conf").write_text(entry + "\n")
        self.stop("fast")
        self.start()

    def call(self, program: str, *arguments: str) -> None:
        as_owner = ["runuser", "-u", _OWNER, "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*as_owner, str(self.where / program), "-D", str(self.data), *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )


def _certificate(folder: Path) -> bytes:
    """Puts a key and its certificate for `localhost` there; it vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoded = certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "server.crt").write_bytes(encoded)
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return encoded


@contextmanager
def server() -> Iterator[Server]:
    """Running, with an empty database; skips the test where there is no PostgreSQL."""
    where = programs()
    if where is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(folder, _OWNER)
        made = Server(where, Path(folder), free_port_base(1))
        made.call("initdb", "-A", "trust", "-U", _OWNER, "-N", "-E", "UTF8")
        made.start()
        try:
            yield made
        finally:
            made.stop()
