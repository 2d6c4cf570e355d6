"""File of a case list before it is read: whether it is there, free, and a workbook at all."""

from __future__ import annotations

from pathlib import Path

from inputs.lock_files import lock_file
from inputs.other_documents import NO_WORKBOOK, other_compound_file

SUFFIXES = (".xlsx", ".xlsm")
_OLE = b"\xd0\xcf\x11\xe0"


class ListError(Exception):
    """The list as a whole cannot be used; the text is one Spanish sentence: what, and where."""


class ListAway(ListError):
    """The file is not there, is open elsewhere or cannot be read: as it is now, not for good."""


def refuse_if_open(path: Path) -> None:
    if lock := lock_file(path):
        raise ListAway(
            f"El libro {path.name} está abierto en otro programa: ciérrelo y vuelva a "
            f"intentar (si nadie lo tiene abierto, borre el archivo {lock.name} de su carpeta)."
        )


def refuse_if_no_package(path: Path) -> None:
    """Refuse what is no package of Office by its first bytes, and what cannot be opened."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would be waited for
            raise ListError(f"{path.name} {NO_WORKBOOK}.")
        with path.open("rb") as file:
            head = file.read(8)
            if head.startswith(_OLE):
                said = other_compound_file(file.read(), path.suffix)
                raise ListError(f"{path.name} {said}.")
    except OSError as error:
        raise unreadable(path, error) from None
    if not head.startswith(b"PK"):
        raise ListError(f"{path.name} {NO_WORKBOOK}.")


def refuse_other_ending(path: Path) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise ListError(
            f"{path.name} es un libro de Excel con otra terminación: cambie su nombre para que "
            "termine en .xlsx."
        )


def unreadable(path: Path, error: OSError) -> ListError:
    """Why the file cannot be opened or read."""
    if isinstance(error, FileNotFoundError):
        return ListAway(f"No existe el libro {path}.")
    if path.is_dir():  # Windows calls a folder a lack of permission
        return ListError(f"{path} es una carpeta, no un libro de Excel.")
    if isinstance(error, PermissionError):
        return ListAway(
            f"No se puede abrir el libro {path.name}: está abierto en otro programa o usted no "
            "tiene permiso para leerlo."
        )
    return ListAway(f"No se puede leer el libro {path.name}.")
