"""The sheets of an .xlsx or .xlsm, a row at a time, as cells that can be handed back."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from inputs.rows import EMPTY, Cell

#: what openpyxl and the libraries under it raise for a damaged file
_DAMAGE = (
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    SyntaxError,  # ElementTree's
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
)


class WorkbookError(Exception):
    """Not a workbook, or a damaged one."""


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name, and whether it is hidden."""

    name: str
    hidden: bool


class Workbook:
    """An open workbook, read-only. Formulas give the value that was last computed."""

    def __init__(self, path: Path) -> None:
        """Raises `WorkbookError`, or OSError where the file cannot be read."""
        with _damage():
            self._book: Any = load_workbook(path, read_only=True, data_only=True, keep_links=False)
            self.sheets = [
                Sheet(sheet.title, sheet.sheet_state != "visible")
                for sheet in self._book.worksheets
            ]
            self.epoch: datetime = self._book.epoch

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, list[Cell]]]:
        """The rows of a sheet, with their number in it, from 1."""
        with _damage():
            found = self._book[sheet.name]
            found.reset_dimensions()  # what a file says of its own size is often wrong
            for number, row in enumerate(found.iter_rows(), start=1):
                yield number, [_cell(cell) for cell in row]


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise WorkbookError from error


def _cell(cell: Any) -> Cell:
    match cell.value:
        case None:
            return EMPTY
        case bool() as value:
            return Cell("bool", value)
        case int() | float() as value:
            return Cell("number", value, cell.number_format)
        case datetime() | date() | time() as value:
            return Cell("date", value.isoformat(), cell.number_format)
        case timedelta() as value:
            return Cell("text", str(value))
        case value:
            return Cell("text", str(value), cell.number_format)
