"""Making of a packet: the case's document, its files and the signed manifest, in one ZIP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from flows.store.ledger import Ledger
from pages.core.paper import PICTURES, print_pdf
from robots.bootstrap import browser_choice
from robots.failures import Unusable
from robots.packet.document import Signed, compose, footer
from robots.packet.dossier import CaseFile, gather
from robots.packet.keys import fingerprint, public_pem
from robots.packet.manifest import (
    DOCUMENT,
    FILES,
    FORMAT,
    MANIFEST,
    READ_ME,
    SIGNATURE,
    SIGNER,
    Manifest,
    ManifestEntry,
    Taken,
    digest_of,
    write_archive,
)
from robots.reports.report_file import atomic_write
from robots.settings import Settings

_READ_ME = Path(__file__).parent / "templates" / READ_ME


@dataclass(frozen=True)
class Made:
    """``changed`` names the files that are not what they were, or are gone."""

    files: int
    changed: tuple[str, ...]


async def make_packet(
    settings: Settings, ledger: Ledger, reference: str, key: Ed25519PrivateKey, path: Path
) -> Made:
    """Write the packet; raises `Unusable` where there is no such case or it cannot be written, and
    `BrowserLost`."""
    dossier = await gather(ledger, reference, settings.var_dir.absolute() / "evidence")
    if dossier is None:
        raise Unusable(f"No existe el caso {reference}.")
    now, signer = datetime.now(UTC), key.public_key()
    signed = Signed(version("cargofijo"), now, fingerprint(signer))
    html, pictures = compose(dossier, signed, PICTURES)
    pdf = await print_pdf(browser_choice(settings), html, pictures, footer(reference))
    own = {DOCUMENT: pdf, READ_ME: _READ_ME.read_bytes(), SIGNER: public_pem(signer)}
    contents = packed(reference, own, dossier.files, key, now)
    with atomic_write(path, "el paquete") as beside:
        write_archive(beside, contents.items())
    changed = tuple(file.name for file in dossier.files if file.is_changed)
    there = sum(file.content is not None for file in dossier.files)
    return Made(files=there, changed=changed)


def packed(
    reference: str,
    own: Mapping[str, bytes],
    files: Sequence[CaseFile],
    key: Ed25519PrivateKey,
    now: datetime,
) -> dict[str, bytes]:
    """All of a packet by the names in it: the manifest and its signature, what was made for it
    (``own``), and the case's files, each with the sum that it had."""
    entries = [
        ManifestEntry(nombre=name, sha256=digest_of(content), suma=Taken.MADE, tomada=now)
        for name, content in own.items()
    ]
    entries += [
        ManifestEntry(
            nombre=f"{FILES}/{file.name}", sha256=file.sha256, suma=file.how, tomada=file.taken
        )
        for file in files
    ]
    manifest = Manifest(
        formato=FORMAT,
        referencia=reference,
        emitido=now,
        version=version("cargofijo"),
        firmante=key.public_key().public_bytes_raw().hex(),
        archivos=tuple(entries),
    ).written()
    there = {f"{FILES}/{file.name}": file.content for file in files if file.content is not None}
    return {MANIFEST: manifest, SIGNATURE: key.sign(manifest), **own, **there}
