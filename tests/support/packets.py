"""A packet as the robot makes it, without a browser: its document is any bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from robots.packet.dossier import CaseFile
from robots.packet.keys import public_pem
from robots.packet.make import packed
from robots.packet.manifest import (
    DOCUMENT,
    READ_ME,
    SIGNER,
    Taken,
    digest_of,
    write_archive,
)

REFERENCE = "CF-46000001-20261118-ed6260"
NOW = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)


def case_file(name: str, content: bytes | None, was: bytes | None = None) -> CaseFile:
    """One whose sum was taken of what it ``was``."""
    return CaseFile(name, content, digest_of(was or content or b""), Taken.MADE, NOW)


def contents(key: Ed25519PrivateKey, *files: CaseFile) -> dict[str, bytes]:
    own = {DOCUMENT: b"%PDF-1.4 a case", READ_ME: b"How.\n", SIGNER: public_pem(key.public_key())}
    return packed(REFERENCE, own, files, key, NOW)


def packet(path: Path, key: Ed25519PrivateKey, *files: CaseFile) -> Path:
    write_archive(path, contents(key, *files).items())
    return path


def read_zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(path: Path, held: Mapping[str, bytes]) -> Path:
    """By another program, which knows nothing of packets."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return path
