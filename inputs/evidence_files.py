"""Evidence files of a case: found, of a known kind by name and content, not too big, digested."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from codecs import BOM_UTF8
from email.parser import BytesHeaderParser
from functools import cache
from pathlib import Path

from flows.rules.case import EvidenceFile

MAX_BYTES = 10 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Outlook's .msg, and Word and Excel before 2007
_HEAD: dict[str, tuple[tuple[int, bytes], ...]] = {  # at which byte stands what
    ".pdf": ((0, b"%PDF-"),),
    ".png": ((0, b"\x89PNG\r\n\x1a\n"),),
    ".jpg": ((0, b"\xff\xd8\xff"),),
    ".jpeg": ((0, b"\xff\xd8\xff"),),
    ".gif": ((0, b"GIF87a"), (0, b"GIF89a")),
    ".bmp": ((0, b"BM"),),
    ".tif": ((0, b"II*\0"), (0, b"MM\0*")),
    ".tiff": ((0, b"II*\0"), (0, b"MM\0*")),
    ".webp": ((8, b"WEBP"),),
    ".heic": ((4, b"ftyp"),),
    ".msg": ((0, _OLE),),
    ".doc": ((0, _OLE),),
    ".xls": ((0, _OLE),),
}
_OFFICE = {".docx": "word/", ".xlsx": "xl/", ".xlsm": "xl/"}
_MAIL = ".eml"

_KINDS = "PDF, imagen, correo, Word o Excel"


def is_of_kind(name: str) -> bool:
    """Whether a file of this name may be evidence."""
    suffix = Path(name).suffix.lower()
    return suffix in _HEAD or suffix in _OFFICE or suffix == _MAIL


class EvidenceReader:
    """Reader of the evidence that a list names. A file named by many rows is read once."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._find = cache(self._look_for)
        self._take = cache(_read)

    def read(self, text: str) -> tuple[list[EvidenceFile], list[tuple[str, str]]]:
        """The files that a cell names, and for each that cannot be taken its name and why."""
        files: list[EvidenceFile] = []
        errors: list[tuple[str, str]] = []
        for name in self._names(text):
            path = self._find(name)
            found = self._take(path) if path else "no existe ese archivo en la carpeta de la lista"
            if isinstance(found, str):
                errors.append((name, found))
            elif found not in files:
                files.append(found)
        return files, errors

    def _names(self, text: str) -> list[str]:
        """Split at semicolons and line breaks, and at commas where no file is named so."""
        names: list[str] = []
        for part in re.split(r"[;\r\n]+", text):
            whole = part.strip()
            names += [whole] if "," not in whole or self._find(whole) else whole.split(",")
        return [name.strip().strip("\"'") for name in names if name.strip().strip("\"'")]

    def _look_for(self, name: str) -> Path | None:
        # Windows writes backslashes, and macOS spells accents in two characters
        plain = name.replace("\N{NO-BREAK SPACE}", " ").replace("\\", "/")
        for form in (name, plain, unicodedata.normalize("NFC", plain)):
            try:
                path = (self._base / form).resolve()
                if path.is_file():
                    return path
            except (OSError, ValueError):
                continue
        return None


def _read(path: Path) -> EvidenceFile | str:
    suffix = path.suffix.lower()
    if not is_of_kind(path.name):
        return f"se espera un archivo de tipo {_KINDS}"
    try:
        if path.stat().st_size > MAX_BYTES:
            return "el archivo pasa de 10 MB"
        content = path.read_bytes()
    except OSError:
        return "no se puede leer el archivo"
    if not _is_what_it_says(path, suffix, content):
        return f"el contenido del archivo no es el de un {suffix}; se espera {_KINDS}"
    return EvidenceFile(path=str(path), sha256=hashlib.sha256(content).hexdigest())


def _is_what_it_says(path: Path, suffix: str, content: bytes) -> bool:
    """By the leading bytes; a renamed executable is no PDF."""
    if suffix == _MAIL:
        return b"\0" not in content[:4096] and "from" in BytesHeaderParser().parsebytes(
            content[:65536].removeprefix(BOM_UTF8).lstrip()
        )
    if suffix in _OFFICE:
        if content.startswith(_OLE):  # protected by a password
            return True
        try:
            with zipfile.ZipFile(path) as archive:
                return any(name.startswith(_OFFICE[suffix]) for name in archive.namelist())
        except (zipfile.BadZipFile, OSError):
            return False
    return any(content.startswith(magic, at) for at, magic in _HEAD[suffix])
