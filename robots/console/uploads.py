"""Uploads: put under a name that is only a name, and checked before they count."""

from __future__ import annotations

import re
import secrets
import shutil
import time
import unicodedata
from pathlib import Path

from flows.rules.case import Case, EvidenceFile
from flows.store.case_files import is_given, place_of
from inputs.evidence_files import MAX_BYTES, EvidenceReader
from robots.console.refused import Refused

LARGEST_LIST = 30 * 1024 * 1024
#: seconds after which what nobody used is deleted
_LEFT_OVER = 24 * 3600

#: a list's cell separates files with some of these; the rest Windows forbids
_UNWANTED = re.compile(r"[;,\"'<>:|?*/\\\x00-\x1f\x7f]+")


class UploadRefused(Refused):
    """A file is not taken."""

    tone = "negative"


def safe_name(name: str) -> str:
    """File name without any folder, hidden or forbidden in no system."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = _UNWANTED.sub("_", "".join(c for c in last if c.isprintable())).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:80]}{dot}{suffix[:10]}" if dot else plain[:80]


def new_folder(uploads: Path) -> Path:
    """Make a folder of its own for what one page uploads; those left over from before are
    deleted."""
    uploads.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in uploads.iterdir():
        if folder.stat().st_mtime < time.time() - _LEFT_OVER:
            shutil.rmtree(folder, ignore_errors=True)
    folder = uploads / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    return folder


def put(folder: Path, name: str, content: bytes, largest: int) -> Path:
    """Store a file; raises `UploadRefused`. A second one of the same name gets a name of its
    own."""
    name = safe_name(name)
    if not name:
        raise UploadRefused("El archivo no tiene nombre.")
    if len(content) > largest:
        raise UploadRefused(f"«{name}» pasa de {largest // 1024 // 1024} MB.")
    path = folder / name
    for number in range(2, 100):
        if not path.exists():
            break
        path = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
    path.write_bytes(content)
    return path


def put_list(folder: Path, name: str, content: bytes) -> Path:
    """Store a case list; raises `UploadRefused`."""
    return put(folder, name, content, LARGEST_LIST)


def put_evidence(folder: Path, name: str, content: bytes) -> Path:
    """Store a file by the case list's own rules for evidence; raises `UploadRefused`."""
    path = put(folder, name, content, MAX_BYTES)
    _, errors = EvidenceReader(folder).read(path.name)
    if errors:
        path.unlink()
        raise UploadRefused(f"«{path.name}»: {errors[0][1]}.")
    return path


def keep_evidence(case: Case, evidence_dir: Path) -> Case:
    """Copy a case's uploaded files into its own folder, where they stay as long as it does."""
    kept: list[EvidenceFile] = []
    for file in case.evidencia:
        if is_given(case.reference, file):
            kept.append(file)
            continue
        target = evidence_dir / case.reference / place_of(file)
        if not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(file.path, target)
        kept.append(EvidenceFile(path=str(target), sha256=file.sha256))
    return case.model_copy(update={"evidencia": tuple(kept)})
