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
from flows.rules.typed_text import fold, tidy
from inputs.cell_text import CellFault, typed_text
from inputs.checks import check_fields
from inputs.evidence_files import EvidenceReader
from inputs.list_file import (
    ListError,
    refuse_if_no_package,
    refuse_if_open,
    refuse_other_ending,
    unreadable,
)
from inputs.rows import EMPTY, CaseList, Cell, Row, RowError
from inputs.schema import BY_FIELD, BY_KEY, REQUIRED, SHEET, ListColumn, header_key
from inputs.workbook import OtherDocument, Sheet, WorkbookError, WorkbookReader

__all__ = ["ListError", "read_list"]

#: no header is longer; the limit keeps a sheet of long texts from being searched for hours
_LONGEST_HEADER = 200


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
    refuse_if_open(path)
    refuse_if_no_package(path)
    try:
        with _no_collecting(), WorkbookReader(path) as workbook:
            refuse_other_ending(path)
            sheet = _pick_sheet(workbook.sheets, path)
            return _read_sheet(workbook.rows(sheet), sheet, workbook.epoch, path, today)
    except OSError as error:
        raise unreadable(path, error) from None
    except OtherDocument as other:
        raise ListError(f"{path.name} {other}.") from None
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


def _pick_sheet(sheets: Sequence[Sheet], path: Path) -> Sheet:
    for sheet in sheets:
        if fold(sheet.name) == fold(SHEET):
            return sheet
    visible = [sheet for sheet in sheets if not sheet.hidden]
    if len(visible) == 1:
        return visible[0]
    if not visible:
        raise ListError(f"El libro {path.name} no tiene ninguna hoja de celdas a la vista.")
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
        fields, faults = _typed(cells, header, epoch)
        checked = check_fields(fields, path.parent, today, evidence=evidence, faults=faults)
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
    name = path.name.encode(errors="replace").decode()  # of another code page: none in Unicode
    return CaseList(name=name, headers=headers, rows=tuple(result))


def _typed(
    cells: Sequence[Cell], header: _Header, epoch: datetime
) -> tuple[dict[str, str], dict[str, str]]:
    """The row's fields as typed, and what is wrong with some of them whatever they say."""
    fields: dict[str, str] = {}
    faults: dict[str, str] = {}
    for place, column in header.places.items():
        if cells[place] is not EMPTY:
            try:
                fields[column.field] = typed_text(cells[place], column, epoch)
            except CellFault as fault:
                fields[column.field], faults[column.field] = fault.shown, fault.expected
    return fields, faults


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
    if cell.kind != "text":
        return cell.kind == "empty"
    text = str(cell.value)
    return not (tidy(text[:_LONGEST_HEADER]) or tidy(text))


def _find_header(rows: Iterable[tuple[int, list[Cell]]], path: Path, sheet: str) -> _Header:
    """The first row that holds every required header; the rows down to it are consumed."""
    best = _Header((), {})
    for _, cells in rows:
        texts = ["" if cell.value is None else str(cell.value) for cell in cells]
        found = [
            (place, BY_KEY.get(header_key(text)))
            for place, text in enumerate(texts)
            if len(text) <= _LONGEST_HEADER
        ]
        header = _Header((), {place: column for place, column in found if column})
        if all(column.field in header.fields for column in REQUIRED):
            _refuse_doubles(header, path, sheet)
            return _Header(tuple(tidy(text) for text in texts), header.places)
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
