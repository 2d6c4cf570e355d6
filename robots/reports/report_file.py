"""Files of a report: written whole or not at all, and linked to the evidence."""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

from inputs.lock_files import lock_file
from robots.failures import Unusable
from robots.ops.permissions import as_usual


class ReportError(Unusable):
    """The report cannot be written."""


def ensure_writable(path: Path, case_list: Path | None = None) -> None:
    """Raise `ReportError` now, before any work is done, where the report could not be written
    later, or would take the place of the list that it is about.

    Leaves no trace. Here a lock file of Excel or LibreOffice counts as the report being open.
    """
    if path.suffix.lower() != ".xlsx":
        raise ReportError(f"El nombre del informe debe acabar en .xlsx: {path}.")
    if case_list is not None and path.resolve() == case_list.resolve():
        raise ReportError(f"El informe no puede reemplazar a la lista {path}: dele otro nombre.")
    for file in (path, page_of(path)):
        if lock := lock_file(file):
            raise ReportError(
                f"El informe {file} está abierto en otro programa: ciérrelo y vuelva a intentarlo "
                f"(si no lo está, borre {lock.name})."
            )
        with _translated_errors(file):
            if file.exists():
                file.open("r+b").close()
    with _translated_errors(path):
        beside = _beside(path)
        beside.open("xb").close()
        beside.unlink()


def name_for(list_name: str, ending: str) -> str:
    """The name of a report that nobody gave a name; a list's own may be as long as a system takes
    them, 255 bytes."""
    return f"{Path(list_name).stem[:80]}-{ending}.xlsx"


def page_of(report: Path) -> Path:
    """The HTML page that stands beside the workbook."""
    return report.with_suffix(".html")


@contextmanager
def atomic_write(path: Path, what: str = "el informe") -> Iterator[Path]:
    """Open a new file beside ``path`` to write to, which takes its place when the block ends well;
    raises `ReportError`, which calls it ``what``."""
    beside = _beside(path)
    with _translated_errors(path, what):
        if path.is_dir():
            raise IsADirectoryError
        beside.open("xb").close()  # before any work is done for it
        try:
            yield beside
            as_usual(beside)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def relative_link(target: str | Path, page: Path) -> str:
    """A percent-encoded link from ``page`` to ``target``; it holds where both are moved together.

    Where there is no way from one to the other (two drives on Windows) it is a ``file:`` address.
    """
    absolute = Path(target).absolute()
    try:
        relative = os.path.relpath(absolute, page.absolute().parent)
    except ValueError:
        return absolute.as_uri()
    parts = Path(relative).parts
    return "/".join(quote(part, safe="") for part in parts)


def workbook_link(target: str | Path, workbook: Path) -> str:
    """`relative_link` as Windows wants it in a file's address.

    It takes percent-encoded letters for ones of the system's code page, so those beyond ASCII
    stand as they are.
    """
    link = relative_link(target, workbook)
    return re.sub(r"(?:%[89A-F][0-9A-F])+", lambda found: unquote(found[0]), link)


def _beside(path: Path) -> Path:
    # Not tempfile: its files are for the owner only, and the report keeps its file's permissions.
    return path.with_name(f".cargofijo-{secrets.token_hex(6)}.tmp")


@contextmanager
def _translated_errors(path: Path, what: str = "el informe") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            reason = "su nombre es demasiado largo"
        elif path.is_dir():
            reason = "es una carpeta"
        elif not path.parent.is_dir():
            reason = f"no existe la carpeta {path.parent}"
        elif error.errno == errno.ENOSPC:
            reason = "no queda espacio en el disco"
        elif isinstance(error, PermissionError):
            reason = "está abierto en otro programa o no hay permiso para escribirlo"
        else:
            reason = f"falló el disco ({errno.errorcode.get(error.errno or 0, 'sin código')})"
    else:
        return
    raise ReportError(f"No se puede escribir {what} {path}: {reason}.")
