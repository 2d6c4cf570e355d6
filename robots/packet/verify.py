"""Verification of a packet: it needs the packet alone and, for the signer, a public key."""

from __future__ import annotations

import hashlib
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError

from robots.failures import UNFINISHED, Unusable
from robots.packet.keys import fingerprint, is_signed
from robots.packet.manifest import MANIFEST, SIGNATURE, Manifest, Taken, is_sealed_otherwise

#: what an archive begins with, by which a damaged one is told from another file
_BEGINS = b"PK\x03\x04"
#: bytes of a manifest or a signature; a larger one is neither
_LARGEST = 16 << 20
#: what a damaged archive raises, by what is damaged in it
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, NotImplementedError, RuntimeError, ValueError),
)


class NoPacket(Unusable):
    """The file is no packet at all."""


@dataclass
class Verified:
    """What was found: names of files by what is wrong with them, and who signed."""

    altered: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    manifest: Manifest | None = None
    signer: Ed25519PublicKey | None = None
    #: False where it is not the key that was given; None where none was
    by_key: bool | None = None
    damaged: bool = False

    @property
    def is_intact(self) -> bool:
        wrong = self.altered or self.added or self.missing or self.damaged
        return not wrong and self.by_key is not False

    @property
    def exit_code(self) -> int:
        return 0 if self.is_intact else UNFINISHED

    def told(self) -> Iterator[str]:
        """All of it in Spanish, a sentence in each line."""
        for word, names in (
            ("Alterado", self.altered),
            ("Agregado", self.added),
            ("Falta", self.missing),
        ):
            yield from (f"{word}: {_shown(name)}" for name in names)
        if self.damaged:
            yield "Dañado: el archivo ZIP no es el que se escribió."
        if self.manifest is not None:
            for entry in self.manifest.archivos:
                if entry.suma is Taken.PACKED:
                    yield f"{Taken.PACKED.capitalize()}: {_shown(entry.nombre)}"
        if self.signer is not None:
            yield f"Firmante: {fingerprint(self.signer)}"
        yield self._in_short()

    def _in_short(self) -> str:
        case = f" del caso {self.manifest.referencia}" if self.manifest else ""
        signer = {
            None: "firmante no comprobado (compruébelo con --key)",
            True: "firmado con esa llave",
            False: "otro firmante: no lo firmó esa llave",
        }[self.by_key]
        if self.altered or self.added or self.missing or self.damaged:
            return f"El paquete{case} NO está como se firmó; {signer}."
        return f"El paquete{case} está intacto; {signer}."


def verify(path: Path, key: Ed25519PublicKey | None = None) -> Verified:
    """Compare what is in the packet with its manifest, and the manifest with its signature; raises
    `NoPacket`."""
    found = Verified()
    try:
        with zipfile.ZipFile(path) as archive:
            _compare(path, archive, key, found)
    except FileNotFoundError:
        raise NoPacket(f"No existe el archivo {path}.") from None
    except _UNREADABLE as error:
        if not _begins_as_one(path):
            what = "no se puede leer" if isinstance(error, OSError) else "no es un paquete"
            raise NoPacket(f"{path} {what}.") from None
        found.damaged = True
        found.by_key = None if key is None else False
    return found


def _begins_as_one(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_BEGINS)) == _BEGINS and MANIFEST.encode() in file.read(1 << 10)
    except OSError:
        return False


def _compare(
    path: Path, archive: zipfile.ZipFile, key: Ed25519PublicKey | None, found: Verified
) -> None:
    entries = archive.infolist()
    names = Counter(one.filename for one in entries if one.file_size or not one.is_dir())
    own = [name for name in (MANIFEST, SIGNATURE) if name in names]
    if not own:
        raise NoPacket(f"{path} no es un paquete: no tiene {MANIFEST}.")
    found.added += [name for name, count in names.items() if count > 1]
    found.missing += [name for name in (MANIFEST, SIGNATURE) if name not in own]
    found.damaged = is_sealed_otherwise(path, archive)
    manifest, signature = (
        _content(archive, name) if name in own else None for name in (MANIFEST, SIGNATURE)
    )
    found.altered += [
        name
        for name, content in ((MANIFEST, manifest), (SIGNATURE, signature))
        if name in own and content is None
    ]
    if key is not None:
        found.by_key = bool(manifest and signature and is_signed(key, signature, manifest))
    if manifest is None:
        return
    try:
        found.manifest = told = Manifest.model_validate_json(manifest)
    except ValidationError:
        found.altered.append(MANIFEST)
        return
    found.signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(told.firmante))
    if signature is not None and not is_signed(found.signer, signature, manifest):
        found.altered += [MANIFEST, SIGNATURE]  # which of the two, nobody can tell
        found.signer = None
    listed = {entry.nombre: entry.sha256 for entry in told.archivos}
    found.missing += [name for name in listed if name not in names]
    found.altered += [
        name
        for name, sha256 in listed.items()
        if name in names and _digest(archive, name) != sha256
    ]
    found.added += [name for name in names if name not in listed and name not in own]


def _content(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """None where it cannot be read."""
    content = bytearray()

    def take(piece: bytes) -> None:
        content.extend(piece)
        if len(content) > _LARGEST:
            raise zipfile.BadZipFile

    return bytes(content) if _read(archive, name, take) else None


def _digest(archive: zipfile.ZipFile, name: str) -> str | None:
    digest = hashlib.sha256()
    return digest.hexdigest() if _read(archive, name, digest.update) else None


def _read(archive: zipfile.ZipFile, name: str, take: Callable[[bytes], object]) -> bool:
    try:
        with archive.open(name) as file:
            while piece := file.read(1 << 20):
                take(piece)
    except _UNREADABLE:
        return False
    return True


def _shown(name: str) -> str:
    """A name that somebody else may have chosen, without what a terminal would act on."""
    return "".join(c if c.isprintable() else "�" for c in name)
