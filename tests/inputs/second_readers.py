"""openpyxl and python-calamine as second readers: each cell of a workbook as they see it, and how
that differs from what the product reads."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from inputs.rows import EMPTY, Cell
from inputs.sheet_xml import unescaped

Cells = Mapping[tuple[int, int], Any]

#: what openpyxl drops: the value of a cell that a merged one covers
COVERED = object()


class Difference(NamedTuple):
    """A cell that another library reads in another way; ``kind`` says why, or only what is what."""

    library: str
    kind: str
    explained: bool
    sheet: str
    cell: str
    ours: Any
    theirs: Any

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}: {str(self.ours)[:80]!r} / {str(self.theirs)[:80]!r}"


class Library(NamedTuple):
    """Another reader, and the differences that are known: named, each with how it is told."""

    name: str
    read: Callable[[Path], dict[str, Cells]]
    known: dict[str, Callable[[Cell, Any], bool]]


def differences(
    ours: Mapping[str, Mapping[tuple[int, int], Cell]], path: Path, library: Library
) -> Iterator[Difference]:
    theirs = library.read(path)
    for sheet, cells in ours.items():
        if sheet not in theirs:
            yield Difference(library.name, "no tiene la hoja", False, sheet, "", len(cells), "")
            continue
        for row, column in sorted(cells.keys() | theirs[sheet].keys()):
            our, their = cells.get((row, column), EMPTY), theirs[sheet].get((row, column))
            if not _is_same(our, their):
                known = [name for name, says in library.known.items() if says(our, their)]
                kind = known[0] if known else f"{our.kind} / {type(their).__name__}"
                place = f"{get_column_letter(column)}{row}"
                yield Difference(
                    library.name, kind, bool(known), sheet, place, our.value or our.kind, their
                )


def _is_same(our: Cell, their: Any) -> bool:
    match our.kind:
        case "empty" | "uncomputed":
            return their is None or their is COVERED
        case "date":
            return _same_moment(str(our.value), their)
        case "number":
            return (
                isinstance(their, int | float)
                and not isinstance(their, bool)
                and math.isclose(float(our.value or 0), their, rel_tol=1e-15)
            )
        case "bool":
            return their is bool(our.value)
        case "text" if isinstance(their, timedelta):
            return our.value == str(their)
    return our.value == their or (our.value == "" and their is None)


def _same_moment(ours: str, theirs: Any) -> bool:
    if isinstance(theirs, time):
        return ours == theirs.isoformat()
    if isinstance(theirs, datetime):
        return "-" in ours and abs(datetime.fromisoformat(ours) - theirs) < timedelta(seconds=1)
    return isinstance(theirs, date) and ours.partition("T")[0] == theirs.isoformat()


def _by_openpyxl(path: Path) -> dict[str, Cells]:
    with path.open("rb") as file:  # whatever its ending
        book = load_workbook(file, data_only=True, keep_links=False)
    if not book.worksheets:
        raise ValueError("no sheets: strict Open XML")
    return {
        sheet.title: {
            place: COVERED if isinstance(cell, MergedCell) else cell.value
            for place, cell in sheet._cells.items()
            if cell.value is not None or isinstance(cell, MergedCell)
        }
        for sheet in book.worksheets
    }


def _by_calamine(path: Path) -> dict[str, Cells]:
    with CalamineWorkbook.from_path(path) as book:
        return {
            name: {
                (row, column): value
                for row, values in enumerate(
                    book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1
                )
                for column, value in enumerate(values, start=1)
                if value != ""
            }
            for name in book.sheet_names
        }


def _words(value: Any) -> str:
    return "".join(str(value or "").split())


def _is_zero_to_be_computed(our: Cell, their: Any) -> bool:
    return our.kind == "uncomputed" and their == 0


def _is_duration_or_error(text: str) -> bool:
    return (
        text == "#VALUE!"
        or re.fullmatch(r"(-?\d+ days?, )?\d+:\d\d:\d\d(\.\d+)?", text) is not None
    )


OPENPYXL = Library(
    "openpyxl",
    _by_openpyxl,
    {
        "deja _x000D_ y otros así sin traducir": lambda our, their: (
            our.kind == "text" and isinstance(their, str) and our.value == unescaped(their)
        ),
        "no da el valor que cubre una celda combinada": lambda our, their: their is COVERED,
        "da el 0 de una fórmula de un libro que pide calcularse": _is_zero_to_be_computed,
        "da un texto vacío por una celda vacía": lambda our, their: (
            our.kind == "empty" and their == ""
        ),
        "da la dirección de un vínculo por el valor de una celda vacía": lambda our, their: (
            our.kind in ("empty", "uncomputed") and isinstance(their, str)
        ),
    },
)
CALAMINE = Library(
    "python-calamine",
    _by_calamine,
    {
        "da un error de Excel por celda vacía": lambda our, their: (
            our.kind == "text" and str(our.value).startswith("#") and their is None
        ),
        "da el 0 de una fórmula de un libro que pide calcularse": _is_zero_to_be_computed,
        "toma por fecha o duración otros formatos (A/P, 27 a 58)": lambda our, their: (
            our.kind == "number" and isinstance(their, date | time | timedelta)
        ),
        "toma por fecha una duración, o un número que no es fecha": lambda our, their: (
            our.kind == "text"
            and _is_duration_or_error(str(our.value))
            and isinstance(their, date | time | timedelta | float)
        ),
        "da como texto una fecha ISO con zona o sin segundos": lambda our, their: (
            our.kind == "date" and isinstance(their, str) and their[:10] == str(our.value)[:10]
        ),
        "no junta ni marca un par suplente de UTF-16": lambda our, their: (
            our.kind == "text" and isinstance(their, str) and unescaped(their) == our.value
        ),
        "da una hora por una fecha negativa": lambda our, their: (
            our.kind == "date" and str(our.value) < "1900" and isinstance(their, time)
        ),
        "da una duración como está escrita en el archivo": lambda our, their: (
            our.kind == "text" and isinstance(their, str) and their.startswith("PT")
        ),
        "quita espacios de los textos": lambda our, their: (
            our.kind == "text" and _words(our.value) == _words(their)
        ),
    },
)
