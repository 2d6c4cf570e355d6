"""Manifest of a packet: what is in it, by its sums; and the ZIP that holds both.

The manifest is signed as the bytes that it is, so that ``openssl pkeyutl -verify -rawin`` checks it
too. What holds the files, ZIP's own headers, is nobody's evidence and no sum's: the archive's
comment has the sum of all bytes before it, by which damage is told there as well.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel, ConfigDict, Field

MANIFEST, SIGNATURE, SIGNER = "manifiesto.json", "manifiesto.json.sig", "firmante.pub"
DOCUMENT, FILES, READ_ME = "expediente.pdf", "archivos", "LEAME.txt"
FORMAT = 1

_SEAL = "sha256:"
#: what the archive ends with, as ZIP's own end of the directory says its length
SEAL_BYTES = len(_SEAL) + 64
#: ZIP knows no zone, and its clock begins here
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class Taken(StrEnum):
    """When a file's sum was taken, as people read it."""

    MADE = "suma tomada al crearse"
    LISTED = "suma tomada al leer la lista"
    PACKED = "suma tomada al empaquetar"


class ManifestEntry(BaseModel):
    """A file: ``nombre`` in the archive, ``sha256`` as it was when the sum was taken, ``tomada``
    the moment of that, where it is known."""

    model_config = ConfigDict(frozen=True)

    nombre: str
    sha256: str
    suma: Taken
    tomada: datetime | None = None


class Manifest(BaseModel):
    """``firmante`` is the signer's public key, its 32 bytes in hexadecimal."""

    model_config = ConfigDict(frozen=True)

    formato: int = Field(le=FORMAT)
    referencia: str
    emitido: datetime
    version: str
    firmante: str = Field(pattern="^[0-9a-f]{64}$")
    archivos: tuple[ManifestEntry, ...]

    def written(self) -> bytes:
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1)
        return f"{text}\n".encode()


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_archive(path: Path, contents: Iterable[tuple[str, bytes]]) -> None:
    """Write the ZIP, and its seal at the end."""
    with path.open("wb") as file, zipfile.ZipFile(file, "w") as archive:
        for name, content in contents:
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
        archive.comment = b"-" * SEAL_BYTES
    end = path.stat().st_size - SEAL_BYTES
    with path.open("r+b") as written:
        seal = f"{_SEAL}{_sum_of(written, end)}".encode()
        written.seek(end)
        written.write(seal)


def is_packet(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return {MANIFEST, SIGNATURE} <= set(archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def is_sealed_otherwise(path: Path, archive: zipfile.ZipFile) -> bool:
    """Whether the archive's seal is not that of its bytes; one without a seal was made anew by
    another program, which is no fault in what it holds."""
    if not archive.comment:
        return False
    end = path.stat().st_size - len(archive.comment)
    with path.open("rb") as file:
        return archive.comment != f"{_SEAL}{_sum_of(file, end)}".encode()


def _sum_of(file: IO[Any], length: int) -> str:
    digest = hashlib.sha256()
    while length > 0 and (piece := file.read(min(length, 1 << 20))):
        digest.update(piece)
        length -= len(piece)
    return digest.hexdigest()
