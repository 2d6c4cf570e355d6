"""Reader of a case list: from a workbook as people make them to rows with a case or with errors.

A row that breaks a rule stops nothing; a file that cannot be used is a `ListError`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flows.rules.case import Case
from flows.rules.text import fold, tidy
from inputs.cell_text import typed_text
from inputs.checks import check_fields
from inputs.evidence import EvidenceReader
from inputs.lock_files import lock_file
from inputs.rows import EMPTY, CaseList, Cell, Row, RowError
from inputs.schema import BY_FIELD, BY_KEY, REQUIRED, SHEET, ListColumn, header_key
from inputs.workbook import Sheet, WorkbookError, WorkbookReader

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE = b"\xd0\xcf\x11\xe0"


class ListError(Exception):
    """The list as a whole cannot be used; the text is one Spanish sentence: what, and where."""


@dataclass(frozen=True)
class _Header:
    """The row of headers: its texts as they stand, and which column is where."""

    texts: tuple[str, ...]
    places: dict[int, ListColumn]

    @property
    def fields(self) -> set[str]:
        return {column.field for column in self.places.values()}


def read_list(path: Path, *, today: date) -> CaseList:
    """Read the list at ``path``, every row of it in order, checked as of ``today`` (Lima's date).

    Raises `ListError` where there is no such workbook, it is protected or open in Excel, has no
    sheet *Casos* among several, lacks a column, names one twice, or has no rows.
    """
    path = path.absolute()
    _refuse_if_open(path)
    _refuse_if_no_workbook(path)
    try:
        with _no_collecting(), WorkbookReader(path) as workbook:
            sheet = _pick_sheet(workbook.sheets, path)
            return _read_sheet(workbook.rows(sheet), sheet, workbook.epoch, path, today)
    except WorkbookError:
        raise ListError(f"{path.name} está dañado o no es un libro de Excel.") from None


@contextmanager
def _no_collecting() -> Iterator[None]:
    """A long list is half a million objects that live on, and each collection walks them all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _refuse_if_open(path: Path) -> None:
    if lock := lock_file(path):
        raise ListError(
            f"El libro {path.name} está abierto en otro programa: ciérrelo y vuelva a "
            f"intentar (si nadie lo tiene abierto, borre el archivo {lock.name} de su carpeta)."
        )


def _refuse_if_no_workbook(path: Path) -> None:
    name = path.name
    try:
        with path.open("rb") as file:
            head = file.read(8)
            if head.startswith(_OLE):
                raise ListError(_why_not_ole(name, file.read()))
    except FileNotFoundError:
        raise ListError(f"No existe el libro {path}.") from None
    except OSError as error:  # Windows calls a folder a lack of permission
        if path.is_dir():
            raise ListError(f"{path} es una carpeta, no un libro de Excel.") from None
        if isinstance(error, PermissionError):
            raise ListError(
                f"No se puede abrir el libro {name}: está abierto en otro programa o usted no "
                "tiene permiso para leerlo."
            ) from None
        raise ListError(f"No se puede leer el libro {name}.") from None
    if not head.startswith(b"PK") or path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise ListError(f"{name} no es un libro de Excel (.xlsx o .xlsm).")


def _why_not_ole(name: str, content: bytes) -> str:
    if _ENCRYPTED in content:
        return f"El libro {name} está protegido con contraseña: guárdelo sin ella."
    return f"El libro {name} está en el formato de Excel 97-2003: guárdelo como .xlsx."


def _pick_sheet(sheets: Sequence[Sheet], path: Path) -> Sheet:
    for sheet in sheets:
        if fold(sheet.name) == fold(SHEET):
            return sheet
    visible = [sheet for sheet in sheets if not sheet.hidden]
    if len(visible) == 1:
        return visible[0]
    names = ", ".join(f"«{sheet.name}»" for sheet in visible)
    raise ListError(f"El libro {path.name} no tiene una hoja «{SHEET}» entre sus hojas: {names}.")


def _read_sheet(
    source: Iterable[tuple[int, list[Cell]]],
    sheet: Sheet,
    epoch: datetime,
    path: Path,
    today: date,
) -> CaseList:
    rows = _rows_with_content(source)
    header = _find_header(rows, path, sheet.name)
    read = list(rows)
    if not read:
        raise ListError(f"La hoja «{sheet.name}» de {path.name} no tiene ningún caso.")
    width = max(len(header.texts), *(len(cells) for _, cells in read))
    evidence = EvidenceReader(path.parent)
    seen = _Seen()
    result: list[Row] = []
    for number, cells in read:
        cells += [EMPTY] * (width - len(cells))
        fields = {
            column.field: typed_text(cells[place], column, epoch)
            for place, column in header.places.items()
            if cells[place] is not EMPTY
        }
        checked = check_fields(fields, path.parent, today, evidence=evidence)
        case, errors = (checked, []) if isinstance(checked, Case) else (None, checked)
        errors += seen.repeats(number, fields.get("id", ""), case)
        result.append(
            Row(
                number=number,
                cells=tuple(cells),
                case=None if errors else case,
                errors=tuple(errors),
            )
        )
    headers = header.texts + ("",) * (width - len(header.texts))
    return CaseList(name=path.name, headers=headers, rows=tuple(result))


def _rows_with_content(
    source: Iterable[tuple[int, list[Cell]]],
) -> Iterator[tuple[int, list[Cell]]]:
    """Without empty rows, and without empty cells at the end of a row."""
    for number, cells in source:
        while cells and _is_blank(cells[-1]):
            cells.pop()
        if cells:
            yield number, cells


def _is_blank(cell: Cell) -> bool:
    return cell.kind == "empty" or (cell.kind == "text" and not tidy(str(cell.value)))


def _find_header(rows: Iterable[tuple[int, list[Cell]]], path: Path, sheet: str) -> _Header:
    """The first row that holds every required header; the rows down to it are consumed."""
    best = _Header((), {})
    for _, cells in rows:
        texts = tuple(tidy(str(cell.value)) if cell.value is not None else "" for cell in cells)
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
        label = tidy(label)
        if label and self._ids.setdefault(label.casefold(), number) != number:
            first = self._ids[label.casefold()]
            errors.append(_repeated("id", label, f"repite el de la fila {first}"))
        reference = case.reference if case else ""
        if case and reference in self._references:
            first = self._references[reference]
            text = f"repite la solicitud de la fila {first}: la misma SEC, fecha y líneas"
            errors.append(_repeated("sec", case.sec, text))
        if case and not errors:
            self._references[reference] = number
        return errors


def _repeated(field: str, value: str, expected: str) -> RowError:
    return RowError(column=BY_FIELD[field].header, value=value, expected=expected)
