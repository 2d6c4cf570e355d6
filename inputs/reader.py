"""Reads a case list: a workbook as people make them, to rows with a case or with errors.

A row that breaks a rule stops nothing; a file that cannot be used is a `ListError`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from flows.case import Case
from flows.text import clean, fold
from inputs.cells import EMPTY, CellReader, typed_text
from inputs.checks import check_fields
from inputs.evidence import EvidenceReader
from inputs.rows import CaseList, Cell, Row, RowError
from inputs.schema import BY_FIELD, BY_KEY, REQUIRED, SHEET, Column, header_key

__all__ = ["ListError", "check_fields", "read_list"]

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE = b"\xd0\xcf\x11\xe0"


class ListError(Exception):
    """The list as a whole cannot be used; the text is one Spanish sentence: what, and where."""


@dataclass(frozen=True)
class _Header:
    """The row of headers: its texts as they stand, and which column is where."""

    texts: tuple[str, ...]
    places: dict[int, Column]

    @property
    def fields(self) -> set[str]:
        return {column.field for column in self.places.values()}


def read_list(path: Path, *, today: date) -> CaseList:
    """The list at ``path``, every row of it in order, checked as of ``today`` (Lima's date).

    Raises `ListError` where there is no such workbook, it is protected or open in Excel, has no
    sheet *Casos* among several, lacks a column, names one twice, or has no rows.
    """
    path = path.absolute()
    _refuse_if_open(path)
    workbook = _open(path)
    try:
        sheet = _pick_sheet(workbook, path)
        return _read_sheet(sheet, path, workbook.epoch, today)
    except (zipfile.BadZipFile, SyntaxError, KeyError, EOFError) as error:  # XML's is a SyntaxError
        raise ListError(f"El libro {path.name} está dañado y no se puede leer.") from error
    finally:
        workbook.close()


def _refuse_if_open(path: Path) -> None:
    for lock in (f"~${path.name}", f".~lock.{path.name}#"):  # Excel's, LibreOffice's
        if path.with_name(lock).exists():
            raise ListError(
                f"El libro {path.name} está abierto en otro programa: ciérrelo y vuelva a "
                f"intentar (si nadie lo tiene abierto, borre el archivo {lock} de su carpeta)."
            )


def _open(path: Path) -> Any:
    name = path.name
    try:
        with path.open("rb") as file:
            head = file.read(8)
            if head.startswith(_OLE):
                raise ListError(_why_not_ole(name, file.read()))
    except FileNotFoundError:
        raise ListError(f"No existe el libro {path}.") from None
    except IsADirectoryError:
        raise ListError(f"{path} es una carpeta, no un libro de Excel.") from None
    except PermissionError:
        if path.is_dir():
            raise ListError(f"{path} es una carpeta, no un libro de Excel.") from None
        raise ListError(
            f"No se puede abrir el libro {name}: está abierto en otro programa o usted no tiene "
            "permiso para leerlo."
        ) from None
    except OSError as error:
        raise ListError(f"No se puede leer el libro {name}: {error.strerror}.") from None
    not_a_workbook = f"{name} no es un libro de Excel (.xlsx o .xlsm)."
    if not head.startswith(b"PK") or path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise ListError(not_a_workbook)
    try:
        return load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError, EOFError):
        raise ListError(not_a_workbook) from None


def _why_not_ole(name: str, content: bytes) -> str:
    if _ENCRYPTED in content:
        return f"El libro {name} está protegido con contraseña: guárdelo sin ella."
    return f"El libro {name} está en el formato de Excel 97-2003: guárdelo como libro de Excel, "
        ".xlsx."


def _pick_sheet(workbook: Any, path: Path) -> Any:
    sheets = workbook.worksheets
    for sheet in sheets:
        if fold(sheet.title) == fold(SHEET):
            return sheet
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if len(visible) == 1:
        return visible[0]
    names = ", ".join(sheet.title for sheet in visible)
    raise ListError(f"El libro {path.name} no tiene una hoja «{SHEET}» entre sus hojas: {names}.")


def _read_sheet(sheet: Any, path: Path, epoch: datetime, today: date) -> CaseList:
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    rows = _numbered(sheet)
    header = _find_header(rows, path, sheet.title)
    read = list(rows)
    if not read:
        raise ListError(f"La hoja «{sheet.title}» de {path.name} no tiene ningún caso.")
    width = max(len(header.texts), *(len(cells) for _, cells in read))
    evidence = EvidenceReader(path.parent)
    seen = _Seen()
    result: list[Row] = []
    for number, cells in read:
        fields = {
            column.field: typed_text(cells[place], column, epoch)
            for place, column in header.places.items()
            if place < len(cells)
        }
        checked = check_fields(fields, path.parent, today, evidence=evidence)
        errors = list(checked) if isinstance(checked, list) else []
        case = checked if isinstance(checked, Case) else None
        errors += seen.repeats(number, fields.get("id", ""), case)
        result.append(
            Row(
                number=number,
                cells=cells + (EMPTY,) * (width - len(cells)),
                case=None if errors else case,
                errors=tuple(errors),
            )
        )
    headers = header.texts + ("",) * (width - len(header.texts))
    return CaseList(name=path.name, headers=headers, rows=tuple(result))


def _numbered(sheet: Any) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows that hold something, with their numbers in the sheet; nothing to the right of it."""
    reader = CellReader()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [reader.read(cell) for cell in row]
        while cells and _is_blank(cells[-1]):
            cells.pop()
        if cells:
            yield number, tuple(cells)


def _is_blank(cell: Cell) -> bool:
    return cell.kind == "empty" or (cell.kind == "text" and not clean(str(cell.value)))


def _find_header(rows: Iterable[tuple[int, tuple[Cell, ...]]], path: Path, sheet: str) -> _Header:
    """The first row that holds every required header; the rows down to it are consumed."""
    best = _Header((), {})
    for _, cells in rows:
        texts = tuple(clean(str(cell.value)) if cell.value is not None else "" for cell in cells)
        found = [(place, BY_KEY.get(header_key(text))) for place, text in enumerate(texts)]
        header = _Header(texts, {place: column for place, column in found if column})
        if all(column.field in header.fields for column in REQUIRED):
            _refuse_doubles(header, path, sheet)
            return header
        if len(header.fields) > len(best.fields):
            best = header
    missing = [f"«{column.header}»" for column in REQUIRED if column.field not in best.fields]
    if len(missing) == 1:
        raise ListError(f"A la hoja «{sheet}» de {path.name} le falta la columna {missing[0]}.")
    *most, last = missing
    raise ListError(
        f"A la hoja «{sheet}» de {path.name} le faltan las columnas {', '.join(most)} y {last}."
    )


def _refuse_doubles(header: _Header, path: Path, sheet: str) -> None:
    columns = list(header.places.values())
    doubles = {f"«{column.header}»" for column in columns if columns.count(column) > 1}
    if doubles:
        names = ", ".join(sorted(doubles))
        raise ListError(
            f"La hoja «{sheet}» de {path.name} tiene más de una columna llamada {names}."
        )


class _Seen:
    """What earlier rows of the list have said, to name the first of two that say the same."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._references: dict[str, int] = {}

    def repeats(self, number: int, label: str, case: Case | None) -> list[RowError]:
        """The errors of a row that repeats an ID, whatever else is wrong with it, or a case."""
        errors: list[RowError] = []
        key = clean(label).casefold()
        if key and self._ids.setdefault(key, number) != number:
            errors.append(_repeated("id", clean(label), f"repite el de la fila {self._ids[key]}"))
        if case and case.reference in self._references:
            first = self._references[case.reference]
            text = f"repite la solicitud de la fila {first}: la misma SEC, fecha y líneas"
            errors.append(_repeated("sec", case.sec, text))
        if case and not errors:
            self._references[case.reference] = number
        return errors


def _repeated(field: str, value: str, expected: str) -> RowError:
    return RowError(column=BY_FIELD[field].header, value=value, expected=expected)
